"""An invented register of subjects (số liệu minh họa): some of the trainees' own, confirmed, and some nobody of whom has signed up."""

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from accounts import actions as accounts
from accounts.models import Person, Product, Subject, SubjectKind, SubjectRole
from lib import dates
from provinces.models import Place

OF_TRAINEES, WITHOUT_TRAINEES = 25, 15
STARS = [3, 3, 3, 3, 4, 4, 5]
PROVINCE, COMMUNE = "Cà Mau", "Phan Ngọc Hiển"
KINDS = {
    SubjectKind.COOPERATIVE: "HTX",
    SubjectKind.ENTERPRISE: "Công ty TNHH",
    SubjectKind.GROUP: "Tổ hợp tác",
    SubjectKind.HOUSEHOLD: "Cơ sở",
}


def load(*, now: datetime, words: dict[str, Any], seed: int) -> Iterator[str]:
    """Once: a register in which anything stands is left alone."""
    if Product.objects.exists():
        return
    rng, today = random.Random(seed), dates.local_day(now)  # noqa: S311 (invented subjects, not secrets)
    subjects = [*_of_trainees(rng), *_without_trainees(rng, words, now)]
    for index, subject in enumerate(subjects):
        trade = subject.name.removesuffix(" (mẫu)")
        for product in _products(rng, index, trade, words, today):
            accounts.write_product(subject=subject, by=None, **product)
    twin = subjects[0]
    accounts.write_subject(
        name=f"{KINDS[SubjectKind(twin.kind)]} {twin.name}",
        kind=twin.kind,
        place=twin.place,
        leader=twin.leader,
        phone=twin.phone,
        by=None,
        at=now,
    )
    yield f"{len(subjects) + 1} chủ thể trong sổ (số liệu minh họa)"


def _of_trainees(rng: random.Random) -> Iterator[Subject]:
    heads = Person.objects.filter(
        is_demo=True, merged_into=None, subject_role=SubjectRole.HEAD, subject__is_confirmed=False
    )
    here = list(heads.filter(place__name=COMMUNE).select_related("subject__place").order_by("pk")[:5])
    province = heads.filter(place__parent__name=PROVINCE).exclude(pk__in=[one.pk for one in here])
    others = list(province.select_related("subject__place").order_by("pk")[: OF_TRAINEES - len(here)])
    for number, head in enumerate({one.subject_id: one for one in [*here, *others]}.values()):
        subject = head.subject
        if subject is None:
            continue
        subject.leader, subject.phone = head.name, f"0900 002 {number:03}"
        subject.is_confirmed = True
        subject.save()
        yield subject


def _without_trainees(rng: random.Random, words: dict[str, Any], now: datetime) -> Iterator[Subject]:
    """In the demo's commune and others of its province."""
    communes = list(Place.objects.current().communes().filter(parent__name=PROVINCE).order_by("search"))
    home = next(one for one in communes if one.name == COMMUNE)
    for number in range(WITHOUT_TRAINEES):
        sex = words[rng.choice(["women", "men"])]
        leader = " ".join([rng.choice(words["family"]), rng.choice(sex["middle"]), rng.choice(sex["given"])])
        kind = rng.choice(list(SubjectKind))
        place = home if number < 4 else rng.choice(communes)
        name = f"{KINDS[kind]} {rng.choice(words['trades'])} {leader.split()[-1]} {number + 1} (mẫu)"
        yield accounts.write_subject(
            name=name, kind=kind, place=place, leader=leader, phone=f"0900 003 {number:03}", by=None, at=now
        )


def _products(
    rng: random.Random, index: int, trade: str, words: dict[str, Any], today: date
) -> Iterator[dict[str, Any]]:
    """One to three; of every sixth subject stars that run out within half a year, of every eleventh some that have."""
    for number in range(rng.choice([1, 1, 2, 3])):
        days = rng.randint(250, 1000)
        if number == 0 and index % 6 == 0:
            days = rng.randint(20, 170)
        elif number == 0 and index % 11 == 0:
            days = -rng.randint(5, 200)
        until = today + timedelta(days=days)
        decided = until - timedelta(days=1096)
        name = trade if number == 0 else f"{rng.choice(words['trades'])} {number + 1}"
        yield {
            "name": name,
            "stars": rng.choice(STARS),
            "decision": f"{rng.randint(10, 900)}/QĐ-UBND ngày {dates.short(decided)} (minh họa)",
            "valid_until": until,
        }

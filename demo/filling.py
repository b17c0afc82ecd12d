"""People, subjects and records by the hundred thousand, to see how the platform bears a whole country. They pass the actions by: a round
is a dozen statements in one transaction, the same on both databases (`filling.sql`). What is there already stays."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from accounts.models import Person
from accounts.queries import current_consent_texts
from certificates.models import Award, Counter, Credential, Issuer
from certificates.rules import Evidence
from courses.models import Activity, Completion, Course, Enrolment
from lib import dates, text
from lib.refusals import Refusal
from provinces.models import Place

from . import content

SQL = Path(__file__).with_suffix(".sql")
ROUND = 10_000  # people
DAYS = 1_000
ISSUER = "Đo tải"
REQUIRED = Count("activities", filter=Q(activities__is_required=True, activities__retired_at=None))
TABLES = """
CREATE TEMPORARY TABLE fill_name (k integer PRIMARY KEY, name varchar(100), sort_key varchar(500), search varchar(120));
CREATE TEMPORARY TABLE fill_trade (k integer PRIMARY KEY, name varchar(100), search varchar(100));
CREATE TEMPORARY TABLE fill_commune (k integer PRIMARY KEY, id bigint);
CREATE TEMPORARY TABLE fill_day (k integer PRIMARY KEY, at {moment}, ahead date);
CREATE TEMPORARY TABLE fill_text (id bigint);
CREATE TEMPORARY TABLE fill_course (k integer PRIMARY KEY, id bigint, title varchar(255), steps integer, award_id bigint);
CREATE TEMPORARY TABLE fill_step (course_id bigint, n integer, id bigint);
CREATE TEMPORARY TABLE fill_row (i integer PRIMARY KEY, token {uuid}, name_id integer, place_id bigint, moved_id bigint,
    is_official boolean, subject_name varchar(150), subject_search varchar(200), subject_id bigint, person_id bigint);
CREATE TEMPORARY TABLE fill_enrolment (i integer, course_id bigint, award_id bigint, title varchar(255), person_id bigint, place_id bigint, kind varchar(8),
    subject_id bigint, days integer, steps integer, done integer, enrolment_id bigint)
"""
NAMES = ("name", "trade", "commune", "day", "text", "course", "step", "row", "enrolment")
# What the databases write differently.
WORDS = {
    "postgresql": {
        "moment": "timestamp with time zone",
        "uuid": "uuid",
        "token": "CAST('00000000-0000-4000-8000-' || lpad(CAST(numbers.i AS text), 12, '0') AS uuid)",
        "evidence": "CAST(replace(replace(%(evidence)s, '@@', p.name), '##', e.title) AS jsonb)",
    },
    "sqlite": {
        "moment": "datetime",
        "uuid": "char(32)",
        "token": "'00000000000040008000' || printf('%%012d', numbers.i)",
        "evidence": "replace(replace(%(evidence)s, '@@', p.name), '##', e.title)",
    },
}


def fill(*, trainees: int, enrolments: int, at: datetime, is_demo: bool = True) -> Iterator[str]:
    """Fills up to so many invented people with so many enrolments in the courses on offer, about five completions each, over all communes
    of today; who finished a course that gives certificates has one. Yields a line for each round.

    Raises Refusal where the people have fewer courses to be enrolled in, and for nothing to fill.
    """
    courses = list(Course.objects.offered().annotate(steps=REQUIRED).filter(steps__gt=0).order_by("-steps", "pk"))
    most = len(courses) * trainees
    if trainees < 1 or not 0 <= enrolments <= most:
        said = _(
            "Chưa ghi gì: phải có ít nhất 1 học viên, và số lượt ghi danh từ 0 đến %(most)s (mỗi người học được %(courses)s khóa đang mở)."
        )
        raise Refusal(said % {"most": max(most, 0), "courses": len(courses)})
    values = _prepared(courses, at) | {"trainees": trainees, "enrolments": enrolments, "is_demo": is_demo}
    issuer = _issuer()
    try:
        for first in range(0, trainees, ROUND):
            last = min(first + ROUND, trainees)
            _round(values | {"first": first, "last": last}, issuer)
            yield _("%(done)s/%(all)s học viên") % {"done": dates.grouped(last), "all": dates.grouped(trainees)}
    finally:
        _clear_away()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def there_is() -> dict[str, int]:
    """How many records the site has now, whoever wrote them."""
    return {
        model._meta.model_name or "": model._default_manager.count()
        for model in (Person, Enrolment, Completion, Credential)
    }


def _issuer() -> Issuer:
    names = {"name": ISSUER, "place_name": ISSUER, "signer_post": ISSUER, "signer_name": ISSUER, "is_specimen": True}
    return Issuer.objects.get_or_create(code="ĐO-TẢI", defaults=names)[0]


def _prepared(courses: list[Course], at: datetime) -> dict[str, Any]:
    """The tables that rounds draw from, and what all statements are told."""
    _clear_away()
    words = content.read(content.CONTENT / "people.yaml")
    names = [
        " ".join(parts)
        for sex in ("women", "men")
        for parts in product(words["family"], words[sex]["middle"], words[sex]["given"])
    ]
    trades = [f"Cơ sở {trade} mẫu" for trade in words["trades"]]
    communes = Place.objects.current().communes().order_by("pk").values_list("pk", flat=True)
    awards = dict(Award.objects.filter(course__in=courses, is_active=True).values_list("course", "pk"))
    steps: dict[int, list[int]] = {course.pk: [] for course in courses}
    required = Activity.objects.offered().filter(course__in=courses, is_required=True).order_by("position")
    for course, activity in required.values_list("course", "pk"):
        steps[course].append(activity)
    adapt, today = connection.ops.adapt_datetimefield_value, dates.local_day(at)
    rows: dict[str, list[tuple[Any, ...]]] = {
        "name": [(k, name, text.sort_key(name)[:500], text.fold(name)) for k, name in enumerate(names)],
        "trade": [(k, trade, text.fold(trade)) for k, trade in enumerate(trades)],
        "commune": list(enumerate(communes)),
        "day": [
            (k, adapt(at - timedelta(days=k)), connection.ops.adapt_datefield_value(today + timedelta(days=k - 100)))
            for k in range(DAYS)
        ],
        "text": [(one.pk,) for one in current_consent_texts("vi") if one.is_required],
        "course": [(k, one.pk, one.title, len(steps[one.pk]), awards.get(one.pk)) for k, one in enumerate(courses)],
        "step": [(course, n, activity) for course, some in steps.items() for n, activity in enumerate(some)],
    }
    with connection.cursor() as cursor:
        for statement in TABLES.format(**WORDS[connection.vendor]).split(";"):
            cursor.execute(statement)
        for name, some in rows.items():
            if some:
                marks = ", ".join(["%s"] * len(some[0]))
                cursor.executemany(f"INSERT INTO fill_{name} VALUES ({marks})", some)  # noqa: S608 (names of our own)
    return {
        "now": adapt(at), "year": today.year, "evidence": json.dumps(_evidence(at), ensure_ascii=False),
        "names": len(names), "trades": len(trades), "communes": len(communes),
    }  # fmt: skip


def _evidence(at: datetime) -> dict[str, str]:
    """What such a paper says, with its own name in place of @@ and its course in place of ##."""
    day = dates.local_day(at)
    return Evidence(
        name="@@", who_line=ISSUER, address_line="", course_kind="khóa học trực tuyến", course="##", duration="",
        period="", period_short="", result="Đạt", issuer_parent="", issuer=ISSUER, place=ISSUER, issue_date=f"{day:%d/%m/%Y}",
        issued_on=f"{day:%d/%m/%Y}", signer_post=ISSUER, signer=ISSUER, number="", register_number="",
    ).as_dict()  # fmt: skip


def _round(values: dict[str, Any], issuer: Issuer) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        counter, _made = Counter.objects.select_for_update().get_or_create(issuer=issuer, year=values["year"])
        for statement in SQL.read_text().split(";"):
            if statement.strip():
                asked = statement.replace("{token}", WORDS[connection.vendor]["token"])
                asked = asked.replace("{evidence}", WORDS[connection.vendor]["evidence"])
                cursor.execute(asked, values | {"issuer": issuer.pk, "given": counter.last})
        counter.last += cursor.rowcount  # the last statement gives out certificates
        counter.save(update_fields=["last"])


def _clear_away() -> None:
    with connection.cursor() as cursor:
        for name in NAMES:
            cursor.execute(f"DROP TABLE IF EXISTS fill_{name}")

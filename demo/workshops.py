"""The demo's workshops: the afternoon of 2023 as it may have been, one to come, and one that begins within the hour.

All delegates are invented. Everything is written through the doors that organisers use, with the day on which it would have been done.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any

from django.utils import timezone

from accounts import actions as accounts
from accounts.models import OfficialLevel, Person, PersonKind, SubjectKind, SubjectRole, User
from accounts.queries import current_consent_texts
from courses.models import Topic
from demo import content
from lib import phones
from provinces.models import Place
from provinces.queries import current_units
from workshops import actions, parallel, queries
from workshops.access import banks_for
from workshops.actions import parts
from workshops.hall.dealing import forms_of
from workshops.hall.items import Paper
from workshops.models import (
    CallOutcome,
    FollowUp,
    Gender,
    HallTest,
    Moment,
    QuestionKind,
    Registration,
    RegistrationSource,
    Session,
    Stage,
    Used,
    Workshop,
    WorkshopPage,
)

TOPIC = "story"
QUESTIONS, PASS_PERCENT = 5, 60
KNOWN = {Moment.BEFORE: 0.25, Moment.AFTER: 0.78}  # of the questions, by an invented delegate
OFFICES = [
    (OfficialLevel.PROVINCE, "Sở Nông nghiệp và Phát triển nông thôn", "Chuyên viên", 6),
    (OfficialLevel.DISTRICT, "Phòng Nông nghiệp và Phát triển nông thôn cấp huyện", "Chuyên viên", 9),
    (OfficialLevel.COMMUNE, "Ủy ban nhân dân xã", "Công chức nông nghiệp", 24),
]
BEFORE = timedelta(days=150)  # those of 2023 were written down so long ago: nobody agreed in 2023 to words of today
LENGTH = timedelta(hours=3, minutes=30)
LEFT = 5  # of the workshop with two rooms: who has none yet
HALF_AN_HOUR = timedelta(minutes=30)


def load(*, now: datetime, by: User, words: dict[str, Any], seed: int) -> Iterator[str]:
    rng = random.Random(seed)  # noqa: S311 (invented people, not secrets)
    said = content.read(content.CONTENT / "workshops.yaml")
    Afternoon(said, words, rng, by, now - BEFORE).write()
    yield "buổi tập huấn Cà Mau 11/12/2023 (số liệu minh họa)"
    for name in ("upcoming", "today"):
        _planned(said[name], by, now, starts_at=_begins(name, now), place=_today("Phan Ngọc Hiển"))
    yield "lớp sắp tới, lớp chạy thử hôm nay"


def bring_to_today(*, now: datetime) -> bool:
    """The workshop that a visitor runs begins within the hour again, as long as nobody has begun to run it."""
    said = content.read(content.CONTENT / "workshops.yaml")["today"]
    sessions = Session.objects.filter(workshop__slug=said["slug"], workshop__is_specimen=True, workshop__closed_at=None)
    session = sessions.filter(attendances=None, ends_at__lt=now).first()
    if session is None:
        return False
    begins = _begins("today", now)
    Session.objects.filter(pk=session.pk).update(starts_at=begins, ends_at=begins + LENGTH)
    Workshop.objects.filter(pk=session.workshop_id).update(closes_at=begins)
    return True


def _begins(name: str, now: datetime) -> datetime:
    if name == "today":
        whole = now.replace(minute=0, second=0, microsecond=0)
        return next(whole + HALF_AN_HOUR * n for n in range(3) if whole + HALF_AN_HOUR * n > now)
    return timezone.make_aware(datetime.combine(timezone.localdate(now) + timedelta(days=17), time(13, 30)))


def _today(name: str) -> Place:
    return Place.objects.current().get(name=name, parent__name="Cà Mau")


def _planned(said: dict[str, Any], by: User, at: datetime, *, starts_at: datetime, place: Place) -> Workshop:
    rooms = [said["session"], *([said["beside"]] if "beside" in said else [])]  # at one hour
    workshop = actions.plan_workshop(
        title=said["title"],
        summary=said["summary"],
        slug=said["slug"],
        place=place,
        topic=Topic.objects.get(slug=TOPIC),
        details=said["details"] | ({"closes_at": starts_at} if starts_at < at + timedelta(days=1) else {}),
        sessions=[
            parts.SessionSpec(
                name=one["name"],
                room=one["room"],
                seats=one.get("seats"),
                starts_at=starts_at,
                ends_at=starts_at + LENGTH,
            )
            for one in rooms
        ],
        speakers=[parts.SpeakerSpec(**one) for one in said["speakers"]],
        agenda=[_item(one) for one in said.get("agenda", [])],
        bases=[parts.BasisSpec(**one) for one in said.get("bases", [])],
        quotas=[parts.QuotaSpec(place=_today(one["place"]), seats=one["seats"]) for one in said.get("quotas", [])],
        questions=[
            parts.QuestionSpec(stage=stage, **one)
            for stage, asked in ((Stage.REGISTRATION, "questions"), (Stage.FEEDBACK, "feedback"))
            for one in said.get(asked, [])
        ],
        by=by,
        at=at,
    )
    Workshop.objects.filter(pk=workshop.pk).update(is_specimen=True)
    page = WorkshopPage.objects.get(translation_key=workshop.activity.translation_key)
    page.intro, page.to_bring = said.get("intro", ""), said.get("to_bring", "")
    page.looking_back = said.get("looking_back", "")
    page.save_revision(user=by).publish()
    if "feedback" not in said:
        actions.add_usual_questions(workshop=workshop, by=by, at=at)
    _tests(workshop, by, at)
    for person in _who_comes(said.get("registered", 0)):
        actions.register(workshop=workshop, person=person, source=RegistrationSource.IMPORT, by=by, at=at)
    if "beside" in said:  # all but the last few, so that a visitor has somebody to place
        coming = Registration.objects.filter(workshop=workshop).order_by("number")[: max(said["registered"] - LEFT, 0)]
        (slot,) = parallel.choices(workshop)
        wanted = {one.pk: {slot.key: slot.keys[at_place % 2]} for at_place, one in enumerate(coming)}
        actions.assign_rooms(workshop=workshop, wanted=wanted, by=by, at=at)
    return workshop


def _item(one: dict[str, Any]) -> parts.AgendaSpec:
    rest = {"session": 0} | {name: value for name, value in one.items() if name != "starts"}
    return parts.AgendaSpec(starts_at=time.fromisoformat(one["starts"]), **rest)


def _tests(workshop: Workshop, by: User, at: datetime) -> None:
    of_topic = banks_for(workshop).filter(questions__lesson__course__topic__slug=TOPIC).distinct().order_by("pk")
    bank = max(of_topic, key=lambda one: forms_of(one).most, default=None)
    if bank is None or forms_of(bank).most < QUESTIONS:
        return
    actions.make_tests(
        workshop=workshop, bank=bank, questions=QUESTIONS, pass_percent=PASS_PERCENT, is_anonymous=False, by=by, at=at
    )


def _who_comes(count: int) -> list[Person]:
    """The people whom a visitor can log in as, and others of the same commune."""
    near = Person.objects.filter(is_demo=True, place=_today("Phan Ngọc Hiển"), kind=PersonKind.SUBJECT)
    return list(near.order_by("user__phone", "pk")[:count])


@dataclass
class Afternoon:
    """Cà Mau, 11/12/2023."""

    said: dict[str, Any]
    words: dict[str, Any]
    rng: random.Random
    by: User
    written_at: datetime

    @cached_property
    def day(self) -> date:
        day: date = self.said["history"]["day"]
        return day

    def write(self) -> None:
        said = self.said["history"]
        province = Place.objects.former().get(name="Cà Mau", parent=None)
        starts_at = timezone.make_aware(datetime.combine(self.day, time.fromisoformat(said["session"]["starts"])))
        evening = starts_at + LENGTH
        workshop = _planned(said, self.by, starts_at - timedelta(days=10), starts_at=starts_at, place=province)
        coming = self._delegates(workshop, said["delegates"] - said["walked_in"], starts_at - timedelta(days=5))
        there = self._at_the_door(workshop, coming, said, starts_at)
        self._papers(workshop, there, evening)
        actions.close_sessions(workshop=workshop, sessions=list(workshop.sessions.all()), by=self.by, at=evening)
        self._calls(workshop, evening + timedelta(days=90))

    def _delegates(self, workshop: Workshop, count: int, at: datetime) -> list[Registration]:
        posts = [office for office in OFFICES for _n in range(office[3])]
        coming = []
        for n in range(count):
            office = posts[n] if n < len(posts) else None
            coming.append(self._invited(workshop, office, at))
        return coming

    def _invited(
        self, workshop: Workshop, office: tuple[Any, ...] | None, at: datetime, source: str = RegistrationSource.IMPORT
    ) -> Registration:
        former = self.rng.choice(self._communes)
        person = self._person(former, office)
        return actions.register(
            workshop=workshop, person=person, source=source, place=former, by=self.by, at=at,
            unit=office[1] if office else "", post=office[2] if office else "", gender=self._gender(person, source),
        )  # fmt: skip

    def _gender(self, person: Person, source: str) -> str:
        """As a list says it, which leaves some out; nobody asks whoever stands at the door."""
        middle = person.name.split()[1]
        women, men = (middle in self.words[sex]["middle"] for sex in ("women", "men"))
        if source != RegistrationSource.IMPORT or women == men:
            return ""
        return Gender.FEMALE if women else Gender.MALE

    @cached_property
    def _communes(self) -> list[Place]:
        found = Place.objects.former().communes().filter(parent__name="Cà Mau", parent__valid_to__isnull=False)
        return self.rng.sample(list(found.select_related("parent").order_by("code")), 30)

    def _person(self, former: Place, office: tuple[Any, ...] | None) -> Person:
        name = self._name()
        place = current_units([former])[former.pk][0]
        return accounts.register_person(
            user=None,
            name=name,
            place=place,
            kind=PersonKind.OFFICIAL if office else PersonKind.SUBJECT,
            birth_year=self.rng.randint(1962, 2000),
            consents=current_consent_texts("vi")[:1],
            at=self.written_at,
            contact_phone=phones.to_e164(f"0900{500 + self.rng.randrange(400):06}") if self.rng.random() < 0.8 else "",
            subject_name=""
            if office
            else f"{self.rng.choice(self.words['trades'])} {name.rsplit(maxsplit=1)[-1]} (mẫu)",
            subject_kind=self.rng.choice(list(SubjectKind)),
            subject_role=self.rng.choices(list(SubjectRole), weights=[5, 2, 3])[0],
            official_level=office[0] if office else "",
            is_demo=True,
        )

    def _name(self) -> str:
        sex = self.words[self.rng.choice(["women", "men"])]
        return " ".join(self.rng.choice(part) for part in (self.words["family"], sex["middle"], sex["given"]))

    def _at_the_door(
        self, workshop: Workshop, coming: list[Registration], said: dict[str, Any], at: datetime
    ) -> list[Registration]:
        """Most come, some send another, a few stand there without having been asked."""
        session = workshop.sessions.get()
        away = self.rng.sample(coming, said["absent"] + said["stood_in"])
        there = [one for one in coming if one not in away]
        for one in away[said["absent"] :]:
            person = self._person(one.place, None if one.subject_id else OFFICES[-1])
            there.append(actions.replace(registration=one, person=person, by=self.by, at=at))
        there += [self._invited(workshop, None, at, RegistrationSource.WALK_IN) for _n in range(said["walked_in"])]
        actions.sign_sheet(session=session, registrations=there, by=self.by, at=at + timedelta(hours=1))
        return there

    def _papers(self, workshop: Workshop, there: list[Registration], at: datetime) -> None:
        for test in HallTest.objects.filter(workshop=workshop):
            for one in there:
                if self.rng.random() < 0.95:
                    letters = self._letters(test)
                    actions.write_sheet(test=test, badge=one.number, letters=letters, by=self.by, at=at)
        questions = queries.feedback_questions(workshop)
        for one in there:
            if self.rng.random() < 0.85:
                answers = {str(question.pk): self._opinion(question) for question in questions}
                actions.write_feedback(
                    workshop=workshop,
                    number=one.number,
                    answers={key: value for key, value in answers.items() if value},
                    is_quotable=self.rng.random() < 0.5,
                    by=self.by,
                    at=at,
                )

    def _letters(self, test: HallTest) -> str:
        paper, known = Paper(test), KNOWN[Moment(test.moment)]
        return "".join(
            self.rng.choice(right if self.rng.random() < known else paper.letters(number))
            for number, right in sorted(paper.right.items())
        )

    def _opinion(self, question: Any) -> Any:
        if question.kind == QuestionKind.SCALE:
            return self.rng.choices([5, 4, 3, 2], weights=[50, 35, 12, 3])[0]
        if question.kind == QuestionKind.FACES:
            return self.rng.choices([3, 2, 1], weights=[75, 20, 5])[0]
        said = self.said["opinions"]["good" if "bổ ích" in question.label else "better"]
        return self.rng.choice(said) if self.rng.random() < 0.12 else ""

    def _calls(self, workshop: Workshop, at: datetime) -> None:
        said = self.said["calls"]
        actions.draw(workshop=workshop, at=at)
        for n, call in enumerate(FollowUp.objects.filter(registration__workshop=workshop).order_by("pk")):
            if n % 4 == 3:
                continue  # still to be called
            used = self.rng.choices(list(Used), weights=[5, 3, 2])[0]
            actions.record_call(
                follow_up=call,
                outcome=CallOutcome.ANSWERED,
                used=used,
                what=self.rng.choice(said[used]) if used in said else "",
                hindrance=self.rng.choice(["", *said["hindrances"]]),
                by=self.by,
                at=at + timedelta(days=n % 5),
            )

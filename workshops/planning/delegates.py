"""What the list of delegates says of each beside the registration: how to reach somebody, who came, what was done, what was answered."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from accounts.access import people_visible_to
from accounts.models import User
from certificates.models import Credential
from workshops import parallel, queries
from workshops.desk.roster import number_of
from workshops.forms import YES_NO
from workshops.models import (
    HOLDING,
    Attendance,
    CheckInWay,
    FormQuestion,
    QuestionKind,
    Registration,
    Stage,
    TestSheet,
    Workshop,
)

TO_SEE_PEOPLE = "accounts.view_person"
LATE = timedelta(minutes=15)  # after a session begins
MOST = 20  # answers to one question that are counted by themselves


@dataclass
class Row:
    """`phone` for whoever may know it. `slots`: at how many the delegate was; `came_at` of the only one, unless a list was signed on paper.
    `tests`: those handed in under a name."""

    one: Registration
    phone: str = ""
    room: str = ""  # of parallel sessions the own one
    slots: int = 0
    came_at: datetime | None = None
    is_late: bool = False
    tests: list[str] = field(default_factory=list)
    certificate: Credential | None = None
    answers: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Counted:
    label: str
    counts: list[tuple[str, int]]
    others: int


def asked_of(workshop: Workshop) -> list[FormQuestion]:
    return list(FormQuestion.objects.filter(workshop=workshop, stage=Stage.REGISTRATION))


def rows_of(
    registrations: Sequence[Registration], workshop: Workshop, asked: Iterable[FormQuestion], user: User, *, runs: bool
) -> list[Row]:
    """`runs`: whoever runs the workshop calls all of its delegates, as they were told when they registered."""
    people = {one.person_id for one in registrations}
    callable_ = (
        people
        if runs
        else set(people_visible_to(user, TO_SEE_PEOPLE).filter(pk__in=people).values_list("pk", flat=True))
    )
    presence, tests, rooms = parallel.presence(workshop), _tests(registrations), parallel.rooms(workshop)
    certificates = queries.certificates_of(workshop, people)
    rows = {
        one.pk: Row(
            one,
            phone=number_of(one) if one.person_id in callable_ else "",
            room=rooms.said(one.pk) if one.state in HOLDING else "",
            slots=presence.get(one.pk, 0),
            tests=tests.get(one.pk, []),
            certificate=certificates.get(one.person_id),
            answers=[(q.label, said) for q in asked if (said := in_words(q, one.answers.get(str(q.pk))))],
        )
        for one in registrations
    }
    _say_when(rows)
    return list(rows.values())


def _say_when(rows: dict[int, Row]) -> None:
    came = Attendance.objects.filter(registration__in=rows, taken_back_at=None, session__cancelled_at=None)
    for one in came.exclude(way=CheckInWay.SHEET).select_related("session").order_by("-occurred_at"):
        row = rows[one.registration_id]
        row.came_at, row.is_late = one.occurred_at, row.is_late or one.occurred_at > one.session.starts_at + LATE


def _tests(registrations: Sequence[Registration]) -> dict[int, list[str]]:
    """Sheets without a name are joined to none, also not by the badge."""
    sheets = TestSheet.objects.filter(registration__in=registrations, test__is_anonymous=False)
    found: dict[int, list[str]] = {}
    for one in sheets.select_related("test").order_by("-test__moment"):
        found.setdefault(one.registration_id or 0, []).append(one.test.get_moment_display())
    return found


def in_words(question: FormQuestion, answer: Any) -> str:
    if isinstance(answer, list):
        return ", ".join(map(str, answer))
    if question.kind == QuestionKind.YES_NO:
        return str(dict(YES_NO).get(answer, answer or ""))
    return "" if answer is None else str(answer)


def counted(delegates: QuerySet[Registration], asked: Sequence[FormQuestion]) -> list[Counted]:
    """Of those who have a seat, the most frequent answer first. Of what was written equal words count as one."""
    given = list(delegates.filter(state__in=HOLDING).values_list("answers", flat=True)) if asked else []
    found = []
    for question in asked:
        said: Counter[str] = Counter()
        for answers in given:
            answer = answers.get(str(question.pk))
            said.update(filter(None, map(str, answer) if isinstance(answer, list) else [in_words(question, answer)]))
        if said:
            found.append(Counted(question.label, said.most_common(MOST), max(len(said) - MOST, 0)))
    return found

"""What closing would do for each delegate, and why not. As many queries for five hundred as for five."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import Max, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from certificates.models import Award
from courses.models import Activity, Completion, Course, Enrolment, Source
from courses.queries import requirements_of
from workshops import parallel, queries, rules
from workshops.models import HOLDING, Attendance, Moment, Registration, TestSheet, Workshop


class Outcome(StrEnum):
    CERTIFICATE = "certificate"
    COURSE = "course"
    ACTIVITY = "activity"
    DONE = "done"
    SHORT = "short"  # recorded by a workshop that was reopened since: by what stands now, it would not be
    NOTHING = "nothing"


COMPLETING = (Outcome.CERTIFICATE, Outcome.COURSE, Outcome.ACTIVITY)


@dataclass(frozen=True)
class Verdict:
    """`why`: what keeps somebody from it, or what the course still waits for. `attended` of `slots`; `last_at`: when last seen there."""

    registration: Registration
    outcome: Outcome
    attended: int
    why: str = ""
    last_at: datetime | None = None
    enrolment: int | None = None  # of what is recorded, where it would not be now
    also: tuple[int, ...] = ()  # quizzes of the course that a test in the hall has passed

    @property
    def completes(self) -> bool:
        return self.outcome in COMPLETING


@dataclass(frozen=True)
class Verdicts:
    rows: list[Verdict]
    slots: int
    needed: int

    def of(self, outcome: str) -> list[Verdict]:
        return [one for one in self.rows if one.outcome == outcome]

    @property
    def counts(self) -> Counter[Outcome]:
        return Counter(one.outcome for one in self.rows)

    @property
    def completing(self) -> list[Verdict]:
        return [one for one in self.rows if one.completes]


def judge(workshop: Workshop, by: User) -> Verdicts:
    """Everybody with a seat and everybody who came, by the number on the badge."""
    slots = len(queries.slots(workshop))
    return Verdicts(list(_judged(workshop, by, slots)), slots, rules.needed_slots(slots, workshop.needed_percent))


def _judged(workshop: Workshop, by: User, slots: int) -> Iterator[Verdict]:
    course = workshop.activity.course
    presence, seen = parallel.presence(workshop), _last_seen(workshop)
    held = Registration.objects.filter(Q(state__in=HOLDING) | Q(pk__in=presence), workshop=workshop)
    rows = list(held.select_related("person", "place__parent").order_by("number"))
    done, passed, recorded = _completed(course, rows), _passed(workshop), _recorded(workshop)
    required = {step.activity_id for step in requirements_of(course.pk) if step.is_required}
    titles = dict(Activity.objects.filter(pk__in=required).values_list("pk", "title"))
    has_award = Award.objects.filter(course=course, is_active=True).exists()
    barred = _barred(course, rows)
    for one in rows:
        attended = presence.get(one.pk, 0)
        completed = done.get(one.person_id, set())
        also = tuple(pk for pk in passed.get(one.pk, ()) if pk not in completed)
        absence = _absence(attended, slots, workshop)
        outcome, why = Outcome.NOTHING, absence or _hindrance(one, by, barred)
        if absence and one.person_id in recorded:
            outcome = Outcome.SHORT
        elif workshop.activity_id in completed and not also:
            outcome, why = Outcome.DONE, ""
        elif not why:
            outcome, why = _earned(required - completed - {workshop.activity_id, *also}, titles, has_award=has_award)
        enrolment = recorded[one.person_id] if outcome == Outcome.SHORT else None
        yield Verdict(one, outcome, attended, why, seen.get(one.pk), enrolment, also)


def _absence(attended: int, slots: int, workshop: Workshop) -> str:
    if not attended:
        return _("vắng mặt")
    if rules.was_there_enough(attended, slots, workshop.needed_percent):
        return ""
    needed = rules.needed_slots(slots, workshop.needed_percent)
    return _("có mặt %(n)s buổi, cần %(needed)s") % {"n": attended, "needed": needed}


def _hindrance(one: Registration, by: User, barred: dict[int, str]) -> str:
    if one.person_id == by.person_id:
        return _("đây là anh/chị; hãy nhờ cán bộ khác chốt giúp")
    if not one.person.has_consented:
        return _("chưa đồng ý cho ghi kết quả học, hoặc đã rút lại")
    return barred.get(one.person_id, "")


def _earned(rest: set[int], titles: dict[int, str], *, has_award: bool) -> tuple[Outcome, str]:
    if not rest:
        return (Outcome.CERTIFICATE if has_award else Outcome.COURSE), ""
    named = ", ".join(f"“{titles[pk]}”" for pk in sorted(rest)[:2])
    said = ngettext("khóa học còn %(n)s bài: %(named)s", "khóa học còn %(n)s bài: %(named)s", len(rest))
    return Outcome.ACTIVITY, said % {"n": len(rest), "named": named + (", …" if len(rest) > 2 else "")}


def _last_seen(workshop: Workshop) -> dict[int, datetime]:
    rows = Attendance.objects.filter(session__workshop=workshop, session__cancelled_at=None, taken_back_at=None)
    return dict(rows.values_list("registration").annotate(last=Max("occurred_at")).order_by())


def _completed(course: Course, rows: list[Registration]) -> dict[int, set[int]]:
    """Activities of the course by the person who completed them."""
    people = {one.person_id for one in rows}
    found: dict[int, set[int]] = {}
    completions = Completion.objects.filter(enrolment__course=course, enrolment__person__in=people)
    for person, activity in completions.values_list("enrolment__person", "activity"):
        found.setdefault(person, set()).add(activity)
    return found


def _recorded(workshop: Workshop) -> dict[int, int]:
    """By person: the enrolment in which closing has recorded the workshop."""
    rows = Completion.objects.filter(activity=workshop.activity_id, source=Source.WORKSHOP)
    return dict(rows.values_list("enrolment__person", "enrolment"))


def _passed(workshop: Workshop) -> dict[int, list[int]]:
    """By registration: quizzes of the course that somebody passed on the test after the workshop."""
    sheets = TestSheet.objects.filter(
        test__workshop=workshop, test__moment=Moment.AFTER, test__activity__isnull=False, registration__isnull=False
    )
    found: dict[int, list[int]] = {}
    rows = sheets.values_list("registration", "test__activity", "right", "questions", "test__pass_percent")
    for registration, activity, right, questions, percent in rows:
        if rules.has_passed(right, questions, percent):
            found.setdefault(registration, []).append(activity)
    return found


def _barred(course: Course, rows: list[Registration]) -> dict[int, str]:
    """By person: what `enrol` would refuse."""
    people = {one.person_id for one in rows}
    enrolled = set(Enrolment.objects.filter(course=course, person__in=people).values_list("person", flat=True))
    new = people - enrolled
    if course.retired_at:
        return dict.fromkeys(new, _("khóa học này đã ngừng mở"))
    barred: dict[int, str] = {}
    for needed in course.prerequisites.offered():
        finished = Enrolment.objects.filter(course=needed, person__in=new, completed_at__isnull=False)
        for person in new - set(finished.values_list("person", flat=True)):
            barred.setdefault(person, _("cần học xong khóa “%(title)s” trước") % {"title": needed.title})
    return barred

"""What workshops hold about a person, and what must always be true of their seats."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.access import AnyUser
from accounts.models import Person, PersonKind
from accounts.queries import numbers_of
from accounts.rights.records import entries_about, forget_words
from lib import text
from lib.registries import Fact, PersonFacts, PersonRecords
from messaging.models import Message
from provinces.queries import units_of_today

from . import parallel, queries, rules
from .access import registrations_of
from .actions import joining
from .actions.registering import cancel
from .models import (
    HOLDING,
    NAMING_ROOMS,
    REACHED,
    Assignment,
    Attendance,
    FeedbackSheet,
    FollowUp,
    Gender,
    Moment,
    Notice,
    NoticeState,
    Registration,
    RegistrationSource,
    RegistrationState,
    Scan,
    ScanOutcome,
    SheetSource,
    TestSheet,
    Workshop,
)

SHOWN_OF_A_ROOM = 16  # letters of it that every message has room for


def _rows_of(person_id: int) -> QuerySet[Registration]:
    """Also those that stayed with a record that was joined to this one, where both were on a list."""
    return Registration.objects.filter(Q(person=person_id) | Q(person__merged_into=person_id))


def _export(person_id: int) -> list[dict[str, Any]]:
    rows = _rows_of(person_id).select_related("workshop__activity", "place", "follow_up")
    rows = rows.prefetch_related("scans", "attendances__session", "assignments__session", "test_sheets__test")
    registered = [
        {
            "workshop": row.workshop.title,
            "registered_at": row.registered_at.isoformat(),
            "state": row.state,
            "unit": row.unit,
            "post": row.post,
            "place": row.place.near_name,
            "note": row.note,
            "gender": row.gender,
            "answers": row.answers,
            "rooms": [one.session.where for one in row.assignments.all()],
            "attended": [
                {"session": one.session.name, "at": one.occurred_at.isoformat()}
                for one in row.attendances.all()
                if not one.taken_back_at
            ],
            "typed_at_the_door": [
                one.newcomer for one in row.scans.all() if one.newcomer and one.outcome == ScanOutcome.PRESENT
            ],
            "tests": [_sheet(sheet) for sheet in row.test_sheets.all()],
            "gave_feedback": row.gave_feedback,
            "call": _call(row),
        }
        for row in rows
    ]
    at_the_door = [
        {
            "workshop": one.session.workshop.title,
            "session": one.session.name,
            "at": one.occurred_at.isoformat(),
            "outcome": one.outcome,
            "typed_at_the_door": [one.newcomer],
        }
        for one in _unsettled_of(person_id)
    ]
    return [*registered, *at_the_door]


def _typed_of(person_id: int) -> QuerySet[Scan]:
    """Scans that keep what a desk typed of somebody: of who was let in by their registration, else of who is meant (`_unsettled_of`)."""
    is_present = Q(outcome=ScanOutcome.PRESENT, registration__in=_rows_of(person_id))
    return Scan.objects.filter(is_present | Q(pk__in=[one.pk for one in _unsettled_of(person_id)])).exclude(newcomer={})


def _unsettled_of(person_id: int) -> list[Scan]:
    """Of who came to a desk and was not let in no record is kept but what was typed: the person's by name and number, and where one of the
    two numbers is not known, by name and commune, which is as much as a desk asks of namesakes. Of records that were joined each counts."""
    people = Person.objects.filter(Q(pk=person_id) | Q(merged_into=person_id)).select_related("user")
    rows = Scan.objects.exclude(newcomer={}).exclude(outcome=ScanOutcome.PRESENT)
    named = [
        (person, one)
        for one in rows.select_related("session__workshop__activity").order_by("pk")
        for person in people
        if text.fold(text.name(one.newcomer["name"]))[:120] == person.search
    ]
    today = units_of_today({key for person, one in named for key in (person.place_id, one.newcomer["place"])})
    found = {
        one.pk: one
        for person, one in named
        if _is_number_of(
            person, one.newcomer["phone"], otherwise=today[person.place_id] == today[one.newcomer["place"]]
        )
    }
    return list(found.values())


def _is_number_of(person: Person, phone: str, *, otherwise: bool) -> bool:
    """`otherwise`: what holds where one of them is not known."""
    numbers = numbers_of(person)
    return phone in numbers if phone and numbers else otherwise


def _call(row: Registration) -> list[str]:
    call = getattr(row, "follow_up", None)
    return [call.get_outcome_display(), call.get_used_display(), call.what, call.hindrance] if call else []


def _sheet(sheet: TestSheet) -> dict[str, Any]:
    return {
        "moment": sheet.test.moment,
        "answers": sheet.answers,
        "right": sheet.right,
        "questions": sheet.questions,
        "handed_in_at": sheet.handed_in_at.isoformat(),
    }


def _erase(person_id: int) -> int:
    """Who was invited and came is part of the report of a workshop, and so are scores; what somebody wrote into its form or told on
    the phone is not, and neither is which letters were chosen, nor what a desk typed. What was thought of it has no name to begin with."""
    rows = _rows_of(person_id)
    for one in rows.filter(workshop__closed_at=None, state__in=(*HOLDING, RegistrationState.WAITING)):
        if not rules.has_begun(queries.begins_at(one.workshop), timezone.now()):
            cancel(registration=one, at=timezone.now())
    for one in rows.select_related("workshop"):
        forget_words(entries_about([Workshop.objects.filter(pk=one.workshop_id)]).filter(data__number=one.number))
    FollowUp.objects.filter(registration__in=rows).update(what="", hindrance="")
    TestSheet.objects.filter(registration__in=rows).update(answers={})
    Notice.objects.filter(registration__in=rows).update(extra="")
    Attendance.objects.filter(registration__in=rows).update(taken_back_why="")
    _typed_of(person_id).update(newcomer={})
    rows.filter(person_kind=PersonKind.SUBJECT).update(
        unit=""
    )  # an office is nobody's name; that of a household may be
    return rows.update(answers={}, note="", post="")


REGISTRATIONS = PersonRecords(
    repoint=joining.repoint,
    export=_export,
    erase=_erase,
    hold=joining.hold,
    title=gettext_lazy("Lớp tập huấn"),
    kept=gettext_lazy(
        "Lượt đăng ký và có mặt, nam hay nữ, điểm kiểm tra tại lớp, không còn tên: để báo cáo của lớp vẫn đúng. Chỗ ở lớp chưa mở thì trả lại."
    ),
    words={
        "workshop": gettext_lazy("Lớp"), "registered_at": gettext_lazy("Đăng ký lúc"), "state": gettext_lazy("Tình trạng"), "unit": gettext_lazy("Đơn vị"), "post": gettext_lazy("Chức vụ"), "place": gettext_lazy("Nơi ở"), "note": gettext_lazy("Ghi chú"),
        "gender": gettext_lazy("Giới tính"), "answers": gettext_lazy("Câu trả lời"), "rooms": gettext_lazy("Phòng"), "attended": gettext_lazy("Có mặt"), "session": gettext_lazy("Buổi"), "at": gettext_lazy("Lúc"),
        "typed_at_the_door": gettext_lazy("Bàn điểm danh đã gõ"), "tests": gettext_lazy("Bài kiểm tra tại lớp"), "moment": gettext_lazy("Lúc làm"), "right": gettext_lazy("Đúng"), "questions": gettext_lazy("Số câu"),
        "handed_in_at": gettext_lazy("Nộp lúc"), "gave_feedback": gettext_lazy("Đã gửi phiếu đánh giá"), "call": gettext_lazy("Cuộc gọi sau lớp"), "outcome": gettext_lazy("Kết quả"), "name": gettext_lazy("Họ và tên"),
        "phone": gettext_lazy("Điện thoại"), **dict(RegistrationState.choices), **dict(Gender.choices), **dict(Moment.choices),
    },
    logged=lambda person_id: [
        Registration.objects.filter(person=person_id),
        FollowUp.objects.filter(registration__person=person_id),
    ],
)  # fmt: skip


def _facts(person: Person, user: AnyUser) -> list[Fact]:
    return [
        Fact(
            one.workshop.title,
            _how_it_was(one),
            reverse("workshops_admin:workshop", args=[one.workshop_id]) if is_open else "",
        )
        for one, is_open in registrations_of(person, user)
    ]


def _how_it_was(one: Registration) -> str:
    begins_at = queries.begins_at(one.workshop)
    day = date_format(localdate(begins_at), "SHORT_DATE_FORMAT") if begins_at else ""
    there = one.attendances.filter(taken_back_at=None, session__cancelled_at=None).count()
    came = _("có mặt %(n)s buổi") % {"n": there} if there else ""
    return ", ".join(filter(None, [day, str(one.get_state_display()), came]))


WORKSHOPS_OF_PERSON = PersonFacts(gettext_lazy("Lớp tập huấn"), "workshops.view_workshop", _facts)


def violations() -> list[str]:
    """No more seats are held than there are, but for walk-ins; until it begins nobody waits beside a free seat; whoever was replaced has
    somebody in their stead, and nobody comes instead of one who has not given the seat up; sheets are their badge's. Nobody was at a session
    of another workshop, or came without ever holding a seat; what a desk called present left a trace. Of parallel sessions nobody goes to two,
    and none has more than its seats, but for who was taken in at the door. Nobody is said to know a room but who chose it, or whom a message told."""
    held = Workshop.objects.filter(cancelled_at=None)
    seats = [said for workshop in held for said in [*_of_seats(workshop), *_of_rooms(workshop)]]
    return [*seats, *_of_told_rooms(), *_of_stand_ins(), *_of_sheets(), *_of_presence(), *_left_behind()]


def _left_behind() -> Iterator[str]:
    """A row of somebody who was joined to another is kept only where that one has a row of the same workshop."""
    twins = Registration.objects.filter(person=OuterRef("person__merged_into"), workshop=OuterRef("workshop"))
    alone = Registration.objects.exclude(person__merged_into=None).exclude(Exists(twins))
    for pk in alone.order_by("pk").values_list("pk", flat=True):
        yield f"registration {pk}: stayed with a person who was joined to another"


def _of_stand_ins() -> Iterator[str]:
    alone = Registration.objects.filter(state=RegistrationState.REPLACED, replaced_by=None)
    yield from (f"registration {one.pk}: replaced by nobody" for one in alone)
    instead = Registration.objects.exclude(replaces=None).order_by("pk")
    kept = instead.exclude(replaces__state=RegistrationState.REPLACED)
    yield from (f"registration {one.pk}: instead of somebody who has not given the seat up" for one in kept)
    foreign = instead.exclude(replaces__workshop=F("workshop"))
    yield from (f"registration {one.pk}: instead of somebody of another workshop" for one in foreign)
    before = dict(instead.values_list("pk", "replaces"))
    yield from (f"registration {pk}: instead of itself, by way of others" for pk in before if _is_in_a_ring(pk, before))


def _is_in_a_ring(pk: int, before: Mapping[int, int | None]) -> bool:
    """Whether whoever came first in its stead is itself; each row is instead of one at most."""
    at, seen = before.get(pk), set[int]()
    while at is not None and at != pk and at not in seen:
        seen.add(at)
        at = before.get(at)
    return at == pk


def _of_sheets() -> list[str]:
    """A sheet is its badge's, names nobody where the test does not, and holds as many answers as were asked; of feedback that came from a
    phone or tablet there is as much as people gave."""
    sheets = TestSheet.objects.select_related("test", "registration").annotate(asked=Count("test__items"))
    said = []
    for sheet in sheets:
        if sheet.test.is_anonymous == (sheet.registration_id is not None):
            said.append(f"sheet {sheet.pk}: names somebody where the test does not, or nobody where it does")
        elif (whose := sheet.registration) and (whose.number, whose.workshop_id) != (
            sheet.badge,
            sheet.test.workshop_id,
        ):
            said.append(f"sheet {sheet.pk}: another badge than its delegate's")
        if sheet.questions != sheet.asked:
            said.append(f"sheet {sheet.pk}: {sheet.questions} questions of {sheet.asked}")
    given = dict(_counted(Registration.objects.filter(gave_feedback=True)))
    kept = dict(_counted(FeedbackSheet.objects.exclude(source=SheetSource.PAPER)))
    return said + [
        f"workshop {pk}: {given.get(pk, 0)} gave feedback, {kept.get(pk, 0)} sheets"
        for pk in sorted({*given, *kept})
        if given.get(pk) != kept.get(pk)
    ]


def _counted(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.order_by().values("workshop").annotate(n=Count("pk")).values_list("workshop", "n")


def _of_presence() -> Iterator[str]:
    rows = Attendance.objects.order_by("pk")
    elsewhere = rows.exclude(registration__workshop=F("session__workshop"))
    yield from (f"attendance {pk}: of another workshop" for pk in elsewhere.values_list("pk", flat=True))
    counting, state = rows.filter(taken_back_at=None), "registration__state"
    given_up = Q(registration__ended_at__lt=F("occurred_at")) & Q(registration__ended_at__lt=F("recorded_at"))
    never = counting.filter(Q(**{state: RegistrationState.WAITING}) | (~Q(**{f"{state}__in": HOLDING}) & given_up))
    yield from (f"attendance {pk}: of somebody without a seat" for pk in never.values_list("pk", flat=True))
    foreign = Scan.objects.exclude(registration=None).exclude(registration__workshop=F("session__workshop"))
    yield from (f"scan {pk}: of another workshop" for pk in foreign.order_by("pk").values_list("pk", flat=True))
    lost = Scan.objects.filter(outcome=ScanOutcome.PRESENT).exclude(registration__attendances__session=F("session"))
    yield from (f"scan {pk}: nobody is present by it" for pk in lost.order_by("pk").values_list("pk", flat=True))


def _of_rooms(workshop: Workshop) -> Iterator[str]:
    foreign = Assignment.objects.filter(session__workshop=workshop).exclude(registration__workshop=workshop)
    yield from (f"assignment {pk}: of another workshop" for pk in foreign.order_by("pk").values_list("pk", flat=True))
    for slot in parallel.choices(workshop):
        rows = Assignment.objects.filter(session__in=slot.keys).order_by()
        twice = rows.values("registration").annotate(n=Count("pk")).filter(n__gt=1)
        for registration in twice.order_by("registration").values_list("registration", flat=True):
            yield f"registration {registration}: in two rooms at one hour"
        pools = parallel.pools(slot.sessions, as_promised=True)
        for key, pool in pools.items():
            if pool.seats is not None and pool.taken > pool.seats:
                yield f"workshop {workshop.pk}: {pool.taken} of {pool.seats} seats held (session {key})"


def _of_told_rooms() -> Iterator[str]:
    """What somebody is said to know came by a notice, or with the answer to one's own registration, which the outbox forgets; and what waits
    there untried, and will be sent as it is, names that room, or as much of it as it has letters for."""
    rows = Registration.objects.filter(state__in=HOLDING, workshop__cancelled_at=None).exclude(told_rooms="")
    told = rows.exclude(told_rooms=F("own_rooms"))
    names_rooms = Notice.objects.filter(state__in=REACHED, kind__in=NAMING_ROOMS)
    by_nobody = told.filter(~Exists(names_rooms.filter(registration=OuterRef("pk"))))
    for pk in by_nobody.exclude(source=RegistrationSource.SELF).order_by("pk").values_list("pk", flat=True):
        yield f"registration {pk}: said to know a room that nobody told"
    last: dict[int, Notice] = {}
    for notice in names_rooms.filter(registration__in=told).select_related("registration").order_by("at", "pk"):
        last[notice.registration_id] = notice
    keys = [one.message_key for one in last.values() if one.state == NoticeState.WAITING]
    untried = Message.objects.filter(dedupe_key__in=keys, attempts=0, sent_at=None, failed_at=None)
    bodies = {one.dedupe_key: one.body for one in untried}
    for pk, notice in sorted(last.items()):
        body = bodies.get(notice.message_key)
        if body is not None and notice.registration.told_rooms[:SHOWN_OF_A_ROOM] not in body:
            yield f"registration {pk}: said to know another room than a message that waits will tell"


def _of_seats(workshop: Workshop) -> Iterator[str]:
    waiting = Registration.objects.filter(workshop=workshop, state=RegistrationState.WAITING)
    waited_for = set(waiting.order_by().values_list("quota", flat=True))
    begins_at = queries.begins_at(workshop)
    is_offering = not workshop.closed_at and not rules.has_begun(begins_at, timezone.now())
    pools, promised = queries.pools(workshop), queries.pools(workshop, as_promised=True)
    for key, pool in pools.items():
        which = f"quota {key}" if key else "open seats"
        if pool.seats is not None and promised[key].taken > pool.seats:
            yield f"workshop {workshop.pk}: {promised[key].taken} of {pool.seats} seats held ({which})"
        if is_offering and pool.has_room and (key in waited_for or (key is None and waited_for)):
            yield f"workshop {workshop.pk}: somebody waits beside a free seat ({which})"

"""What reports hold about a person, and what must always be true of the kept figures."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.access import AnyUser
from accounts.models import Person
from accounts.rights.records import plain_rows
from lib import dates
from lib.registries import Fact, PersonFacts, PersonRecords
from messaging.models import Message
from provinces.models import Place

from . import counting, triggers
from .calling.access import TO_CALL, contacts_visible_to
from .covered import counting as of_covered
from .minority import counting as of_minority
from .models import (
    Behind,
    Cell,
    Contact,
    Covered,
    Headcount,
    Kept,
    Minority,
    Monthly,
    Outcome,
    Reason,
    Scattered,
    SliceHeadcount,
    SliceScattered,
    Stale,
    Tally,
    Yearly,
    YearlyScattered,
)
from .plan import counting as of_years
from .reminding.models import REACHED, Reminder, ReminderState
from .states import counting as of_states
from .trends import counting as of_months

SHOWN = 5  # weeks
KEPT: list[type[Kept]] = [Behind, Cell, Covered, Headcount, Minority, Monthly, Scattered, SliceHeadcount, SliceScattered, Yearly, YearlyScattered]  # fmt: skip


def _repoint(from_id: int, to_id: int) -> int:
    """Nothing to move: these rows follow from the enrolments, whose places are marked and counted again."""
    return 0


def _export(person_id: int) -> list[dict[str, Any]]:
    """A person's places are in the export of the enrolments."""
    return []


def _erase(person_id: int) -> int:
    return 0


SCATTERED = PersonRecords(repoint=_repoint, export=_export, erase=_erase)


def _repoint_contacts(from_id: int, to_id: int) -> int:
    """Of two on one list one stays: whom somebody was in touch with, else that of the row that stays. Both were the same person."""
    rows, theirs = (Contact.objects.filter(person=one) for one in (from_id, to_id))
    to_call = theirs.filter(outcome=Outcome.TO_CALL)
    done = rows.exclude(outcome=Outcome.TO_CALL).values("list")
    count = to_call.filter(list__in=done).delete()[0]
    count += rows.filter(list__in=theirs.values("list")).delete()[0]
    return count + rows.update(person=to_id)


def _export_contacts(person_id: int) -> list[dict[str, Any]]:
    rows = Contact.objects.filter(person=person_id).order_by("list__week")
    return plain_rows(rows, "list__week", "reason", "course__title", "since", "outcome", "at")


def _erase_contacts(person_id: int) -> int:
    return Contact.objects.filter(person=person_id).delete()[0]


CONTACTS = PersonRecords(
    repoint=_repoint_contacts,
    export=_export_contacts,
    erase=_erase_contacts,
    title=gettext_lazy("Những lần cán bộ cần liên hệ"),
    words={
        "list__week": gettext_lazy("Tuần từ"), "reason": gettext_lazy("Lý do"), "course__title": gettext_lazy("Khóa học"), "since": gettext_lazy("Từ ngày"), "outcome": gettext_lazy("Kết quả"), "at": gettext_lazy("Ghi lúc"),
        **dict(Reason.choices), **dict(Outcome.choices),
    },
    logged=lambda person_id: [Contact.objects.filter(person=person_id)],
)  # fmt: skip


def _repoint_reminders(from_id: int, to_id: int) -> int:
    """Of two of one week that stays which reached somebody; the other goes with its message, which nobody would find to erase."""
    rows, theirs = (Reminder.objects.filter(person=one) for one in (from_id, to_id))
    reached = rows.filter(state__in=REACHED).values("list")
    count = _drop_reminders(theirs.exclude(state__in=REACHED).filter(list__in=reached))
    count += _drop_reminders(rows.filter(list__in=theirs.values("list")))
    return count + rows.update(person=to_id)


def _export_reminders(person_id: int) -> list[dict[str, Any]]:
    return plain_rows(Reminder.objects.filter(person=person_id).order_by("at"), "at", "course__title", "state")


def _erase_reminders(person_id: int) -> int:
    return _drop_reminders(Reminder.objects.filter(person=person_id))


def _drop_reminders(rows: QuerySet[Reminder]) -> int:
    """With what the outbox still knows of them: a number may be shared, and the message calls the given name alone."""
    keys = [f"reminder-{one.pk}-{number}" for one in rows for number in range(1, one.tries + 1)]
    return Message.objects.filter(dedupe_key__in=keys).delete()[0] + rows.delete()[0]


REMINDERS = PersonRecords(
    repoint=_repoint_reminders,
    export=_export_reminders,
    erase=_erase_reminders,
    title=gettext_lazy("Tin nhắn nhắc học"),
    words={
        "at": gettext_lazy("Lúc"), "course__title": gettext_lazy("Khóa học"), "state": gettext_lazy("Tình trạng"),
        **dict(ReminderState.choices),
    },
)  # fmt: skip


def _facts(person: Person, user: AnyUser) -> list[Fact]:
    rows = contacts_visible_to(user).filter(person=person).select_related("list").order_by("-list__week")
    said = _("tuần từ %(day)s")
    return [
        Fact(
            said % {"day": date_format(one.list.week, "SHORT_DATE_FORMAT")},
            f"{one.get_reason_display()}, {one.get_outcome_display()}",
            "",
        )
        for one in rows[:SHOWN]
    ]


CONTACTS_OF_PERSON = PersonFacts(gettext_lazy("Cần liên hệ"), TO_CALL, _facts)


def violations() -> list[str]:
    """Kept figures that are not what the enrolments say, and triggers that are gone. Places that changed since they were
    counted are left out: they are marked, and counted before anybody reads them."""
    found = [f"the trigger {name} is missing; run migrate, then reconcile" for name in triggers.missing()]
    tally = Tally.objects.first()
    if tally is None or tally.day is None:
        return found
    at, everybody = dates.start_of_day(tally.day), counting.enrolments()
    counted: list[Kept] = [*counting.cells(everybody, at), *counting.heads(everybody), *counting.scattered(everybody)]
    counted += [*counting.slice_heads(everybody), *counting.slice_scattered(everybody)]
    seats = of_years.seats()
    counted += [*of_years.yearly(everybody, seats), *of_states.behind(everybody, at), *of_months.monthly(everybody)]
    counted += of_covered.covered()
    counted += of_minority.counted(Place.objects.current().provinces())
    for who in of_years.WHO:
        counted += of_years.scattered(everybody, seats, who)
    units = _provinces()
    for sums in (
        *counting.sums(units),
        of_years.sums(units),
        of_states.sums(units),
        of_months.sums(units),
        of_covered.sums(units),
    ):
        counted += sums
    kept = [row for model in KEPT for row in model._default_manager.all()]
    wrong = {place for _model, _reach, place, *_rest in _values(kept) ^ _values(counted)} - _changed()
    return found + [
        f"place {place}: the board's figures are not those of its enrolments; run reconcile" for place in sorted(wrong)
    ]


def _values(rows: Iterable[Kept]) -> set[tuple[Any, ...]]:
    """What rows say, without the ids that they happen to have."""
    return {
        (
            type(row).__name__,
            row.reach,
            row.place_id,
            *(value for name, value in sorted(vars(row).items()) if name not in ("_state", "id", "reach", "place_id")),
        )
        for row in rows
    }


def _provinces() -> set[int]:
    """Those of today, and former places in which somebody is recorded: they stand for themselves."""
    recorded = (Q(pk__in=model.objects.values("place")) for model in (Behind, Cell, Covered, Yearly))
    former = Place.objects.former().filter(Q(*recorded, _connector=Q.OR))
    return {*Place.objects.provinces().values_list("pk", flat=True), *former.values_list("pk", flat=True)}


def _changed() -> set[int]:
    """Marked places and their provinces."""
    places = set(Stale.objects.values_list("place_id", flat=True))
    parents = set(Place.objects.filter(children__in=places).values_list("pk", flat=True))
    return places | parents | set(of_minority.provinces_of(places))

"""Two records of one person become one: what each had of workshops goes to the one that is left."""

from collections.abc import Collection

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from workshops import parallel
from workshops.models import (
    HOLDING,
    Attendance,
    CallOutcome,
    FollowUp,
    Registration,
    RegistrationState,
    Scan,
    ScanOutcome,
    TestSheet,
    Workshop,
)

from .placing import hand_over, tidy
from .registering import cancel, stand_alone
from .wanting import NOTE_LENGTH, both_notes

OF_A_SEAT = ("state", "quota", "offered_until", "waiting_since")


def hold(person_ids: Collection[int]) -> None:
    """Everything that changes who has a seat holds the workshop's row, here too."""
    theirs = Registration.objects.filter(person__in=person_ids).values("workshop")
    list(Workshop.objects.select_for_update().filter(pk__in=theirs).order_by("pk").values_list("pk", flat=True))


def repoint(from_id: int, to_id: int) -> int:
    """Where both are on a list, the seat is kept, and the other row with it as the one that was given up: papers bear its number."""
    count = 0
    for one in Registration.objects.filter(person=from_id):
        with transaction.atomic():
            other = Registration.objects.filter(workshop=one.workshop_id, person=to_id).first()
            if other is None:
                one.person_id = to_id
                one.save(update_fields=["person"])
            elif _rank(one) > _rank(other):
                _change_places(one, other)
            if other is not None:
                _fill_in(one, other)
                _move_presence(one, other)
                _move_the_call(one, other)
                _move_the_sheets(one, other)
                _give_back(one, other)
                tidy(other.workshop)
        count += 1
    return count


def _rank(one: Registration) -> int:
    """A seat is worth more than an offer, that more than a turn, and that more than nothing."""
    worth = [RegistrationState.WAITING, RegistrationState.OFFERED, RegistrationState.HELD]
    return worth.index(RegistrationState(one.state)) + 1 if one.state in worth else 0


def _change_places(one: Registration, other: Registration) -> None:
    """The other has now what the first had, and the first what is over of the two: an offer or a turn, or nothing any more."""
    before = {name: getattr(other, name) for name in OF_A_SEAT}
    for name in OF_A_SEAT:
        setattr(other, name, getattr(one, name))
    other.ended_at = None
    other.told_rooms, other.own_rooms = one.told_rooms, one.own_rooms
    other.source = one.source  # for who came unannounced there may be no seat
    _take_the_notices(one, other)
    _take_the_stead(one, other)
    if before["state"] in (*HOLDING, RegistrationState.WAITING):
        for name, value in before.items():
            setattr(one, name, value)
    else:
        one.state, one.offered_until, one.ended_at = RegistrationState.CANCELLED, None, timezone.now()
    one.save()
    other.save()
    hand_over(one, other)


def _fill_in(one: Registration, other: Registration) -> None:
    """What the other row leaves open, the first has said: whoever registered alone said more than whoever was sent by others. Of a workshop
    that is closed too, where presence may have moved: its report tells of women."""
    known = other.person.subject.name if other.person.subject else ""
    if other.unit in ("", known):
        other.unit = one.unit or other.unit
    other.note = both_notes(one.note, other.note)[:NOTE_LENGTH]
    for name in ("post", "gender", "official_level"):
        setattr(other, name, getattr(other, name) or getattr(one, name))
    other.answers = {**one.answers, **other.answers}
    other.save(update_fields=["unit", "post", "note", "gender", "official_level", "answers"])


def _give_back(extra: Registration, other: Registration) -> None:
    """One person takes one seat, and waits once, as long as the longer of the two did: what is over goes to whoever waits. The list of a
    workshop that is closed stands."""
    if extra.workshop.closed_at or extra.state not in (*HOLDING, RegistrationState.WAITING):
        return
    since = [one.waiting_since for one in (extra, other) if one.waiting_since]
    if other.state == extra.state == RegistrationState.WAITING and since:
        Registration.objects.filter(pk=other.pk).update(waiting_since=min(since))
    cancel(registration=extra, at=timezone.now())


def _take_the_stead(one: Registration, other: Registration) -> None:
    """Whom the first came instead of has now the other in the stead."""
    stand_alone(other)
    one.refresh_from_db(fields=["replaces"])  # the other's own, where they had changed places
    other.replaces, one.replaces = one.replaces, None


def _take_the_notices(one: Registration, other: Registration) -> None:
    """What somebody was told on the seat, but for what both rows were told."""
    same = other.notices.filter(kind=OuterRef("kind"), about=OuterRef("about"))
    one.notices.filter(~Exists(same)).update(registration=other)


def _move_the_call(one: Registration, other: Registration) -> None:
    """One person is called once: of two calls the one of which more is known is kept, and of two such the later."""
    calls = FollowUp.objects.filter(registration__in=(one, other))
    kept = max(
        calls, key=lambda call: (_FAR.index(CallOutcome(call.outcome)), call.called_at or call.drawn_at), default=None
    )
    if kept is not None:
        calls.exclude(pk=kept.pk).delete()
        FollowUp.objects.filter(pk=kept.pk).update(registration=other)


def _move_the_sheets(one: Registration, other: Registration) -> None:
    """Of two tests done under two badges a pair is made. Where both badges did the same one, both sheets stay as they are."""
    of_other = TestSheet.objects.filter(test=OuterRef("test"), badge=other.number)
    moved = TestSheet.objects.filter(~Exists(of_other), test__workshop=one.workshop_id, badge=one.number)
    known = moved.filter(registration=one).values_list("pk", flat=True)
    keys, named = list(moved.values_list("pk", flat=True)), list(known)
    TestSheet.objects.filter(pk__in=keys).update(badge=other.number)
    TestSheet.objects.filter(pk__in=named).update(registration=other)


_FAR = (CallOutcome.TO_CALL, CallOutcome.UNREACHED, CallOutcome.DECLINED, CallOutcome.ANSWERED)


def _move_presence(one: Registration, other: Registration) -> None:
    """Who was there was there once, whichever of the two rows the desk had: of an hour at which both were recorded the other's counts, and
    the first's is taken back, with that as its reason. What a desk called present stays with the presence that it made."""
    at, why = timezone.now(), _("là một người với thẻ %(number)s") % {"number": other.number}
    for was in Attendance.objects.filter(registration=one, taken_back_at=None).select_related("session"):
        hour = [was.session_id, *parallel.beside(was.session)]
        if Attendance.objects.filter(registration=other, session__in=hour, taken_back_at=None).exists():
            Attendance.objects.filter(pk=was.pk).update(taken_back_at=at, taken_back_why=why)
            continue
        Attendance.objects.filter(pk=was.pk).update(registration=other)
        Scan.objects.filter(registration=one, session=was.session_id, outcome=ScanOutcome.PRESENT).update(
            registration=other
        )

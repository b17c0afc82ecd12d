"""Two records of one person become one: what each had of workshops goes to the one that is left."""

from collections.abc import Collection

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from workshops.models import HOLDING, Attendance, Registration, RegistrationState, Workshop

from .placing import hand_over, tidy
from .registering import cancel, stand_alone


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
            elif one.state in HOLDING and other.state not in HOLDING:
                other.state, other.quota, other.offered_until = one.state, one.quota, one.offered_until
                other.waiting_since, other.ended_at = one.waiting_since, None
                other.gender, other.told_rooms = other.gender or one.gender, one.told_rooms
                other.own_rooms, other.source = (
                    one.own_rooms,
                    one.source,
                )  # for who came unannounced there may be no seat
                _take_the_notices(one, other)
                _take_the_stead(one, other)
                one.state, one.offered_until, one.ended_at = RegistrationState.CANCELLED, None, timezone.now()
                one.save()
                other.save()
                hand_over(one, other)
            if other is not None:
                _move_presence(one, other)
                _give_back(one, other)
                tidy(other.workshop)
        count += 1
    return count


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


def _move_presence(one: Registration, other: Registration) -> None:
    """Who was there was there once, whichever of the two rows the desk had."""
    there = Attendance.objects.filter(registration=other, taken_back_at=None).values("session")
    Attendance.objects.filter(registration=one, taken_back_at=None).exclude(session__in=there).update(
        registration=other
    )

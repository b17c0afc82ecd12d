"""Who may remind many at once, of which places; and whether anybody may."""

from django.conf import settings
from django.db.models import QuerySet

from accounts.access import AnyUser, managed_places, people_visible_to
from accounts.models import Consent, ConsentText, User
from provinces.models import Place
from provinces.queries import places_within

from .models import Reminder

TO_REMIND = "reports.add_reminder"


def is_on() -> bool:
    """Messages cost the operator money, who switches this on (BULK_REMINDERS)."""
    return settings.BULK_REMINDERS


def may_remind(user: AnyUser, place: Place) -> bool:
    """In a place of today that is theirs by a role that may; a province of which only some communes are theirs is not."""
    if not (is_on() and place.is_current and user.has_perm(TO_REMIND)):
        return False
    places = managed_places(user, TO_REMIND)
    return places is None or places.contains(place)


def reminders_of(place: Place | None, user: User) -> QuerySet[Reminder]:
    """Those sent by the communes of a place, or of all that is the user's."""
    places = managed_places(user, TO_REMIND)
    rows = Reminder.objects.all() if places is None else Reminder.objects.filter(list__place__in=places)
    return rows.filter(list__place__in=places_within(place)) if place else rows


def still_theirs(user: User, rows: list[Reminder]) -> set[int]:
    """The persons of `rows` whom this user may still be told of: who moved away, or agrees no longer, is another's, or nobody's."""
    people = people_visible_to(user, TO_REMIND).filter(pk__in={one.person_id for one in rows}, has_consented=True)
    return set(people.values_list("pk", flat=True))


def wanting_none(people: set[int]) -> set[int]:
    """Those of `people` who took back that they agreed to messages: nobody copies one for them either."""
    asked = Consent.objects.filter(person__in=people, text__purpose=ConsentText.Purpose.MESSAGES).order_by()
    agreed = asked.filter(withdrawn_at=None).values_list("person", flat=True)
    return set(asked.values_list("person", flat=True)) - set(agreed)

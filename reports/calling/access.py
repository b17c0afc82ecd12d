"""Whose lists somebody may work through: those of the places in which they manage."""

from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import AnyUser, managed_places, people_visible_to, roles_that_allow, subjects_visible_to
from accounts.models import User
from accounts.queries import is_left_in_peace, wants_no_calls
from provinces.models import Level, Place
from provinces.queries import units_of_today
from reports.models import Contact, Outcome, Reason

TO_CALL = "reports.change_contact"
HELP_WITH = (Reason.FAILED, Reason.STALLED, Reason.UNSTARTED)  # what sitting beside somebody brings on


def contacts_visible_to(user: AnyUser) -> QuerySet[Contact]:
    places = managed_places(user, TO_CALL)
    return Contact.objects.all() if places is None else Contact.objects.filter(list__place__in=places)


def lists_of_my_places(rows: QuerySet[Any], user: AnyUser) -> QuerySet[Any]:
    """For the log of decisions."""
    places = managed_places(user, TO_CALL)
    return rows if places is None else rows.filter(place__in=places)


def standing(contacts: QuerySet[Contact]) -> QuerySet[Contact]:
    """As `theirs`, and without those whose log-in was switched off, or who objected, before anybody called. What came of a call that was
    made stays."""
    rests = is_left_in_peace("person") | wants_no_calls("person")
    return theirs(contacts).exclude(Q(outcome=Outcome.TO_CALL) & rests)


def theirs(contacts: QuerySet[Contact]) -> QuerySet[Contact]:
    """Those of `contacts` who are still the list's commune's. Whoever moved is another office's, and a list drawn before tells it no
    more; so with who agrees no longer, and with a subject that closed before anybody called."""
    is_open = Q(subject__closed_at=None) | ~Q(outcome=Outcome.TO_CALL)
    contacts = contacts.filter(Q(person__has_consented=True) | (Q(subject__isnull=False) & is_open))
    under_others = contacts.annotate(where=Coalesce("person__place", "subject__place")).exclude(where=F("list__place"))
    rows = list(under_others.order_by().values_list("pk", "list__place", "where"))
    today = units_of_today({where for _pk, _place, where in rows})  # who is written under a former unit has not moved
    return contacts.exclude(pk__in=[pk for pk, place, where in rows if today[where].pk != place])


def communes_visible_to(user: AnyUser) -> QuerySet[Place]:
    """Those of today."""
    communes = Place.objects.current().communes()
    places = managed_places(user, TO_CALL)
    return communes if places is None else communes.filter(pk__in=places.values("pk"))


def office_of(user: AnyUser, commune: Place) -> str:
    """In whose name somebody writes to people of a commune: the commune's own, or of the province or centre whose role lets them."""
    roles = [role for role in roles_that_allow(user, TO_CALL) if role.place is None or commune.pk in role.place_ids]
    levels = {role.place.level if role.place else None for role in roles}
    if not roles or Level.COMMUNE in levels:
        return commune.full_name
    return commune.parent.full_name if commune.parent and Level.PROVINCE in levels else _("trung ương")


class Ways:
    """Where the lines of a list lead somebody in the admin, each as far as it is open to them; looked up once for all."""

    def __init__(self, user: User, contacts: list[Contact]) -> None:
        people, subjects = {one.person_id for one in contacts}, {one.subject_id for one in contacts}
        self._people = _keys(people_visible_to(user, "accounts.view_person"), people)
        self._helped = _keys(people_visible_to(user, "accounts.add_person"), people) - {user.person_id}
        self._subjects = _keys(subjects_visible_to(user, "accounts.view_subject"), subjects)

    def page_of(self, contact: Contact) -> str:
        if contact.person_id in self._people:
            return reverse("person:inspect", args=[contact.person_id])
        return reverse("subject:inspect", args=[contact.subject_id]) if contact.subject_id in self._subjects else ""

    def help_of(self, contact: Contact) -> str:
        is_offered = contact.reason in HELP_WITH and contact.person_id in self._helped
        return reverse("accounts_admin:help", args=[contact.person_id]) if is_offered else ""


def _keys(rows: QuerySet[Any], wanted: set[int | None]) -> set[int | None]:
    return set(rows.filter(pk__in=wanted - {None}).values_list("pk", flat=True))

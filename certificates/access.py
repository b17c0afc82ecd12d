"""Fetching is authorising: the document is for its holder and for staff of the holder's place; its truth is for everybody."""

from django.db.models import QuerySet
from django.http import Http404

from accounts.access import AnyUser, managed_places, person_of
from lib import codes

from .models import Credential


def find(code: str) -> Credential | None:
    """What anybody with the code may be told about; blanks, dashes and case do not matter."""
    return Credential.objects.filter(code=codes.tidy(code)[:16]).select_related("replaced_by").first()


def get_document(user: AnyUser, code: str) -> Credential:
    """The credential whose paper this user may have; 404 otherwise, as if it did not exist."""
    credential = Credential.objects.filter(code=codes.tidy(code)[:16]).select_related("award").first()
    if credential is None:
        raise Http404
    person = person_of(user)
    if person and credential.person_id == person.pk:
        return credential
    if visible_to(user).filter(pk=credential.pk).exists():
        return credential
    raise Http404


def visible_to(user: AnyUser) -> QuerySet[Credential]:
    """Credentials of people whose present place a user manages."""
    places = managed_places(user)
    return Credential.objects.all() if places is None else Credential.objects.filter(person__place__in=places)

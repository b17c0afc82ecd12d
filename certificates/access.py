"""Fetching is authorising: the document is for its holder and for staff of the holder's place; its truth is for everybody."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, TypedDict

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from accounts.access import AnyUser, managed_places, opens_admin, people_visible_to, person_of
from accounts.models import Person, User
from lib import codes
from lib.text import fold
from provinces.models import Place, PlaceQuerySet
from provinces.queries import units_of_today

from .models import CopyKind, Credential, CredentialStatus, Issuer, SignedCopy, WorkshopEntry, WorkshopList

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

MOST_ALIKE = 200  # papers of the same number that are looked at
IN_AN_ADDRESS = re.compile(r"/c/([^/?#\s]+)")
IN_THE_BOOK = re.compile(r"([0-9]{1,9})/([0-9]{4})")

TO_REISSUE = "certificates.change_credential"
TO_REGISTER = "accounts.add_person"


class Signed(TypedDict):
    """What is asked for beside a credential: when its paper was signed by hand, and when and by whom its file."""

    paper_signed_at: datetime | None
    file_signed_at: datetime | None
    file_signers: str | None


def find(code: str) -> "WithAnnotations[Credential, Signed] | None":
    """What anybody with the code may be told about; blanks, dashes and case do not matter."""
    copies = SignedCopy.objects.filter(credential=OuterRef("pk"))
    on_paper, in_file = copies.filter(kind=CopyKind.PAPER), copies.given_out()
    found = Credential.objects.filter(code=codes.tidy(code)[:16]).select_related("replaced_by")
    return found.annotate(
        paper_signed_at=Subquery(on_paper.values("signed_at")),
        file_signed_at=Subquery(in_file.values("signed_at")),
        file_signers=Subquery(in_file.values("signers")),
    ).first()


def code_typed(typed: str) -> str:
    """What somebody typed, or the code in the address that somebody pasted, with whatever follows it."""
    found = IN_AN_ADDRESS.search(typed)
    return found[1] if found else typed


def find_printed(number: str, name: str) -> list[Credential]:
    """Those that bear both: the number itself or the one in the book (“Số vào sổ”). Offices may give the same number, and so does one office every year. Marks and
    case of the name do not matter, nor capitals and blanks in the number."""
    typed = re.sub(r"^số(\s+vào\s+sổ)?(?!\w)", "", number, flags=re.IGNORECASE).lstrip(":. ")
    spellings = {typed, typed.replace(" ", ""), typed.upper(), typed.replace(" ", "").upper()}
    numbered = [*Credential.objects.filter(number__in=spellings)[:MOST_ALIKE], *_registered_as(typed)]
    numbered = list({one.pk: one for one in numbered}.values())
    return [one for one in numbered if fold(one.evidence["name"]) == fold(name)]


def _registered_as(typed: str) -> list[Credential]:
    """ "0250/2026": one an issuer and year, by the index that keeps it to one."""
    found = IN_THE_BOOK.fullmatch("".join(typed.split()))
    if not found:
        return []
    of_all = Credential.objects.filter(issuer__in=Issuer.objects.all(), year=int(found[2]), sequence=int(found[1]))
    return [one for one in of_all[:MOST_ALIKE] if one.evidence["register_number"] == f"{int(found[1]):04}/{found[2]}"]


def get_shown(code: str) -> Credential:
    """One whose holder lets everybody see a page about it; 404 otherwise, as if it did not exist. With the agreement to the
    platform's own keeping of data ends whatever was agreed to on top of it."""
    shown = Credential.objects.filter(shown_since__isnull=False, person__has_consented=True)
    standing = shown.exclude(status=CredentialStatus.REVOKED).select_related("award__course", "replaced_by")
    return get_object_or_404(standing, code=codes.tidy(code)[:16])


def get_document(request: HttpRequest, code: str) -> Credential:
    """The credential whose paper somebody may have; 404 otherwise, as if it did not exist. Staff, as in the admin, only after
    logging in with a password."""
    credentials = Credential.objects.select_related("award", "template_version")
    credential = credentials.filter(code=codes.tidy(code)[:16]).first()
    if credential is None:
        raise Http404
    person = person_of(request.user)
    if person and credential.person_id == person.pk:
        return credential
    if opens_admin(request) and visible_to(request.user, "certificates.view_credential").contains(credential):
        return credential
    raise Http404


def get_own(person: Person, code: str) -> Credential:
    own = Credential.objects.filter(code=codes.tidy(code)[:16], person=person)
    return get_object_or_404(own.select_related("award", "enrolment__course"))


def visible_to(user: AnyUser, permission: str) -> QuerySet[Credential]:
    """Credentials of people whose present place is one in which a user may do this."""
    places = managed_places(user, permission)
    return Credential.objects.all() if places is None else Credential.objects.filter(person__place__in=places)


def places_to_certify(user: User) -> PlaceQuerySet | None:
    """Where somebody may both register people and issue to them: a role that allows one lends nothing to a role of another place
    that allows the other. None means the whole country."""
    issuing, registering = managed_places(user, TO_REISSUE), managed_places(user, TO_REGISTER)
    if issuing is None or registering is None:
        return registering if issuing is None else issuing
    return issuing.filter(pk__in=registering)


def issuers_for(user: AnyUser, places: Iterable[Place]) -> QuerySet[Issuer]:
    """Whose certificates a colleague may choose for a workshop that is held in one of these places: an administrator any, an organiser
    those that an administrator has opened to the place's province, as far as the organiser issues certificates there."""
    if managed_places(user, "certificates.change_award") is None:
        return Issuer.objects.order_by("name")
    issuing = managed_places(user, TO_REISSUE)
    today = units_of_today({place.pk for place in places})
    if issuing is not None:
        allowed = set(issuing.filter(pk__in=[place.pk for place in today.values()]).values_list("pk", flat=True))
        today = {key: place for key, place in today.items() if place.pk in allowed}
    return Issuer.objects.filter(province__in={place.province.pk for place in today.values()}).order_by("name")


def people_to_certify(user: User) -> QuerySet[Person]:
    """Those whom somebody may both look up and issue to."""
    return people_visible_to(user, "accounts.view_person").filter(pk__in=people_visible_to(user, TO_REISSUE))


def lists_issued_by(user: AnyUser) -> QuerySet[WorkshopList]:
    """The lists whose page somebody finds again."""
    return WorkshopList.objects.filter(issued_by=user.pk)


def scans_visible_to(user: AnyUser) -> QuerySet[WorkshopList]:
    """Lists of which somebody sees every person's certificates: a scan shows all of them, with year of birth and number. Whoever
    issued it has it anyway."""
    lists, places = WorkshopList.objects.exclude(scan=""), managed_places(user, "certificates.view_credential")
    if places is None:
        return lists
    of_others = WorkshopEntry.objects.exclude(enrolment__person__place__in=places).filter(list=OuterRef("pk"))
    return lists.filter(Q(issued_by=user.pk) | ~Exists(of_others))

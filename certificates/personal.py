"""What certificates hold about a person, and what must always be true of them."""

from collections import defaultdict
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.access import AnyUser
from accounts.models import Person
from lib.registries import Fact, PersonFacts, PersonRecords

from . import queries
from .access import visible_to
from .models import Counter, Credential, CredentialStatus, TemplateVersion
from .models.templates import fingerprint


def _repoint(from_id: int, to_id: int) -> int:
    return Credential.objects.filter(person=from_id).update(person=to_id)


def _export(person_id: int) -> list[dict[str, Any]]:
    rows = Credential.objects.filter(person=person_id)
    return [{"number": row.number, "status": row.status, **row.evidence} for row in rows]


def _erase(person_id: int) -> int:
    """The register of issued certificates is kept: whoever holds a paper must be able to have it verified."""
    return 0


CREDENTIALS = PersonRecords(repoint=_repoint, export=_export, erase=_erase)


def violations() -> list[str]:
    """Whoever finished has a paper, and nobody else a valid one; numbers run 1..n for each issuer and year, and n is what the counter says."""
    found = [f"enrolment {pk}: finished, no certificate" for pk in queries.waiting().values_list("pk", flat=True)]
    unearned = Credential.objects.filter(status=CredentialStatus.VALID, enrolment__completed_at=None)
    found += [
        f"credential {pk}: valid, but its enrolment is not finished" for pk in unearned.values_list("pk", flat=True)
    ]
    found += [
        f"template version {one.pk}: not what was published"
        for one in TemplateVersion.objects.all()
        if one.sha256 != fingerprint(one.data)
    ]
    numbers: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    for issuer, year, sequence in Credential.objects.values_list("issuer", "year", "sequence"):
        numbers[issuer, year].append(sequence)
    for counter in Counter.objects.all():
        given = sorted(numbers.pop((counter.issuer_id, counter.year), []))
        if given != list(range(1, counter.last + 1)):
            found.append(f"issuer {counter.issuer_id}, {counter.year}: numbers are not 1..{counter.last}")
    found += [f"issuer {issuer}, {year}: numbers without a counter" for issuer, year in numbers]
    return found


def _facts(person: Person, user: AnyUser) -> list[Fact]:
    return [
        Fact(
            row.number,
            f"{row.evidence['course']}, {row.get_status_display()}",
            reverse("credential:inspect", args=[row.pk]),
        )
        for row in visible_to(user, PAPERS_OF_PERSON.permission).filter(person=person)
    ]


PAPERS_OF_PERSON = PersonFacts(_("Giấy chứng nhận"), "certificates.view_credential", _facts)

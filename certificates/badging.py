"""A certificate of ours as an Open Badge: its frozen evidence in the words of proofs.credential, signed by its issuer's key."""

import re
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings
from django.utils.timezone import get_default_timezone, localtime

from .models import Credential, Issuer
from .proofs import credential as words
from .proofs import integrity, jose, keys, status

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


def did(issuer_id: int) -> str:
    """The name of an issuer for machines; its document is at /c/don-vi/<pk>/did.json."""
    return keys.did_web(settings.BASE_URL, "c", "don-vi", str(issuer_id))


def address(credential: Credential) -> str:
    """The credential's name for machines is where people check it: what the QR says too, which adds the statement."""
    return f"{settings.BASE_URL}/c/{credential.code}"


def build(credential: Credential) -> dict[str, Any]:
    """The credential, unsigned; the same whenever it is built, because the evidence is frozen."""
    evidence = credential.evidence
    begun, ended = _days(evidence["period_short"])
    return words.build(
        words.Facts(
            id=address(credential),
            issuer=words.Profile(
                id=did(credential.issuer_id), name=evidence["issuer"], parent=evidence["issuer_parent"]
            ),
            course=words.Course(
                # A name, not an address: courses are moved and taken down, certificates stay.
                id=f"urn:uuid:{uuid5(NAMESPACE_URL, f'{settings.BASE_URL}/award/{credential.award_id}')}",
                name=evidence["course"],
                description=f"{evidence['course_kind']}, {evidence['duration']}",
                criteria=f"Hoàn thành mọi bài học và bài kiểm tra bắt buộc của khóa học “{evidence['course']}”.",
            ),
            name=evidence["name"],
            number=evidence["number"],
            valid_from=localtime(credential.issued_at).isoformat(timespec="seconds"),
            valid_until=_end_of(credential.expires_on) if credential.expires_on else "",
            begun=begun,
            ended=ended,
            hours=evidence["duration"],
            result=evidence["result"],
            evidence=f"Thời gian học: {evidence['period']}. Số vào sổ: {evidence['register_number']}.",
            status=_status(credential),
        )
    )


def _end_of(day: date) -> str:
    """Its last second: the day itself still counts."""
    return datetime.combine(day, time(23, 59, 59), get_default_timezone()).isoformat()


def _days(period: str) -> tuple[str, str]:
    """ "01/11/2026 – 23/11/2026" or one day, as rules.period_short writes it, as moments at the start of these days."""
    found = [datetime.strptime(day, "%d/%m/%Y").date() for day in re.findall(r"\d{2}/\d{2}/\d{4}", period)]
    moments = [datetime.combine(day, time(), get_default_timezone()).isoformat() for day in found]
    return (moments[0], moments[-1]) if moments else ("", "")


def _status(credential: Credential) -> words.Status | None:
    if credential.status_index is None:
        return None
    number, index = divmod(credential.status_index, status.ENTRIES)
    return words.Status(list_address(credential.issuer_id, number), index)


def list_address(issuer_id: int, number: int) -> str:
    """Not by `reverse`, which would give readers of the English site another address, and their credential another hash."""
    return f"{settings.BASE_URL}/c/tinh-trang/{issuer_id}/{number}"


def token(credential: Credential, private: "Ed25519PrivateKey", kid: str) -> str:
    """As VC-JWT."""
    return jose.sign(build(credential), private, f"{did(credential.issuer_id)}#{kid}")


def document(
    credential: Credential, private: "Ed25519PrivateKey", kid: str, *, suite: str = integrity.RDFC
) -> dict[str, Any]:
    """As JSON with its proof inside, dated like the credential, so that a rebuilt one is the same."""
    method = f"{did(credential.issuer_id)}#{kid}"
    created = localtime(credential.issued_at).isoformat(timespec="seconds")
    return integrity.sign(build(credential), private, method, created=created, suite=suite)


def status_list(
    issuer: Issuer,
    number: int,
    withdrawn: list[int],
    private: "Ed25519PrivateKey",
    kid: str,
    *,
    now: datetime,
    until: datetime,
) -> str:
    """The list of an issuer as VC-JWT. `withdrawn`: positions within it."""
    built = status.build(
        address=list_address(issuer.pk, number), issuer=did(issuer.pk), withdrawn=withdrawn, now=now, until=until
    )
    return jose.sign(built, private, f"{did(issuer.pk)}#{kid}")

"""Signed files that come back: each is matched with its certificate by what it shows, looked at, and taken or refused in words."""

import hashlib
import re
import time
from collections.abc import Iterable
from contextlib import suppress
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from certificates import actions, rendering, sealing
from certificates.models import CopyKind, Credential, CredentialStatus, SignedCopy
from certificates.sealing import Finding
from lib import apart
from lib.refusals import Refusal

from .bringing import Brought, brought
from .comparing import MEGABYTES, SECONDS, Way, compare

CODE = re.compile(r"\b([0-9A-Z]{4})-([0-9A-Z]{4})\b")
MOST_CODES = 50  # what looks like one on a page
PATIENCE = 40.0  # seconds after which nothing more is looked at: proxies wait a minute for an answer


@dataclass(frozen=True)
class Outcome:
    name: str
    number: str = ""
    signers: str = ""
    way: Way | None = None  # none of what was taken before
    refused: str = ""


def take(uploads: Iterable[Any], *, among: QuerySet[Credential], by: User, at: datetime) -> list[Outcome]:
    """`among`: the certificates for which this user may do it. What is too much for one answer is brought once more."""
    until, outcomes, coming = time.monotonic() + PATIENCE, [], brought(uploads)
    for one in coming:
        outcomes.append(_take(one, among, by, at))
        if time.monotonic() >= until:
            break
    if left := sum(1 for _one in coming):
        said = _("Chưa xem %(count)s tệp còn lại. Hãy tải lại đúng các tệp này: tệp nào đã nhận thì được bỏ qua ngay.")
        outcomes.append(Outcome("…", refused=said % {"count": left}))
    return outcomes


def _take(one: Brought, among: QuerySet[Credential], by: User, at: datetime) -> Outcome:
    if one.refused:
        return Outcome(one.name, refused=one.refused)
    if known := _known(one.data, among):
        return Outcome(one.name, number=known.credential.number, signers=known.signers)
    try:
        return _taken(one, among, by, at)
    except Refusal as refusal:
        return Outcome(one.name, refused=str(refusal))


def _known(data: bytes, among: QuerySet[Credential]) -> SignedCopy | None:
    """Of what was looked at and taken before, and is still given out."""
    held = among.filter(status=CredentialStatus.VALID)
    copies = SignedCopy.objects.given_out().filter(sha256=hashlib.sha256(data).hexdigest(), credential__in=held)
    copy = copies.select_related("credential").first()
    return copy if copy and copy.is_kept() else None


def _taken(one: Brought, among: QuerySet[Credential], by: User, at: datetime) -> Outcome:
    credential = _shown(one.data, among)
    if credential is None:
        raise Refusal(_("Không thấy mã tra cứu của giấy nào thuộc phần anh/chị phụ trách."))
    if credential.status != CredentialStatus.VALID:
        raise Refusal(_("Giấy số %(number)s không còn hiệu lực.") % {"number": credential.number})
    report = sealing.check(one.data)
    _refuse_unsigned(report)
    way, statement_kid = _compared(credential, one.data)
    signers = " · ".join(dict.fromkeys(seal.by for seal in report.seals))
    moments = [seal.stamped_at or seal.at for seal in report.seals]
    signed_at = max((moment for moment in moments if moment), default=at)
    actions.take_copy(
        credential=credential,
        kind=CopyKind.SIGNED,
        data=one.data,
        signers=signers,
        signed_at=signed_at,
        by=by,
        at=at,
        statement_kid=statement_kid,
    )
    return Outcome(one.name, number=credential.number, signers=signers, way=way)


def _compared(credential: Credential, data: bytes) -> tuple[Way, str]:
    """With the key that stated what the file says of itself. What went out before its issuer had a key, or while a key was disowned,
    bears no statement; it is the same certificate."""
    try:
        return compare(rendering.pdf(credential), data, credential), credential.statement_kid
    except Refusal:
        if not credential.statement:
            raise
        unstated = copy(credential)
        unstated.statement = unstated.statement_kid = ""
        with suppress(Refusal):
            return compare(rendering.pdf(unstated), data, credential), ""
        raise


def _refuse_unsigned(report: sealing.Report) -> None:
    found = report.findings
    if Finding.UNREADABLE in found:
        raise Refusal(_("Không đọc được tệp PDF này."))
    if not report.seals:
        raise Refusal(_("Tệp chưa có chữ ký số nào."))
    if Finding.ALTERED in found:
        raise Refusal(_("Chữ ký số không khớp: tệp đã bị sửa sau khi ký."))
    if not report.holds:
        raise Refusal(
            _(
                "Chữ ký số không bao trùm cả tệp: có phần được thêm vào sau khi ký. Nếu phần mềm ký có chọn “chữ ký dài hạn” (LTV), hãy bỏ chọn rồi ký lại."
            )
        )


def _shown(data: bytes, among: QuerySet[Credential]) -> Credential | None:
    """By the code that the page shows, whatever the file is called."""
    try:
        codes = apart.run(lambda: _codes(data), seconds=SECONDS, megabytes=MEGABYTES)
    except apart.ApartError:
        return None
    return among.filter(code__in=codes).first()


def _codes(data: bytes) -> list[str]:
    import pypdfium2

    with pypdfium2.PdfDocument(data) as pdf:
        words = pdf[0].get_textpage().get_text_range() if len(pdf) == 1 else ""
    return ["".join(found) for found in CODE.findall(words)[:MOST_CODES]]


def unsigned(among: QuerySet[Credential]) -> QuerySet[Credential]:
    """Those that wait for a signature, also for a further one because a key was disowned."""
    done = SignedCopy.objects.given_out().values("credential")
    return among.filter(status=CredentialStatus.VALID).exclude(pk__in=done)


def signed_before() -> Exists:
    """Of a credential: an office signed it, whether or not that counts still."""
    return Exists(SignedCopy.objects.filter(credential=OuterRef("pk"), kind=CopyKind.SIGNED))

"""One file → one verdict, the same for the page and the command: what its credential says, and what our register says of it."""

import unicodedata
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext as _

from lib import dates

from . import access, badging, keys, looking, rendering, sealing, validity
from .looking import Page
from .models import Credential, CredentialStatus, Issuer
from .proofs import checking, credential, reading
from .proofs.checking import Checked
from .proofs.findings import Finding, Refused

if TYPE_CHECKING:
    from .proofs.keys import PublicKey

COMPARED = ("name", "course", "number")  # of what is signed; the rest may be worded otherwise one day
GOOD = (Finding.VALID, Finding.KEY_DISOWNED)
WITHDRAWN = {CredentialStatus.REVOKED: Finding.REVOKED, CredentialStatus.REPLACED: Finding.REPLACED}
LOOKED_AT = (*GOOD, Finding.EXPIRED, *WITHDRAWN.values())  # what is shown around them may mislead
SHOWN = ("pdf", "png", "svg")  # kinds of files that show something around what is signed
# May ask others: keys by their name, and whether a credential was withdrawn (None: not told). See certificates.fetching.
type Status = Callable[[dict[str, Any], datetime], bool | None]


@dataclass(frozen=True)
class Difference:
    what: str  # a key of proofs.credential.summary
    in_file: str
    in_register: str


@dataclass(frozen=True)
class Verdict:
    finding: Finding
    detail: str = ""
    kind: str = ""
    is_ours: bool = False
    is_signed: bool = False
    is_status_known: bool = False
    issuer: str = ""
    proof: str = ""
    facts: dict[str, str] = field(default_factory=dict)
    registered: Credential | None = None
    differences: list[Difference] = field(default_factory=list)
    seals: list[str] = field(default_factory=list)
    page: Page = Page.NONE

    @property
    def is_specimen(self) -> bool:
        return self.registered is not None and (self.registered.is_specimen or settings.DEMO)

    @property
    def is_page_open(self) -> bool:
        """Nothing says that the page still shows what was signed inside."""
        return self.page is Page.OPEN


def judge(
    data: bytes, *, now: datetime, lookup: checking.Lookup = checking.unknown, status: Status | None = None
) -> Verdict:
    """The first thing that is wrong, else valid. `lookup` and `status` are for those who may ask the network."""
    if given := rendering.given_of(data):
        return _of_given(given, data, now)
    try:
        contents = reading.read(data)
    except Refused as problem:
        kind = reading.kind_of(data)
        if problem.finding == Finding.TOO_LARGE:  # whatever was dear to open is not opened once more
            return Verdict(problem.finding, problem.detail, kind)
        return Verdict(problem.finding, problem.detail, kind, seals=_sentences(_sealed(data, kind)))
    if len({checking.id_of(text) for text in contents.credentials}) > 1:
        return Verdict(Finding.SEVERAL, kind=contents.kind)
    checked = [checking.check(text, lookup=_own_first(lookup), now=now) for text in contents.credentials]
    verdicts = [
        (one.finding == Finding.UNKNOWN_ISSUER and _by_register_alone(text, contents, now))
        or _verdict(one, contents, now, status)
        for text, one in zip(contents.credentials, checked, strict=True)
    ]
    worst = next(
        (one for one in verdicts if one.finding not in GOOD),
        next((one for one in verdicts if one.finding != Finding.VALID), verdicts[0]),
    )
    report = _sealed(data, contents.kind)
    found = vars(worst) | {"seals": _sentences(report)}
    if worst.finding in GOOD and (broken := _broken(report)):
        found |= {"finding": broken, "detail": "seal"}
    verdict = Verdict(**found)
    is_looked_at = verdict.finding in LOOKED_AT and verdict.kind in SHOWN
    return _looked_at(verdict, data) if is_looked_at else verdict


def _of_given(given: Credential, data: bytes, now: datetime) -> Verdict:
    """Of what went out the register knows all. What can be read of it now (perhaps nothing: its issuer had no key, the site had another address) tells only
    whether a phone still believes it."""
    kind, proof, is_disowned = reading.kind_of(data), "", False
    with suppress(Refused):
        for text in reading.read(data).credentials:
            checked = checking.check(text, lookup=_own_first(checking.unknown), now=now)
            if checked.finding == Finding.UNKNOWN_ISSUER:
                checked = checking.check(text, lookup=_disowned, now=now)
                is_disowned = checked.is_signed
            proof = checked.proof if checked.is_signed else proof
    return Verdict(
        finding=_standing(given, is_disowned, now),
        kind=kind,
        is_ours=True,
        is_signed=bool(proof),
        is_status_known=True,
        issuer=badging.did(given.issuer_id),
        proof=proof,
        facts=credential.summary(badging.build(given)),
        registered=given,
        seals=_sentences(_sealed(data, kind), is_kept=True),
        page=Page.WHOLE,
    )


def _standing(given: Credential, is_disowned: bool, now: datetime) -> Finding:
    if withdrawn := WITHDRAWN.get(CredentialStatus(given.status)):
        return withdrawn
    if validity.has_ended(given.expires_on, dates.local_day(now)):
        return Finding.EXPIRED
    return Finding.KEY_DISOWNED if is_disowned else Finding.VALID


def _looked_at(verdict: Verdict, data: bytes) -> Verdict:
    """What a page shows is no part of its credential. Of others' we know neither their papers nor who seals for them: anybody can."""
    if verdict.registered is None:
        return replace(verdict, page=Page.OPEN)
    verdict = replace(verdict, page=looking.look(data, verdict.registered, verdict.kind))
    if verdict.kind != "pdf" or not verdict.is_page_open or verdict.finding in WITHDRAWN.values():
        return verdict
    hidden = [
        Difference(what, "", verdict.facts[what])
        for what in looking.hidden(data, _wordings(verdict.facts, verdict.registered))
    ]
    return replace(verdict, finding=Finding.ALTERED, detail="hidden", differences=hidden) if hidden else verdict


def _verdict(checked: Checked, contents: reading.Contents, now: datetime, status: Status | None) -> Verdict:
    registered = _registered(checked)
    is_ours = _issuer_of(checked.issuer) is not None
    finding, detail, is_known = checked.finding, checked.detail, False
    differences = _differences(checked, registered)
    if checked.is_signed and is_ours and not differences:
        differences = _unprinted(credential.summary(checked.credential), contents.printed, registered)
    if checked.is_signed and is_ours:
        finding, detail, is_known = _by_register(checked, registered, differences), "", registered is not None
    elif checked.is_signed and str(checked.credential.get("id")).startswith(f"{settings.BASE_URL}/"):
        finding, detail = Finding.UNKNOWN_ISSUER, "our address in a credential of somebody else"
    elif checked.is_signed and finding in (Finding.VALID, Finding.EXPIRED) and status:
        finding, detail, is_known = _by_others(checked, status, now)
    return Verdict(
        finding=finding,
        detail=detail,
        kind=contents.kind,
        is_ours=is_ours,
        is_signed=checked.is_signed,
        is_status_known=is_known,
        issuer=checked.issuer,
        proof=checked.proof,
        facts=credential.summary(checked.credential),
        registered=registered,
        differences=differences,
    )


def _by_register_alone(text: str, contents: reading.Contents, now: datetime) -> Verdict | None:
    """Of what a disowned key signed: None unless the register has the very same."""
    checked = checking.check(text, lookup=_disowned, now=now)
    if not checked.is_signed:
        return None
    verdict = _verdict(checked, contents, now, None)
    if verdict.finding == Finding.VALID and not verdict.differences:
        return replace(verdict, finding=Finding.KEY_DISOWNED)
    return verdict if verdict.finding in (*WITHDRAWN.values(), Finding.EXPIRED) and not verdict.differences else None


def _by_register(checked: Checked, registered: Credential | None, differences: list[Difference]) -> Finding:
    """The register outweighs what is signed: it knows what happened since."""
    if registered is None or registered.issuer_id != _issuer_of(checked.issuer):
        return Finding.NOT_IN_REGISTER
    if any(one.what in COMPARED for one in differences):
        return Finding.ALTERED
    return WITHDRAWN.get(CredentialStatus(registered.status), checked.finding)


def _by_others(checked: Checked, status: Status, now: datetime) -> tuple[Finding, str, bool]:
    try:
        withdrawn = status(checked.credential, now)
    except Refused as problem:
        return checked.finding, f"status list: {problem.detail}", False
    return (Finding.REVOKED if withdrawn else checked.finding), "", withdrawn is not None


def _registered(checked: Checked) -> Credential | None:
    """The certificate that a credential says it is, if its address is ours."""
    named = checked.credential.get("id")
    start = f"{settings.BASE_URL}/c/"
    return access.find(named.removeprefix(start)) if isinstance(named, str) and named.startswith(start) else None


def _differences(checked: Checked, registered: Credential | None) -> list[Difference]:
    if registered is None:
        return []
    told, kept = credential.summary(checked.credential), credential.summary(badging.build(registered))
    return [Difference(key, told[key], kept[key]) for key in kept if told[key] != kept[key]]


def _unprinted(told: dict[str, str], printed: str, registered: Credential | None) -> list[Difference]:
    """What a PDF's credential says and its pages do not: somebody changed the picture and left the signed part alone.

    It finds the clumsy forger. Scripts whose letters a PDF holds in another order are not compared, nor pages without words. An English
    paper bears the English title, which is not signed.
    """
    words = _printable(printed)
    compared = _wordings(told, registered).items() if words else []
    return [
        Difference(key, "", told[key]) for key, said in compared if not any(_printable(one) in words for one in said)
    ]


def _wordings(told: dict[str, str], registered: Credential | None) -> dict[str, list[str]]:
    """How a page may write what is compared."""
    english = registered.evidence.get("course_en", "") if registered else ""
    titles = {"course": [told["course"], english]} if english else {}
    compared = [key for key in COMPARED if all(_is_latin(letter) for letter in told[key])]
    return {key: titles.get(key, [told[key]]) for key in compared}


def _printable(text: str) -> str:
    """Without blanks, dashes and signs that show nothing: a PDF breaks lines anywhere and has another sign for a dash at the end of one."""
    composed = unicodedata.normalize("NFC", text).casefold()
    return "".join(c for c in composed if not c.isspace() and unicodedata.category(c) not in ("Pd", "Cf", "Cn"))


def _is_latin(letter: str) -> bool:
    return not letter.isalpha() or unicodedata.name(letter, "").startswith("LATIN")


def _issuer_of(name: str) -> int | None:
    """The key of our issuer with this did:web."""
    start = badging.did(0).removesuffix("0")
    number = name.removeprefix(start) if name.startswith(start) else ""
    return int(number) if number.isascii() and number.isdigit() and len(number) < 10 else None


def _own_first(lookup: checking.Lookup) -> checking.Lookup:
    def find(method: str) -> "PublicKey":
        did, _hash, kid = method.partition("#")
        number = _issuer_of(did)
        if number is None:
            return lookup(method)
        issuer = Issuer.objects.filter(pk=number).first()
        found = keys.published(issuer).get(kid) if issuer else None
        return found or checking.unknown(method)

    return find


def _disowned(method: str) -> "PublicKey":
    did, _hash, kid = method.partition("#")
    issuer = Issuer.objects.filter(pk=_issuer_of(did) or 0).first()
    found = keys.disowned(issuer).get(kid) if issuer else None
    return found or checking.unknown(method)


def _sealed(data: bytes, kind: str) -> sealing.Report | None:
    return sealing.check(data) if kind == "pdf" else None


def _broken(report: sealing.Report | None) -> Finding | None:
    """A seal that cannot even be read speaks against a file whose credential is good, too."""
    if report is None:
        return None
    if sealing.Finding.ALTERED in report.findings or any(not seal.holds for seal in report.seals):
        return Finding.ALTERED
    return Finding.TOO_LARGE if sealing.Finding.TOO_MUCH in report.findings else None


def _sentences(report: sealing.Report | None, *, is_kept: bool = False) -> list[str]:
    """About each seal of a PDF. Anybody can sign under any name: which one is only written there, and which stands in a file that went out, is told."""
    return [_sentence(seal, is_kept) for seal in report.seals] if report else []


def _sentence(seal: sealing.Seal, is_kept: bool) -> str:
    moment = seal.stamped_at or seal.at
    said = _("%(by)s, %(at)s: %(state)s") if moment else _("%(by)s: %(state)s")
    by = _signer(seal, is_kept)
    return said % {"by": by, "at": dates.moment(moment) if moment else "", "state": _state(seal.findings)}


def _signer(seal: sealing.Seal, is_kept: bool) -> str:
    if sealing.Finding.OURS in seal.findings:
        return _("%(name)s (con dấu số của hệ thống này)") % {"name": seal.by}
    if is_kept:
        return _("%(name)s (chữ ký này có sẵn khi tệp được phát ra)") % {"name": seal.by}
    return _("Người ký tự ghi tên là “%(name)s”; chúng tôi chưa xác minh được đó là ai") % {"name": seal.by}


def _state(findings: frozenset[sealing.Finding]) -> str:
    if sealing.Finding.ALTERED in findings:
        return _("tệp đã bị sửa, chữ ký số không còn đúng")
    if findings & {sealing.Finding.CHANGED_AFTER, sealing.Finding.PARTIAL}:
        return _("tệp bị thay đổi sau khi ký số")
    if sealing.Finding.ADDED_TO in findings:
        return _("chữ ký số còn nguyên; sau đó có người ký thêm")
    return _("chữ ký số còn nguyên")

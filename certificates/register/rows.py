"""What the register says of each certificate: what was printed, and what became of it since."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import override

from certificates import rules, validity
from certificates.models import Credential, CredentialStatus, Issuer
from lib import dates

AT_ONCE = 2000  # rows fetched together: a register of a country is never in memory

# Heads as in the paper books (a person's sex is not recorded here: the column is for a pen), and widths in characters.
COLUMNS = (
    ("STT", 6),
    ("Họ và tên", 24),
    ("Năm sinh", 8),
    ("Giới tính", 7),
    ("Đơn vị, chủ thể", 24),
    ("Xã, phường, đặc khu", 18),
    ("Tỉnh, thành phố", 16),
    ("Khóa học", 25),
    ("Thời gian", 21),
    ("Kết quả", 8),
    ("Số giấy chứng nhận", 20),
    ("Số vào sổ", 11),
    ("Ngày cấp", 11),
    ("Người nhận ký", 22),
    ("Ghi chú", 23),
)


@dataclass(frozen=True)
class Book:
    """A register to be written: its rows come one after another. `issuer` is None where several issued."""

    credentials: QuerySet[Credential]
    issuer: Issuer | None
    about: str
    day: date
    is_specimen: bool

    def rows(self) -> Iterator[tuple[str, ...]]:
        ordered = self.credentials.order_by("issuer__name", "issuer", "year", "sequence")
        related = ordered.select_related("replaced_by", "replaces")
        for number, credential in enumerate(related.iterator(chunk_size=AT_ONCE), start=1):
            with override("vi"):
                yield row_of(credential, number, self.day)


def book_of(credentials: QuerySet[Credential], *, about: str = "") -> Book:
    """The issuer is named at the head where there is only one."""
    issuers = list(Issuer.objects.filter(pk__in=credentials.order_by().values("issuer"))[:2])
    is_specimen = credentials.filter(is_specimen=True).exists()
    issuer = issuers[0] if len(issuers) == 1 else None
    return Book(credentials, issuer, about, timezone.localdate(), is_specimen)


def row_of(credential: Credential, number: int, today: date) -> tuple[str, ...]:
    said = credential.evidence
    born, unit = rules.born_and_unit(said)
    commune, province = _where(said)
    return (
        str(number),
        said["name"],
        born,
        "",
        unit,
        commune,
        province,
        said["course"],
        said["period_short"],
        said["result"],
        said["number"],
        said["register_number"],
        said["issued_on"],
        "",
        note_of(credential, today),
    )


def _where(said: dict[str, str]) -> tuple[str, str]:
    if "commune" in said:
        return capfirst(said["commune"]), capfirst(said["province"])
    commune, _comma, province = said["address_line"].rpartition(", ")
    return capfirst(commune), capfirst(province)


def note_of(credential: Credential, today: date) -> str:
    """Reissued, revoked, run out: with the day and, where a person gave one, the reason."""
    notes = []
    if old := getattr(credential, "replaces", None):
        notes.append(f"{_how(old, credential)} thay giấy số {old.number}")
    verdict, day = credential.verdict(today), credential.status_at
    since = f" ngày {dates.short(dates.local_day(day))}" if day else ""
    if verdict is rules.Verdict.REVOKED:
        notes.append(f"Thu hồi{since}: {credential.status_reason}")
    if credential.status == CredentialStatus.REPLACED and (new := credential.replaced_by):
        reason = "" if new.renewal_id != credential.renewal_id else f" ({credential.status_reason})"
        notes.append(f"Thay bằng giấy số {new.number}{since}{reason}")
    if verdict is rules.Verdict.EXPIRED and credential.expires_on:
        notes.append(f"Hết hạn từ ngày {dates.short(validity.ended_on(credential.expires_on))}")
    elif credential.expires_on and verdict is rules.Verdict.VALID:
        notes.append(f"Có giá trị đến hết ngày {dates.short(credential.expires_on)}")
    if credential.is_specimen:
        notes.append("Bản mẫu")
    return ". ".join(notes)


def _how(old: Credential, new: Credential) -> str:
    return "Cấp lại" if old.renewal_id == new.renewal_id else "Gia hạn,"

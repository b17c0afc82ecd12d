"""Pure decisions about certificates: numbers, what is printed, and what a verifier is told."""

import json
import re
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from hashlib import sha256
from typing import Any

from django.utils.translation import gettext_lazy, gettext_noop

from lib.text import fold, nfc

from .proofs.findings import Finding

SPECIMEN_MARK = "BẢN MẪU – KHÔNG CÓ GIÁ TRỊ"
# Printed in Vietnamese; the page that checks a certificate says it in the reader's language.
NOT_SENTENCE = gettext_noop(
    "Không phải giấy chứng nhận sản phẩm OCOP; không thay giấy chứng nhận đủ điều kiện "
    "hay xác nhận kiến thức an toàn thực phẩm."
)
# Words of a certificate that a reader of another language is told as well.
WORKSHOP = gettext_noop("lớp tập huấn")
KNOWN_WORDS = (gettext_noop("Đạt"), gettext_noop("khóa học trực tuyến"), WORKSHOP)
BORN = "Sinh năm "
CODE_LENGTH = 8  # 29^8 = 5·10^11 codes; guessing is rate-limited as well
PLACEHOLDERS = ("seq", "year", "code")


@dataclass(frozen=True)
class Evidence:
    """All that is printed, as text, frozen on the day of issue. A credential stores it as a dict of strings."""

    name: str
    who_line: str
    address_line: str
    course_kind: str
    course: str
    duration: str
    period: str
    period_short: str
    result: str
    issuer_parent: str
    issuer: str
    place: str
    issue_date: str
    issued_on: str
    signer_post: str
    signer: str
    number: str
    register_number: str
    issuer_en: str = ""
    course_en: str = ""
    signer_post_en: str = ""
    khmer_name: str = ""  # a line of its own below the name; no person has one yet
    signature: str = ""  # the SHA-256 of a picture
    signer_seal: str = ""
    # Since certificates run out and are reissued; what was issued before has none of them.
    expires_on: str = ""
    birth_year: str = ""
    unit: str = ""
    commune: str = ""
    province: str = ""

    def as_dict(self) -> dict[str, str]:
        return {key: nfc(value) for key, value in asdict(self).items()}


def format_number(pattern: str, *, seq: int, year: int, code: str) -> str:
    """ "{seq}/GCN-{code}" → "0041/GCN-VPĐP"; the sequence has at least four digits. Raises ValueError for a bad pattern."""
    if problem := pattern_problem(pattern):
        raise ValueError(problem)
    return pattern.replace("{seq}", f"{seq:04}").replace("{year}", str(year)).replace("{code}", code)


def pattern_problem(pattern: str) -> str:
    """Why a number pattern cannot be used, or "". Without {seq} two certificates would share a number."""
    if "{seq}" not in pattern:
        return "no {seq}"
    rest = pattern
    for name in PLACEHOLDERS:
        rest = rest.replace("{" + name + "}", "")
    return "unknown placeholder" if "{" in rest or "}" in rest else ""


def period(begun: date, ended: date) -> str:
    if begun == ended:
        return f"ngày {begun:%d/%m/%Y}"
    return f"từ ngày {begun:%d/%m/%Y} đến ngày {ended:%d/%m/%Y}"


def days(begun: date, ended: date) -> str:
    """How long a workshop was, for whoever says nothing closer."""
    return f"{(ended - begun).days + 1} ngày"


def period_short(begun: date, ended: date) -> str:
    return f"{begun:%d/%m/%Y}" if begun == ended else f"{begun:%d/%m/%Y} – {ended:%d/%m/%Y}"


def name_size(name: str) -> str:
    """The class of a printed name by its number of letters: one line in all designs up to 44."""
    sizes = ((12, "xl"), (21, "l"), (28, "m"), (34, "s"), (10_000, "xs"))
    return next(size for limit, size in sizes if len(name) <= limit)


class Verdict(StrEnum):
    VALID = "valid"
    EXPIRED = "expired"
    REVOKED = "revoked"
    REPLACED = "replaced"


def public_facts(evidence: dict[str, Any]) -> dict[str, str]:
    """What a verifier may see: as printed, but for address, birth year and unit (decision of the certificates issue)."""
    return {
        key: evidence[key]
        for key in (
            "name",
            "course",
            "course_kind",
            "duration",
            "period",
            "period_short",
            "result",
            "issuer_parent",
            "issuer",
            "issued_on",
            "number",
            "register_number",
        )
    } | {"expires_on": evidence.get("expires_on", "")}


def digest(evidence: dict[str, Any]) -> bytes:
    """SHA-256 of what a verifier may see: keys in order, no blanks, UTF-8. Nothing private can be guessed from it."""
    facts = json.dumps(public_facts(evidence), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(facts.encode()).digest()


class Match(StrEnum):
    SAME = "same"
    DIFFERENT = "different"
    NOT_PRINTED = "not printed"


def compare_birth_year(evidence: dict[str, Any], year: int) -> Match:
    printed = born_and_unit(evidence)[0]
    return _match(printed, year == int(printed or 0))


def compare_unit(evidence: dict[str, Any], unit: str) -> Match:
    """Marks, case and signs between the words do not matter: this is typed from a paper. Who types more of the lines below the name than
    the unit has it right as well; what does not stand there in one piece is not, so that nobody tries several units at once."""
    printed, typed = _letters(born_and_unit(evidence)[1]), _letters(unit)
    lines = _letters(printed_only({"address_line": "", **evidence}))
    return _match(printed, printed in typed and typed in lines)


def _match(printed: str, is_same: bool) -> Match:
    if not printed:
        return Match.NOT_PRINTED
    return Match.SAME if is_same else Match.DIFFERENT


def _letters(text: str) -> str:
    return "".join(re.findall(r"\w", fold(text)))


def born_and_unit(evidence: dict[str, Any]) -> tuple[str, str]:
    """As they are printed, "" where they are not; what was issued before they were kept apart has them in one line."""
    if "birth_year" in evidence:
        return evidence["birth_year"], evidence["unit"]
    parts = evidence["who_line"].split(" · ") if evidence["who_line"] else []
    born = parts.pop(0).removeprefix(BORN) if parts and parts[0].startswith(BORN) else ""
    return born, " · ".join(parts)


def printed_only(evidence: dict[str, Any]) -> str:
    """What the paper tells of its holder and the page that checks it does not."""
    return " · ".join(filter(None, [evidence["who_line"], evidence["address_line"]]))


# What a person is told of a file, in one sentence; what to do stands in the template.
FINDINGS = {
    Finding.VALID: gettext_lazy("Tệp nguyên vẹn, giấy còn hiệu lực"),
    Finding.KEY_DISOWNED: gettext_lazy("Khóa ký của giấy này đã ngừng dùng; theo sổ cấp thì giấy còn hiệu lực"),
    Finding.EXPIRED: gettext_lazy("Giấy đã hết hạn"),
    Finding.NOT_YET_VALID: gettext_lazy("Giấy chưa đến ngày có hiệu lực"),
    Finding.REVOKED: gettext_lazy("Giấy đã bị thu hồi"),
    Finding.REPLACED: gettext_lazy("Giấy đã được thay bằng giấy khác"),
    Finding.ALTERED: gettext_lazy("Nội dung đã bị sửa"),
    Finding.NOT_IN_REGISTER: gettext_lazy("Có chữ ký của chúng tôi nhưng không có trong sổ cấp"),
    Finding.UNKNOWN_ISSUER: gettext_lazy("Không xác định được nơi cấp"),
    Finding.WRONG_CONTEXT: gettext_lazy("Tệp viết theo kiểu mà chúng tôi không đọc được"),
    Finding.WRONG_PROOF: gettext_lazy("Chữ ký điện tử không đúng quy cách"),
    Finding.NO_CREDENTIAL: gettext_lazy("Trong tệp không có giấy chứng nhận điện tử"),
    Finding.TOO_LARGE: gettext_lazy("Tệp quá lớn"),
    Finding.DAMAGED: gettext_lazy("Tệp bị hỏng hoặc có mật khẩu, không đọc được"),
    Finding.SEVERAL: gettext_lazy("Trong tệp có nhiều giấy chứng nhận"),
}
# Of a PDF whose page nothing speaks for: somebody may have put a box with another name over it.
ONLY_INSIDE = gettext_lazy("Phần ký bên trong còn nguyên, giấy còn hiệu lực")
PAGE_IS_OPEN = gettext_lazy(
    "Tệp này không đúng là tệp đã phát ra, có khi chỉ vì một phần mềm đã lưu lại. Những gì in trên trang thì chưa có gì bảo đảm. Hãy so tên, khóa "
    "học và số giấy trên trang với những dòng dưới đây; khác một chỗ thì đừng tin trang ấy."
)
PICTURE_IS_OPEN = gettext_lazy(
    "Hình vẽ thì chưa có gì bảo đảm: ai cũng vẽ được hình khác quanh phần ký này. Hãy xem những dòng dưới đây; chữ trên hình khác một "
    "chỗ thì đừng tin hình ấy."
)
SIGNED_BY_OTHERS = gettext_lazy("Chữ ký đúng, nhưng không phải giấy của chúng tôi")


def sentence(finding: Finding, *, is_ours: bool, is_page_open: bool = False) -> Any:
    """Anybody can sign anything with a key of his own: such a file is never called valid without saying whose it is."""
    if finding != Finding.VALID:
        return FINDINGS[finding]
    if not is_ours:
        return SIGNED_BY_OTHERS
    return ONLY_INSIDE if is_page_open else FINDINGS[finding]


def warning(kind: str) -> Any:
    """Of what a file of this kind shows, where nothing speaks for it."""
    return PAGE_IS_OPEN if kind == "pdf" else PICTURE_IS_OPEN


# The parts of a credential (proofs.credential.summary), as readers call them.
FACTS = {
    "name": gettext_lazy("Cấp cho"),
    "course": gettext_lazy("Đã hoàn thành"),
    "number": gettext_lazy("Số"),
    "result": gettext_lazy("Kết quả"),
    "hours": gettext_lazy("Thời lượng"),
    "issuer": gettext_lazy("Đơn vị cấp"),
    "since": gettext_lazy("Có hiệu lực từ"),
    "until": gettext_lazy("Có giá trị đến hết ngày"),
}

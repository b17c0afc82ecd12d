"""The fixed words of a paper in Vietnamese and English, and English for what is frozen in Vietnamese.

Not in the catalogues of the interface: a paper reads the same in whatever language its reader uses the site.
"""

import re
from collections.abc import Mapping

from certificates import rules

VI: dict[str, str] = {
    "title": "Giấy chứng nhận",
    "completed": "Giấy chứng nhận hoàn thành khóa học",
    "nation": "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    "motto": "Độc lập - Tự do - Hạnh phúc",
    "duration": "Thời lượng",
    "period": "Thời gian học",
    "result": "Kết quả",
    "scan": "Quét mã để kiểm tra; trang mở ra phải đúng địa chỉ ghi dưới mã.",
    "code": "Mã tra cứu",
    "number": "Số",
    "register": "Số vào sổ",
    "until": "Có giá trị đến hết ngày",
    "qr": "Mã QR để kiểm tra giấy chứng nhận",
    "logo": "Biểu trưng của",
    "hand": "Chữ ký của",
    "specimen": rules.SPECIMEN_MARK,
    "not": rules.NOT_SENTENCE,
}
EN: dict[str, str] = {
    "title": "Certificate",
    "completed": "Certificate of completion",
    "nation": "SOCIALIST REPUBLIC OF VIET NAM",
    "motto": "Independence – Freedom – Happiness",
    "duration": "Duration",
    "period": "Studied",
    "result": "Result",
    "scan": "Scan to verify; the page that opens must be of the domain below the code.",
    "code": "Code",
    "number": "No.",
    "register": "Register No.",
    "until": "Valid until",
    "qr": "QR code to verify certificate",
    "logo": "Logo of",
    "hand": "Signature of",
    "specimen": "BẢN MẪU – SPECIMEN, NO VALUE",
    "not": "Not a certificate of an OCOP product; does not replace a certificate of eligibility "
    "or a confirmation of knowledge in food safety.",
}
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_PHRASES = {
    "Đạt": "Passed",
    "Giỏi": "Excellent",
    "Khá": "Good",
    "khóa học trực tuyến": "online course",
    "lớp tập huấn": "training course",
    "khóa tập huấn": "training course",
}
# Vietnamese as our own code writes it (certificates.actions, demo): what matches none of these stays as it is.
_PATTERNS = (
    (r"từ ngày (\S+) đến ngày (\S+)", r"from \1 to \2"),
    (r"ngày (\d\d/\d\d/\d{4})", r"on \1"),
    (r"\b1 ngày\b(?! \d)", r"1 day"),
    (r"\b([02-9]|\d\d+) ngày\b(?! \d)", r"\1 days"),
    (r"\b1 buổi\b", r"1 session"),
    (r"\b(\d+) buổi\b", r"\1 sessions"),
    (r"(\d+) phút học", r"\1 minutes of study"),
    (r"(\d+) giờ học", r"\1 hours of study"),
    (r"(\d+) tiết", r"\1 lessons"),
    (r"Sinh năm (\d{4})", r"Born in \1"),
    (r"Cán bộ cấp xã", r"Commune official"),
    (r"Cán bộ cấp tỉnh", r"Provincial official"),
    (r"(?:Xã|Phường|Đặc khu) ([^,]+), (?:tỉnh|thành phố) ([^,]+)", r"\1, \2, Viet Nam"),
)


def english(evidence: Mapping[str, str]) -> dict[str, str]:
    """The evidence as an English paper says it. Names, and what only people could translate, stay as they are."""
    said = {key: _english(value) for key, value in evidence.items() if isinstance(value, str)}
    said |= {key: evidence[key] for key in ("name", "number", "register_number", "issued_on", "issuer", "signer")}
    said["course"] = evidence.get("course_en") or evidence["course"]
    said["issuer"] = evidence.get("issuer_en") or evidence["issuer"]
    said["issuer_parent"] = evidence.get("issuer_parent_en") or evidence["issuer_parent"]
    said["signer_post"] = evidence.get("signer_post_en") or evidence["signer_post"]
    said["issue_date"] = _days(evidence["issued_on"])
    return said


def _english(text: str) -> str:
    if text in _PHRASES:
        return _PHRASES[text]
    for pattern, words in _PATTERNS:
        text = re.sub(pattern, words, text)
    return _days(text)


def _days(text: str) -> str:
    """ "11/10/2026" → "11 October 2026"."""
    return re.sub(
        r"\b(\d\d)/(0[1-9]|1[0-2])/(\d{4})\b", lambda day: f"{int(day[1])} {_MONTHS[int(day[2]) - 1]} {day[3]}", text
    )

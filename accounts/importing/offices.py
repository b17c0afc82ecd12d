"""What sort of office a unit is, and of which level, by its name as lists have it.

Names are looked at as they are spelled ("bộ" is a ministry, "bò" is cattle, "bơ" is a fruit); one that was typed without any diacritics is looked
at without them.
"""

import re
from datetime import date

from accounts.models import OfficialLevel
from lib import text

DISTRICTS_UNTIL = date(2025, 6, 30)
HUE_SINCE = date(2025, 1, 1)  # a city of the first level; one of a province before


class _Words:
    """A pattern of lower-case words, for names with and without diacritics."""

    def __init__(self, pattern: str) -> None:
        self._spelled, self._plain = re.compile(pattern), re.compile(text.fold(pattern))

    def found_in(self, name: str) -> bool:
        return (self._plain if name.isascii() else self._spelled).search(name) is not None


_OFFICIAL = _Words(
    r"^(?:ubnd|vp|ủy ban|uỷ ban|đảng ủy|đảng uỷ|đảng bộ|đảng|hđnd|hội đồng|sở|phòng|chi cục|cục|tổng cục|vụ|vp[đd]p|văn phòng|trung tâm|hội|mặt trận|"
    r"ubmttq|mttq|đoàn thanh niên|(?:tỉnh|thành|huyện|thị|quận|xã) (?:ủy|uỷ|đoàn)|ban|bộ|công an|báo|đài|bảo hiểm xã hội|kho bạc|hạt kiểm lâm|"
    r"trạm (?:khuyến nông|thú y|y tế|trồng trọt|bảo vệ)|tw|trung ương|liên minh|trường|huyện|xã|phường|"
    r"p\. ?(?:kinh tế|công thương|nông nghiệp|nn|nnptnt|tài chính|tc|tckh|văn hóa|văn hoá|vh|vhtt|vhxh|lao động|lđtbxh|tài nguyên|tn|tnmt)|"
    r"tt(?:dvnn|kn|\.? ?(?:dvnn|dịch vụ nông nghiệp|khuyến nông|khuyến công|xúc tiến)))\b"
)
_POST = re.compile(r"\b(chuyen vien|can bo|cong chuc|bi thu)\b")

_PARTS = re.compile(r"[,;/()\n]|\s[-–—]\s")
_MINISTRY = _Words(
    r"(?<!trực thuộc )\btrung ương\b|\btw\b|\b(?:tổng cục|văn phòng chính phủ|văn phòng quốc hội)\b|\bliên minh (?:hợp tác xã|htx) việt nam\b|"
    r"(?<!cán )(?<!lạc )(?<!đảng )(?<!chi )(?<!nội )(?<!tiến )\bbộ (?:công thương|nông nghiệp|tài chính|kế hoạch|khoa học|y tế|văn hóa|văn hoá|nội vụ|"
    r"tư pháp|công an|quốc phòng|ngoại giao|thông tin|giáo dục|lao động|xây dựng|giao thông|tài nguyên|dân tộc|"
    r"ct|nn|nnptnt|nnmt|tc|kh|khđt|khcn|vh|vhttdl|tt|tttt|gd|gdđt|lđ|lđtbxh|xd|gt|gtvt|tn|tnmt)\b"
)
_DEPARTMENT = _Words(r"(?<!cơ )(?<!trụ )(?<!hội )\bsở\b(?! hữu| tại| \d)")
_COMMUNE = _Words(
    r"(?<!thị )(?<!hợp tác )\bxã\b(?! hội| viên)|(?<!địa )\bphường\b|\bthị trấn\b|\bđặc khu\b|\bxã đoàn\b|"
    # As lists shorten them: "x." is xã alone, but "tt." is a centre as well, and "p." an office.
    r"\bx\. ?\w|\b(?:ubnd|hđnd|nhân dân|đảng (?:ủy|uỷ)|công an|quân sự|chqs|nông dân|phụ nữ|lhpn|chiến binh|ccb|thanh niên|(?:ub)?mttq(?:vn)?|việt nam|y tế) "
    r"(?:tt|p)\b\.? ?(?!&)\w"
)
_CITY = r"\b(?:thành phố|tp|thành (?:ủy|uỷ|đoàn))\b\.? ?"
_OF_A_CITY = r"(?:(?:thành phố|tp)\b\.? ?)?(?:hà nội|hải phòng|đà nẵng|hồ chí minh|hcm|cần thơ{hue})\b"
_FIRST_LEVEL = {
    is_hue: _Words(_CITY + _OF_A_CITY.format(hue="|huế" * is_hue) + r"|\btphcm\b") for is_hue in (False, True)
}
_DISTRICT = {
    is_hue: _Words(
        r"\bhuyện\b|\bthị xã\b|\bthị (?:ủy|uỷ)\b|(?<![\w.&-])h\.(?! ?t\.)|(?<![\w.&-])tx\b\.? ?\w|\b(?:ubnd|hđnd) h\b|"
        + _CITY
        + rf"(?!trực thuộc\b|{_OF_A_CITY.format(hue='|huế' * is_hue)})\w"
    )
    for is_hue in (False, True)
}
_WARD_DISTRICT = re.compile(r"\bquận\b")  # without diacritics it might be any office ("cơ quan", "quân sự")
_PROVINCE = _Words(
    r"\btỉnh\b|\bchi cục\b|\bliên minh (?:hợp tác xã|htx)\b|\b(?:trung tâm|tt\b\.?) ?(?:khuyến nông|khuyến công|xúc tiến)\b(?!.*\bquốc gia\b)|"
    r"\bbộ (?:chỉ huy|chqs)\b|\b(?:bộ đội biên phòng|bđbp)\b|\bbộ tư lệnh\b|^cục (?:thuế|thống kê|hải quan|quản lý thị trường|qltt|thi hành án)\b"
)
_OF_A_MINISTRY = _Words(r"\b(?:trung tâm|tt)\b(?!.*\btỉnh\b)")  # where the name goes on with one
# What is said of an office where nothing of the above is.
_LAST = (
    (OfficialLevel.CENTRE, _Words(r"(?<!mục tiêu )(?<!vườn )\bquốc gia\b|^(?:cục|vụ) ")),
    (OfficialLevel.PROVINCE, _Words(r"\bvp[đd]p\b|^văn phòng điều phối\b|^liên minh\b|^báo\b|^đài\b")),
)
_BUREAU = _Words(r"^phòng\b(?!.*\btrung tâm\b)")


def is_official(unit: str, post: str) -> bool:
    return _OFFICIAL.found_in(_spelled(unit)) or _POST.search(text.fold(post)) is not None


def level_of(unit: str, day: date | None = None) -> str:
    """Of the part of a name that says it first: "Phòng KH-TC - Sở NN&PTNT" is of the province, "UBND xã Đất Mũi, tỉnh Cà Mau" of a commune.
    "Trung tâm Khuyến nông" is of the province, but not with a ministry behind it.

    `day`: of what is over. Until districts ended, "Phòng NN&PTNT huyện Năm Căn" was an office of one, and so was each "phòng" of which no more
    is said; today such a name is that of a commune's."""
    had_districts = day is not None and day <= DISTRICTS_UNTIL
    is_hue = day is None or day >= HUE_SINCE
    spelled = _spelled(unit)
    parts = [part.strip() for part in _PARTS.split(spelled)]
    said = [(level, part) for part in parts if (level := _said_by(part, is_hue=is_hue))]
    level, saying = said[0] if said else ("", "")
    if level == OfficialLevel.PROVINCE and _OF_A_MINISTRY.found_in(saying) and any(map(_MINISTRY.found_in, parts)):
        level = OfficialLevel.CENTRE
    if not level:
        level = next((one for one, words in _LAST if words.found_in(spelled)), "")
    if not level and had_districts and _BUREAU.found_in(spelled):
        level = OfficialLevel.DISTRICT
    if level == OfficialLevel.DISTRICT and not had_districts:
        return OfficialLevel.COMMUNE
    return level or OfficialLevel.COMMUNE


def _said_by(part: str, *, is_hue: bool) -> str:
    """Of one part of a name; "" where it says nothing."""
    of = (
        (OfficialLevel.CENTRE, _MINISTRY),
        (OfficialLevel.PROVINCE, _DEPARTMENT),
        (OfficialLevel.COMMUNE, _COMMUNE),
        (OfficialLevel.DISTRICT, _DISTRICT[is_hue]),
        (OfficialLevel.PROVINCE, _PROVINCE),
        (OfficialLevel.PROVINCE, _FIRST_LEVEL[is_hue]),
    )
    if _WARD_DISTRICT.search(part) and not _COMMUNE.found_in(part):
        return OfficialLevel.DISTRICT
    return next((level for level, words in of if words.found_in(part)), "")


def _spelled(name: str) -> str:
    return text.nfc(name).casefold()

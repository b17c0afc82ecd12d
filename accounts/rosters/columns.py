"""The columns of any list of people: found by heads in the many ways in which offices write them, and corrected by whoever looks at it.

What an importer adds (a room, a note) stands in its own vocabulary, made of `LABELS`, `NAMES` and `CONTAIN`.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from lib import phones, text
from lib.lists import Columns, Row, Sheet, Vocabulary
from lib.lists.columns import IGNORED, holds

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

LABELS = {
    "name": _("Họ và tên (hoặc họ, chữ đệm)"),
    "given": _("Tên, nếu ở cột riêng"),
    "born": _("Năm sinh, ngày sinh"),
    "born_too": _("Năm sinh, nếu nam và nữ ở hai cột"),
    "phone": _("Số điện thoại"),
    "unit": _("Đơn vị, chủ thể"),
    "post": _("Chức vụ"),
    "place": _("Xã, phường hoặc địa chỉ"),
    "district": _("Huyện cũ, nếu ở cột riêng"),
    "province": _("Tỉnh, nếu ở cột riêng"),
}
NAMES = {
    "number": "stt|tt|so tt|so thu tu|no|#|s t t",
    "name": "ho va ten|ho ten|ho va ten nguoi|ten hoc vien|ten dai bieu|ho va ten dai bieu|ho va ten hoc vien|ho ten dai bieu|ho ten hoc vien|name|full name|ho va chu dem|ho dem|ho va dem|ho lot|ho va ten lot|ho|ho ten can bo|dai bieu|nguoi tham du|ho va ten can bo|hoc vien|ho va ten nguoi tham du|thanh phan tham du|ten nguoi dai dien|nguoi dai dien|ho ten nguoi dai dien|ho va ten chu the|ho va ten chu co so|chu ho|ten chu ho|danh sach dai bieu",
    "given": "ten|ten goi|first name",
    "born": "nam sinh|ngay sinh|ngay thang nam sinh|sinh nam|nam sinh ngay sinh|ngay sinh nam sinh|born|ns|n sinh|sinh ngay|ngay thang nam|nam sinh nam|ngay thang nam sinh nam|ngay sinh nam|date of birth|birth year",
    "born_too": "nam sinh nu|ngay thang nam sinh nu|ngay sinh nu",
    "gender": "gioi tinh|nam nu|gioi|gt|phai|phai tinh|gioi tinh nam nu|nam hay nu|gioi tinh nam hay nu",
    "women": "nu|gioi tinh nu|la nu|nam nu nu|phai nu",
    "men": "nam|gioi tinh nam|la nam|nam nu nam|phai nam",
    "phone": "so dien thoai|dien thoai|sdt|dt|so dt|phone|dtdd|di dong|so di dong|dien thoai di dong|sdt lien he|so dien thoai lien he|dien thoai lien he|so dien thoai di dong|lien he|so dtdd|mobile|tel|so dien thoai zalo|zalo|sdt zalo|thong tin lien he so dien thoai|dien thoai lien lac|so dien thoai lien lac",
    "unit": "don vi|don vi chu the|ten chu the|chu the|don vi ten chu the|co so|co quan|unit|don vi cong tac|co quan don vi|noi cong tac|co quan cong tac|ten co so|don vi co so|to chuc|ten don vi|ten co quan|htx|cong ty|chu the ocop|ten chu the ocop|don vi noi cong tac|chuc vu don vi|co so san xuat|don vi co quan|noi lam viec|ten htx",
    "post": "chuc vu|chuc danh|post|vi tri|nghe nghiep|chuc vu chuc danh|chuc vu cong tac|nhiem vu|chuc vu hien nay",
    "place": "xa|xa phuong|dia ban|xa phuong dac khu|dia chi|noi o|commune|xa phuong thi tran|xa thi tran|phuong xa|dia phuong|noi cu tru|noi thuong tru|dia chi thuong tru|ho khau thuong tru|thuong tru|cho o|dia chi noi o|dia chi lien he|ten xa|ap xa|xa phuong tt|dia chi xa phuong|dia chi xa|noi cu tru xa|cho o hien nay|dia chi noi o hien nay|que quan|address",
    "district": "huyen|huyen thanh pho|huyen thi xa thanh pho|quan huyen|huyen tp|dia chi huyen|ten huyen|huyen thi xa|huyen tx tp|thanh pho huyen",
    "province": "tinh|tinh thanh pho|tinh tp|dia chi tinh|ten tinh|province",
}  # fmt: skip
UNITS = ("don vi", "chu the", "co quan", "co so", "htx")
# Where the whole head is none that is known: the first of these that it contains.
CONTAIN: Sequence[tuple[str, Sequence[str]]] = (
    (IGNORED, ("cccd", "cmnd", "email", "tai khoan", "chu ky", "ky ten")),
    ("phone", ("dien thoai", "sdt", "so dt", "dtdd", "zalo")),
    ("name", ("ho va ten", "ho ten")),
    ("born", ("nam sinh", "ngay sinh", "thang nam sinh")),
    ("post", ("chuc vu", "chuc danh")),
    ("unit", UNITS),
    ("place", ("dia chi", "xa", "phuong", "noi o", "cu tru")),
)
_SEXES = frozenset({"nam", "nu", "x", "m", "f"})  # what stands in a column of who is a man and who a woman


class People(Vocabulary):
    def otherwise(self, said: str) -> str:
        if "chuc vu" in said and any(holds(said, one) for one in UNITS):
            return "unit"  # both in one cell: a section's commune is not whom they work for
        return super().otherwise(said)


def vocabulary(labels: "Mapping[str, StrOrPromise]", names: Mapping[str, str]) -> People:
    """Of a list of people whose importer tells the columns of `names` apart and asks about those of `labels`."""
    # What says less than the head above it: a year of birth, or a phone.
    return People(labels, names, CONTAIN, weak=frozenset({IGNORED, "men", "women"}), pair=("men", "women"))


def detect(sheet: Sheet, words: People) -> Columns:
    """By heads, put right by what stands below them; without heads, by what stands in the columns."""
    if found := words.detect(sheet):
        places = _named_by_content(_without_sexes(dict(found.places), sheet, found.begin), sheet, found.begin, words)
        return replace(found, places=places)
    places = _guessed(sheet.rows)
    return Columns(places, sheet.rows[0].number, "name" in places and not sheet.is_hidden, is_found=False)


def _are_sexes(cells: Iterable[str]) -> bool:
    said = {text.fold(cell).strip(" .") for cell in cells} - {""}
    return bool(said) and said <= _SEXES


def _without_sexes(places: dict[str, int], sheet: Sheet, begin: int) -> dict[str, int]:
    """Whatever stands over it: who is called Nam among several people is not the only one who is called so. It says who is a woman."""
    rows = [row.cells for row in sheet.rows if row.number >= begin]
    at = places.get("given")
    if at is None or len(rows) < 2 or not _are_sexes(row[at] for row in rows if at < len(row)):
        return places
    return {"gender": at} | {role: where for role, where in places.items() if role != "given"}


def _named_by_content(places: dict[str, int], sheet: Sheet, begin: int, words: People) -> dict[str, int]:
    """A head "Họ và tên" over two columns: the given name stands in the second, under a head that is merged or says nothing."""
    at = places["name"]
    rows = [row.cells for row in sheet.rows if row.number >= begin][:60]
    if "given" in places or at + 1 in places.values() or not rows:
        return places
    seconds = [row[at + 1] for row in rows if at + 1 < len(row) and row[at] and row[at + 1] and row[at] != row[at + 1]]
    heads = {words.role(row.cells[at + 1]) for row in sheet.rows if row.number < begin and at + 1 < len(row.cells)} - {
        "",
        "name",
    }
    is_sex = len(seconds) > 1 and _are_sexes(seconds)
    if is_sex and not heads and not {"gender", "women", "men"} & places.keys():
        return places | {"gender": at + 1}
    if (
        not heads
        and not is_sex
        and len(seconds) > len(rows) / 2
        and all(re.fullmatch(r"[^\W\d_]+", one) for one in seconds)
    ):
        return places | {"given": at + 1}
    return places


def _guessed(rows: Sequence[Row]) -> dict[str, int]:
    """Without heads: the number by its digits, the year by its look, the name as the first column of several words in capitals."""
    places: dict[str, int] = {}
    some = [row.cells for row in rows[:60]]
    for at in range(max(map(len, some), default=0)):
        cells = [row[at] for row in some if at < len(row) and row[at]]
        if not cells:
            continue
        fits = {
            "phone": sum(bool(phones.in_cell(cell)) for cell in cells),
            "born": sum(bool(re.fullmatch(r"(?:\d{1,2}[/.-]\d{1,2}[/.-])?(?:19|20)\d\d", cell)) for cell in cells),
            "name": sum(_is_like_a_name(cell) for cell in cells),
            "place": sum(bool(re.search(r"\b(xa|phuong|thi tran|ap)\b", text.fold(cell))) for cell in cells),
            "unit": sum(
                bool(re.search(r"\b(htx|cong ty|cty|ubnd|co so|hoi|phong|tht)\b", text.fold(cell))) for cell in cells
            ),
        }
        role = max(fits, key=lambda one: (one not in places) * (fits[one] + (one in ("unit", "place")) * 0.5))
        if role not in places and fits[role] * 2 >= len(cells):
            places[role] = at
    sexes = [at for at in range(max(map(len, some), default=0)) if at not in places.values() and _says_both(some, at)]
    if len(sexes) == 1:
        places["gender"] = sexes[0]
    rest = [at for at in range(max(map(len, some), default=0)) if at not in places.values()]
    texts = [
        at
        for at in rest
        if any(at < len(row) and not row[at].isdigit() and len(row[at]) > 2 for row in some)
        and not _are_sexes(row[at] for row in some if at < len(row))
    ]
    for role in ("unit", "place"):
        if role not in places and texts:
            places[role] = texts.pop(0)
    return places


def _says_both(rows: Sequence[Sequence[str]], at: int) -> bool:
    """Men and women by a word: crosses without a head over them say nothing."""
    said = {text.fold(row[at]).strip(" .") for row in rows if at < len(row)} - {""}
    return said == {"nam", "nu"}


def _is_like_a_name(cell: str) -> bool:
    words = cell.split()
    return 2 <= len(words) <= 6 and all(word[0].isupper() for word in words) and not any(map(str.isdigit, cell))

"""The columns of a list of delegates: those of any list of people, who is a woman, the room, and a note."""

from django.utils.translation import gettext_lazy as _

from accounts.rosters import columns
from lib.lists import Columns, Sheet
from lib.lists.columns import IGNORED

LABELS = {
    **{name: columns.LABELS[name] for name in ("name", "given", "born", "born_too")},
    "gender": _("Giới tính (nam hay nữ)"),
    "women": _("Nữ, nếu đánh dấu ở cột riêng"),
    "men": _("Nam, nếu đánh dấu ở cột riêng"),
    **{name: columns.LABELS[name] for name in ("phone", "unit", "post", "place", "district", "province")},
    "room": _("Phòng, nếu lớp có phòng cùng giờ"),
    "note": _("Ghi chú"),
}
_NAMES = columns.NAMES | {
    "room": "phong|phong hoc|phong hop|hoi truong|phong buoi|buoi|buoi hoc|buoi phong|room",
    "note": "ghi chu|note|luu y|ghi chu khac",
    IGNORED: "ky ten|ky nhan|chu ky|email|e mail|dan toc|so cccd|cccd|cmnd|so tai khoan|trinh do|san pham|ten san pham|ky|doi tuong|hang sao",
}  # fmt: skip
ROSTER = columns.vocabulary(LABELS, _NAMES)


def detect(sheet: Sheet) -> Columns:
    return columns.detect(sheet, ROSTER)

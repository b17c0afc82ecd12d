"""The columns of a list of trainees and officials: those of any list of people, and what somebody is."""

from django.utils.translation import gettext_lazy as _

from accounts.rosters import columns
from lib.lists import Columns, Sheet
from lib.lists.columns import IGNORED

LABELS = {
    **{name: columns.LABELS[name] for name in ("name", "given", "born", "born_too", "phone")},
    "kind": _("Đối tượng (chủ thể hay cán bộ)"),
    **{name: columns.LABELS[name] for name in ("unit", "post")},
    "role": _("Vai trò trong chủ thể, nếu ở cột riêng"),
    "level": _("Cấp công tác của cán bộ, nếu ở cột riêng"),
    **{name: columns.LABELS[name] for name in ("place", "district", "province")},
}
_NAMES = columns.NAMES | {
    "kind": "doi tuong|loai doi tuong|loai hoc vien|nguoi nay la|thanh phan|phan loai|kind",
    "role": "vai tro|vai tro trong chu the|vai tro trong co so|vai tro trong htx|role",
    "level": "cap cong tac|cap|cap hanh chinh|level",
    IGNORED: "ky ten|ky nhan|chu ky|email|e mail|dan toc|so cccd|cccd|cmnd|so tai khoan|trinh do|san pham|ten san pham|ky|hang sao|ghi chu|note|luu y|ghi chu khac|phong|phong hoc|phong hop",
}  # fmt: skip
LIST = columns.vocabulary(LABELS, _NAMES)


def detect(sheet: Sheet) -> Columns:
    return columns.detect(sheet, LIST)


def says_gender(sheet: Sheet, found: Columns) -> bool:
    """Whether a list tells men and women apart, in one column or two: the records of people do not."""
    return found.is_taken and any(LIST.role(head) in ("gender", "women", "men") for head in LIST.heads_of(sheet, found))

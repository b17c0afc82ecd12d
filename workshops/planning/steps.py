"""What can be done with a workshop from its own page in the admin, in the order of the day: before, in the hall, afterwards.

A step is an address of the admin that takes the workshop's key. Whoever merely looks has those marked `for_lookers`; a workshop that is over or cancelled
keeps those that are `lasting`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from workshops.models import Workshop

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Step:
    address: str
    label: "StrOrPromise"
    for_lookers: bool = False
    lasting: bool = False


BEFORE = [
    Step("workshops_roster:begin", _("Nhập danh sách")),
    Step("workshops_notices:notices", _("Tin nhắn"), lasting=True),
]
HALL = [
    Step("workshops_desk:desks", _("Bàn điểm danh")),
    Step("workshops_desk:counter", _("Số người có mặt"), for_lookers=True, lasting=True),
    Step("workshops_desk:conflicts", _("Lượt cần xem lại"), lasting=True),
    Step("workshops_desk:sheets", _("Điểm danh theo danh sách ký tên")),
    Step("workshops_hall:tests", _("Kiểm tra và đánh giá"), lasting=True),
    Step("workshops_papers:papers", _("Thẻ, danh sách ký tên"), for_lookers=True),
]
AFTER = [
    Step("workshops_closing:close", _("Chốt lớp, cấp giấy"), lasting=True),
    Step("workshops_admin:follow_up", _("Gọi lại sau ba tháng"), for_lookers=True, lasting=True),
    Step("workshops_papers:papers", _("Giấy tờ, số liệu Excel"), for_lookers=True, lasting=True),
    Step("workshops_papers:report", _("Báo cáo kết quả"), lasting=True),
]


def of(workshop: Workshop, *, may_change: bool) -> Iterator[tuple["StrOrPromise", list[Step]]]:
    """Headings with what stands under them for this reader; none is empty."""
    is_over = bool(workshop.cancelled_at or workshop.closed_at)
    for heading, steps in ((_("Trước lớp"), BEFORE), (_("Trong lớp"), HALL), (_("Sau lớp"), AFTER)):
        shown = [one for one in steps if (may_change or one.for_lookers) and (one.lasting or not is_over)]
        if shown:
            yield heading, shown

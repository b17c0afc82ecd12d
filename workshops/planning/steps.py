"""What can be done with a workshop from its own page in the admin: what comes next, then all of it in the order of the day.

A step is an address of the admin that takes the workshop's key, with how far it is. What cannot be done any more stays in its place and says why.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lib import dates
from workshops.models import Workshop
from workshops.rules import FOLLOWED_AFTER

from .standing import Phase, Standing

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

QUOTAS = "workshops_admin:edit_quotas"


@dataclass(frozen=True)
class Step:
    """`state`: how far it is; `why_not`: what keeps it from being done, instead of `address`."""

    address: str
    label: "StrOrPromise"
    state: str = ""
    why_not: str = ""


@dataclass(frozen=True)
class Next:
    said: str
    steps: list[Step] = field(default_factory=list)  # the first is the one


@dataclass(frozen=True)
class Steps:
    """Of one workshop as it stands, for whoever runs it (`may_change`) or merely looks. `may_print`: certificates."""

    workshop: Workshop
    now: Standing
    may_change: bool
    may_print: bool = False

    def groups(self) -> Iterator[tuple[str, list[Step]]]:
        """Headings with what stands under them; none is empty."""
        for heading, steps in (
            (_("Trước lớp"), self._before()),
            (_("Trong lớp"), self._hall()),
            (_("Sau lớp"), self._after()),
        ):
            if shown := list(steps):
                yield heading, shown

    def parts(self, parts: Iterable[tuple[str, "StrOrPromise"]], *, quotas: int) -> list[Step]:
        """What was planned, to be changed. Seats of a workshop that was written down afterwards are promised to nobody; those that it has
        by mistake are taken away again."""
        if not self.may_change:
            return []
        return [
            self._step(
                address, label, until=self._ended or (self._of_before if address == QUOTAS and not quotas else "")
            )
            for address, label in parts
        ]

    def next(self) -> Next:
        return _NEXT[self.now.phase](self)

    @property
    def _ended(self) -> str:
        """Why nothing of it is changed any more."""
        if self.workshop.cancelled_at:
            return _("lớp đã hủy")
        return _("lớp đã chốt") if self.workshop.closed_at else ""

    @property
    def _of_before(self) -> str:
        """Why nobody is written to or expected at a door."""
        return _("lớp được ghi lại sau ngày học") if self.now.is_of_before else ""

    def _step(self, address: str, label: "StrOrPromise", state: str = "", *, at: str = "", until: str = "") -> Step:
        """`at`: a place on the page of that address."""
        return Step(reverse(address, args=[self.workshop.pk]) + (f"#{at}" if at else ""), label, state, until)

    def _before(self) -> Iterator[Step]:
        if self.may_change:
            yield self.to_import()
            yield self._step("workshops_admin:add_delegate", _("Thêm một đại biểu"), until=self._ended)
            if self.now.has_rooms:
                yield self.to_rooms()
            yield self.to_invite()
            if self.now.has_rooms:
                yield self.to_tell_rooms()
            yield self._step("workshops_notices:notices", _("Tin nhắn đã gửi, lời nhắc"), until=self._of_before)
            yield self._paper("giay-moi.pdf", _("Giấy mời để in"))
            yield self._paper("the.pdf", _("Thẻ đại biểu"))
        yield self._paper("ky-ten.pdf", _("Danh sách ký tên"))
        if self.may_change:
            yield self._paper("phieu-dong-y.pdf", _("Phiếu đồng ý để ký"))

    def _hall(self) -> Iterator[Step]:
        if self.may_change:
            yield self.to_desks()
        yield self.to_count()
        if self.may_change:
            yield self.to_sheets()
            yield self.to_look_at()
            yield self.to_tests()

    def _after(self) -> Iterator[Step]:
        if self.may_change:
            yield self.to_close()
            if self.may_print:
                yield self.to_certificates()
            yield self.to_report()
            yield self._paper("thanh-toan.pdf", _("Hồ sơ thanh toán"))
        yield self._paper("so-lieu.xlsx", _("Số liệu Excel"))
        yield self._step("workshops_admin:follow_up", _("Gọi lại sau ba tháng"), self._calls())

    def _paper(self, name: str, label: str) -> Step:
        return self._step("workshops_papers:papers", label, at=name)

    def to_import(self) -> Step:
        n = self.now.expected
        state = ngettext("%(n)s đại biểu", "%(n)s đại biểu", n) % {"n": n}
        return self._step("workshops_roster:begin", _("Nhập danh sách"), state, until=self._ended)

    def to_rooms(self) -> Step:
        n = self.now.unassigned
        said = ngettext("%(n)s đại biểu chưa có phòng", "%(n)s đại biểu chưa có phòng", n) % {"n": n}
        nobody_lacks = _("ai cũng đã có phòng") if self.now.seated else ""
        return self._step("workshops_admin:rooms", _("Xếp phòng"), said if n else nobody_lacks)

    def to_invite(self) -> Step:
        state = _("đã mời %(told)s/%(all)s") % {"told": self.now.invited, "all": self.now.seated}
        return self._message("invitation", _("Gửi giấy mời"), state)

    def to_tell_rooms(self) -> Step:
        n, others = self.now.untold.by_message, self.now.untold.otherwise
        said = [ngettext("%(n)s đại biểu chưa biết phòng", "%(n)s đại biểu chưa biết phòng", n) % {"n": n}] if n else []
        if others:
            said.append(
                ngettext("%(n)s người cần báo cách khác", "%(n)s người cần báo cách khác", others) % {"n": others}
            )
        return self._message("room", _("Báo phòng"), ", ".join(said))

    def _message(self, kind: str, label: str, state: str) -> Step:
        if ended := self._ended or self._of_before or (_("lớp đã bắt đầu") if self.now.has_begun else ""):
            return Step("", label, "" if self.now.is_of_before else state, ended)
        return Step(reverse("workshops_notices:write", args=[self.workshop.pk, kind]), label, state)

    def to_desks(self) -> Step:
        n = self.now.desks
        state = ngettext("%(n)s bàn đang mở", "%(n)s bàn đang mở", n) % {"n": n} if n else _("chưa mở")
        if self.now.is_of_before and not n:
            state = ""
        return self._step(
            "workshops_desk:desks", _("Bàn điểm danh"), state, until=self._ended or (not n and self._of_before) or ""
        )

    def to_count(self) -> Step:
        state = _("%(n)s/%(all)s có mặt") % {"n": self.now.present, "all": self.now.seated}
        return self._step("workshops_desk:counter", _("Số người có mặt"), state)

    def to_sheets(self) -> Step:
        return self._step("workshops_desk:sheets", _("Điểm danh theo danh sách ký tên"), until=self._ended)

    def to_look_at(self) -> Step:
        n = self.now.conflicts
        state = ngettext("%(n)s lượt chờ", "%(n)s lượt chờ", n) % {"n": n} if n else _("không có lượt nào")
        return self._step("workshops_desk:conflicts", _("Lượt cần xem lại"), state)

    def to_tests(self) -> Step:
        return self._step("workshops_hall:tests", _("Màn chiếu, kiểm tra, đánh giá"), self._tests())

    def _tests(self) -> str:
        said = []
        for test, n in self.now.tests:
            how = _("chưa mở")
            if n:
                how = ngettext("%(n)s phiếu", "%(n)s phiếu", n) % {"n": n}
            elif test.opened_at:
                how = _("đã đóng") if test.closed_at else _("đang mở")
            said.append(f"{test.get_moment_display()}: {how}")
        return "; ".join(said) or _("chưa lập đề")

    def to_close(self) -> Step:
        label, at = _("Chốt lớp, cấp giấy"), self.workshop.closed_at
        if at:
            return self._step("workshops_closing:close", label, _("đã chốt %(at)s") % {"at": dates.moment(at)})
        state = _("chưa chốt")
        if self.now.closed:
            state = _("đã chốt %(n)s/%(all)s buổi") % {"n": self.now.closed, "all": self.now.sessions}
        return self._step(
            "workshops_closing:close", label, state, until=_("lớp đã hủy") if self.workshop.cancelled_at else ""
        )

    def to_certificates(self) -> Step:
        n = self.now.certificates
        label, state = _("In giấy chứng nhận"), ngettext("%(n)s giấy", "%(n)s giấy", n) % {"n": n}
        if not n:
            return Step("", label, why_not=_("chưa cấp giấy nào"))
        only = f"?cohort={self.workshop.cohort_id}" if self.workshop.cohort_id else ""
        return Step(reverse("certificates_admin:batches") + only, label, state)

    def to_report(self) -> Step:
        state = _("đã viết") if self.now.has_report else _("chưa viết")
        return self._step("workshops_papers:report", _("Báo cáo kết quả"), state)

    def _calls(self) -> str:
        if self.now.calls:
            return _("đã gọi %(n)s/%(all)s") % {"n": self.now.called, "all": self.now.calls}
        ended = self.now.ended_at
        if ended is None or self.workshop.cancelled_at or self.workshop.followed_at:
            return ""
        if ended + FOLLOWED_AFTER < timezone.now():
            return _("chưa lập danh sách")
        return _("từ %(day)s") % {"day": dates.short(dates.local_day(ended + FOLLOWED_AFTER))}

    def _when_empty(self) -> Next:
        add = self._step("workshops_admin:add_delegate", _("Thêm một đại biểu"))
        said = _("Chưa có đại biểu nào. Nhập danh sách đơn vị gửi, hoặc chờ người học tự đăng ký ở trang của lớp.")
        if self.now.is_of_before:
            said = _("Chưa có đại biểu nào. Nhập danh sách của ngày ấy, theo tên xã, huyện của ngày ấy.")
        return Next(said, [self.to_import(), add])

    def _when_before(self) -> Next:
        left, untold = self.now.seated - self.now.invited - self.now.on_paper, self._untold()
        badges, signed = (
            self._paper("the.pdf", _("In thẻ đại biểu")),
            self._paper("ky-ten.pdf", _("In danh sách ký tên")),
        )
        if n := self.now.unassigned:
            said = ngettext(
                "%(n)s đại biểu chưa có phòng. Xếp phòng trước, để giấy mời, thẻ và danh sách ký tên ghi đúng phòng.",
                "%(n)s đại biểu chưa có phòng. Xếp phòng trước, để giấy mời, thẻ và danh sách ký tên ghi đúng phòng.",
                n,
            )
            steps = [self.to_rooms(), self.to_invite(), *([self.to_tell_rooms()] if untold else [])]
            return Next(f"{said % {'n': n}} {untold}".strip(), steps)
        if untold:
            return Next(untold, [self.to_tell_rooms(), self.to_invite()])
        if left > 0:
            said = ngettext("Còn %(n)s đại biểu chưa được mời.", "Còn %(n)s đại biểu chưa được mời.", left) % {
                "n": left
            }
            return Next(f"{said} {self._on_paper()}".strip(), [self.to_invite(), badges, signed])
        if self.now.on_paper:
            said = _("Đã nhắn mời mọi người nhận được tin. In thẻ và danh sách ký tên trước ngày học.")
            return Next(f"{said} {self._on_paper()}", [badges, signed, self._paper("giay-moi.pdf", _("In giấy mời"))])
        return Next(_("Đã mời đủ. In thẻ và danh sách ký tên trước ngày học."), [badges, signed])

    def _untold(self) -> str:
        """Of rooms that were given or changed after the invitations, which tell them else; "" for nobody."""
        n, others = self.now.untold.by_message, self.now.untold.otherwise
        if not (self.now.invited and n):
            return ""
        said = ngettext(
            "%(n)s đại biểu chưa biết phòng của mình, vì phòng được xếp hay đổi sau khi nhắn tin.",
            "%(n)s đại biểu chưa biết phòng của mình, vì phòng được xếp hay đổi sau khi nhắn tin.",
            n,
        ) % {"n": n}
        if others:
            said += " " + ngettext(
                "%(n)s người nữa không nhắn tin được, cần báo cách khác.",
                "%(n)s người nữa không nhắn tin được, cần báo cách khác.",
                others,
            ) % {"n": others}
        return said

    def _on_paper(self) -> str:
        """Nobody knows whether a letter was printed and handed over, so that it is told and not waited for."""
        n = self.now.on_paper
        if not n:
            return ""
        said = ngettext(
            "%(n)s đại biểu không nhận tin nhắn được (không có số điện thoại, hoặc đã tắt tin): gửi giấy mời in.",
            "%(n)s đại biểu không nhận tin nhắn được (không có số điện thoại, hoặc đã tắt tin): gửi giấy mời in.",
            n,
        )
        return said % {"n": n}

    def _when_on(self) -> Next:
        if not self.now.expected:
            said = _("Hôm nay học mà chưa có đại biểu nào. Nhập danh sách, hoặc ghi từng người ở bàn điểm danh.")
            return Next(said, [self.to_import(), self.to_desks()])
        said = _("Hôm nay lớp đón đại biểu: %(n)s/%(all)s có mặt.") % {"n": self.now.present, "all": self.now.seated}
        return Next(said, [self.to_desks(), self.to_tests(), self.to_count()])

    def _when_over(self) -> Next:
        if n := self.now.conflicts:
            said = ngettext(
                "Lớp đã xong. Xem lại %(n)s lượt điểm danh, rồi chốt để ghi hoàn thành và cấp giấy.",
                "Lớp đã xong. Xem lại %(n)s lượt điểm danh, rồi chốt để ghi hoàn thành và cấp giấy.",
                n,
            )
            return Next(said % {"n": n}, [self.to_close(), self.to_look_at()])
        if self.now.is_of_before and not self.now.present:
            said = _("Lớp được ghi lại sau ngày học: ghi ai có mặt theo danh sách đã ký, rồi chốt.")
            return Next(said, [self.to_sheets(), self.to_close()])
        return Next(_("Lớp đã xong. Chốt để ghi hoàn thành và cấp giấy."), [self.to_close(), self.to_count()])

    def _when_closed(self) -> Next:
        if self.may_print and self.now.certificates:
            said = _("Lớp đã chốt. Còn giấy chứng nhận và báo cáo; cần sửa thì mở lại ở mục Chốt lớp.")
            return Next(said, [self.to_certificates(), self.to_report()])
        return Next(_("Lớp đã chốt. Còn báo cáo; cần sửa thì mở lại ở mục Chốt lớp."), [self.to_report()])

    def _when_cancelled(self) -> Next:
        return Next(
            _("Lớp đã hủy. Xem ai đã được báo hủy."), [self._step("workshops_notices:notices", _("Xem tin báo hủy"))]
        )


_NEXT = {
    Phase.EMPTY: Steps._when_empty,
    Phase.BEFORE: Steps._when_before,
    Phase.ON: Steps._when_on,
    Phase.OVER: Steps._when_over,
    Phase.CLOSED: Steps._when_closed,
    Phase.CANCELLED: Steps._when_cancelled,
}

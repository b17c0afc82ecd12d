"""How each paper may be wanted; nothing said is what is usual."""

import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateTimeInput

from accounts.models import User
from lib.typed import TypedField
from workshops import queries
from workshops.access import TO_CALL, follow_ups_visible_to
from workshops.models import FollowUp, ReportText, Session, Speaker, Workshop
from workshops.planning.fields import DayField
from workshops.rendering.sheets import USUAL_SPARE, Sums
from workshops.rendering.workbooks import LISTS
from workshops.reporting.rolls import ORDERS, Delegate, Order

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

MOST_SPARE, MOST_EMPTY, MOST_MONEY = 60, 40, 10**10
LIST_NAMES = dict(
    zip(
        LISTS,
        (_("đại biểu"), _("điểm danh từng buổi"), _("bài kiểm tra"), _("phiếu đánh giá"), _("gọi lại sau lớp")),
        strict=True,
    )
)
UNIT = "unit"
LETTERS = [("delegate", _("từng đại biểu")), (UNIT, _("từng đơn vị, kèm danh sách đại biểu"))]


class PaperForm(forms.Form):
    """`user`: who wants it; without one it is the server's own command, which makes papers of all."""

    def __init__(self, *args: Any, workshop: Workshop, user: User | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.workshop, self.user = workshop, user


class SessionField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        room = f", {obj.room}" if obj.room else ""
        return f"{obj.name}, {timezone.localtime(obj.starts_at):%H:%M %d/%m/%Y}{room}"


class OrderedForm(PaperForm):
    thu_tu = forms.ChoiceField(choices=ORDERS, required=False, label=_("Thứ tự xếp"))

    @property
    def order(self) -> str:
        return self.cleaned_data["thu_tu"] or Order.PROTOCOL


class AttendanceForm(OrderedForm):
    buoi = SessionField(queryset=Session.objects.none(), required=False, empty_label=None, label=_("Buổi"))
    dong_trong = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=MOST_SPARE,
        label=_("Số dòng trống ở cuối"),
        help_text=format_lazy(
            _("Để trống: {n} dòng, bớt vài dòng nếu nhờ vậy danh sách vừa một trang."), n=USUAL_SPARE
        ),
    )
    co_mat = forms.BooleanField(
        required=False, label=_("Ghi sẵn “có mặt” theo điểm danh (không chọn: để trống cho đại biểu ký)")
    )
    field_order = ("buoi", "thu_tu", "dong_trong", "co_mat")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["buoi"]
        field.queryset = self.workshop.sessions.filter(cancelled_at=None)

    @property
    def spare(self) -> int | None:
        said: int | None = self.cleaned_data["dong_trong"]
        return said

    @property
    def session(self) -> Session | None:
        field: Any = self.fields["buoi"]
        return self.cleaned_data["buoi"] or field.queryset.first()


class ChosenForm(PaperForm):
    """Of all delegates, or of some."""

    so = TypedField(
        required=False, max_length=300, label=_("Chỉ các số thẻ"), help_text=_("Ví dụ: 1-20, 35. Để trống: tất cả.")
    )
    tu_luc = forms.DateTimeField(
        required=False,
        widget=AdminDateTimeInput,
        label=_("Chỉ người đăng ký sau lúc"),
    )

    def clean_so(self) -> list[range]:
        try:
            return numbers_of(self.cleaned_data["so"] or "")
        except ValueError as error:
            raise ValidationError(_("Ghi các số hoặc khoảng số, cách nhau bằng dấu phẩy: 1-20, 35.")) from error

    def chosen(self, delegates: list[Delegate]) -> list[Delegate]:
        ranges: list[range] = self.cleaned_data["so"]
        since: datetime | None = self.cleaned_data["tu_luc"]
        return [
            one
            for one in delegates
            if (not ranges or any(one.number in some for some in ranges))
            and (since is None or one.registered_at > since)
        ]


class InvitationsForm(ChosenForm):
    theo = forms.ChoiceField(choices=LETTERS, required=False, label=_("Mỗi giấy mời gửi"))
    chuc_vu = TypedField(required=False, max_length=150, label=_("Chức vụ người ký"))
    nguoi_ky = TypedField(required=False, max_length=100, label=_("Người ký"))
    field_order = ("theo", "so", "tu_luc", "chuc_vu", "nguoi_ky")

    @property
    def by_unit(self) -> bool:
        return bool(self.cleaned_data["theo"] == UNIT)


class BadgesForm(ChosenForm):
    bao_cao_vien = forms.BooleanField(required=False, label=_("In cả thẻ báo cáo viên"))
    to_chuc = forms.IntegerField(
        required=False, min_value=0, max_value=MOST_EMPTY, label=_("Số lượng thẻ “Ban tổ chức” để trống tên")
    )


def numbers_of(words: str) -> list[range]:
    """ "1-20, 35" → [range(1, 21), range(35, 36)]. Raises ValueError."""
    made = []
    for part in filter(None, re.split(r"[,;\s]+", re.sub(r"\s*[-–]\s*", "-", words))):
        found = re.fullmatch(r"(\d{1,5})(?:-(\d{1,5}))?", part, re.ASCII)
        if not found:
            raise ValueError(part)
        made.append(range(int(found[1]), int(found[2] or found[1]) + 1))
    return made


class MoneyField(TypedField):
    """Đồng, as people write them: 150.000, 150 000 đ; None where nothing was typed."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            required=False, max_length=20, widget=forms.TextInput(attrs={"inputmode": "numeric"}), **kwargs
        )

    def clean(self, value: Any) -> Any:
        digits = re.sub(r"[.,\s]|đồng|đ$", "", (super().clean(value) or "").casefold())
        if not digits:
            return None
        if not (digits.isascii() and digits.isdecimal()) or int(digits) > MOST_MONEY:
            raise ValidationError(_("Ghi số tiền bằng chữ số, ví dụ 150.000."))
        return int(digits)


SHEETS_OF_PAYMENT = [
    ("support", _("danh sách ký nhận hỗ trợ")),
    ("fees", _("bảng kê thù lao báo cáo viên")),
    ("receipts", _("giấy biên nhận của từng báo cáo viên")),
    ("checklist", _("danh mục giấy tờ kế toán cần")),
]


NOTHING = _("Không chi khoản nào thì ghi 0. Còn một khoản để trống thì “Thành tiền” cũng để trống cho ghi tay.")


class PaymentForm(PaperForm):
    """Sums are those of the organiser's own decision: left open, the paper leaves them to the pen."""

    to = forms.MultipleChoiceField(
        choices=SHEETS_OF_PAYMENT,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=_("Các tờ (không chọn: tất cả)"),
    )
    chi_co_mat = forms.BooleanField(required=False, label=_("Chỉ người có mặt theo điểm danh"))
    an_chu_the = MoneyField(label=_("Tiền ăn một người không hưởng lương (đồng)"))
    di_chu_the = MoneyField(label=_("Tiền đi lại, nghỉ một người không hưởng lương (đồng)"), help_text=NOTHING)
    an_can_bo = MoneyField(label=_("Tiền ăn một người hưởng lương (đồng)"))
    di_can_bo = MoneyField(label=_("Tiền đi lại, nghỉ một người hưởng lương (đồng)"), help_text=NOTHING)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.speakers: list[Speaker] = queries.payable_speakers(self.workshop)
        for one in self.speakers:
            self.fields[f"thu_lao_{one.pk}"] = MoneyField(label=_("Thù lao %(name)s (đồng)") % {"name": one})

    @property
    def kinds(self) -> list[str]:
        return self.cleaned_data["to"] or [name for name, _label in SHEETS_OF_PAYMENT]

    @property
    def sums(self) -> Sums:
        said = self.cleaned_data
        fees = {one.pk: said[f"thu_lao_{one.pk}"] for one in self.speakers}
        return Sums(said["an_chu_the"], said["di_chu_the"], said["an_can_bo"], said["di_can_bo"], fees)


class WorkbookForm(PaperForm):
    bang = forms.MultipleChoiceField(
        choices=list(LIST_NAMES.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=_("Các bảng (không chọn: tất cả)"),
    )

    @property
    def lists(self) -> list[str]:
        return self.cleaned_data["bang"] or list(LISTS)

    @property
    def calls(self) -> QuerySet[FollowUp]:
        calls = queries.calls_that_count() if self.user is None else follow_ups_visible_to(self.user, TO_CALL)
        return calls.filter(registration__workshop=self.workshop)


def _lines(label: "StrOrPromise", most: int = 5000) -> TypedField:
    return TypedField(
        label=label, lines=True, required=False, max_length=most, widget=forms.Textarea(attrs={"rows": 4})
    )


class ReportForm(forms.ModelForm):
    """`seen` is when the words that stand in the form were written."""

    number = TypedField(label=_("Số, ký hiệu"), max_length=60, required=False, help_text=_("Ví dụ: 86/BC-VPĐP"))
    issued_on = DayField(label=_("Ngày ký"), required=False)
    assessment = _lines(_("Đánh giá chung"))
    weaknesses = _lines(_("Tồn tại, hạn chế (mỗi dòng một ý)"))
    proposals = _lines(_("Kiến nghị (mỗi dòng một ý)"))
    recipients = _lines(_("Nơi nhận (mỗi dòng một nơi)"), most=1000)
    signer_post = TypedField(label=_("Chức vụ người ký"), max_length=150, required=False)
    signer = TypedField(label=_("Người ký"), max_length=100, required=False)
    seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    field_order = (
        "number", "issued_on", "women", "assessment", "weaknesses", "proposals", "recipients", "signer_post", "signer",
    )  # fmt: skip

    class Meta:
        model = ReportText
        fields = ("women",)

    def __init__(self, data: Any, *, instance: ReportText | None) -> None:
        said = {name: getattr(instance, name) for name in self.base_fields if name != "seen"} if instance else {}
        seen = instance.written_at.isoformat() if instance else ""
        super().__init__(data, initial=said | {"seen": seen})

    def clean_seen(self) -> datetime | None:
        try:
            return datetime.fromisoformat(self.cleaned_data["seen"]) if self.cleaned_data["seen"] else None
        except ValueError:
            return None

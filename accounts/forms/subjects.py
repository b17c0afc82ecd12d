"""Input of officers about subjects of the register and their products."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.models import NAME_LENGTH, Product, Subject, SubjectKind
from accounts.models.subjects import DECISION_LENGTH, NUMBER_LENGTH
from accounts.rules import written_number
from lib.typed import TypedField, is_thinkable
from provinces.models import PlaceQuerySet

from .fields import EMPTY, WrittenNameField
from .places import PlaceNameField
from .seen import SeenForm

STARS = [("", _("chưa xếp hạng")), *((n, _("%(n)s sao") % {"n": n}) for n in range(1, 6))]
DAY_FORMATS = ["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"]


def reason_field(**said: Any) -> TypedField:
    return TypedField(
        max_length=200,
        error_messages={"required": _("Hãy ghi lý do, để sau này người khác xem lại còn hiểu.")},
        **said,
    )


class SubjectForm(forms.Form):
    name = WrittenNameField(
        label=_("Tên chủ thể"), max_length=NAME_LENGTH, help_text=_("Như trong quyết định công nhận.")
    )
    kind = forms.ChoiceField(label=_("Loại hình"), choices=EMPTY + SubjectKind.choices)
    place = PlaceNameField(label=_("Xã, phường, đặc khu"), max_length=150)
    leader = WrittenNameField(label=_("Người đứng đầu"), max_length=100, required=False)
    phone = TypedField(
        label=_("Điện thoại"),
        max_length=NUMBER_LENGTH,
        required=False,
        help_text=_("Số để gọi khi cần; không dùng để đăng nhập."),
        widget=forms.TextInput({"inputmode": "tel"}),
    )

    def __init__(self, *args: Any, within: PlaceQuerySet | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        place: Any = self.fields["place"]
        place.within = within

    def clean_phone(self) -> str:
        return written_number(self.cleaned_data["phone"])[:NUMBER_LENGTH]


class SubjectCorrectionForm(SeenForm, SubjectForm):
    said_of_another = _(
        "Chưa lưu, vì trong lúc anh/chị sửa, một cán bộ khác đã sửa chủ thể này. Những gì anh/chị ghi vẫn còn ở dưới đây. Hãy mở trang của chủ thể ở cửa sổ khác để xem đã sửa gì, rồi bấm Lưu nếu vẫn cần."
    )
    reason = reason_field(label=_("Vì sao sửa"), help_text=_("Ghi vào nhật ký của chủ thể."))

    def __init__(self, *args: Any, subject: Subject, **kwargs: Any) -> None:
        initial = {
            "name": subject.name,
            "kind": subject.kind,
            "place": capfirst(subject.place.full_name),
            "leader": subject.leader,
            "phone": subject.phone,
        }
        super().__init__(*args, initial=initial, **kwargs)
        self.look_at(initial)


class ProductForm(forms.Form):
    name = WrittenNameField(label=_("Tên sản phẩm"), max_length=NAME_LENGTH)
    stars = forms.TypedChoiceField(label=_("Hạng sao"), choices=STARS, coerce=int, empty_value=None, required=False)
    decision = TypedField(
        label=_("Quyết định công nhận"),
        max_length=DECISION_LENGTH,
        required=False,
        help_text=_("Ví dụ: 123/QĐ-UBND ngày 05/02/2026."),
    )
    valid_until = forms.DateField(
        label=_("Có giá trị đến"),
        required=False,
        input_formats=DAY_FORMATS,
        validators=[is_thinkable],
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Thường là 36 tháng kể từ ngày ký quyết định."),
    )


class ProductCorrectionForm(SeenForm, ProductForm):
    said_of_another = _(
        "Chưa lưu, vì trong lúc anh/chị sửa, một cán bộ khác đã sửa sản phẩm này. Những gì anh/chị ghi vẫn còn ở dưới đây. Hãy mở trang của chủ thể ở cửa sổ khác để xem đã sửa gì, rồi bấm Lưu nếu vẫn cần."
    )

    def __init__(self, data: Any, *, product: Product) -> None:
        initial = {name: getattr(product, name) for name in ("name", "stars", "decision", "valid_until")}
        super().__init__(data, initial=initial)
        self.look_at(initial)


class ClosingForm(forms.Form):
    reason = reason_field(
        label=_("Vì sao ngừng"), help_text=_("Ví dụ: giải thể, chuyển nghề, chuyển đi nơi khác. Ghi vào nhật ký.")
    )


class RemovalForm(forms.Form):
    reason = reason_field(label=_("Vì sao bỏ"), help_text=_("Ghi vào nhật ký của chủ thể."))


class JoiningForm(forms.Form):
    """Which of the two names stays: those offered are of the officer's places."""

    into = forms.ModelChoiceField(
        label=_("Gộp vào"),
        queryset=Subject.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={
            "required": _("Hãy chọn chủ thể còn lại."),
            "invalid_choice": _("Hãy chọn một chủ thể trong danh sách."),
        },
    )
    reason = reason_field(
        label=_("Vì sao biết là cùng một chủ thể"),
        help_text=_("Ví dụ: cùng người đứng đầu, ghi sai tên. Ghi vào nhật ký."),
    )

    def __init__(self, *args: Any, among: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        into: Any = self.fields["into"]
        into.queryset = among
        into.label_from_instance = described


def described(subject: Subject) -> str:
    """Read in a question, where a name alone tells nobody apart."""
    products = ", ".join(one.name for one in subject.products.all()[:3])
    return " · ".join(
        filter(None, [subject.name, subject.get_kind_display(), str(subject.place), subject.leader, products])
    )

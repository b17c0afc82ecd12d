from hashlib import sha256
from typing import Any

from django import forms
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from courses.choosing import name_with_state, standing
from courses.models import Course
from lib import dates
from lib.typed import TypedField
from provinces.models import Place

from . import pictures, rules
from .actions import ReissueReason
from .models import NUMBER_LENGTH, Award, Counter, Issuer, Picture, Signatory, Template


class PaperForm(forms.Form):
    """What stands on a paper whose code cannot be read."""

    number = TypedField(
        label=_("Số giấy chứng nhận"),
        max_length=NUMBER_LENGTH,
        help_text=_("Chép như trên giấy, ví dụ 0041/GCN-VPĐP. Số vào sổ, ví dụ 0250/2026, cũng được"),
        error_messages={"required": _("Anh/Chị chưa gõ số giấy. Hãy chép số in sau chữ “Số:” trên giấy.")},
    )
    name = TypedField(
        label=_("Họ và tên trên giấy"),
        max_length=200,
        help_text=_("Không có dấu cũng được"),
        error_messages={"required": _("Anh/Chị chưa gõ họ và tên. Hãy chép tên người được cấp trên giấy.")},
    )


class HolderForm(forms.Form):
    """What a paper tells of its holder and the check page does not: whoever has the paper may compare it."""

    birth_year = forms.IntegerField(
        label=_("Năm sinh trên giấy"),
        required=False,
        min_value=1900,
        max_value=2100,
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"),
            _("Năm sinh gồm bốn chữ số, ví dụ 1975. Hãy sửa lại rồi bấm “Đối chiếu”."),
        ),
    )
    unit = TypedField(
        label=_("Đơn vị của người được cấp"),
        required=False,
        max_length=200,
        help_text=_("In dưới họ tên, không phải đơn vị cấp giấy. Không có dấu cũng được"),
    )

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if not self.errors and not typed.get("birth_year") and not typed.get("unit"):
            raise forms.ValidationError(_("Chưa có gì để đối chiếu. Hãy gõ năm sinh hoặc đơn vị in dưới họ tên."))
        return typed


class RevokeForm(forms.Form):
    reason = TypedField(
        label=_("Lý do"),
        max_length=200,
        help_text=_("Ai có mã cũng đọc được: đừng ghi điều riêng tư."),
        error_messages={
            "required": _("Chưa thu hồi, vì chưa có lý do. Hãy ghi lý do rồi bấm lại; người quét mã sẽ đọc được.")
        },
    )


class FileForm(forms.Form):
    file = forms.FileField(
        label=_("Tệp cần kiểm tra"),
        help_text=_(
            "Thường là tệp PDF. Ảnh PNG, SVG có chữ ký điện tử, tệp .jwt và .json cũng được; nhiều nhất 5 MB. Chúng tôi không lưu tệp này."
        ),
        error_messages={
            "required": _("Anh/Chị chưa chọn tệp. Hãy chọn tệp giấy chứng nhận rồi bấm “Kiểm tra”."),
            "empty": _("Tệp này trống. Hãy chọn tệp khác rồi bấm “Kiểm tra”."),
            "invalid": _("Tệp chưa gửi lên được. Hãy chọn lại rồi bấm “Kiểm tra”."),
        },
    )


class ReissueForm(forms.Form):
    why = forms.ChoiceField(
        label=_("Vì sao cấp lại"),
        choices=ReissueReason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Chưa cấp lại, vì chưa có lý do. Hãy chọn một lý do.")},
    )
    words = TypedField(
        label=_("Ghi rõ thêm"),
        max_length=150,
        required=False,
        help_text=_("Ghi vào sổ cấp. Chọn “lý do khác” thì phải ghi. Đừng chép số giấy tờ vào đây."),
    )


class AwardForm(WagtailAdminModelForm):
    """A course has one award; it may be written before the course opens."""

    class Meta(WagtailAdminModelForm.Meta):
        model = Award
        fields = [
            "course", "issuer", "template", "course_en", "course_kind", "duration", "validity_months", "renewal_days", "is_active",
        ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        template: Any = self.fields["template"]
        template.queryset = Template.objects.filter(Q(live=True) | Q(pk=self.instance.template_id))
        template.required, template.empty_label = True, None
        field: Any = self.fields["course"]
        field.disabled = (
            bool(self.instance.pk) and self.instance.credentials.exists()
        )  # issued papers are of this course
        field.queryset = standing(Course.objects.filter(Q(award=None) | Q(award=self.instance.pk)))
        field.label_from_instance = name_with_state
        self.fields["renewal_days"].required = False

    def clean_renewal_days(self) -> int:
        days: int | None = self.cleaned_data["renewal_days"]
        return Award._meta.get_field("renewal_days").default if days is None else days

    def clean_template(self) -> Template:
        template: Template = self.cleaned_data["template"]
        self.instance.design = template.look
        return template


class IssuerForm(WagtailAdminModelForm):
    class Meta(WagtailAdminModelForm.Meta):
        model = Issuer
        fields = [
            "name", "parent_name", "name_en", "code", "place_name", "number_pattern", "signer_post", "signer_name", "province", "is_specimen",
        ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        provinces: Any = self.fields["province"]
        provinces.queryset = Place.objects.current().provinces().order_by("search")
        field = self.fields["number_pattern"]
        if example := self.next_number():
            said = _("Số kế tiếp sẽ là: %(number)s") % {"number": example}
            field.help_text = f"{field.help_text}. {said}"

    def next_number(self) -> str:
        """As the form stands: of what was typed, if that can be used, else of what is kept."""
        pattern = (self.data.get("number_pattern") if self.is_bound else "") or self.instance.number_pattern
        code = (self.data.get("code") if self.is_bound else "") or self.instance.code or _("VIẾT-TẮT")
        if rules.pattern_problem(pattern):
            return ""
        year = dates.local_day(timezone.now()).year
        counters = Counter.objects.filter(issuer=self.instance.pk, year=year)
        last = counters.values_list("last", flat=True).first() or 0
        return rules.format_number(pattern, seq=last + 1, year=year, code=str(code))


class SignatoryForm(WagtailAdminModelForm):
    class Meta(WagtailAdminModelForm.Meta):
        model = Signatory
        fields = ["issuer", "province", "post", "post_en", "name", "signature", "seal", "valid_from", "valid_to"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["province"]
        field.queryset = Place.objects.current().provinces()
        field.empty_label = _("mọi tỉnh chưa có người ký riêng")
        where = format_html(
            '<a href="{}" target="_blank">{}</a>', reverse("picture:add"), _("Thêm hình ở “Dấu, chữ ký, hình nền”")
        )
        for name in ("signature", "seal"):
            self.fields[name].help_text = format_html(
                gettext("Chưa có trong danh sách? {where} rồi tải lại trang này."), where=where
            )


class PictureForm(WagtailAdminModelForm):
    """A picture that may have been printed keeps its content: of one that is there only the name is edited."""

    file = forms.FileField(
        label=_("Tệp hình"),
        help_text=_(
            "PNG, JPEG hoặc WebP, nhiều nhất 8 MB. Hình được vẽ lại trên nền trắng, phần trắng quanh dấu và chữ ký được cắt bỏ. "
            "Đã thêm thì không thay được; cần hình khác thì thêm hình mới."
        ),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
    )

    class Meta(WagtailAdminModelForm.Meta):
        model = Picture
        fields = ["name", "kind"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["file"]
            self.fields["kind"].disabled = True

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if cleaned.get("file") and cleaned.get("kind"):
            self._draw(cleaned["file"], cleaned["kind"])
        return cleaned

    def _draw(self, upload: Any, kind: str) -> None:
        try:
            data, width, height = pictures.rewritten(upload, kind)
        except forms.ValidationError as problem:
            self.add_error("file", problem)
            return
        digest = sha256(data).hexdigest()
        if there := Picture.objects.filter(sha256=digest).first():
            self.add_error("file", _("Hình này đã có, tên là “%(name)s”.") % {"name": there.name})
        one = self.instance
        one.data, one.width, one.height, one.sha256 = data, width, height, digest

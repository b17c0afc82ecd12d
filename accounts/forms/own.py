"""Input of people about themselves. Each refusal says what is wrong and what to do."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts import rules
from accounts.models import ConsentText, OfficialLevel, PersonKind, SubjectKind, SubjectRole
from provinces.models import Place

from .fields import WrittenNameField

FOUR_DIGITS = _("Năm sinh cần đủ bốn chữ số, ví dụ 1985.")


class PrintedNameForm(forms.Form):
    """A name all in small letters or all in capitals is given back once as it is usually written, and then taken as it comes.

    That is a question, not a fault: nothing is wrong with such a form, it only waits for its answer.
    """

    question = ""
    name_asked = forms.CharField(required=False, widget=forms.HiddenInput)
    name = WrittenNameField(
        label=_("Họ và tên"),
        max_length=100,
        help_text=_("Viết có dấu, đúng như muốn in trên giấy chứng nhận."),
        widget=forms.TextInput(attrs={"autocomplete": "name", "autocapitalize": "words", "class": "big"}),
        error_messages={"required": _("Hãy nhập họ và tên.")},
    )

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if not rules.looks_like_a_name(name):
            raise ValidationError(_("Họ và tên chỉ gồm chữ, ví dụ Trần Thị Út."))
        return name

    def is_valid(self) -> bool:
        return super().is_valid() and not self.question

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        name, asked = cleaned.get("name", ""), cleaned.pop("name_asked", "")
        written = rules.capitalised(name)
        if written not in (name, asked):
            self._ask(written)
        return cleaned

    def _ask(self, written: str) -> None:
        self.data = dict(self.data.items()) | {"name": written, "name_asked": written}
        said = _(
            "Chúng tôi viết lại thành “%(name)s”; giấy chứng nhận sẽ in tên như vậy. Đúng tên rồi thì anh/chị bấm nút bên dưới lần nữa; chưa đúng thì sửa lại rồi bấm."
        )
        self.question = said % {"name": written}


class NameForm(PrintedNameForm):
    birth_year = forms.IntegerField(
        label=_("Năm sinh (không bắt buộc)"),
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "bday-year", "maxlength": "4"}),
        error_messages={"invalid": FOUR_DIGITS},
    )
    kind = forms.ChoiceField(
        label=_("Anh/Chị là"),
        choices=[(PersonKind.SUBJECT, _("Người làm ra sản phẩm (chủ thể OCOP)")), (PersonKind.OFFICIAL, _("Cán bộ"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Hãy chọn một trong hai.")},
    )

    def clean_birth_year(self) -> int | None:
        year = self.cleaned_data["birth_year"]
        if year is not None and year < 1000:
            raise ValidationError(FOUR_DIGITS)
        if year is not None and not rules.is_adult_birth_year(year, date.today().year):
            raise ValidationError(_("Hãy xem lại năm sinh: học viên phải đủ 16 tuổi."))
        return year


class PlaceForm(forms.Form):
    place = forms.ModelChoiceField(
        label=_("Chọn một nơi"),
        queryset=Place.objects.current().communes(),
        error_messages={
            "required": _("Hãy gõ tên xã, phường rồi chọn một nơi trong danh sách."),
            "invalid_choice": _("Nơi này không còn trong danh mục. Hãy tìm lại."),
        },
    )


class SubjectForm(forms.Form):
    subject_name = WrittenNameField(
        label=_("Tên cơ sở, hợp tác xã, doanh nghiệp"),
        max_length=150,
        help_text=_(
            "Hộ chưa có tên cơ sở, hay anh/chị mới tìm hiểu OCOP, thì cứ ghi tên chủ hộ. Gõ vài chữ: nếu đã có trong xã, tên sẽ hiện ra để chọn."
        ),
        widget=forms.TextInput(attrs={"list": "chu-the", "autocomplete": "organization"}),
        error_messages={"required": _("Hãy ghi tên chủ thể. Nếu là hộ, ghi tên chủ hộ hoặc tên cơ sở.")},
    )
    subject_kind = forms.ChoiceField(
        label=_("Loại hình"), choices=SubjectKind, widget=forms.RadioSelect, initial=SubjectKind.HOUSEHOLD
    )
    subject_role = forms.ChoiceField(
        label=_("Anh/Chị làm gì ở cơ sở này?"),
        choices=SubjectRole,
        widget=forms.RadioSelect,
        error_messages={"required": _("Hãy chọn vai trò của anh/chị.")},
    )


class OfficialForm(forms.Form):
    official_level = forms.ChoiceField(
        label=_("Anh/Chị công tác ở"),
        choices=OfficialLevel.of_today,
        widget=forms.RadioSelect,
        error_messages={"required": _("Hãy chọn cấp công tác.")},
    )


class ConsentForm(forms.Form):
    """One tile for each text; nothing is ticked beforehand, and those that are `REQUIRED_CONSENTS` must be ticked.

    A text of one sentence stands at its tile; a longer one is read first, as the help that the tile refers to.
    """

    without_it = _(
        "Chưa đi tiếp được, vì ô này chưa đánh dấu. Có sự đồng ý này chúng tôi mới ghi được tên anh/chị vào lớp, lưu kết quả học và cấp giấy chứng nhận; anh/chị đồng ý thì đánh dấu rồi bấm lại."
    )

    def __init__(self, *args: Any, texts: list[ConsentText], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.texts = texts
        for consent_text in texts:
            self.fields[consent_text.purpose] = forms.BooleanField(
                required=consent_text.is_required,
                error_messages={"required": self.without_it},
                **self._words(consent_text),
            )

    @staticmethod
    def _words(consent_text: ConsentText) -> dict[str, Any]:
        if len(consent_text.sentences) > 1:
            said = _("Tôi đồng ý với những điều này, để %(purpose)s.")
            return {"label": said % {"purpose": consent_text.get_purpose_display()}, "help_text": consent_text.body}
        return {"label": consent_text.body, "help_text": "" if consent_text.is_required else _("Không bắt buộc.")}

    def asked(self) -> list[tuple[ConsentText, forms.BoundField]]:
        return [(consent_text, self[consent_text.purpose]) for consent_text in self.texts]

    def given(self) -> list[ConsentText]:
        return [consent_text for consent_text in self.texts if self.cleaned_data.get(consent_text.purpose)]

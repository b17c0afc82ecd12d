"""What is typed in the hall: who somebody is, and what people thought of it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from workshops.forms import AskingForm

LARGEST = 9999
DIGITS = {"inputmode": "numeric", "autocomplete": "off", "class": "big"}


def badge_field(**said: Any) -> forms.IntegerField:
    wrong = _("Hãy ghi số in trên thẻ, chỉ gồm chữ số.")
    return forms.IntegerField(
        label=_("Số thẻ"),
        min_value=1,
        max_value=LARGEST,
        widget=forms.TextInput(attrs=DIGITS | {"maxlength": 4}),
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), wrong),
        **said,
    )


class BadgeForm(forms.Form):
    """For a test without names."""

    badge = badge_field(help_text=_("Số lớn in trên thẻ đại biểu của anh/chị."))
    is_proving = False


class WhoForm(BadgeForm):
    digits = forms.RegexField(
        r"^\d{4}$",
        label=_("Bốn số cuối điện thoại của anh/chị"),
        help_text=_("Số điện thoại đã ghi khi đăng ký."),
        widget=forms.TextInput(attrs=DIGITS | {"maxlength": 4}),
        error_messages=dict.fromkeys(("required", "invalid"), _("Hãy ghi bốn chữ số cuối của số điện thoại.")),
    )
    is_proving = True


class FeedbackForm(AskingForm):
    """Nearly nothing in it has to be answered, so the form says that once instead of at each question."""

    is_quotable = forms.BooleanField(
        label=_("Cho trích lời tôi vào báo cáo"), help_text=_("Báo cáo không ghi ai đã viết."), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for question, bound in self.asked():
            bound.field.label = bound.label = (
                _("%s (cần trả lời)") % question.label if question.is_required else question.label
            )
        self.order_fields(["badge"])


class KioskForm(FeedbackForm):
    """On a tablet that goes round: the badge's number says who has answered, and is not kept beside the answers."""

    badge = badge_field(
        help_text=_("Để mỗi người gửi một phiếu. Số thẻ không lưu cùng câu trả lời."),
    )

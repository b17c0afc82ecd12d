"""Fields that several forms of people and of staff have."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from lib import phones, text

EMPTY = [("", _("(chọn)"))]


class PhoneField(forms.CharField):
    def __init__(self, **kwargs: Any) -> None:
        attrs = {"type": "tel", "inputmode": "tel", "autocomplete": "tel", "class": "big"}
        kwargs.setdefault("label", _("Số điện thoại"))
        kwargs.setdefault("widget", forms.TextInput(attrs=attrs))
        kwargs.setdefault("help_text", _("Gõ có dấu cách, dấu chấm hay +84 đều được."))
        kwargs.setdefault("error_messages", {"required": _("Hãy nhập số điện thoại của anh/chị.")})
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str:
        typed = super().clean(value)
        return phones.to_e164(typed) if typed else ""


class WrittenNameField(forms.CharField):
    """A name without anything that cannot be seen, measured as it is stored and as it is searched for."""

    def to_python(self, value: Any) -> str:
        return text.name(super().to_python(value) or "")

    def validate(self, value: Any) -> None:
        super().validate(value)
        if self.max_length is not None and len(text.fold(value)) > self.max_length >= len(value):
            raise ValidationError(
                _(
                    "Tên này dài quá hoặc có ký tự lạ. Hãy gõ lại ngắn hơn, chỉ dùng chữ cái, chữ số và các dấu quen thuộc."
                )
            )


class SharedDeviceField(forms.BooleanField):
    """Ticked on somebody else's phone, at every door alike."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Đây là máy dùng chung"))
        kwargs.setdefault(
            "help_text", _("Xong việc thì bấm Đăng xuất. Quên bấm thì sau một giờ không dùng, máy tự đăng xuất.")
        )
        super().__init__(required=False, **kwargs)

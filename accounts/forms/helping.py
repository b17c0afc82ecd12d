"""Input of officers who help a learner on a phone."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .own import ConsentForm

HERE, ELSEWHERE = "here", "elsewhere"


class HelpingForm(ConsentForm):
    """What the learner has not agreed to yet is read aloud; all of it is needed."""

    without_it = _("Chưa bắt đầu, vì ô này chưa đánh dấu. Hãy đọc cho người ấy nghe; người ấy đồng ý thì đánh dấu.")

    where = forms.ChoiceField(
        label=_("Học trên máy nào"),
        choices=[
            (HERE, _("máy này: mở ngay, xong thì quay lại trang quản trị bằng mật khẩu của tôi")),
            (ELSEWHERE, _("máy khác: hiện mã dùng một lần trong 15 phút")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Hãy chọn một trong hai.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for one in self.texts:
            self.fields[one.purpose].required = True
        self.order_fields([*(one.purpose for one in self.texts), "where"])


class ReturnForm(forms.Form):
    password = forms.CharField(
        label=_("Mật khẩu của cán bộ"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "class": "big"}),
        error_messages={"required": _("Hãy nhập mật khẩu.")},
    )

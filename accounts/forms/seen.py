"""What the sender of a form had seen when it was opened."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lib import codes


class SeenForm(forms.Form):
    """Of two who correct the same at once, the second reads what the first wrote before it is written over.

    A form that was left open would put all of its old values back. `stored` is what it would say if it were opened now.
    """

    said_of_another: Any = _(
        "Chưa lưu, vì trong lúc anh/chị sửa, một cán bộ khác đã sửa thông tin của người này. Những gì anh/chị ghi vẫn còn ở dưới đây. Hãy mở trang của người này ở cửa sổ khác để xem đã sửa gì, rồi bấm Lưu nếu vẫn cần."
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    stored = ""

    def look_at(self, values: Mapping[str, Any]) -> None:
        self.stored = self.initial["seen"] = codes.digest("seen", str(sorted(values.items())))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.pop("seen", "") not in ("", self.stored):
            typed: Any = self.data
            typed = typed.copy()  # with all values of each name
            typed["seen"] = self.stored
            self.data = typed
            self.add_error(None, self.said_of_another)
        return cleaned

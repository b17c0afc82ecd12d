from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.forms.seen import SeenForm
from accounts.models import OfficialLevel
from provinces.models import Place

from .rules import levels_of

MOST = 100_000


class PostsForm(SeenForm):
    said_of_another = _(
        "Chưa lưu, vì trong lúc anh/chị sửa, một cán bộ khác đã ghi số vị trí của nơi này. Những gì anh/chị ghi vẫn còn ở dưới đây. Hãy mở trang Bao phủ ở cửa sổ khác để xem đã ghi gì, rồi bấm Lưu nếu vẫn cần."
    )
    of_all_below = _("Tổng của mọi nơi bên dưới. Để trống: cộng các số mà những nơi ấy tự ghi.")

    def __init__(self, *args: Any, place: Place | None, known: Mapping[str, int | None], **kwargs: Any) -> None:
        levels = levels_of(place)
        initial = {level.value: known.get(level) for level in levels}
        super().__init__(*args, **kwargs | {"initial": initial})
        for level in levels:
            is_own = level == levels[0]
            self.fields[level.value] = forms.IntegerField(
                label=capfirst(str(level.label)),
                required=False,
                min_value=1,
                max_value=MOST,
                widget=forms.TextInput({"inputmode": "numeric", "size": 10}),
                help_text=_("Để trống: chưa rõ.") if is_own else self.of_all_below,
            )
        self.look_at(initial)

    def numbers(self) -> dict[str, int | None]:
        return {level.value: self.cleaned_data.get(level.value) for level in OfficialLevel}

"""Which year, what is planned, and what was held elsewhere."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.access import home_of, managed_places
from accounts.forms.places import PlaceNameField
from accounts.forms.seen import SeenForm
from accounts.forms.subjects import reason_field
from accounts.models import User
from courses.models import Topic
from lib.typed import TypedField, key_of
from reports.models import Figure, OutsideClass
from workshops.planning.fields import DayField

from . import access

FIRST_YEAR = 2018  # the programme began
MOST = 10_000_000


def year_of(typed: str, today: date) -> int | None:
    """The year of an address, this one where none is named; None for what is no year of the programme."""
    year = key_of(typed) if typed else today.year
    return year if FIRST_YEAR <= year <= today.year + 1 else None


class TargetsForm(SeenForm):
    said_of_another = _(
        "Chưa lưu, vì trong lúc anh/chị sửa, một cán bộ khác đã ghi chỉ tiêu của nơi này. Những gì anh/chị ghi vẫn còn ở dưới đây. Hãy mở trang Chỉ tiêu và kết quả ở cửa sổ khác để xem đã ghi gì, rồi bấm Lưu nếu vẫn cần."
    )

    def __init__(self, *args: Any, known: Mapping[str, int | None], **kwargs: Any) -> None:
        initial = {figure.value: known.get(figure) for figure in Figure}
        super().__init__(*args, **kwargs | {"initial": initial})
        for figure in Figure:
            self.fields[figure.value] = forms.IntegerField(
                label=capfirst(str(figure.label)),
                required=False,
                min_value=1,
                max_value=MOST,
                widget=forms.TextInput({"inputmode": "numeric", "size": 10}),
                help_text=_("Để trống: không đặt chỉ tiêu này.") if figure == Figure.CLASSES else "",
            )
        self.look_at(initial)


class OutsideForm(SeenForm):
    said_of_another = _(
        "Chưa lưu, vì trong lúc anh/chị sửa, một cán bộ khác đã sửa lớp này. Những gì anh/chị ghi vẫn còn ở dưới đây. Hãy mở trang của lớp ở cửa sổ khác để xem đã sửa gì, rồi bấm Lưu nếu vẫn cần."
    )
    title = TypedField(label=_("Tên lớp"), max_length=200)
    day = DayField(label=_("Ngày khai giảng"), is_past=True)
    topic = forms.ModelChoiceField(label=_("Chuyên đề"), queryset=Topic.objects.all())
    organiser = TypedField(label=_("Đơn vị tổ chức"), max_length=200)
    people = forms.IntegerField(
        label=_("Số lượt người dự"), min_value=1, max_value=100_000, widget=forms.TextInput({"inputmode": "numeric"})
    )
    women = forms.IntegerField(
        label=_("Trong đó nữ"),
        min_value=0,
        required=False,
        help_text=_("Chưa rõ thì để trống, đừng ước lượng."),
        widget=forms.TextInput({"inputmode": "numeric"}),
    )
    officials = forms.IntegerField(
        label=_("Trong đó cán bộ"), min_value=0, required=False, widget=forms.TextInput({"inputmode": "numeric"})
    )
    subjects = forms.IntegerField(
        label=_("Số chủ thể có người dự"),
        min_value=0,
        required=False,
        widget=forms.TextInput({"inputmode": "numeric"}),
    )
    legal_base = TypedField(
        label=_("Căn cứ"), max_length=200, required=False, help_text=_("Số kế hoạch, quyết định mở lớp, nếu có.")
    )
    field_order = ["title", "day", "place"]

    def __init__(self, *args: Any, user: User, outside: OutsideClass | None = None, **kwargs: Any) -> None:
        permission = access.TO_CHANGE_OUTSIDE if outside else access.TO_ADD_OUTSIDE
        place = outside.place if outside else home_of(user, permission)
        initial = self.initial_of(outside) if outside else {}
        super().__init__(*args, **kwargs | {"initial": initial})
        self.fields["place"] = PlaceNameField(
            within=managed_places(user, permission),
            provinces=True,
            initial=capfirst(place.full_name) if place and place.is_current else "",
            help_text=_("Nơi tổ chức: tỉnh, hoặc xã, phường."),
        )
        if outside:
            self.fields["reason"] = reason_field(label=_("Vì sao sửa"), help_text=_("Ghi vào nhật ký."))
            self.look_at(initial | {"topic": outside.topic_id, "place": outside.place_id})
        self.order_fields(self.field_order)

    @classmethod
    def initial_of(cls, outside: OutsideClass) -> dict[str, Any]:
        return {name: getattr(outside, name) for name in cls.base_fields if name != "seen"}


class RemovalForm(forms.Form):
    reason = reason_field(label=_("Vì sao bỏ"), help_text=_("Ghi vào nhật ký."))

"""What is written of somebody who is sent or added: in the records, or in none yet; with the rooms where there are several at one hour."""

from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import PhoneField
from accounts.forms.own import ConsentForm, PrintedNameForm
from accounts.forms.places import PlaceNameField, PlaceOfDayField
from accounts.models import Consent
from lib.typed import TypedField
from provinces.models import Place, PlaceQuerySet
from provinces.queries import units_of_today
from workshops.actions import Nominee
from workshops.forms import RoomsForm
from workshops.planning.watching import ReplaceForm


class NewcomerForm(ConsentForm, PrintedNameForm):
    without_it = _(
        "Chưa ghi, vì ô này chưa đánh dấu. Hãy đọc lời đồng ý cho người ấy nghe; người ấy đồng ý thì đánh dấu, không đồng ý thì đừng ghi."
    )

    form_token = forms.UUIDField(initial=uuid4, widget=forms.HiddenInput)
    phone = PhoneField(
        label=_("Số điện thoại (nếu có)"), required=False, help_text=_("Giấy mời và lời nhắc được nhắn đến số này.")
    )
    unit = TypedField(
        label=_("Đơn vị, cơ sở"),
        max_length=150,
        help_text=_(
            "Ghi trên thẻ đại biểu. Ví dụ: UBND xã Phan Ngọc Hiển, HTX Tôm khô Rạch Gốc; nếu là hộ, ghi tên chủ hộ."
        ),
        error_messages={"required": _("Hãy ghi đơn vị hay cơ sở. Nếu là hộ, ghi tên chủ hộ.")},
    )
    post = TypedField(label=_("Chức vụ (nếu có)"), max_length=100, required=False)
    how = forms.ChoiceField(
        label=_("Người ấy đồng ý bằng cách nào"),
        choices=[
            (Consent.How.PAPER, _("đã ký phiếu giấy, tôi giữ phiếu")),
            (Consent.How.OFFICER, _("đã nghe đọc và đồng ý trước mặt tôi")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Hãy chọn một cách. Im lặng không phải là đồng ý.")},
    )
    field_order = ["name", "phone", "place", "unit", "post"]

    def __init__(self, *args: Any, within: PlaceQuerySet | None, day: date | None = None, **kwargs: Any) -> None:
        """`day`: of a workshop of before, None for others."""
        super().__init__(*args, **kwargs)
        self.fields["place"] = PlaceNameField(within=within, label=_("Xã, phường, đặc khu"), max_length=150)
        if day:
            self.fields["place"] = PlaceOfDayField(
                day=day,
                within=within,
                max_length=150,
                label=_("Nơi ở ngày ấy"),
                help_text=_(
                    "Tên xã, phường, thị trấn của ngày học, thêm huyện, tỉnh sau dấu phẩy; được tính cho xã, phường của hôm nay."
                ),
            )
        self.fields["name"].widget.attrs.pop("autocomplete", None)
        self.order_fields([*self.field_order, *(one.purpose for one in self.texts), "how"])

    def newcomer(self) -> Nominee:
        said = {name: self.cleaned_data[name] for name in ("form_token", "name", "phone", "how")}
        return Nominee(**said, place=self.place_today(), consents=self.given())

    def place_today(self) -> Place:
        place: Place = self.cleaned_data["place"]
        return place if place.is_current else units_of_today({place.pk})[place.pk]

    def place_then(self) -> Place | None:
        """Where that is no place of today."""
        place: Place = self.cleaned_data["place"]
        return None if place.is_current else place


class KnownForm(RoomsForm, ReplaceForm):
    """Of somebody in the records."""


class NewForm(RoomsForm, NewcomerForm):
    """Of somebody who is in none."""

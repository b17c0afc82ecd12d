from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.widgets import Script
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from lib import text
from lib.typed import key_of
from provinces.models import Place, PlaceQuerySet
from provinces.queries import CommuneHit, named_on, needle, search_communes, spelled_so, written_out


class PlaceNameInput(forms.TextInput):
    """A box for a place's name under which the places appear that fit what is typed; without JavaScript it is a box."""

    def __init__(self, *, provinces: bool = False) -> None:
        self.provinces = provinces
        super().__init__({"autocomplete": "off"})

    def build_attrs(self, base_attrs: Any, extra_attrs: Any = None) -> dict[str, Any]:
        address = reverse("accounts_search_places") + ("?tinh=1&q=" if self.provinces else "?q=")
        words = {
            "data-count": _("{n} nơi khớp"),
            "data-more": _("Nhiều nơi khớp. Chưa thấy nơi cần tìm thì gõ thêm tên tỉnh hoặc huyện cũ."),
            "data-none": _("Chưa thấy nơi nào. Thử gõ tên cũ của xã, hoặc tên huyện cũ."),
        }
        attrs: dict[str, Any] = super().build_attrs({"data-place-names": address, **words, **base_attrs}, extra_attrs)
        return attrs

    class Media:
        js = [Script("js/place-names.js", type="module")]


class PlaceNameField(forms.CharField):
    """A commune by its present or former name, cleaned to the Place of today.

    `within` are the places that may be named (None: all); `provinces` lets a province be named as well. A name that fits
    several places is refused with the list of them, never guessed: of those with the diacritics that were typed; where `home` is
    given, of those in its province; and there whoever bears the name today comes before whoever bore it.
    """

    def __init__(
        self, *, within: PlaceQuerySet | None = None, provinces: bool = False, home: Place | None = None, **kwargs: Any
    ) -> None:
        self.within, self.provinces, self.home = within, provinces, home
        kwargs.setdefault("label", _("Địa bàn"))
        kwargs.setdefault(
            "help_text", _("Tên xã, phường mới hay cũ, không cần dấu; thêm tên tỉnh sau dấu phẩy nếu trùng.")
        )
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        if not typed:
            return None
        found = self._provinces(typed) or self._communes(typed)
        if not found and self.within is None:
            raise ValidationError(_("Không tìm thấy nơi này. Hãy gõ lại tên xã, phường mới hay cũ, không cần dấu."))
        if not found:
            raise ValidationError(
                _(
                    "Không tìm thấy nơi này, hoặc nơi này ngoài địa bàn của anh/chị. Hãy gõ lại tên xã, phường mới hay cũ, không cần dấu."
                )
            )
        if len(found) > 1:
            names = "; ".join(capfirst(place.full_name) for place in found[:6])
            raise ValidationError(
                _("Có nhiều nơi khớp: %(names)s. Hãy gõ thêm tên tỉnh, hoặc bấm chọn nếu thấy tên nơi đó bên dưới.")
                % {"names": names}
            )
        return found[0]

    def _provinces(self, typed: str) -> list[Place]:
        if not self.provinces:
            return []
        name = written_out(typed)
        for kind in ("tinh ", "thanh pho ", "tp "):
            name = name.removeprefix(kind)
        among = Place.objects.current() if self.within is None else self.within.current()
        return list(among.provinces().filter(search=name))

    def _communes(self, typed: str) -> list[Place]:
        hits = search_communes(typed)
        if self.within is not None:
            allowed = set(self.within.filter(pk__in=[hit.place.pk for hit in hits]).values_list("pk", flat=True))
            hits = [hit for hit in hits if hit.place.pk in allowed]
        places = [hit.place for hit in hits]
        written = [place for place in places if place.full_name.casefold() == text.nfc(typed).casefold()]
        exact = written or [place for place in places if text.fold(place.full_name) == text.fold(typed)]
        name = needle(typed.split(",", maxsplit=1)[0])
        # Whoever bears it today and whoever bore it before: either may be meant.
        named = [hit for hit in hits if (hit.via or hit.place).search == name]
        return exact or self._meant(typed.split(",", maxsplit=1)[0], named) or places

    def _meant(self, typed: str, named: list[CommuneHit]) -> list[Place]:
        spelled = spelled_so(typed, [hit.via or hit.place for hit in named])
        hits = [hit for hit in named if (hit.via or hit.place) in spelled]
        home = self.home.province if self.home else None
        near = [hit for hit in hits if home and hit.place.province == home]
        said = text.fold(typed)
        today = [hit for hit in near if hit.via is None and said in (hit.place.search, text.fold(str(hit.place)))]
        return [hit.place for hit in (today if len(today) == 1 else near or hits)]


class PlaceOfDayField(PlaceNameField):
    """Of a day that is over, by the names of that day, else by any: what was held in 2023 stays where it was held."""

    def __init__(self, *, day: date | None = None, **kwargs: Any) -> None:
        self.day = day
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Any:
        typed = forms.CharField.clean(self, value)
        found = named_on(self.day, typed) if typed and self.day else []
        if self.within is not None:
            allowed = set(self.within.filter(pk__in=[place.pk for place in found]).values_list("pk", flat=True))
            found = [place for place in found if place.pk in allowed]
        if not self.provinces:
            found = [place for place in found if place.parent_id]
        if len(found) > 1:
            names = "; ".join(capfirst(place.full_name) for place in found[:6])
            raise ValidationError(
                _("Ngày ấy có nhiều nơi tên này: %(names)s. Hãy ghi thêm huyện, tỉnh sau dấu phẩy.") % {"names": names}
            )
        return found[0] if found else super().clean(value)


class PlaceOfLinkField(PlaceNameField):
    """For filters: a link names a place by its key, which is the same in every language; people type a name.

    A key is shown as a name that reads the same in every language as well, as the form sends it again.
    """

    def clean(self, value: Any) -> Any:
        return _by_key(value) or super().clean(value)

    def prepare_value(self, value: Any) -> Any:
        if place := _by_key(value):
            return ", ".join(one.name for one in (place, place.parent) if one)
        return super().prepare_value(value)


def _by_key(value: Any) -> Place | None:
    key = key_of(value)
    return Place.objects.select_related("parent").filter(pk=key).first() if key else None

"""Whom an officer prints cards for."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from provinces.models import PlaceQuerySet

from .places import PlaceOfLinkField

MOST = 40  # cards at once: five sheets


class CardsOfPlaceForm(forms.Form):
    place = PlaceOfLinkField(
        label=_("Địa bàn"),
        provinces=True,
        required=False,
        max_length=150,
        help_text=_("Tên xã, phường hoặc tên tỉnh, không cần dấu."),
    )
    nhap = forms.UUIDField(required=False, widget=forms.HiddenInput)  # of those whom one file wrote down

    def __init__(self, *args: Any, within: PlaceQuerySet | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        place: Any = self.fields["place"]
        place.within = within


class CardsForm(forms.Form):
    people = forms.ModelMultipleChoiceField(
        label=_("In phiếu cho"),
        queryset=Person.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Hãy chọn ít nhất một người."),
            "invalid_choice": _("Có người không còn trong danh sách này. Hãy mở lại trang rồi chọn lại."),
        },
    )

    def __init__(self, *args: Any, among: QuerySet[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people: Any = self.fields["people"]
        people.queryset = among
        people.label_from_instance = _described

    def clean_people(self) -> Any:
        people = self.cleaned_data["people"]
        if len(people) > MOST:
            said = _("Mỗi lần in nhiều nhất %(most)s phiếu. Hãy bỏ bớt rồi in tiếp lần sau.")
            raise forms.ValidationError(said % {"most": MOST})
        return people


def _described(person: Person) -> str:
    year = str(person.birth_year) if person.birth_year else ""
    return " · ".join(filter(None, [person.name, year, person.place.full_name]))

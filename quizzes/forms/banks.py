"""What somebody types of a bank of questions, turned into the arguments of `actions.save_bank`."""

from typing import Any

from django import forms

from accounts.access import managed_places
from accounts.models import User
from provinces.models import Place
from quizzes.access import TO_WRITE
from quizzes.models import QuestionBank


class BankForm(forms.ModelForm):
    class Meta:
        model = QuestionBank
        fields = ["name", "topic", "owner_place", "is_open", "readers", "writers"]
        widgets = {
            name: forms.CheckboxSelectMultiple(attrs={"class": "choices in-columns"}) for name in ("readers", "writers")
        }

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        provinces = Place.objects.current().provinces().order_by("search")
        for name in ("readers", "writers"):
            let = getattr(self.instance, name).all() if self.instance.pk else Place.objects.none()
            self._field(name).queryset = (provinces.exclude(pk=self.instance.owner_place_id) | let).distinct()
        self._offer_owners(managed_places(user, TO_WRITE), provinces)

    def _offer_owners(self, places: Any, provinces: Any) -> None:
        """Whoever works for provinces writes banks of those; the bank of a unit that is no more stays where it is."""
        owner = self._field("owner_place")
        own = provinces if places is None else provinces.filter(pk__in=places)
        owner.queryset = own | Place.objects.filter(pk=self.instance.owner_place_id)
        if places is None:
            return
        owner.required, owner.help_text = True, ""
        if own.count() == 1 and not self.instance.pk:
            owner.initial = own.get()

    def _field(self, name: str) -> Any:
        return self.fields[name]

    def arguments(self) -> dict[str, Any]:
        """For `actions.save_bank`; `bank` has what was typed, and nothing of it is saved yet."""
        return {"bank": self.instance} | {name: self.cleaned_data[name] for name in ("readers", "writers")}

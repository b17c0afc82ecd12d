"""What somebody types of a bank of questions, turned into the arguments of `actions.save_bank`."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.access import managed_places
from accounts.forms.seen import SeenForm
from accounts.models import User
from provinces.models import Place
from quizzes.access import TO_WRITE
from quizzes.models import QuestionBank


class BankForm(SeenForm, forms.ModelForm):
    said_of_another = _(
        "Chưa lưu, vì trong lúc anh/chị sửa, một người khác đã sửa ngân hàng này hoặc việc chia sẻ. Những gì anh/chị ghi vẫn còn ở dưới đây. Hãy mở ngân hàng ở cửa sổ khác để xem đã đổi gì, rồi bấm Lưu nếu vẫn cần."
    )

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
        if self.instance.pk:
            self.look_at({name: str(self.instance_says(name)) for name in self.Meta.fields})
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

    def instance_says(self, name: str) -> Any:
        value = getattr(self.instance, name)
        return sorted(value.values_list("pk", flat=True)) if name in ("readers", "writers") else value

    def _field(self, name: str) -> Any:
        return self.fields[name]

    def arguments(self) -> dict[str, Any]:
        """For `actions.save_bank`; `bank` has what was typed, and nothing of it is saved yet."""
        return {"bank": self.instance} | {name: self.cleaned_data[name] for name in ("readers", "writers")}

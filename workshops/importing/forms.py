from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.places import PlaceNameField, PlaceNameInput
from lib.lists import Columns, Sheet
from lib.lists import forms as lists
from lib.lists.forms import ListForm
from provinces.models import Place, PlaceQuerySet
from workshops.models import Workshop
from workshops.planning.files import FileInput

from .columns import ROSTER
from .deciding import BY_PLACE


class RosterForm(ListForm):
    """The file or the pasted rows."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].widget = FileInput()


class SheetForm(lists.SheetForm):
    begin = forms.IntegerField(label=_("Người đầu tiên ở dòng"), min_value=1, max_value=1_048_576)

    def __init__(self, data: Any, *, sheet: Sheet, columns: Columns, prefix: str) -> None:
        super().__init__(data, sheet=sheet, columns=columns, prefix=prefix, vocabulary=ROSTER)


class SettingForm(forms.Form):
    """What holds for the whole list."""

    place = PlaceNameField(
        label=_("Dòng không ghi xã thì lấy"),
        required=False,
        widget=PlaceNameInput(provinces=True),
        help_text=_("Để trống: dòng không ghi xã, và không đoán được từ tên đơn vị, thì chưa nhập."),
    )

    def __init__(self, *args: Any, within: PlaceQuerySet | None, home: Place, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["place"]
        field.within, field.provinces, field.home = within, True, home


class QuotaForm(forms.Form):
    """Whose seats they get; nothing is asked of a workshop without quotas."""

    quota = forms.ChoiceField(label=_("Tính vào chỉ tiêu"), required=False)

    def __init__(self, *args: Any, workshop: Workshop, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        quotas = [(str(one.pk), str(one)) for one in workshop.quotas.select_related("place")]
        choices: Any = self.fields["quota"]
        choices.choices = [
            (BY_PLACE, _("chỉ tiêu của xã, đơn vị từng người")),
            ("", _("không chỉ tiêu nào, lấy chỗ chung")),
            *quotas,
        ]
        if not quotas:
            del self.fields["quota"]

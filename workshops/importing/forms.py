from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from accounts.forms.places import PlaceNameField, PlaceNameInput
from lib import text
from provinces.models import Place, PlaceQuerySet
from workshops.models import Workshop
from workshops.planning.files import FileInput

from .columns import LABELS, Columns, are_heads, letter
from .deciding import BY_PLACE, Plan
from .reading import LARGEST_FILE, Sheet, UnreadableRosterError, read

SAMPLES, LONGEST_SAMPLE, MOST_SAID = 3, 60, 20


class RosterForm(forms.Form):
    """The file or the pasted rows."""

    file = forms.FileField(
        label=_("Tệp danh sách (.xlsx, .csv)"),
        required=False,
        widget=FileInput,
        help_text=_(
            "Cứ tải lên tệp anh/chị đang có, không cần sửa trước: trang sau cho xem từng dòng rồi mới nhập. Nhiều nhất 5 MB."
        ),
    )
    rows = forms.CharField(
        label=_("hoặc dán các dòng từ Excel vào đây"),
        required=False,
        widget=forms.Textarea({"rows": 6}),
        max_length=2_000_000,
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        file, rows = cleaned.get("file"), cleaned.get("rows") or ""
        if self.errors:
            return cleaned
        if file is None and not rows.strip():
            self.add_error("file", _("Hãy chọn tệp danh sách, hoặc dán các dòng vào ô dưới."))
            return cleaned
        try:
            data = file.read(LARGEST_FILE + 1) if file is not None else rows.encode()
            cleaned["sheets"] = read(data, file.name if file is not None else "")
        except UnreadableRosterError as error:
            self.add_error("file" if file is not None else "rows", str(error))
        return cleaned


class SheetForm(forms.Form):
    """Which column of a sheet says what."""

    is_taken = forms.BooleanField(label=_("Nhập trang này"), required=False)
    begin = forms.IntegerField(label=_("Người đầu tiên ở dòng"), min_value=1, max_value=1_048_576)

    def __init__(self, data: Any, *, sheet: Sheet, columns: Columns, prefix: str) -> None:
        self.sheet, self.columns = sheet, columns
        initial: dict[str, Any] = {"is_taken": columns.is_taken, "begin": columns.begin}
        super().__init__(data, initial=initial | dict(columns.places), prefix=prefix)
        choices = [
            ("", _("không có")),
            *((at, self._said(at)) for at in range(max(len(row.cells) for row in sheet.rows))),
        ]
        for role, label in LABELS.items():
            self.fields[role] = forms.TypedChoiceField(
                label=label, choices=choices, coerce=int, empty_value=None, required=False
            )

    def _said(self, at: int) -> str:
        """The letter of the column and what stands in it."""
        cells = [row.cells[at] for row in self.sheet.rows if at < len(row.cells) and row.cells[at]]
        head = [
            row.cells[at]
            for row in self.sheet.rows
            if row.number < self.columns.begin and at < len(row.cells) and row.cells[at]
        ]
        some = [*head[-1:], *[cell for cell in cells if cell not in head][:1]]
        return f"{letter(at)}: {' · '.join(some)[:LONGEST_SAMPLE]}"

    def answer(self) -> Columns:
        data = self.cleaned_data
        places = {role: data[role] for role in LABELS if data.get(role) is not None}
        return replace(self.columns, places=places, begin=data["begin"], is_taken=data["is_taken"])


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


def decisions_of(posted: Any, plan: Plan, before: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    """What was answered to the questions that were asked, added to what was decided before; "" takes a decision back. An answer for
    all lines that ask the same (`all-`) holds for those that were not answered by themselves."""
    kept = {key: dict(said) for key, said in before.items()}
    for_all: dict[Any, str] = {}
    asked = [(one.line.key, question) for one in plan.lines for question in one.questions]
    for key, question in asked:
        answer = posted.get(f"q-{key}-{question.kind}")
        if answer == "":
            kept.get(key, {}).pop(question.kind, None)
        elif answer in {value for value, _label in question.options}:
            kept.setdefault(key, {})[question.kind] = answer
            if question.alike and f"all-{key}" in posted:
                for_all[question.words, question.options] = answer
    for key, question in asked:
        same = for_all.get((question.words, question.options))
        if same and not posted.get(f"q-{key}-{question.kind}"):
            kept.setdefault(key, {})[question.kind] = same
    return {key: said for key, said in kept.items() if said}


def heads_of(sheet: Sheet, columns: Columns) -> Iterator[str]:
    """One head for each column, of one or two rows; what stands over them is no head."""
    above = [row for row in sheet.rows if row.number < columns.begin][-2:]
    cells = (
        [row.cells for row in above[-1:]]
        if len(above) == 2 and not are_heads(above[0])
        else [one.cells for one in above]
    )
    for at in range(max(len(row.cells) for row in sheet.rows)):
        words = [row[at] for row in cells if at < len(row) and row[at]]
        yield text.nfc(" ".join(dict.fromkeys(words)))[:100] or _g("Cột %(letter)s") % {"letter": letter(at)}

"""The file or the pasted rows, and which column of a sheet says what."""

from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .columns import Columns, Vocabulary, letter
from .reading import LARGEST_FILE, Sheet, UnreadableListError, read

LONGEST_SAMPLE = 60


class ListForm(forms.Form):
    """`cleaned_data["sheets"]` is what was read."""

    file = forms.FileField(
        label=_("Tệp danh sách (.xlsx, .csv)"),
        required=False,
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
        except UnreadableListError as error:
            self.add_error("file" if file is not None else "rows", str(error))
        return cleaned


class SheetForm(forms.Form):
    """Which column of a sheet says what."""

    is_taken = forms.BooleanField(label=_("Nhập trang này"), required=False)
    begin = forms.IntegerField(label=_("Dòng đầu tiên của danh sách"), min_value=1, max_value=1_048_576)

    def __init__(self, data: Any, *, sheet: Sheet, columns: Columns, prefix: str, vocabulary: Vocabulary) -> None:
        self.sheet, self.columns, self.vocabulary = sheet, columns, vocabulary
        initial: dict[str, Any] = {"is_taken": columns.is_taken, "begin": columns.begin}
        super().__init__(data, initial=initial | dict(columns.places), prefix=prefix)
        choices = [
            ("", _("không có")),
            *((at, self._said(at)) for at in range(max(len(row.cells) for row in sheet.rows))),
        ]
        for role, label in vocabulary.labels.items():
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
        places = {role: data[role] for role in self.vocabulary.labels if data.get(role) is not None}
        return replace(self.columns, places=places, begin=data["begin"], is_taken=data["is_taken"])

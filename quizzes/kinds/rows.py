"""Rows in an author's form: choices, answers with their own credit, pairs to match."""

from string import ascii_lowercase
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from lib.typed import TypedField

from . import credit
from .base import Data
from .forms import NO_FILES, Before, KindForm, carried, named_faults
from .numbers import NumberField

SPARE_ROWS = 5
MOST_ROWS = 26  # one for each letter that an id can be


def short_text(label: Any, *, has_pictures: bool = True, **more: Any) -> TypedField:
    """A field of one or two lines in a row."""
    attrs = {"rows": 2, "cols": 30} | ({"data-pictures": True} if has_pictures else {})
    return TypedField(label=label, required=False, max_length=500, widget=forms.Textarea(attrs=attrs), **more)


class Row(forms.Form):
    """One row. `main` is the field without which a row says nothing; an empty row is left out."""

    id = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    main: ClassVar[str] = "text"

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        others = (value for name, value in cleaned.items() if name not in ("id", "DELETE", "weight", self.main))
        if any(others) and not cleaned.get(self.main) and self.main not in self.errors:
            label = self.fields[self.main].label
            self.add_error(self.main, _("Hãy ghi %(label)s cho dòng này, hoặc bỏ cả dòng.") % {"label": label})
        return cleaned

    def stored(self) -> dict[str, Any]:
        """What goes into the data: what was filled in."""
        skipped = ("DELETE", "id")
        return {
            name: value for name, value in self.cleaned_data.items() if name not in skipped and value not in ("", None)
        }


class WeightField(NumberField):
    """Percent of the marks as a JSON number; `empty` where nothing is written."""

    def __init__(self, *, empty: int | None = 100, **kwargs: Any) -> None:
        self.empty = empty
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        if not typed:
            return self.empty
        if not -1 <= credit.share(typed) <= 1:
            raise forms.ValidationError(_("Phần điểm là một số từ −100 đến 100."))
        return int(typed) if float(typed).is_integer() else float(typed)


class WeightedRow(Row):
    weight = WeightField(label=_("phần điểm (%)"), required=False)
    feedback = short_text(_("lời nhắn"))

    def stored(self) -> dict[str, Any]:
        row = super().stored()
        return {name: value for name, value in row.items() if (name, value) != ("weight", 100)}


class RowsForm(KindForm):
    """A kind whose data holds a list of rows under `key`. Rows with an id keep it through all versions."""

    template = "quizzes/admin/kinds/_rows.html"
    row_class: ClassVar[type[Row]]
    key: ClassVar[str]
    has_ids: ClassVar[bool] = False
    fields_first: ClassVar[bool] = False  # the other fields stand above the rows
    lead: ClassVar[Any] = _("Dòng trống được bỏ qua.")

    def __init__(self, *args: Any, stored: Data | None = None, before: Before | None = None, **kwargs: Any) -> None:
        super().__init__(*args, stored=stored, before=before, **kwargs)
        rows = forms.formset_factory(
            self.row_class,
            extra=SPARE_ROWS,
            max_num=MOST_ROWS,
            validate_max=True,
            can_delete=True,
            can_delete_extra=False,
        )
        kept = self.carried_rows(before) if before else None
        self.rows: Any = rows(
            self.data if self.is_bound else None,
            prefix=f"{self.prefix}-rows",
            initial=self.rows_of(stored or {}) if kept is None else kept,
        )

    def carried_rows(self, before: Before) -> list[dict[str, Any]] | None:
        """The rows that the author kept in the form before, with what both kinds ask for; None where it has none like these."""
        asked = before.form.row_class.base_fields if issubclass(before.form, RowsForm) else {}
        if self.row_class.main not in asked:
            return None
        empty = [self.row_class(prefix=f"{self.prefix}-rows-{number}") for number in range(MOST_ROWS)]
        kept = [row for row in empty if not _is_dropped(row, before)]
        found = ({**carried(row, before.typed, asked), "id": ""} for row in kept)
        return [row for row in found if row.get(self.row_class.main)]

    def rows_of(self, stored: Data) -> list[dict[str, Any]]:
        return list(stored.get(self.key, []))

    def headings(self) -> list[Any]:
        return [field.label for field in self.rows.empty_form.visible_fields() if field.name != "DELETE"]

    def is_valid(self) -> bool:
        rows_are_valid = self.rows.is_valid()
        return super().is_valid() and rows_are_valid

    def faults(self) -> list[str]:
        said = _("Dòng %(n)s – %(fault)s")
        rows = [
            said % {"n": number, "fault": fault}
            for number, row in enumerate(self.rows, start=1)
            for fault in named_faults(row, row.fields)
        ]
        return [*super().faults(), *self.rows.non_form_errors(), *rows]

    def has_changed(self) -> bool:
        return bool(super().has_changed() or self.rows.has_changed())

    def filled(self) -> list[Row]:
        kept = (row for row in self.rows if row not in self.rows.deleted_forms)
        return [row for row in kept if row.cleaned_data.get(row.main)]

    def entered(self) -> Data:
        rows = [row.stored() for row in self.filled()]
        if self.has_ids:
            rows = [{"id": key} | row for key, row in zip(self._ids(), rows, strict=True)]
        return {self.key: rows}

    def _ids(self) -> list[str]:
        given = [row.cleaned_data["id"] for row in self.filled()]
        free = iter([letter for letter in ascii_lowercase if letter not in given])
        return [key or next(free) for key in given]


def _is_dropped(row: Row, before: Before) -> bool:
    return bool(forms.CheckboxInput().value_from_datadict(before.typed, NO_FILES, row.add_prefix("DELETE")))

"""Rows of a form that grow: "Thêm dòng" sends the form for one more where no script does it on the spot; empty rows are passed over."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.utils import ErrorDict, ErrorList
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from lib.typed import key_of
from workshops.actions import parts

MOST = 60


class Row(forms.Form):
    """`pk` names the row that is changed; `gone` takes it away."""

    pk = forms.IntegerField(required=False, widget=forms.HiddenInput)
    gone = forms.BooleanField(label=_("Bỏ dòng này"), required=False)

    def full_clean(self) -> None:
        """Of a row that goes away nothing has to be right."""
        super().full_clean()
        if self.is_bound and self.is_there and self.fields["gone"].clean(self["gone"].data):
            self._errors = ErrorDict()
            self.cleaned_data = {"pk": self.initial.get("pk"), "gone": True}

    @property
    def shown(self) -> list[forms.BoundField]:
        return [field for field in self.visible_fields() if field.name != "gone"]

    @property
    def is_there(self) -> bool:
        """Of a row that stood there before the form was opened: it is taken away by a tick, a new one is left empty."""
        return not self.empty_permitted

    def spec(self) -> parts.Spec:
        raise NotImplementedError


class Rows(forms.BaseFormSet):
    heading: Any = ""
    lead: Any = ""
    one: Any = ""

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        """What is there is known by its key, which was sent along: others may have added or taken away rows since it was shown. Of a row that
        is gone by now nothing is known, so that what was typed is written anew."""
        kwargs: dict[str, Any] = super().get_form_kwargs(index)
        there = {row["pk"]: row for row in self.initial or () if row["pk"]}
        if index is None or not self.is_bound or not there:
            return kwargs
        sent = key_of(self.data.get(f"{self.add_prefix(index)}-pk", ""))
        return kwargs | {"initial": there.get(sent, {})}

    @property
    def wanted(self) -> list[tuple[int, Row]]:
        """The rows that say something, each with its place on the page."""
        said = [(at, row) for at, row in enumerate(self.forms) if row.is_there or row.has_changed()]
        return [(at, row) for at, row in said if row.is_valid() and not row.cleaned_data["gone"]]

    def specs(self) -> list[parts.Spec]:
        gone = [row.cleaned_data["pk"] for row in self.forms if row.cleaned_data.get("gone")]
        return [*(row.spec() for _at, row in self.wanted), *(parts.Spec(pk=pk, gone=True) for pk in gone if pk)]

    @property
    def is_open(self) -> bool:
        """Whether there is something in it to see."""
        return (self.is_bound and any(row.has_changed() or row.errors for row in self.forms)) or bool(self.initial)

    def hush(self) -> None:
        """Nothing is checked of a form that was sent for another row."""
        self._errors, self._non_form_errors = [ErrorDict() for _row in self.forms], ErrorList()
        for row in self.forms:
            row._errors, row.cleaned_data = ErrorDict(), {"gone": False}


def growing(row: type[Row], formset: type[Rows], extra: int) -> type[Any]:
    return forms.formset_factory(row, formset=formset, extra=extra, max_num=MOST, absolute_max=MOST, validate_max=True)


def with_another(data: QueryDict, prefix: str, row: type[Row]) -> QueryDict:
    """What was sent, with one more row of a kind, which says what new rows say at first."""
    grown = data.copy()
    number = min(key_of(data.get(f"{prefix}-TOTAL_FORMS", "")), MOST - 1)
    grown[f"{prefix}-TOTAL_FORMS"] = str(number + 1)
    empty = row(prefix=f"{prefix}-{number}")
    for field in empty:
        if field.initial is not None:
            grown[field.html_name] = str(field.field.widget.format_value(field.initial) or "")
    return grown


@dataclass(frozen=True)
class Wrong:
    """A field with an error, and what it is called where all errors stand together."""

    said: str
    field: forms.BoundField


def errors_of(sets: Iterable[Rows]) -> list[Wrong]:
    """With the row: "Buổi 2, Ngày"."""
    return [
        Wrong(f"{rows.one} {number}, {field.label}", field)
        for rows in sets
        for number, row in enumerate(rows.forms, 1)
        for field in row.visible_fields()
        if field.errors
    ]

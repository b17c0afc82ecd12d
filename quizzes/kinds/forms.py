"""What the forms of the kinds have in common: the part of the author's form that makes a version's `data`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.text import capfirst

from .base import Data

NO_FILES: MultiValueDict[str, Any] = MultiValueDict()


@dataclass(frozen=True)
class Before:
    """The form of another kind that an author leaves, and what stood in it."""

    form: type[KindForm]
    typed: QueryDict


def carried(form: forms.BaseForm, typed: QueryDict, asked: Iterable[str]) -> dict[str, Any]:
    """What was typed into the fields that were `asked` before, as it stands there: nothing is judged before it is saved.

    Of a box without a tick a browser says nothing; only who knows what was asked can tell it from one that was not there.
    """
    places = [(name, form.fields[name].widget, form.add_prefix(name)) for name in asked if name in form.fields]
    return {
        name: widget.value_from_datadict(typed, NO_FILES, place)
        for name, widget, place in places
        if not widget.value_omitted_from_data(typed, NO_FILES, place)
    }


def named_faults(form: forms.BaseForm, names: Iterable[str]) -> list[str]:
    """What is wrong with these fields, each sentence with the name of its own: for where the fields are not in sight."""
    return [f"{capfirst(form[name].label)}: {said}" for name in names for said in form.errors.get(name, [])]


class KindForm(forms.Form):
    """One kind's own fields. `stored` is the data of the newest version, of another kind when the author changes the kind.
    What the form `before` asked as well stays as the author left it, also taken away; the rest is as it is stored."""

    template: ClassVar[str] = "quizzes/admin/kinds/_fields.html"
    problem_field: ClassVar[str | None] = None  # where the kind's sentences are said; None: above all fields

    def __init__(self, *args: Any, stored: Data | None = None, before: Before | None = None, **kwargs: Any) -> None:
        self.stored = stored
        super().__init__(*args, **kwargs | {"initial": self.initial_of(stored or {})})
        if before:
            self.initial.update(carried(self, before.typed, before.form.base_fields))

    def initial_of(self, stored: Data) -> dict[str, Any]:
        return {}

    def entered(self) -> Data:
        """The typed values as `data`; asked for once the form is valid."""
        raise NotImplementedError

    def wording(self) -> Data:
        """What to save. Untouched data goes back exactly as it was, so that saving again makes no new version."""
        return self.stored if self.stored and not self.has_changed() else self.entered()

    def faults(self) -> list[str]:
        """What is wrong with a form that was looked at, in sentences."""
        return [*self.non_field_errors(), *named_faults(self, self.fields)]

    def say(self, problems: list[str]) -> None:
        for problem in problems:
            self.add_error(self.problem_field, problem)

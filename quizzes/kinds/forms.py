"""What the forms of the kinds have in common: the part of the author's form that makes a version's `data`."""

from typing import Any, ClassVar

from django import forms
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from .base import Data


def carried(form: forms.BaseForm, typed: QueryDict) -> dict[str, Any]:
    """What was typed into fields that a form has as well, as it stands there: nothing is judged before it is saved."""
    return {
        name: field.widget.value_from_datadict(typed, MultiValueDict(), form.add_prefix(name))
        for name, field in form.fields.items()
        if form.add_prefix(name) in typed
    }


class KindForm(forms.Form):
    """One kind's own fields. `stored` is the data of the newest version, of another kind when the author changes the kind;
    `typed` is what stood in the form of that other kind."""

    template: ClassVar[str] = "quizzes/admin/kinds/_fields.html"
    problem_field: ClassVar[str | None] = None  # where the kind's sentences are said; None: above all fields

    def __init__(self, *args: Any, stored: Data | None = None, typed: QueryDict | None = None, **kwargs: Any) -> None:
        self.stored = stored
        super().__init__(*args, **kwargs | {"initial": self.initial_of(stored or {})})
        self.initial.update(carried(self, typed or QueryDict()))

    def initial_of(self, stored: Data) -> dict[str, Any]:
        return {}

    def entered(self) -> Data:
        """The typed values as `data`; asked for once the form is valid."""
        raise NotImplementedError

    def wording(self) -> Data:
        """What to save. Untouched data goes back exactly as it was, so that saving again makes no new version."""
        return self.stored if self.stored and not self.has_changed() else self.entered()

    def say(self, problems: list[str]) -> None:
        for problem in problems:
            self.add_error(self.problem_field, problem)

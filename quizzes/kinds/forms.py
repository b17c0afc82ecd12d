"""What the forms of the kinds have in common: the part of the author's form that makes a version's `data`."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from lib import text

from .base import Data


class Words(forms.CharField):
    """Text as it is stored: NFC and tidy. With `lines` the line ends stay, as one \\n each, whatever the browser sends."""

    def __init__(self, *, lines: bool = False, **kwargs: Any) -> None:
        self.lines = lines
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        words = super().to_python(value) or ""
        if not self.lines:
            return text.nfc(words)
        return "\n".join(text.nfc(line) for line in words.splitlines()).strip()


class KindForm(forms.Form):
    """One kind's own fields. `stored` is the data of the newest version, of another kind when the author changes the kind."""

    template: ClassVar[str] = "quizzes/admin/kinds/_fields.html"
    problem_field: ClassVar[str | None] = None  # where the kind's sentences are said; None: above all fields

    def __init__(self, *args: Any, stored: Data | None = None, **kwargs: Any) -> None:
        self.stored = stored
        super().__init__(*args, **kwargs | {"initial": self.initial_of(stored or {})})

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


class ChoiceRow(forms.Form):
    id = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    text = Words(
        label=_("phương án"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2, "cols": 40})
    )
    right = forms.BooleanField(label=_("đúng"), required=False)
    feedback = Words(
        label=_("lời nhắn khi chọn"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2, "cols": 40}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        has_more = cleaned.get("right") or cleaned.get("feedback")
        if has_more and not cleaned.get("text") and "text" not in self.errors:
            self.add_error("text", _("Hãy ghi chữ cho phương án này, hoặc bỏ cả dòng."))
        return cleaned


SPARE_ROWS = 5
ChoiceRows = forms.formset_factory(
    ChoiceRow, extra=SPARE_ROWS, max_num=26, validate_max=True, can_delete=True, can_delete_extra=False
)


class ChoicesForm(KindForm):
    """Rows of choices for the kinds that have them. A choice keeps its id through all versions; a new one gets a free letter."""

    template = "quizzes/admin/kinds/_choices.html"

    shuffle = forms.BooleanField(label=_("Xáo trộn thứ tự phương án cho mỗi người"), required=False)

    def __init__(self, *args: Any, stored: Data | None = None, **kwargs: Any) -> None:
        super().__init__(*args, stored=stored, **kwargs)
        kept = [self._row(choice) for choice in (stored or {}).get("choices", [])]
        self.rows = ChoiceRows(self.data if self.is_bound else None, prefix=f"{self.prefix}-rows", initial=kept)

    def initial_of(self, stored: Data) -> dict[str, Any]:
        return {"shuffle": stored.get("shuffle", True)}

    @staticmethod
    def _row(choice: dict[str, Any]) -> dict[str, Any]:
        return {name: choice.get(name, "") for name in ("id", "text", "feedback")} | {
            "right": bool(choice.get("right"))
        }

    def is_valid(self) -> bool:
        rows_are_valid = self.rows.is_valid()
        return super().is_valid() and rows_are_valid

    def has_changed(self) -> bool:
        return bool(super().has_changed() or self.rows.has_changed())

    def entered(self) -> Data:
        rows = [row.cleaned_data for row in self.rows if row not in self.rows.deleted_forms]
        filled = [row for row in rows if row.get("text")]
        taken = {row["id"] for row in filled}
        free = iter([letter for letter in "abcdefghijklmnopqrstuvwxyz" if letter not in taken])
        names = ("id", "text", "right", "feedback")
        choices = [{name: row[name] for name in names} | {"id": row["id"] or next(free)} for row in filled]
        return {"choices": choices} if self.cleaned_data["shuffle"] else {"choices": choices, "shuffle": False}

"""Rows of a form that grow: "Thêm dòng" sends the form for one more where no script does it on the spot; empty rows are passed over."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django import forms
from django.forms.utils import ErrorDict, ErrorList
from django.http import QueryDict
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from lib import text
from lib.typed import key_of
from workshops.actions import parts

MOST = 60


class Remembering(forms.BaseForm):
    """A form that knows what stood in it when it was opened (`mark`, which the page sends along), so that nobody writes over what a colleague
    has saved since without having seen it. Sent once more as it was saved it is no such thing."""

    is_overtaken = False

    @property
    def now(self) -> str:
        """Of all that is there; "" for what is new."""
        said = [(name, str(self.get_initial_for_field(field, name))) for name, field in self.fields.items()]
        return sha256(repr(said).encode()).hexdigest()[:16] if self.is_known else ""

    @property
    def is_known(self) -> bool:
        """Each form says it: whether what it shows is kept already."""
        raise NotImplementedError

    @property
    def mark_name(self) -> str:
        return self.add_prefix("was")

    @property
    def mark(self) -> str:
        """Whoever has read what stands there now may write over it."""
        return self.now if self.is_overtaken else str(self.data.get(self.mark_name, self.now))

    def refuse_overtaken(self) -> None:
        self.is_overtaken = False
        if not (self.is_bound and self.is_known) or self.mark in ("", self.now):
            return
        others = [name for name in self.changed_data if not self._is_kept_so(name)]
        if not others:
            return
        self.is_overtaken = True
        said = _g(
            "Có người vừa sửa chỗ này, nay đang ghi: %(now)s. Muốn giữ như anh/chị gõ dưới đây thì bấm lưu lần nữa."
        )
        self.add_error(None, said % {"now": "; ".join(self._in_words(others))})

    def _is_kept_so(self, name: str) -> bool:
        """Whether what was typed is tidied to what stands there."""
        typed = self.cleaned_data.get(name)
        return isinstance(typed, str) and text.nfc(typed) == self[name].initial

    def _in_words(self, names: Iterable[str]) -> Iterator[str]:
        """What stands there where something else was typed."""
        for name in names:
            field = self[name]
            choices = dict(getattr(field.field, "choices", ()))
            value = choices.get(field.initial, field.field.widget.format_value(field.initial))
            yield f"{field.label}: {_g('không') if value in (None, '', False) else _g('có') if value is True else value}"


class Row(Remembering, forms.Form):
    """`pk` names the row that is changed; `gone` takes it away."""

    pk = forms.IntegerField(required=False, widget=forms.HiddenInput)
    gone = forms.BooleanField(label=_("Bỏ dòng này"), required=False)

    def full_clean(self) -> None:
        """Of a row that goes away nothing has to be right."""
        super().full_clean()
        if self.is_bound and self.is_there and self.fields["gone"].clean(self["gone"].data):
            self._errors = ErrorDict()
            self.cleaned_data = {"pk": self.initial.get("pk"), "gone": True}
        self.refuse_overtaken()

    @property
    def shown(self) -> list[forms.BoundField]:
        return [field for field in self.visible_fields() if field.name != "gone"]

    @property
    def is_there(self) -> bool:
        """Of a row that stood there before the form was opened: it is taken away by a tick, a new one is left empty."""
        return not self.empty_permitted

    @property
    def is_known(self) -> bool:
        """What a colleague took away meanwhile is written anew."""
        return bool(self.initial.get("pk"))

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

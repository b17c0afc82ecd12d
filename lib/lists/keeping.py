"""A list between looking and pressing the button: what was read, and what was said about it, kept for whoever sent it (`lib.waiting`)."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lib import waiting

from .columns import Columns
from .reading import Sheet


@dataclass(frozen=True)
class Kept:
    """`about`: what was said, by name; columns among it."""

    data: bytes
    about: Mapping[str, Any]

    @property
    def sheets(self) -> list[Sheet]:
        return [Sheet.from_list(one) for one in json.loads(self.data)]

    @property
    def columns(self) -> list[Columns]:
        return [Columns(**one) for one in self.about["columns"]]

    @property
    def decisions(self) -> dict[str, dict[str, str]]:
        decisions: dict[str, dict[str, str]] = self.about.get("decisions", {})
        return decisions

    def saying(self, **more: Any) -> "Kept":
        return Kept(self.data, {**self.about, **more})


def begun(cleaned: Mapping[str, Any], detect: Callable[[Sheet], Columns], **about: Any) -> Kept:
    """Of what a `forms.ListForm` read."""
    sheets, file = cleaned["sheets"], cleaned["file"]
    data = json.dumps([sheet.as_list() for sheet in sheets]).encode()
    columns = [detect(one).as_dict() for one in sheets]
    return Kept(data, {"name": file.name[:100] if file else "", "columns": columns, **about})


def as_said(forms: Sequence[Any]) -> list[dict[str, Any]]:
    """The columns that somebody chose in `forms.SheetForm`s."""
    return [form.answer().as_dict() for form in forms]


class Keeping:
    """Lists of one kind, so that a token of another kind's finds nothing."""

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def keep(self, kept: Kept, *, owner: int, at: datetime) -> str:
        return waiting.keep(owner=owner, data=kept.data, about={self.kind: dict(kept.about)}, at=at)

    def find(self, token: str, *, owner: int, at: datetime) -> Kept | None:
        found = waiting.find(owner, token, at=at)
        about = found[1].get(self.kind) if found else None
        return Kept(found[0], about) if found and about else None

"""The style sheet that every page waits for says what its parts say, in fewer bytes."""

import gzip
import re
import runpy
import sys
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
import tinycss2

from .test_house import ROOT

pytestmark = pytest.mark.once

CSS = ROOT / "static" / "css"
UNDRESSED = {"card-page__screen", "question__body"}  # they say what stands there, and look like the rest
LARGEST = 8_500  # bytes compressed: about a sixth of a second at 400 kbit/s


def _tokens(found: Iterable[Any]) -> Iterator[tuple[str, Any]]:
    """Without spaces and remarks, and without the semicolon that a brace makes superfluous."""
    kept = [token for token in found if token.type not in ("whitespace", "comment")]
    for place, token in enumerate(kept):
        inside = getattr(token, "content", None) or getattr(token, "arguments", None)
        if token == ";" and place == len(kept) - 1:
            continue
        yield token.type, getattr(token, "name", None) or (token.serialize() if inside is None else "")
        yield from _tokens(inside or [])


def _read(text: str) -> list[tuple[str, Any]]:
    return list(_tokens(tinycss2.parse_component_value_list(text)))


def test_what_is_taken_out_of_the_joined_style_sheet_meant_nothing(monkeypatch):
    monkeypatch.setattr(sys, "argv", ["css", "--check"])
    parts = runpy.run_path(str(ROOT / "script" / "css"))["PARTS"]
    assert _read((CSS / "site.css").read_text()) == _read("".join(part.read_text() for part in parts))


def test_every_part_is_joined(monkeypatch):
    """But those that only the admin loads, or one page alone."""
    monkeypatch.setattr(sys, "argv", ["css", "--check"])
    parts = {part.name for part in runpy.run_path(str(ROOT / "script" / "css"))["PARTS"]}
    assert {part.name for part in CSS.rglob("*.css")} - parts == {
        "site.css",
        "admin.css",
        "plan.css",
        "board.css",
        "card.css",
        "card-sheets.css",
        "figures.css",
        "grid.css",
        "door.css",
        "hall.css",
        "screen.css",
        "shown.css",
    }


def test_the_joined_style_sheet_weighs_little():
    assert len(gzip.compress((CSS / "site.css").read_bytes())) < LARGEST


def test_every_part_of_a_component_that_a_template_names_has_a_rule():
    named = {
        name
        for page in (ROOT / "templates").rglob("*.html")
        for found in re.findall(r'class="([^"{]*)', page.read_text())
        for name in found.split()
        if "__" in name
    }
    rules = "".join(part.read_text() for part in CSS.rglob("*.css"))
    assert {name for name in named if f".{name}" not in rules} - UNDRESSED == set()

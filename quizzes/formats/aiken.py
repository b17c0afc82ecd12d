"""Aiken: a question of one line, lettered choices, ANSWER: and a letter."""

from .base import Parsed
from .lettered import Line
from .lettered import read as read_lines


def read(content: str) -> Parsed:
    return read_lines(Line(number, text) for number, text in enumerate(content.splitlines(), start=1))

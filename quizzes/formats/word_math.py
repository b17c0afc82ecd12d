"""Equations of Word in one line: a fraction as (a)/(b), a power as x²."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from xml.etree.ElementTree import Element

from . import scripts
from .word_xml import name

_PROPERTIES = ("rPr", "fPr", "sSupPr", "sSubPr", "sSubSupPr", "radPr", "dPr", "naryPr", "ctrlPr")
_PLAIN = tuple(f"m:{one}" for one in _PROPERTIES)


def written(element: Element) -> str:
    tag = name(element)
    if tag == "m:t":
        return element.text or ""
    parts = [(name(one).removeprefix("m:"), written(one)) for one in element if name(one) not in _PLAIN]
    if tag == "m:d":
        return f"({', '.join(words for _name, words in parts)})"
    shaped = _SHAPES.get(tag)
    return shaped(defaultdict(str, parts)) if shaped else "".join(words for _name, words in parts)


def _held(words: str) -> str:
    return words if len(words) < 2 or words.isalnum() else f"({words})"


def _above(words: str) -> str:
    made = scripts.above(words)
    return f"^({words})" if made.startswith("^") and len(words) > 1 else made


def _below(words: str) -> str:
    made = scripts.below(words)
    return f"_{_held(words)}" if made == words and words else made


_SHAPES: dict[str, Callable[[Mapping[str, str]], str]] = {
    "m:f": lambda parts: f"{_held(parts['num'])}/{_held(parts['den'])}",
    "m:sSup": lambda parts: parts["e"] + _above(parts["sup"]),
    "m:sSub": lambda parts: parts["e"] + _below(parts["sub"]),
    "m:sSubSup": lambda parts: parts["e"] + _below(parts["sub"]) + _above(parts["sup"]),
    "m:rad": lambda parts: f"{_above(parts['deg'])}√{_held(parts['e'])}",
}

"""Equations of Word in one line: a fraction as (a)/(b), a power as x²."""

from xml.etree.ElementTree import Element

from . import scripts
from .word_xml import name

_PLAIN = ("m:rPr", "m:fPr", "m:sSupPr", "m:sSubPr", "m:radPr", "m:dPr", "m:naryPr", "m:ctrlPr")


def written(element: Element) -> str:
    tag = name(element)
    if tag == "m:t":
        return element.text or ""
    if tag in _PLAIN:
        return ""
    parts = {name(one): written(one) for one in element if name(one) not in _PLAIN}
    match tag:
        case "m:f":
            return f"{_held(parts.get('m:num', ''))}/{_held(parts.get('m:den', ''))}"
        case "m:sSup":
            return parts.get("m:e", "") + _above(parts.get("m:sup", ""))
        case "m:sSub":
            return parts.get("m:e", "") + _below(parts.get("m:sub", ""))
        case "m:sSubSup":
            return parts.get("m:e", "") + _below(parts.get("m:sub", "")) + _above(parts.get("m:sup", ""))
        case "m:rad":
            return f"{_above(parts.get('m:deg', ''))}√{_held(parts.get('m:e', ''))}"
        case "m:d":
            return f"({', '.join(written(one) for one in element if name(one) == 'm:e')})"
    return "".join(written(one) for one in element)


def _held(words: str) -> str:
    return words if len(words) < 2 or words.isalnum() else f"({words})"


def _above(words: str) -> str:
    made = scripts.above(words)
    return f"^({words})" if made.startswith("^") and len(words) > 1 else made


def _below(words: str) -> str:
    made = scripts.below(words)
    return f"_{_held(words)}" if made == words and words else made

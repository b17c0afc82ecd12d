"""Words of other programs as our Markdown."""

import re
from html import unescape
from typing import Any

from markdownify import MarkdownConverter

from quizzes import wording

_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|&(?:[a-zA-Z]+|#\d+);")
_BLANKS = re.compile(r"\n{3,}")


class _Converter(MarkdownConverter):  # type: ignore[misc]
    """What our Markdown has; the words of a link stay, followed by where it led, because questions lead nowhere."""

    def convert_a(self, el: Any, text: str, parent_tags: Any) -> str:
        href = (el.get("href") or "").strip()
        return f"{text} ({href})" if href and href != text.strip() else text

    def convert_script(self, el: Any, text: str, parent_tags: Any) -> str:
        return ""

    convert_style = convert_script

    def convert_hN(self, n: int, el: Any, text: str, parent_tags: Any) -> str:  # noqa: N802 (its name)
        words = " ".join(text.split())
        return f"\n\n**{words}**\n\n" if words else ""

    def convert_hr(self, el: Any, text: str, parent_tags: Any) -> str:
        return "\n\n"

    def convert_sub(self, el: Any, text: str, parent_tags: Any) -> str:
        return text.translate(_SUB) if text and all(c in _SUB_SIGNS for c in text) else text

    def convert_sup(self, el: Any, text: str, parent_tags: Any) -> str:
        return text.translate(_SUP) if text and all(c in _SUP_SIGNS for c in text) else f"^{text}" if text else ""


_SUB_SIGNS, _SUP_SIGNS = "0123456789+-=()", "0123456789+-=()n"
_SUB = str.maketrans(_SUB_SIGNS, "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")
_SUP = str.maketrans(_SUP_SIGNS, "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ")


def from_html(html: str) -> str:
    converter = _Converter(bullets="-", escape_misc=True, newline_style="backslash", strip_document="strip")
    marked = converter.convert(html).replace("\\\n", "\n").replace("\xa0", " ")
    lines = "\n".join(line.rstrip() for line in marked.splitlines())
    return _BLANKS.sub("\n\n", lines).strip()


def from_format(words: str, how: str) -> str:
    """`how`: html, markdown, plain, or moodle, which is plain text in which tags count and line ends are kept."""
    match how:
        case "markdown":
            return words
        case "html":
            return from_html(words)
        case "moodle" if _TAG.search(words):
            return from_html(words.replace("\n", "<br>\n"))
        case _:
            return wording.quoted(unescape(words) if how == "moodle" else words)

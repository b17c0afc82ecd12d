"""Words of other programs as our Markdown."""

import re
from html import unescape

from quizzes import wording

_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|&(?:[a-zA-Z]+|#\d+);")


def from_html(html: str) -> str:
    from .foreign_html import from_html  # only an import needs it, and every worker would hold it

    return from_html(html)


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

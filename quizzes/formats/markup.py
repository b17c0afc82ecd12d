"""Words of other programs as our Markdown."""

import re
from html import unescape

from django.utils.translation import gettext as _
from markdown_it import MarkdownIt

from quizzes import wording

from .base import check_length

_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|&(?:[a-zA-Z]+|#\d+);")

DRAWN = re.compile(r"<(?:svg|math|canvas)\b", re.IGNORECASE)
_FOREIGN = re.compile(
    r"^ {0,3}(?:#{1,6}\s|```|~~~|=+\s*$|-{2,}\s*$)|(?<![!\\])\[[^\]]{1,200}(?<!\\)\]\([^)\s]|(?<!\\)</?[a-zA-Z][^<>]*>",
    re.MULTILINE,
)


def from_html(html: str) -> str:
    from .foreign_html import from_html  # only an import needs it, and every worker would hold it

    check_length(html)
    return from_html(html)


def not_drawn() -> str:
    return _("Hình vẽ (svg) hay công thức (MathML) viết trong mã HTML không nhập được; hãy xem lại.")


def _from_markdown(words: str) -> str:
    """Ours has no headings, links, blocks of code and HTML: where somebody wrote these, what they show is taken."""
    if not _FOREIGN.search(words):
        return words.strip()
    rich = MarkdownIt("commonmark", {"html": True, "breaks": True}).enable(["table", "strikethrough"])
    return from_html(rich.render(words))


def from_format(words: str, how: str) -> str:
    """`how`: html, markdown, plain, or moodle, which is plain text in which tags count and line ends are kept."""
    check_length(words)
    match how:
        case "markdown":
            return _from_markdown(words)
        case "html":
            return from_html(words)
        case "moodle" if _TAG.search(words):
            return from_html(words.replace("\n", "<br>\n"))
        case _:
            return wording.quoted(unescape(words) if how == "moodle" else words)

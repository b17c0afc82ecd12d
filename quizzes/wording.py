"""The words of questions: Markdown without links and HTML, with pictures of the library as ![alt](anh:12).

Stored as it was typed, so that search, comparison and export read it; shown through `html`, `line` and `plain`.
"""

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any

from django.template.defaultfilters import floatformat
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token
from wagtail.images import get_image_model

PICTURE = "anh:"
PICTURES = re.compile(r"!\[([^\]]*)\]\(anh:(\d{1,9})\)")
WIDTH = "width-640"
_SPECIAL = re.compile(r"([\\`*_\[\]<>~|]|&(?=#?\w{1,31};))")
_LINE_START = re.compile(r"^(\s*)(#{1,6}(?=\s)|[-+>](?=\s)|=+\s*$|-{2,}\s*$|\d{1,9}(?=[.)]\s))", re.MULTILINE)


def _picture(renderer: Any, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
    """A picture of the library; of an address elsewhere only the description is shown, because nothing is loaded from there."""
    token = tokens[at]
    alt = token.content
    source = str(token.attrs.get("src", ""))
    found = _found(int(source.removeprefix(PICTURE))) if re.fullmatch(r"anh:\d{1,9}", source) else None
    if found is None:
        return format_html("{}", alt)
    return format_html(
        '<img src="{}" width="{}" height="{}" alt="{}" loading="lazy">', found.url, found.width, found.height, alt
    )


def _found(pk: int) -> Any:
    image = get_image_model().objects.filter(pk=pk).first()
    return image.get_rendition(WIDTH) if image else None


_markdown = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"])
_markdown.disable(["link", "autolink", "heading", "lheading", "hr", "code", "fence", "html_block", "reference"])
_markdown.add_render_rule("image", _picture)
_markdown.validateLink = lambda url: url.startswith(PICTURE)  # type: ignore[method-assign]


@lru_cache(maxsize=2000)
def _html(words: str) -> SafeString:
    return mark_safe(_markdown.render(words).strip())


@lru_cache(maxsize=2000)
def _line(words: str) -> SafeString:
    return mark_safe(_markdown.renderInline(words).strip())


def html(words: str) -> SafeString:
    """Paragraphs, lists, tables. Words with pictures are not remembered: a picture may be exchanged."""
    return _html.__wrapped__(words) if PICTURE in words else _html(words)


def line(words: str) -> SafeString:
    """Within a line: for labels and choices, which may hold no paragraphs."""
    return _line.__wrapped__(words) if PICTURE in words else _line(words)


def head_and_body(words: str) -> tuple[str, str]:
    """The first paragraph, which can be a heading, and what follows it."""
    head, _blank, body = words.strip().partition("\n\n")
    return head, body.strip()


@lru_cache(maxsize=2000)
def plain(words: str) -> str:
    """Without marks, for lists to choose from, searches and tables; a picture is its description."""
    blocks = (token.children for token in _markdown.parse(words) if token.children)
    return " ".join(" ".join("".join(_said(token) for token in block) for block in blocks).split())


def _said(token: Token) -> str:
    return " " if token.type in ("softbreak", "hardbreak") else token.content


def quoted(plain_words: str) -> str:
    """Plain words as Markdown that shows them exactly."""
    safe = _SPECIAL.sub(r"\\\1", plain_words)
    return _LINE_START.sub(lambda found: f"{found[1]}{_escaped(found[2])}", safe)


def _escaped(sign: str) -> str:
    return f"{sign}\\" if sign.isdigit() else f"\\{sign}"


def points(score: Decimal | None) -> str:
    """A score as people read it: thirds are kept with five places, and three of them are one."""
    if score is None:
        return ""
    rounded = score.quantize(Decimal("0.01"), ROUND_HALF_UP).normalize()
    return str(floatformat(rounded, max(0, -int(rounded.as_tuple().exponent))))

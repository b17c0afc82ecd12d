"""HTML of other programs as our Markdown."""

import re
from typing import Any

from django.utils.translation import gettext as _
from markdownify import MarkdownConverter

from . import scripts
from .base import UnreadableError

_INDENT = "\ue103"  # a blank that stays at the beginning of a line
_BLANKS = re.compile(r"\n{3,}")


class _Converter(MarkdownConverter):  # type: ignore[misc]
    """What our Markdown has; the words of a link stay, followed by where it led, because questions lead nowhere."""

    def process_text(self, el: Any, parent_tags: Any = None) -> str:
        text: str = super().process_text(el, parent_tags)  # type: ignore[misc]
        return text.lstrip(" ") if getattr(el.previous_sibling, "name", "") == "br" else text

    def convert_a(self, el: Any, text: str, parent_tags: Any) -> str:
        href = (el.get("href") or "").strip()
        return f"{text} ({href})" if href and href != text.strip() else text

    def convert_script(self, el: Any, text: str, parent_tags: Any) -> str:
        return ""

    convert_style = convert_script

    def convert_video(self, el: Any, text: str, parent_tags: Any) -> str:
        """Nothing is played within a question: its address stays, so that whoever reviews sees what is missing."""
        source = el.get("src") or el.get("data") or next((one["src"] for one in el.find_all("source", src=True)), "")
        return f"{text} ({source})".strip() if source and source != text.strip() else text

    convert_audio = convert_iframe = convert_embed = convert_object = convert_video

    def convert_pre(self, el: Any, text: str, parent_tags: Any) -> str:
        """Line by line: our Markdown has no blocks of code, and without its lines and indents a program is another."""
        return "\n\n" + "\n".join(_code(line) for line in el.get_text().strip("\n").splitlines()) + "\n\n"

    def convert_hN(self, n: int, el: Any, text: str, parent_tags: Any) -> str:  # noqa: N802 (its name)
        words = " ".join(text.split())
        return f"\n\n**{words}**\n\n" if words else ""

    def convert_hr(self, el: Any, text: str, parent_tags: Any) -> str:
        return "\n\n"

    def convert_sub(self, el: Any, text: str, parent_tags: Any) -> str:
        return scripts.below(text)

    def convert_sup(self, el: Any, text: str, parent_tags: Any) -> str:
        return scripts.above(text)


def _code(line: str) -> str:
    bare = line.expandtabs(4).strip()
    said = f"`` {bare} ``" if "`" in bare else f"`{bare}`"
    return _INDENT * (len(line.expandtabs(4).rstrip()) - len(bare)) + said if bare else ""


def from_html(html: str) -> str:
    """Raises UnreadableError for what is wrapped more often than anybody writes."""
    converter = _Converter(
        bullets="-", escape_misc=True, newline_style="spaces", strip_document="strip",
        wrap=True, wrap_width=None,  # line ends of the source are blanks, as in a browser; here each would be shown
    )  # fmt: skip
    try:
        marked = converter.convert(html)
    except RecursionError as error:
        raise UnreadableError(_("Lời văn nằm trong quá nhiều lớp HTML lồng nhau.")) from error
    lines = "\n".join(line.rstrip() for line in marked.replace("\xa0", " ").splitlines())
    lines = lines.replace(_INDENT, "\xa0")
    return _BLANKS.sub("\n\n", lines).strip()

"""Whether a file is one that we gave out, to the byte: its credential says nothing of what is printed around it.

Programs forgive different mistakes in a PDF, so that one file may show one name here and another on somebody's screen. No comparison of what a file
shows finds all such files; its digest does ([0024](../../docs/decisions/0024-whole-to-the-byte.md)).
"""

from enum import StrEnum

from certificates import rendering
from certificates.models import Credential
from lib import apart
from lib.refusals import Refusal


class Page(StrEnum):
    NONE = ""  # no file with a page or a picture, or not looked at
    WHOLE = "whole"  # the very file that was given out
    OPEN = "open"  # what is signed inside holds; nothing is known of what is shown


def look(data: bytes, credential: Credential, kind: str) -> Page:
    """Of what is not known to have gone out. `kind`: pdf, png or svg."""
    try:
        is_ours = rendering.would_go_out(credential, data) if kind == "pdf" else data == _badge(credential, kind)
    except (Refusal, apart.ApartError):
        return Page.OPEN
    return Page.WHOLE if is_ours else Page.OPEN


def _badge(credential: Credential, kind: str) -> bytes | None:
    return rendering.badge(credential, "svg" if kind == "svg" else "png")

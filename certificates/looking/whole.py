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
    OPEN = "not protected"  # what is signed inside holds; nothing is known of what is shown


def look(data: bytes, credential: Credential, kind: str) -> Page:
    """`kind`: pdf, png or svg. What is not known may be what goes out today: a register that was restored has not heard of the last files."""
    if rendering.was_given(credential, data):
        return Page.WHOLE
    try:
        return Page.WHOLE if data == _drawn_today(credential, kind) else Page.OPEN
    except (Refusal, apart.ApartError):
        return Page.OPEN


def _drawn_today(credential: Credential, kind: str) -> bytes | None:
    if kind == "pdf":
        return rendering.pdf(credential)
    return rendering.badge(credential, "svg" if kind == "svg" else "png")

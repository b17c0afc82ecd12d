"""What Wagtail's own forms do not check: the addresses of pages (`addresses`), whether one may go live (`publishing`) and what is in a picture (`images`)."""

from .addresses import (
    AddressedForm,
    CopyBelowHomeForm,
    PlainCopyForm,
    PlainSlugField,
    refuse_reserved,
    reserved,
    sentence,
)
from .publishing import ReadyForm

__all__ = [
    "AddressedForm", "CopyBelowHomeForm", "PlainCopyForm", "PlainSlugField", "ReadyForm", "refuse_reserved", "reserved", "sentence",
]  # fmt: skip

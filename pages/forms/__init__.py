"""What Wagtail's own forms do not check: the addresses of pages (`addresses`) and what is in a picture (`images`)."""

from .addresses import CopyBelowHomeForm, refuse_reserved, reserved, sentence

__all__ = ["CopyBelowHomeForm", "refuse_reserved", "reserved", "sentence"]

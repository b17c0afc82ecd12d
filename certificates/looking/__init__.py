"""Whether a PDF with a good credential is, as a whole, what we gave out."""

from .pages import Look, Page, look, look_at_badge

__all__ = ["Look", "Page", "look", "look_at_badge"]

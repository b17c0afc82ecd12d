"""Whether a file with a good credential is, as a whole, one that we gave out; and what its page hides."""

from .covering import hidden
from .whole import Page, look

__all__ = ["Page", "hidden", "look"]

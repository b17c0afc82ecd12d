"""Files of other people and programs: with bounds, and without what could do harm."""

from .refused import UnreadableError

__all__ = ["UnreadableError"]

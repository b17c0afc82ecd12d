"""Question files in: read, say what would happen, and only then write. All of a file or nothing; again is harmless."""

from .likeness import fingerprints, newest, own_part, prefix
from .planning import Entry, Plan, lessons, plan, renamed
from .reading import ALIASES, FORMATS, check_size, guessed

__all__ = [
    "ALIASES", "FORMATS", "Entry", "Plan", "check_size", "fingerprints", "guessed", "lessons", "newest", "own_part", "plan", "prefix",
    "renamed",
]  # fmt: skip

"""Question files in: read, say what would happen, and only then write. All of a file or nothing; again is harmless."""

from .likeness import fingerprint, newest, prefix
from .planning import Entry, Plan, plan, renamed
from .reading import FORMATS, check_size, guessed

__all__ = ["FORMATS", "Entry", "Plan", "check_size", "fingerprint", "guessed", "newest", "plan", "prefix", "renamed"]

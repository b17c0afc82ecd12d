"""Every write of issuers, awards and credentials: one file a noun or a stage of a certificate's life."""

from .awards import configure_award
from .ending import revoke, revoke_reopened
from .issuing import UNISSUABLE, issue, issue_missing, reason

__all__ = ["UNISSUABLE", "configure_award", "issue", "issue_missing", "reason", "revoke", "revoke_reopened"]

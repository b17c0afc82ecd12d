"""Every write of issuers, awards and credentials: one file a noun or a stage of a certificate's life."""

from .awards import configure_award
from .by_hand import Workshop, issue_by_hand
from .copies import take_copy
from .ending import revoke, revoke_reopened
from .issuing import UNISSUABLE, issue, issue_missing, reason
from .keys import adopt_key, disown_key, make_key, retire_key, state_missing
from .reissuing import ReissueReason, reissue
from .reminding import remind
from .renewing import begin_renewal, renew, renew_missing
from .templates import freeze_template

__all__ = [
    "UNISSUABLE", "ReissueReason", "Workshop", "adopt_key", "begin_renewal", "configure_award", "disown_key", "freeze_template", "issue",
    "issue_by_hand", "issue_missing", "make_key", "reason", "reissue", "remind", "renew", "renew_missing", "retire_key", "revoke",
    "revoke_reopened", "state_missing", "take_copy",
]  # fmt: skip

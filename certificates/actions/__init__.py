"""Every write of issuers, awards and credentials: one file a noun or a stage of a certificate's life."""

from .awards import configure_award, configure_award_of_workshops, end_award
from .batches import (
    KEPT,
    cancel_batch,
    draw_again,
    fail_entry,
    finish_batch,
    forget_batch,
    make_batch,
    note_trouble,
    retry_batch,
    settle_entry,
)  # fmt: skip
from .by_hand import Workshop, issue_by_hand
from .copies import take_copy
from .ending import revoke, revoke_reopened
from .issuing import issue, issue_missing
from .keys import adopt_key, disown_key, make_key, retire_key, state_missing
from .reissuing import ReissueReason, reissue
from .reminding import remind
from .renewing import begin_renewal, renew, renew_missing
from .showing import hide, show
from .templates import freeze_template
from .turns import UNISSUABLE, reason

__all__ = [
    "KEPT", "UNISSUABLE", "ReissueReason", "Workshop", "adopt_key", "begin_renewal", "cancel_batch", "configure_award", "configure_award_of_workshops",
    "disown_key", "draw_again", "end_award",
    "fail_entry", "finish_batch", "forget_batch", "freeze_template", "hide", "issue", "issue_by_hand", "issue_missing", "make_batch",
    "make_key", "note_trouble", "reason", "reissue", "remind", "renew", "renew_missing", "retire_key", "retry_batch", "revoke",
    "revoke_reopened", "settle_entry", "show", "state_missing", "take_copy",
]  # fmt: skip

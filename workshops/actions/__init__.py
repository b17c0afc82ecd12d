from .closing import Closed, close_sessions, reopen_workshop
from .following import draw, draw_due, record_call
from .importing import Imported, import_roster
from .inviting import drop_reminder, mute, note_outcomes, plan_reminder, remind, tell, tell_again
from .nominating import Newcomer, nominate, withdraw
from .planning import cancel_workshop, change_details, change_part, plan_workshop
from .registering import cancel, confirm, expire_offers, promote, register, replace

__all__ = [
    "Closed", "Imported", "Newcomer", "cancel", "cancel_workshop", "change_details", "change_part", "close_sessions", "confirm", "draw",
    "draw_due", "drop_reminder", "expire_offers", "import_roster", "mute", "nominate", "note_outcomes", "plan_reminder", "plan_workshop",
    "promote", "record_call", "register", "remind", "reopen_workshop", "replace", "tell", "tell_again", "withdraw",
]  # fmt: skip

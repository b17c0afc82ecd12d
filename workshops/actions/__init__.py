from .closing import Closed, close_sessions, reopen_workshop
from .following import draw, draw_due, record_call
from .importing import Imported, import_roster
from .planning import cancel_workshop, change_details, change_part, plan_workshop
from .registering import cancel, confirm, expire_offers, promote, register, replace

__all__ = [
    "Closed", "Imported", "cancel", "cancel_workshop", "change_details", "change_part", "close_sessions", "confirm", "draw", "draw_due",
    "expire_offers", "import_roster", "plan_workshop", "promote", "record_call", "register", "reopen_workshop", "replace",
]  # fmt: skip

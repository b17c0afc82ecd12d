from .certifying import change_with_certificate, choose_certificate, plan_with_certificate
from .checking_in import (
    Report,
    check_in_self,
    may_sign,
    scan,
    sign_sheet,
    stand_in,
    take_back,
    take_in,
    walk_in,
)
from .closing import Closed, close_sessions, reopen_workshop
from .desks import end_desk, make_desk, recode_desk, shut_desk
from .feedback import USUAL, FeedbackEntered, add_usual_questions, give_feedback, was_there, write_feedback
from .following import ask_for_calls, draw, draw_due, record_call
from .importing import Imported, import_roster
from .inviting import drop_reminder, mute, note_outcomes, plan_reminder, remind, tell, tell_again
from .newcomers import Newcomer
from .nominating import Nominee, add_delegate, nominate, withdraw
from .photographing import add_photos, arrange_photos
from .planning import cancel_workshop, change_details, change_part, plan_workshop
from .registering import Wanted, cancel, confirm, expire_offers, promote, register, register_list, replace
from .removing import give_seat, note_told, remove, substitute
from .reporting import write_report
from .rooming import Assigned, assign_rooms, choose_rooms, spread_rooms
from .settling import forget_scans, join, settle, tell_apart
from .testing import Entered, Entry, close_test, hand_in, make_tests, open_test, seatless, write_sheet

__all__ = [
    "USUAL", "Assigned", "Closed", "Entered", "Entry", "FeedbackEntered", "Imported", "Newcomer", "Nominee", "Report", "Wanted",
    "add_delegate", "add_photos", "add_usual_questions", "arrange_photos", "ask_for_calls", "assign_rooms", "cancel", "cancel_workshop", "change_details", "change_part", "change_with_certificate",
    "check_in_self", "choose_certificate", "choose_rooms", "close_sessions",
    "close_test", "confirm", "draw", "draw_due", "drop_reminder", "end_desk", "expire_offers", "forget_scans", "give_feedback", "give_seat", "hand_in",
    "import_roster", "join", "make_desk", "make_tests", "may_sign", "mute", "nominate", "note_outcomes", "note_told", "open_test", "plan_reminder",
    "plan_with_certificate", "plan_workshop", "promote", "recode_desk", "record_call", "register", "register_list", "remind", "remove",
    "reopen_workshop", "replace", "scan", "seatless", "settle", "shut_desk", "sign_sheet", "spread_rooms", "stand_in", "substitute",
    "take_back", "take_in", "tell", "tell_again", "tell_apart", "walk_in", "was_there", "withdraw",
    "write_feedback", "write_report", "write_sheet",
]  # fmt: skip

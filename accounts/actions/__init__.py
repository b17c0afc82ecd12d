"""Every write about people, log-ins and roles: one file a noun."""

from .consents import give_consents, withdraw_consent
from .factors import end_sessions, reset_second_factor
from .lists import Listed, register_list
from .logins import (
    confirm_number,
    doubt_number,
    forget_cards,
    forget_codes,
    forget_unverified,
    issue_card,
    last_day_of_card,
    part_from_person,
    replace_code,
    send_code,
    set_pin,
    take_try,
    use_card,
    user_for_phone,
)
from .numbers import decide_phone_change, request_phone_change
from .people import (
    correct_own_name,
    correct_person,
    keep_draft,
    register_for,
    register_person,
)
from .staff import begin_due_roles, create_staff, end_expired_roles, end_role, grant_role, sync_groups

__all__ = [
    "Listed",
    "begin_due_roles",
    "confirm_number",
    "correct_own_name",
    "correct_person",
    "create_staff",
    "decide_phone_change",
    "doubt_number",
    "end_expired_roles",
    "end_role",
    "end_sessions",
    "forget_cards",
    "forget_codes",
    "forget_unverified",
    "give_consents",
    "grant_role",
    "issue_card",
    "keep_draft",
    "last_day_of_card",
    "part_from_person",
    "register_for",
    "register_list",
    "register_person",
    "replace_code",
    "request_phone_change",
    "reset_second_factor",
    "send_code",
    "set_pin",
    "sync_groups",
    "take_try",
    "use_card",
    "user_for_phone",
    "withdraw_consent",
]

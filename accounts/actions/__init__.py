"""Every write about people, log-ins and roles: one file a noun."""

from .consents import answer_minority, give_consents, withdraw_consent
from .factors import end_sessions, reset_second_factor
from .helping import ask_help, begin_help, end_help, end_old_helps, help_of_code, issue_help_code
from .identities import NumberTaken, Statement, holder_of, link_identity, unlink_identity, user_of_statement
from .lists import Listed, register_list
from .logins import (
    confirm_number,
    doubt_number,
    forget_cards,
    forget_codes,
    forget_unverified,
    issue_card,
    issue_cards,
    last_day_of_card,
    part_from_person,
    replace_code,
    send_code,
    set_pin,
    take_try,
    use_card,
    user_for_phone,
)
from .mails import ask_mail, confirm_mail, drop_mail
from .merging import follow_merged, merge_people
from .moving import ask_move, decide_move, do_due_moves, take_back_move, write_move
from .newcomers import ImportedPeople, import_people
from .numbers import decide_phone_change, request_phone_change
from .people import (
    correct_own_name,
    correct_person,
    keep_draft,
    register_for,
    register_person,
)
from .registers import Imported, import_register
from .staff import begin_due_roles, create_staff, end_expired_roles, end_role, extend_role, grant_role, sync_groups
from .subjects import (
    close_subject,
    confirm_subject,
    correct_product,
    correct_subject,
    join_subjects,
    remove_product,
    reopen_subject,
    write_product,
    write_subject,
)
from .switching import switch_log_in
from .tokens import issue_token, revoke_token, use_token

__all__ = [
    "Imported",
    "ImportedPeople",
    "Listed",
    "NumberTaken",
    "Statement",
    "answer_minority",
    "ask_help",
    "ask_mail",
    "ask_move",
    "begin_due_roles",
    "begin_help",
    "close_subject",
    "confirm_mail",
    "confirm_number",
    "confirm_subject",
    "correct_own_name",
    "correct_person",
    "correct_product",
    "correct_subject",
    "create_staff",
    "decide_move",
    "decide_phone_change",
    "do_due_moves",
    "doubt_number",
    "drop_mail",
    "end_expired_roles",
    "end_help",
    "end_old_helps",
    "end_role",
    "end_sessions",
    "extend_role",
    "follow_merged",
    "forget_cards",
    "forget_codes",
    "forget_unverified",
    "give_consents",
    "grant_role",
    "help_of_code",
    "holder_of",
    "import_people",
    "import_register",
    "issue_card",
    "issue_cards",
    "issue_help_code",
    "issue_token",
    "join_subjects",
    "keep_draft",
    "last_day_of_card",
    "link_identity",
    "merge_people",
    "part_from_person",
    "register_for",
    "register_list",
    "register_person",
    "remove_product",
    "reopen_subject",
    "replace_code",
    "request_phone_change",
    "reset_second_factor",
    "revoke_token",
    "send_code",
    "set_pin",
    "switch_log_in",
    "sync_groups",
    "take_back_move",
    "take_try",
    "unlink_identity",
    "use_card",
    "use_token",
    "user_for_phone",
    "user_of_statement",
    "withdraw_consent",
    "write_move",
    "write_product",
    "write_subject",
]

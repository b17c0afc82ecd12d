"""Every route of the platform with who may use it. A route that is not here fails the matrix."""

from collections.abc import Iterator

from django.urls import URLResolver, get_resolver

ROLES = (
    "anonymous", "owner", "other", "commune_manager", "province_manager", "other_manager", "centre_manager", "organiser",
    "other_organiser", "editor", "author", "other_author", "administrator", "at_a_desk",
)  # fmt: skip
EVERYBODY = frozenset(ROLES)
STAFF = EVERYBODY - {"anonymous", "owner", "other", "at_a_desk"}
IN_SCOPE = frozenset({"commune_manager", "province_manager", "centre_manager", "organiser", "administrator"})
WRITING = frozenset({"editor", "administrator"})
COMPOSING = WRITING | {"author", "other_author"}  # questions
OF_THE_BANK = COMPOSING - {"other_author"}  # which is the province's of "author", and shared with nobody
REPORTING = STAFF - (COMPOSING - {"administrator"})
ISSUING = frozenset({"organiser", "other_organiser", "administrator"})
MANAGING = frozenset({"commune_manager", "province_manager", "other_manager", "centre_manager", "administrator"})
NOBODY: frozenset[str] = frozenset()
KEEPING_COLLEAGUES = frozenset({"province_manager", "centre_manager", "administrator"})
ADMINISTRATOR = frozenset({"administrator"})

# Public routes: who gets through (200, or a redirect that is the route's own work). The record behind each id is the owner's.
OPEN = {
    "accounts_home", "account_request_login_code", "account_signup", "account_confirm_login_code", "account_login",
    "account_logout", "mfa_authenticate", "account_inactive", "accounts_card", "accounts_oidc", "accounts_oidc_back", "accounts_oidc_failed", "accounts_lost_number", "accounts_come_back", "courses:search", "certificates:find",
    "certificates:verify", "certificates:as_written", "certificates:as_written_with_slash",
    "certificates:tep_with_slash", "certificates:printed_with_slash", "certificates:mine_with_slash", "certificates:find_printed", "certificates:shell", "certificates:worker", "certificates:keys",
    "certificates:ended", "certificates:shown", "certificates:shown_picture", "certificates:did", "jwks", "certificates:check_file", "certificates:status_list", "pages:display", "pages:privacy", "pages:media", "demo:phone", "read", "wagtail_serve",
    "wagtaildocs_serve", "wagtaildocs_authenticate_with_password", "wagtailcore_authenticate_with_password",
    "wagtailcore_login", "accounts_search_places", "accounts_whose_number", "quizzes:shell", "quizzes:worker",
    "workshops:list", "workshops:page", "workshops:programme", "workshops:calendar",
    # In the hall: who somebody is, the page itself asks, by the badge.
    "workshops:hall_test_before", "workshops:hall_test_after", "workshops:hall_feedback", "workshops:hall_materials",
    "workshops:hall_kiosk", "workshops:hall_kiosk_done",
    "workshops:preview",
    # Whoever has the message.
    "reminders:reminder",
    # Whoever has the code holds the ticket, with or without an account.
    "workshops:ticket", "workshops:ticket_rooms", "workshops:ticket_cancel", "workshops:ticket_confirm", "workshops:ticket_mute", "workshops:ticket_calendar", "workshops:ticket_printed", "workshops:ticket_picture",
    # Of a desk the door alone is open: without its code or token the others lead there, or say that there is none.
    "desk:door", "desk:desk", "desk:record", "desk:newcomer", "desk:leave", "desk:opened", "desk:received", "desk:shell", "desk:worker",
    # Without a key they say that one is needed: tests/reports/test_api.py
    "api:manual", "api:openapi", "api:figures", "api:places", "api:courses", "api:subjects",
    "desk:manifest", "desk:self", "desk:self_typed", "desk:projector", "desk:secure", "desk:authority",
}  # fmt: skip
# Each shows or changes what belongs to whoever asks, so that a foreign id cannot even be named.
OF_ONESELF = {
    "accounts_profile", "accounts_profile_name", "accounts_profile_place", "accounts_profile_consent", "accounts_consent",
    "accounts_link", "accounts_link_confirm", "accounts_unlink", "accounts_colleague", "accounts_name", "accounts_pin", "accounts_move", "accounts_data", "accounts_data_correct", "accounts_data_copy", "accounts_data_delete",
    "accounts_data_prove", "accounts_data_ask", "accounts_data_minority",
    "courses:my_learning", "courses:enrol", "courses:complete", "quizzes:start", "certificates:mine",
    "workshops:register",
}  # fmt: skip
OWNED = {
    "accounts_withdraw": {"owner"},
    "accounts_data_take_back": {"owner"},
    "quizzes:attempt": {"owner"},
    "quizzes:item": {"owner"},
    "quizzes:questions": {"owner"},
    "quizzes:whole": {"owner"},
    "quizzes:autosave": {"owner"},
    "quizzes:submit": {"owner"},
    "quizzes:result": {"owner"},
    "certificates:pdf": {"owner"} | IN_SCOPE,
    "certificates:picture": {"owner"} | IN_SCOPE,
    "certificates:renew": {"owner"},
    "certificates:badge_png": {"owner"} | IN_SCOPE,
    "certificates:badge_svg": {"owner"} | IN_SCOPE,
    "certificates:show": {"owner"},
    "certificates:hide": {"owner"},
}

OF_A_WORKSHOP = (
    "workshop", "edit_details", "cancel_workshop", "edit_sessions", "edit_programme", "edit_materials", "edit_bases", "edit_quotas",
    "edit_questions", "add_delegate", "rooms",
)  # fmt: skip
OF_A_SUBJECT = (
    "correct_subject", "confirm_subject", "join_subject", "close_subject", "reopen_subject", "add_product", "correct_product", "remove_product",
)  # fmt: skip
OF_A_REQUEST = ("take_back", "hand_over", "decide")
OF_NOTICES = ("notices", "write", "again", "plan_reminder", "drop_reminder")
IN_THE_HALL = (
    "tests", "screen", "screen_feedback", "screen_materials", "grid", "grid_feedback", "printed", "printed_feedback", "key",
)  # fmt: skip
OF_A_DESK = ("desks", "conflicts", "sheets", "end", "shut", "recode", "sheet", "back")
FOR_LOOKERS_OF_A_WORKSHOP = ("papers", "attendance", "delegates", "workbook")
FOR_WHO_RUNS_A_WORKSHOP = (
    "badges",
    "consent",
    "invitations",
    "payment",
    "report",
    "report_docx",
    "report_pdf",
    "report_photo",
)
# The admin, by namespace: (who sees the list, who sees the owner's record in it).
RECORDS = {
    "person": (REPORTING, IN_SCOPE),
    "subject": (REPORTING, IN_SCOPE),
    "consent": (REPORTING - {"organiser", "other_organiser"}, IN_SCOPE - {"organiser"}),
    "move": (REPORTING - {"organiser", "other_organiser"}, IN_SCOPE - {"organiser"}),
    "phonechange": (REPORTING - {"organiser", "other_organiser"}, IN_SCOPE - {"organiser"}),
    "datarequest": (REPORTING - {"organiser", "other_organiser"}, IN_SCOPE - {"organiser"}),
    "enrolment": (REPORTING, IN_SCOPE),
    "attempt": (REPORTING, IN_SCOPE),
    "credential": (REPORTING, IN_SCOPE),
}
DOWNLOADED = {"person", "subject", "datarequest", "enrolment", "attempt", "credential"}
OF_EVERYBODY = {
    "course": REPORTING | WRITING,
    "activity": WRITING,
    "cohort": REPORTING | WRITING,
    "outsideclass": REPORTING,
    "question": COMPOSING,
    "questionbank": COMPOSING,
    "quiz": WRITING,
    "consenttext": ADMINISTRATOR,
    "issuer": ADMINISTRATOR,
    "award": ADMINISTRATOR,
    "signingkey": ADMINISTRATOR,
    "signatory": ADMINISTRATOR,
    "picture": ADMINISTRATOR,
    "wagtailsnippets_certificates_template": ADMINISTRATOR,
    "wagtailsnippets_courses_legaltext": WRITING,
    "wagtailsnippets_courses_topic": WRITING,
    "wagtailsites": NOBODY,
    "wagtailusers_users": ADMINISTRATOR,
    "wagtailusers_groups": NOBODY,
    "wagtailredirects": ADMINISTRATOR,
}
OWN_ACTIONS = {
    "accounts_admin:register": REPORTING,
    "accounts_admin:import_people": REPORTING,
    "accounts_admin:sample_of_people": REPORTING,
    "accounts_admin:look_at_people": REPORTING,  # a file that is not kept: leads to another
    "accounts_admin:left_of_people": REPORTING,
    "accounts_admin:correct": IN_SCOPE - {"organiser"},
    "accounts_admin:cards": REPORTING,
    "accounts_admin:help": IN_SCOPE,
    "accounts_admin:move": IN_SCOPE - {"organiser"},
    "accounts_admin:switch": IN_SCOPE - {"organiser"},
    "accounts_admin:decide_move": IN_SCOPE - {"organiser"},
    "accounts_admin:take_back_move": IN_SCOPE - {"organiser"},
    "accounts_admin:doubles": IN_SCOPE - {"organiser"},
    "accounts_admin:merge": IN_SCOPE - {"organiser"},
    "accounts_admin:card": IN_SCOPE,
    "accounts_admin:add_subject": MANAGING,
    **{f"accounts_admin:{what}": IN_SCOPE - {"organiser"} for what in OF_A_SUBJECT},
    "accounts_admin:import_subjects": MANAGING,
    "accounts_admin:look_at_subjects": MANAGING,  # a file that is not kept: leads to another
    "accounts_admin:left_of_subjects": MANAGING,
    "accounts_admin:phone_change": IN_SCOPE - {"organiser"},
    "accounts_admin:new_number": IN_SCOPE - {"organiser"},
    "accounts_admin:record_request": IN_SCOPE - {"organiser"},
    "accounts_admin:ledger": IN_SCOPE - {"organiser"},
    **{f"accounts_admin:{what}": IN_SCOPE - {"organiser"} for what in OF_A_REQUEST},
    "accounts_admin:colleagues": KEEPING_COLLEAGUES | {"other_manager"},
    "accounts_admin:new_colleague": KEEPING_COLLEAGUES | {"other_manager"},
    "accounts_admin:decisions": MANAGING,
    "accounts_admin:decisions_results": MANAGING,
    "accounts_admin:roles": KEEPING_COLLEAGUES,  # a commune manager's of Cà Mau
    "accounts_admin:end_role": KEEPING_COLLEAGUES,
    "accounts_admin:extend_role": KEEPING_COLLEAGUES,
    "accounts_admin:tokens": KEEPING_COLLEAGUES | {"other_manager"},
    "accounts_admin:revoke_token": KEEPING_COLLEAGUES,  # of Cà Mau
    "accounts_admin:reset_second_factor": ADMINISTRATOR,
    # One's own second factor: of another's nothing can be named, and what takes something off asks for the password first.
    "mfa_index": STAFF,
    "mfa_activate_totp": STAFF,
    "mfa_deactivate_totp": NOBODY,  # nobody here has one: tests/accounts/test_second_factor_set_up.py
    "mfa_add_webauthn": STAFF,
    "mfa_remove_webauthn": STAFF,
    "mfa_view_recovery_codes": NOBODY,
    "mfa_generate_recovery_codes": STAFF,
    "account_reauthenticate": STAFF,
    "courses_admin:reopen": IN_SCOPE,
    "courses_admin:join_cohort": IN_SCOPE,
    "courses_admin:move_to_cohort": IN_SCOPE,
    "courses_admin:leave_cohort": IN_SCOPE,
    "courses_admin:close_cohort": IN_SCOPE,
    "courses_admin:reopen_cohort": IN_SCOPE,
    "certificates_admin:revoke": frozenset({"organiser", "administrator"}),
    "certificates_admin:sample": ADMINISTRATOR,
    "certificates_admin:picture": ADMINISTRATOR,
    "certificates_admin:signing": ISSUING,
    "certificates_admin:unsigned_files": ISSUING,
    "certificates_admin:on_paper": frozenset({"organiser", "administrator"}),
    "certificates_admin:scan": frozenset({"organiser", "administrator"}),
    "certificates_admin:by_hand": frozenset({"organiser", "other_organiser", "administrator"}),
    "certificates_admin:by_hand_plan": frozenset({"organiser", "other_organiser", "administrator"}),
    "certificates_admin:by_hand_sample": frozenset({"organiser", "other_organiser", "administrator"}),
    "certificates_admin:by_hand_lists": ISSUING,
    "certificates_admin:by_hand_issued": NOBODY,  # for whoever issued the list: tests/certificates/test_by_hand_pages.py
    "certificates_admin:by_hand_scan": NOBODY,  # the owner was on no list: tests/certificates/test_by_hand.py
    "certificates_admin:batches": ISSUING,
    "certificates_admin:batch": frozenset({"organiser", "administrator"}),
    "certificates_admin:batch_sheets": NOBODY,  # not drawn yet: tests/certificates/test_batch_pages.py
    "certificates_admin:batch_papers": NOBODY,
    "certificates_admin:batch_retry": frozenset({"organiser", "administrator"}),
    "certificates_admin:batch_stop": frozenset({"organiser", "administrator"}),
    "certificates_admin:reissue": frozenset({"organiser", "administrator"}),
    "courses_admin:review": COMPOSING,
    "courses_admin:who_deletes": WRITING,
    "quizzes_admin:allow": IN_SCOPE,
    "quizzes_admin:allow_time": IN_SCOPE,
    "quizzes_admin:allow_ahead": REPORTING,
    "quizzes_admin:give_ahead": REPORTING,
    "quizzes_admin:import": COMPOSING,
    "quizzes_admin:template": COMPOSING,
    "quizzes_admin:mark": IN_SCOPE,
    "quizzes_admin:preview": OF_THE_BANK,
    "quizzes_admin:preview_of_new": COMPOSING,
    "quizzes_admin:queue": REPORTING,
    "quizzes_admin:questions": WRITING,
    "quizzes_admin:regrade": WRITING,
    "quizzes_admin:question_analysis": OF_THE_BANK,
    "quizzes_admin:analyses": REPORTING | WRITING,
    "quizzes_admin:quiz_analysis": REPORTING | WRITING,
    "workshops_roster:begin": frozenset({"organiser", "administrator"}),
    "workshops_roster:look": frozenset({"organiser", "administrator"}),
    "workshops_roster:left": frozenset({"organiser", "administrator"}),
    "workshops_inviting:quotas": REPORTING,
    **{f"workshops_inviting:{what}": IN_SCOPE for what in ("nominate", "newcomer", "consent_form", "withdraw")},
    **{f"workshops_notices:{what}": frozenset({"organiser", "administrator"}) for what in OF_NOTICES},
    **{f"workshops_papers:{what}": IN_SCOPE for what in FOR_LOOKERS_OF_A_WORKSHOP},
    **{f"workshops_papers:{what}": frozenset({"organiser", "administrator"}) for what in FOR_WHO_RUNS_A_WORKSHOP},
    "workshops_closing:close": frozenset({"organiser", "administrator"}),
    "workshops_closing:reopen": frozenset({"organiser", "administrator"}),
    "workshops_following:calls": REPORTING,
    "workshops_following:call": IN_SCOPE,
    "workshops_following:ask": frozenset({"organiser", "administrator"}),
    "workshops_admin:follow_up": REPORTING,
    **{f"workshops_hall:{what}": frozenset({"organiser", "administrator"}) for what in IN_THE_HALL},
    **{f"workshops_desk:{what}": frozenset({"organiser", "administrator"}) for what in OF_A_DESK},
    "workshops_desk:counter": IN_SCOPE,
    "workshops_admin:workshops": REPORTING,
    "workshops_totals:page": REPORTING,
    "workshops_totals:xlsx": REPORTING,
    "workshops_admin:plan": ISSUING,
    **{f"workshops_admin:{what}": frozenset({"organiser", "administrator"}) for what in OF_A_WORKSHOP},
    "workshops_admin:workshop": IN_SCOPE,
    "workshops_admin:cancel_registration": frozenset({"organiser", "administrator"}),
    "workshops_admin:give_seat": frozenset({"organiser", "administrator"}),
    "workshops_admin:note_told": frozenset({"organiser", "administrator"}),
    "workshops_admin:replace": frozenset({"organiser", "administrator"}),
    "reports:board": REPORTING,
    "reports:file": REPORTING,
    "plan:year": REPORTING,
    "trends:page": REPORTING,
    "trends:file": REPORTING,
    "states:behind": REPORTING,
    "states:file": REPORTING,
    "states:absent": REPORTING,
    "states:absent_file": REPORTING,
    "plan:file": REPORTING,
    "plan:targets": MANAGING,
    "covered:page": REPORTING,
    "covered:file": REPORTING,
    "covered:posts": MANAGING,
    "plan:add_outside": REPORTING,
    "plan:correct_outside": IN_SCOPE,
    "plan:remove_outside": IN_SCOPE,
    "freezing:snapshots": REPORTING,
    **{f"freezing:{what}": IN_SCOPE for what in ("snapshot", "file")},
    "saving:views": REPORTING,
    "saving:save": REPORTING,
    **{f"saving:{what}": frozenset({"province_manager"}) for what in ("change", "remove")},  # whose it is
    "accounts_admin:own_mail": STAFF,
    "accounts_admin:confirm_mail": STAFF,
    "sending:list": REPORTING,
    "sending:monitor": REPORTING,
    **{f"sending:{what}": frozenset({"province_manager", "administrator"}) for what in ("end", "again")},
    "reminding:remind": MANAGING,
    "reminding:log": MANAGING,
    "reminding:file": MANAGING,
    "calling:week": MANAGING,
    "calling:file": MANAGING,
    "calling:record": MANAGING & IN_SCOPE,
}
# Wagtail's own rooms hold no learner's records; what their permissions allow is Wagtail's to decide, but nobody who is not
# staff comes in, nothing breaks, and no learner is named.
WAGTAIL = {
    "", "wagtailadmin_pages", "wagtailadmin_workflows", "wagtailimages", "wagtailimages_chooser", "wagtailadmin_reports",
    "wagtaildocs", "wagtaildocs_chooser", "wagtailadmin_api", "wagtailadmin_collections", "wagtailadmin_editing_sessions",
    "wagtailsnippetchoosers_courses_legaltext", "wagtailsnippetchoosers_courses_topic", "wagtailsettings",
    "wagtailsnippetchoosers_certificates_template",
    "simple_translation", "wagtailembeds", "wagtailsnippets",
}  # fmt: skip
BREAKS_ON_PURPOSE = {"wagtailadmin_error_test"}


def all_routes() -> Iterator[tuple[str, str, dict[str, object]]]:
    """(path pattern, name with namespaces, converters by argument) of every route."""
    yield from _walk(get_resolver(), "", ())


def _walk(resolver: URLResolver, before: str, spaces: tuple[str, ...]) -> Iterator[tuple[str, str, dict[str, object]]]:
    for found in resolver.url_patterns:
        path = before + str(found.pattern)
        if isinstance(found, URLResolver):
            inner = (*spaces, found.namespace) if found.namespace else spaces
            yield from _walk(found, path, inner)
        else:
            yield path, ":".join((*spaces, found.name or "")), dict(found.pattern.converters)


def is_admin(path: str) -> bool:
    return path.startswith("quan-tri/")


def space(name: str) -> str:
    """The outermost namespace, "" for a name without one."""
    return name.split(":", maxsplit=1)[0] if ":" in name else ""

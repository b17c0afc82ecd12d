from django.apps import AppConfig
from django.db.models.signals import post_migrate
from wagtail.users.apps import WagtailUsersAppConfig

from lib import registries


class AccountsConfig(AppConfig):
    name = "accounts"
    default = True

    def ready(self) -> None:
        from allauth.mfa import signals
        from allauth.mfa.models import Authenticator
        from django.contrib.auth.models import Group

        from . import actions, checks, groups, personal, receivers  # noqa: F401 (checks are registered so)
        from .models import (
            ApiToken,
            Consent,
            ConsentText,
            DataRequest,
            Help,
            LinkedIdentity,
            Move,
            Person,
            PhoneChange,
            Subject,
        )
        from .policies import closed, read_only
        from .rights import actions as rights
        from .rights import erasing, purging

        post_migrate.connect(groups.ensure)
        post_migrate.connect(groups.ensure_page_permissions)
        registries.role_permissions.add("accounts", groups.OWN)
        registries.role_permissions.add("wagtailadmin", groups.ENTER)
        registries.jobs.add("accounts.forget_unverified", actions.forget_unverified)
        registries.jobs.add("accounts.forget_codes", actions.forget_codes)
        registries.jobs.add("accounts.forget_cards", actions.forget_cards)
        registries.jobs.add("accounts.end_expired_roles", actions.end_expired_roles)
        registries.jobs.add("accounts.begin_due_roles", actions.begin_due_roles)
        registries.jobs.add("accounts.erase_due", rights.erase_due)
        registries.jobs.add("accounts.erase_late", erasing.erase_late)
        registries.jobs.add("accounts.purge_personal_data", purging.nightly)
        registries.jobs.add("accounts.end_old_helps", actions.end_old_helps)
        registries.jobs.add("accounts.do_due_moves", actions.do_due_moves)
        registries.jobs.add("accounts.follow_merged", actions.follow_merged)
        personal.register()
        registries.invariants.add("accounts", personal.violations)
        read_only(Person, Subject, Move, PhoneChange, Consent, ConsentText, DataRequest)
        signals.authenticator_added.connect(receivers.factor_added)
        signals.authenticator_removed.connect(receivers.factor_removed)
        signals.authenticator_reset.connect(receivers.codes_renewed)
        closed(Authenticator, Help)
        closed(ApiToken, LinkedIdentity)  # pages of their own
        closed(Group)  # what a role may do is written in code, who has it in role assignments


class StaffUsersConfig(WagtailUsersAppConfig):
    """Wagtail's users app with our own forms: staff have a name and a phone number, no e-mail address."""

    user_viewset = "accounts.viewsets.StaffUserViewSet"

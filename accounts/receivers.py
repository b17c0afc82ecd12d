"""What colleagues do to their own second factor goes into the audit log: never a secret, only what kind it was."""

from typing import Any

from allauth.mfa.models import Authenticator
from wagtail.log_actions import log

from .models import User


def factor_added(*, user: User, authenticator: Authenticator, **more: Any) -> None:
    _log("accounts.second_factor_added", user, authenticator)


def factor_removed(*, user: User, authenticator: Authenticator, **more: Any) -> None:
    _log("accounts.second_factor_removed", user, authenticator)


def codes_renewed(*, user: User, authenticator: Authenticator, **more: Any) -> None:
    _log("accounts.recovery_codes_renewed", user, authenticator)


def _log(action: str, user: User, authenticator: Authenticator) -> None:
    log(instance=user, action=action, user=user, data={"type": str(authenticator.type)})

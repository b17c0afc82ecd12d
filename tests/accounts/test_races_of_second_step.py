"""One code typed on two devices in the same instant lets one of them in."""

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache

from tests import cast, factors
from tests.racing import at_once, overlapping, without_locks

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]
STEP = "/tai-khoan/buoc-hai/"


@pytest.fixture
def colleague():
    cache.clear()
    return cast.staff("manager", cast.province())


def let_in(code: str) -> int:
    """How many of four devices that stand at the second step enter with the same code."""
    devices = [factors.with_password()[0] for _device in range(4)]
    answers = at_once(*[lambda device=device: device.post(STEP, {"code": code}).status_code for device in devices])
    assert set(answers) <= {200, 302}, answers
    return answers.count(302)


def test_a_code_of_the_app(colleague):
    assert let_in(factors.shown_by(factors.app_of(colleague))) == 1


def test_a_recovery_code(colleague):
    factors.app_of(colleague)
    assert let_in(factors.recovery_codes_of(colleague)[0]) == 1


def both_take(colleague) -> list[bool]:
    code = factors.recovery_codes_of(colleague)[0]

    def take() -> bool:
        return Authenticator.objects.get(user=colleague, type="recovery_codes").wrap().validate_code(code)

    return sorted(overlapping(take, take))


def test_a_recovery_code_is_taken_once(colleague):
    factors.app_of(colleague)
    assert both_take(colleague) == [False, True]


def test_without_the_lock_it_would_be_taken_twice(colleague, monkeypatch):
    """The control: the race does happen."""
    factors.app_of(colleague)
    without_locks(monkeypatch)
    assert both_take(colleague) == [True, True]

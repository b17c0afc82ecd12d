"""Roles given, ended and begun in the same instant, proved on real connections, each with a control that the race does happen."""

import pytest
from django.db import IntegrityError

from accounts import actions
from accounts.models import RoleAssignment, User
from lib.refusals import Refusal
from tests import cast
from tests.racing import overlapping, without_locks

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


@pytest.fixture
def colleague():
    """Without a role today: the one that there was ran out, and no job has looked since."""
    user = cast.staff("manager", cast.commune())
    user.roles.update(valid_from="2026-01-01", valid_until="2026-01-31")
    return user


def given(user, role="editor"):
    """A role for a log-in that each press reads anew, as each request does."""
    return lambda: actions.grant_role(user=User.objects.get(pk=user.pk), role=role, place=None, by=None, at=cast.NOW)


def ended(user, role):
    one = user.roles.get(role=role)
    return lambda: actions.end_role(assignment=one, by=None, reason="Nghỉ hưu", at=cast.NOW)


def rights(user):
    user.refresh_from_db()
    return user.is_staff, sorted(group.name for group in user.groups.all())


def test_of_two_presses_that_give_a_role_the_second_hears_that_it_is_held(colleague):
    _first, second = overlapping(given(colleague), given(colleague))
    assert isinstance(second, Refusal)
    assert colleague.roles.filter(role="editor").count() == 1


def test_without_the_lock_the_second_press_would_be_a_failure(colleague, monkeypatch):
    """The control: both find room, and the database refuses in its own words."""
    without_locks(monkeypatch)
    _first, second = overlapping(given(colleague), given(colleague))
    assert isinstance(second, IntegrityError)


@pytest.fixture
def two_roles_ended(colleague):
    """Two administrators take a role each."""
    given(colleague, "editor")()
    given(colleague, "organiser")()
    return [ended(colleague, role) for role in ("editor", "organiser")]


def test_who_loses_two_roles_at_once_is_staff_no_more(two_roles_ended, colleague):
    overlapping(*two_roles_ended)
    assert rights(colleague) == (False, [])


def test_without_the_lock_each_would_count_on_the_other_role(two_roles_ended, colleague, monkeypatch):
    """The control: both see the role that the other one takes."""
    without_locks(monkeypatch)
    overlapping(*two_roles_ended)
    assert rights(colleague)[0] is True


@pytest.fixture
def ended_as_it_begins(colleague):
    """The job gives a role on its first day, while an administrator takes it back."""
    actions.end_expired_roles(at=cast.NOW)
    RoleAssignment.objects.create(user=colleague, role="editor", valid_from=cast.NOW.date())
    return [ended(colleague, "editor"), lambda: actions.begin_due_roles(at=cast.NOW)]


def test_a_role_that_is_ended_as_it_begins_leaves_no_rights_behind(ended_as_it_begins, colleague):
    overlapping(*ended_as_it_begins)
    assert rights(colleague) == (False, [])


def test_without_the_lock_its_rights_would_stay(ended_as_it_begins, colleague, monkeypatch):
    """The control: the job has read the role before it was ended."""
    without_locks(monkeypatch)
    overlapping(*ended_as_it_begins)
    assert rights(colleague) == (True, ["editor"])


def test_a_role_that_is_given_as_the_last_one_is_ended_by_the_job_gives_its_rights(colleague):
    overlapping(given(colleague), lambda: actions.end_expired_roles(at=cast.NOW))
    assert rights(colleague) == (True, ["editor"])


def test_without_the_lock_the_job_would_close_the_admin_to_the_new_role(colleague, monkeypatch):
    """The control: the job does not see the role that is being given."""
    without_locks(monkeypatch)
    overlapping(given(colleague), lambda: actions.end_expired_roles(at=cast.NOW))
    assert rights(colleague)[0] is False


@pytest.fixture
def boss():
    return cast.staff("manager", cast.province(), phone="0977000111")


def given_by(boss, colleague):
    """A commune's manager by a province's, each as its request has read them."""
    boss, colleague = User.objects.get(pk=boss.pk), User.objects.get(pk=colleague.pk)
    return lambda: actions.grant_role(user=colleague, role="manager", place=cast.commune(), by=boss, at=cast.NOW)


def test_of_two_managers_who_give_a_role_at_once_one_hears_that_it_is_held(boss, colleague):
    another = cast.staff("manager", cast.province(), phone="0977000222")
    _first, second = overlapping(given_by(boss, colleague), given_by(another, colleague))
    assert isinstance(second, Refusal)
    assert colleague.roles.filter(ended_at=None).count() == 1


def test_who_loses_the_role_meanwhile_gives_nothing(boss, colleague):
    _first, second = overlapping(ended(boss, "manager"), given_by(boss, colleague))
    assert isinstance(second, Refusal)
    assert not colleague.roles.filter(granted_by=boss).exists()


def test_without_the_lock_a_role_that_is_over_would_still_give(boss, colleague, monkeypatch):
    """The control: the second has read what the first takes."""
    without_locks(monkeypatch)
    overlapping(ended(boss, "manager"), given_by(boss, colleague))
    assert colleague.roles.filter(granted_by=boss).exists()

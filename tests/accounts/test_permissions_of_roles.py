"""What somebody may do follows the roles that hold today, and nothing else."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, Permission

from accounts import actions
from accounts.groups import permissions_of, roles_with
from accounts.models import Role, User
from tests import cast

pytestmark = pytest.mark.django_db


def again(user: User) -> User:
    """As the next request finds them."""
    return User.objects.get(pk=user.pk)


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_permissions_are_those_of_the_role_s_group(role):
    """Wagtail's own questions go to the group: neither may say more than the other."""
    place = None if role == Role.EDITOR else cast.province()
    user = again(cast.staff(role, place))
    held = Permission.objects.filter(group__name=role).values_list("content_type__app_label", "codename")
    assert user.get_all_permissions() == {f"{app}.{codename}" for app, codename in held}
    assert user.has_perm("wagtailadmin.access_admin")


def test_a_role_that_is_over_gives_nothing_even_before_the_job_takes_its_group_away():
    user = cast.staff("manager", cast.province())
    user.roles.update(valid_until=cast.NOW.date())
    with cast.on(cast.NOW + timedelta(days=1)):
        assert Group.objects.filter(user=user, name="manager").exists()
        assert not again(user).get_all_permissions()


def test_whoever_left_the_service_may_do_nothing():
    user = cast.staff("manager", cast.province())
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert not again(user).get_all_permissions()
    assert not again(user).has_perm("accounts.view_person")


def test_nobody_has_a_permission_of_their_own():
    user = cast.staff("organiser", cast.province())
    user.user_permissions.add(Permission.objects.get(codename="change_person"))
    assert not again(user).has_perm("accounts.change_person")


def test_an_administrator_may_do_everything():
    user = again(cast.staff("administrator"))
    assert user.has_perm("accounts.change_person")
    assert "accounts.change_person" in user.get_all_permissions()


def test_two_roles_give_what_both_give():
    user = cast.staff("organiser", cast.province())
    actions.grant_role(user=user, role="manager", place=cast.province(), by=None, at=cast.NOW)
    assert again(user).get_all_permissions() == permissions_of(["organiser", "manager"])


def test_what_a_role_may_do_and_which_roles_may_do_it_say_the_same():
    for role in Role:
        assert all(role in roles_with(permission) for permission in permissions_of([role]))

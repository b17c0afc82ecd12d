"""What a role may do stands in the code, and groups follow it at each migration."""

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from wagtail.models import GroupApprovalTask

from accounts import actions, groups
from accounts.models import Role, RoleAssignment
from tests import cast

pytestmark = pytest.mark.django_db


def test_a_permission_that_the_code_does_not_list_goes_again():
    group = Group.objects.get(name=Role.MANAGER)
    group.permissions.add(Permission.objects.get(codename="delete_person"))
    groups.ensure(apps.get_app_config("accounts"))
    held = set(group.permissions.filter(content_type__app_label="accounts").values_list("codename", flat=True))
    assert held == set(groups.OWN[Role.MANAGER])


def test_an_approval_step_of_an_office_keeps_its_group():
    office = Group.objects.create(name="Chi cục")
    task = GroupApprovalTask.objects.create(name="Chi cục duyệt")
    task.groups.set([office])
    groups.ensure_page_permissions(apps.get_app_config("wagtailimages"))
    assert list(task.groups.all()) == [office]


def test_a_role_that_ran_out_is_ended_once():
    user = cast.staff("manager", cast.commune())
    actions.grant_role(user=user, role=Role.EDITOR, place=None, by=None, at=cast.NOW)
    long_ago = cast.NOW.date().replace(year=2020)
    RoleAssignment.objects.filter(role=Role.MANAGER).update(valid_from=long_ago, valid_until=long_ago)
    assert actions.end_expired_roles(at=cast.NOW) == 1
    assert [group.name for group in user.groups.all()] == [Role.EDITOR]
    assert actions.end_expired_roles(at=cast.NOW) == 0

"""Editors and administrators work for the whole country: the form, the action and the database say so."""

from datetime import date
from importlib import import_module

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from accounts import actions
from accounts.models import COUNTRYWIDE, RoleAssignment
from lib.refusals import Refusal
from tests import cast


@pytest.mark.django_db
@pytest.mark.parametrize("role", COUNTRYWIDE)
def test_a_role_of_the_country_is_not_given_within_a_place(role):
    user = cast.staff("manager", cast.commune())
    with pytest.raises(Refusal, match="của cả nước"):
        actions.grant_role(user=user, role=role, place=cast.commune(), by=None, at=cast.NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleAssignment.objects.create(user=user, role=role, place=cast.commune(), valid_from=cast.NOW.date())
    assert user.roles.count() == 1


WITHOUT_RULE = {
    "sqlite": "PRAGMA ignore_check_constraints = {0}",
    "postgresql": "ALTER TABLE accounts_roleassignment DROP CONSTRAINT IF EXISTS role_of_the_country_has_no_place",
}


@pytest.fixture
def before_the_rule(db):
    with connection.cursor() as cursor:
        cursor.execute(WITHOUT_RULE[connection.vendor].format("ON"))
        yield
        if connection.vendor == "sqlite":
            cursor.execute(WITHOUT_RULE["sqlite"].format("OFF"))


def migrated(*rows):
    """What became of assignments that were written before the rule."""
    for row in rows:
        RoleAssignment.objects.create(**row)
    import_module("accounts.migrations.0013_roles_of_the_country").leave_places(apps, None)
    return RoleAssignment.objects.filter(role="editor", place=None).order_by("pk")


def test_an_editor_of_one_place_becomes_one_of_the_country_and_a_manager_keeps_the_place(before_the_rule):
    user = cast.staff("manager", cast.commune())
    one = migrated({"user": user, "role": "editor", "place": cast.province(), "valid_from": date(2026, 1, 1)}).get()
    assert (one.place, one.ended_at) == (None, None)
    assert user.roles.get(role="manager").place == cast.commune()


def test_an_editor_of_several_places_is_one_once_for_all_their_days(before_the_rule):
    user = cast.staff("manager", cast.commune())
    mine = {"user": user, "role": "editor"}
    kept, other = migrated(
        mine | {"place": cast.province(), "valid_from": date(2026, 1, 1), "valid_until": date(2026, 6, 30)},
        mine | {"place": cast.province("An Giang"), "valid_from": date(2026, 3, 1), "valid_until": date(2026, 9, 30)},
    )
    assert (kept.valid_from, kept.valid_until, kept.ended_at) == (date(2026, 1, 1), date(2026, 9, 30), None)
    assert "Gộp" in other.end_reason
    assert other.ended_at

"""Linking with another issuer beside an officer who lets somebody out, and by two at once, proved on real connections, each with a control
that the race does happen."""

import pytest
from django.utils import timezone

from accounts import actions
from accounts.actions import logins
from accounts.models import LinkedIdentity, User
from lib.refusals import Refusal
from tests import cast
from tests.racing import at_once, overlapping, without_locks

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]
ISSUER = "https://vneid.vi-du.vn"


def linking(user):
    return lambda: actions.link_identity(user=user, issuer=ISSUER, digest="a" * 64, at=timezone.now())


def let_out(user):
    return lambda: logins.end_proof(user=User.objects.get(pk=user.pk))


def test_of_two_who_link_one_identity_at_once_one_has_it():
    users = [cast.trainee(), cast.trainee("Danh Sà Mây", "0987000111")]
    answers = at_once(*map(linking, users))
    assert sorted(type(one) for one in answers if one is not True) == [Refusal]
    assert LinkedIdentity.objects.count() == 1


def test_whoever_is_let_out_while_linking_has_no_way_in():
    user = cast.trainee()
    linked, _out = overlapping(linking(user), let_out(user))
    assert linked is True
    assert not LinkedIdentity.objects.exists()


def test_whoever_links_while_being_let_out_has_no_way_in():
    user = cast.trainee()
    _out, answer = overlapping(let_out(user), linking(user))
    assert isinstance(answer, Refusal)
    assert not LinkedIdentity.objects.exists()


def test_without_the_lock_a_way_in_would_be_left(monkeypatch):
    """The control: the link is written beside a key that is gone."""
    user = cast.trainee()
    without_locks(monkeypatch)
    overlapping(let_out(user), linking(user))
    assert LinkedIdentity.objects.exists()

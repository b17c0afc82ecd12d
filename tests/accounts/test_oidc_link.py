"""A learner links the own account with whom another issuer means, and takes it back."""

import json

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import ModelLogEntry

from accounts import actions, helping
from accounts.models import LinkedIdentity, Person, PhoneChange, User
from accounts.rights import erasing
from lib import registries
from lib.refusals import Refusal
from tests import cast

from .oidc import CONFIRM, HOME, LINK, UNLINK, is_in, learner, link, log_in, there_and_agreed, why

pytestmark = pytest.mark.django_db
RECORDS = registries.person_records["accounts.LinkedIdentity.user"]


@pytest.fixture
def user(issuer):
    return learner()


@pytest.fixture
def client(user):
    return cast.client_of(user)


def test_linked_after_seeing_whom_the_issuer_named(client, user, issuer):
    assert LINK in client.get(HOME).text
    assert "Sang VNeID để nối" in client.get(LINK).text
    answer = client.get(there_and_agreed(client, LINK))
    assert answer.url == CONFIRM
    assert not LinkedIdentity.objects.exists()
    page = client.get(CONFIRM).text
    assert "Trần Thị Út" in page
    said = client.post(CONFIRM, {"link": "1"}, follow=True).text
    assert "Đã nối" in said
    kept = LinkedIdentity.objects.get()
    assert (kept.user, kept.issuer) == (user, issuer.address)
    assert "nguoi-1" not in kept.sub_digest
    assert "đã nối với VNeID" in client.get(LINK).text
    assert ModelLogEntry.objects.filter(action="accounts.identity_linked").exists()


def test_whom_somebody_else_linked_under_a_key_of_before_is_not_linked_a_second_time(client, user, issuer, settings):
    link(learner(phone="0987654320"), issuer)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another-one-for-tests"
    client.get(there_and_agreed(client, LINK))
    assert "đã nối với một học viên khác" in client.post(CONFIRM, {"link": "1"}, follow=True).text
    assert LinkedIdentity.objects.get().user != user


def test_another_name_than_one_s_own_is_pointed_out(client, issuer):
    client.get(there_and_agreed(client, LINK))
    assert "Hai tên khác nhau" not in client.get(CONFIRM).text
    issuer.claims["name"] = "Danh Sà Mây"
    client.get(there_and_agreed(client, LINK))
    assert "Hai tên khác nhau" in client.get(CONFIRM).text
    del issuer.claims["name"]
    client.get(there_and_agreed(client, LINK))
    page = client.get(CONFIRM).text
    assert "không cho biết tên" in page
    assert "Hai tên khác nhau" not in page


def test_not_linked_by_whoever_does_not_want_to(client):
    client.get(there_and_agreed(client, LINK))
    client.post(CONFIRM, {})
    assert not LinkedIdentity.objects.exists()
    assert client.post(CONFIRM, {"link": "1"}).url == LINK  # what waited is forgotten


def test_looking_at_the_question_links_nothing(client):
    client.get(there_and_agreed(client, LINK))
    client.get(CONFIRM)
    assert not LinkedIdentity.objects.exists()


def test_taken_back_after_a_question(client, user, issuer):
    link(user, issuer)
    assert "Gỡ VNeID khỏi tài khoản này?" in client.get(UNLINK).text
    assert LinkedIdentity.objects.exists()
    assert "Đã gỡ" in client.post(UNLINK, follow=True).text
    assert not LinkedIdentity.objects.exists()
    assert ModelLogEntry.objects.filter(action="accounts.identity_unlinked").exists()
    assert client.get(UNLINK).url == LINK
    del issuer.claims["phone_number"]
    assert why(log_in(Client())) == "khong-co-so"


def test_one_of_another_learner_s_is_refused_with_a_sentence(client, issuer):
    other = learner("Danh Sà Mây", "0987000111")
    link(other, issuer)
    client.get(there_and_agreed(client, LINK))
    page = client.post(CONFIRM, {"link": "1"}, follow=True).text
    assert "đã nối với một học viên khác" in page
    assert "Danh Sà Mây" not in page
    assert LinkedIdentity.objects.get().user == other


def test_a_second_one_of_the_same_issuer_is_refused(user, issuer):
    link(user, issuer)
    with pytest.raises(Refusal, match="gỡ trước"):
        link(user, issuer, "nguoi-2")
    assert not actions.link_identity(
        user=user, issuer=issuer.address, digest=LinkedIdentity.objects.get().sub_digest, at=timezone.now()
    )


def test_linking_begun_in_one_account_ends_in_no_other(client, issuer):
    other = learner("Danh Sà Mây", "0987000111")
    back = there_and_agreed(client, LINK)
    session = client.session
    session.update({key: value for key, value in cast.client_of(other).session.items() if key.startswith("_auth")})
    session.save()
    answer = client.get(back)
    assert why(answer) == "tai-khoan-khac"
    assert "đã chuyển sang một tài khoản khác" in client.get(answer.url).text
    assert CONFIRM not in answer.url
    assert not LinkedIdentity.objects.exists()


def test_linking_is_forgotten_by_a_log_in_as_another(client, issuer):
    other = learner("Danh Sà Mây", "0987000111")
    back = there_and_agreed(client, LINK)
    client.force_login(other, backend="accounts.backends.PhoneBackend")
    assert client.get(back).url == "/hoc/"
    assert client.get(CONFIRM).url == LINK
    assert not LinkedIdentity.objects.exists()


def test_a_way_to_link_opens_no_account(user, issuer):
    """Whoever was logged out meanwhile."""
    client = cast.client_of(user)
    back = there_and_agreed(client, LINK)
    session = client.session
    for key in ("_auth_user_id", "_auth_user_hash", "_auth_user_backend"):
        del session[key]
    session.save()
    assert why(client.get(back)) == "tai-khoan-khac"
    assert not is_in(client)


def test_what_waits_is_of_whoever_began_it(client, issuer):
    client.get(there_and_agreed(client, LINK))
    session = client.session
    session["oidc_linking"] = session["oidc_linking"] | {"user": 0}
    session.save()
    assert client.post(CONFIRM, {"link": "1"}).url == LINK
    assert not LinkedIdentity.objects.exists()


def test_a_device_on_which_an_officer_helps_gets_no_key(user, issuer):
    client = cast.client_of(cast.staff("manager", cast.commune()))
    client.post(f"/quan-tri/nguoi/{user.person_id}/giup/", {"where": "here", "help": "on"})
    assert helping.HELPED in client.session
    for address in (LINK, CONFIRM, UNLINK):
        assert client.get(address).url == HOME
        assert client.post(address).url == HOME
    assert "discovery" not in issuer.asked


def test_strangers_are_led_to_the_log_in(issuer):
    for address in (LINK, CONFIRM, UNLINK):
        assert "/tai-khoan/dien-thoai/?next=" in Client().get(address).url


@pytest.mark.parametrize("what", ["another number", "whose number"])
def test_what_drops_a_pin_drops_the_link(user, issuer, what):
    """It may have been made on a phone that is in other hands now."""
    link(user, issuer)
    if what == "another number":
        asked = {
            "name": user.person.name,
            "place": cast.commune(),
            "old_phone": user.phone,
            "new_phone": "+84987000222",
        }
        actions.request_phone_change(at=timezone.now(), **asked)
        decided = {"change": PhoneChange.objects.get(), "person": user.person, "is_confirmed": True, "reason": "Đã gặp"}
        officer = cast.staff("manager", cast.commune(), "0987654000")
        actions.decide_phone_change(by=officer, at=timezone.now(), **decided)
    else:
        User.objects.filter(pk=user.pk).update(phone_verified_at=None)
        assert actions.confirm_number(user=User.objects.get(pk=user.pk), at=timezone.now())
    assert not LinkedIdentity.objects.exists()


def test_whoever_was_let_out_meanwhile_leaves_no_way_in(user, issuer):
    read_before = User.objects.get(pk=user.pk)
    User.objects.filter(pk=user.pk).update(password="!another")
    with pytest.raises(Refusal, match="vừa thay đổi"):
        link(read_before, issuer)
    read_before.delete()
    with pytest.raises(Refusal, match="vừa thay đổi"):
        link(user, issuer)
    assert not LinkedIdentity.objects.exists()


def test_the_link_is_in_one_s_own_copy_and_goes_with_the_person(user, issuer):
    link(user, issuer)
    exported = RECORDS.export(user.person_id)
    assert [row["issuer"] for row in exported] == [issuer.address]
    json.dumps(exported)
    erasing.erase_person(person=user.person, by=None, at=timezone.now())
    assert not LinkedIdentity.objects.exists()
    client = Client()
    answer = log_in(client)  # a stranger again
    assert answer.url.startswith("/tai-khoan/ho-so/")
    assert User.objects.get(phone="+84912345678").person is None


def test_a_colleague_s_link_goes_with_the_learner(issuer):
    user = cast.staff("organiser", cast.province(), "0987654001")
    cast.person("Lê Cán", user=user)
    user.refresh_from_db()
    link(user, issuer)
    assert RECORDS.erase(user.person_id) == 1
    assert not LinkedIdentity.objects.exists()


@pytest.mark.parametrize("keeps", ["gone", "kept"])
def test_the_link_follows_when_two_rows_are_joined(user, issuer, keeps):
    other = learner("Trần Thị Út", "0987000111")
    link(user, issuer)
    keep = user.person if keeps == "gone" else other.person
    actions.merge_people(
        person=user.person, into=other.person, by=None, reason="Một người", at=timezone.now(), keeps_log_in_of=keep
    )
    left = User.objects.get(person=Person.objects.get(pk=other.person_id))
    assert LinkedIdentity.objects.get().user == left
    del issuer.claims["phone_number"]
    client = Client()
    log_in(client)
    assert client.session["_auth_user_id"] == str(left.pk)


def test_of_two_links_one_is_left(user, issuer):
    other = learner("Trần Thị Út", "0987000111")
    link(user, issuer)
    kept = link(other, issuer, "nguoi-2")
    actions.merge_people(person=user.person, into=other.person, by=None, reason="Một người", at=timezone.now())
    assert LinkedIdentity.objects.get() == kept

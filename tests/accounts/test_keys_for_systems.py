"""/quan-tri/ket-noi/: keys for other systems are given out, shown once, and taken back."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from wagtail.models import ModelLogEntry

from accounts import actions
from accounts.models import ApiToken
from lib.refusals import Refusal
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.once]
PAGE = "/quan-tri/ket-noi/"


@pytest.fixture
def giver(db):
    return cast.staff("manager", cast.province("Cà Mau"), "0987654321")


@pytest.fixture
def office(giver):
    return cast.client_of(giver)


def said(**changes):
    last = timezone.localdate() + timedelta(days=90)
    typed = {"name": "Trang số liệu của Sở", "place_name": "Cà Mau", "valid_until": f"{last:%d/%m/%Y}"}
    return typed | {"form_token": str(uuid4())} | changes


def test_a_key_is_shown_once_and_only_its_digest_is_kept(office):
    answer = office.post(PAGE, said(with_subjects="on"))
    (secret,) = re.findall(r"ocop_[A-Z2-9]{32}", answer.text)
    token = ApiToken.objects.get()
    assert (token.place, token.with_subjects) == (cast.province("Cà Mau"), True)
    assert secret not in (token.digest, token.name)
    assert actions.use_token(secret=secret, at=timezone.now()) == token
    later = office.get(PAGE).text
    assert "ocop_" not in later
    assert "Trang số liệu của Sở" in later
    assert "no-store" in answer["Cache-Control"]
    assert secret not in str(list(ModelLogEntry.objects.values_list("data", flat=True)))


def test_one_form_is_one_key_however_often_it_is_sent(office):
    typed = said()
    secrets = {re.search(r"ocop_\w{32}", office.post(PAGE, typed).text)[0] for _press in range(2)}
    assert (len(secrets), ApiToken.objects.count()) == (1, 1)
    assert ModelLogEntry.objects.filter(action="accounts.token_issued").count() == 1
    other = cast.client_of(cast.staff("manager", cast.province("Cà Mau"), "0987654329"))
    for client, more in ((office, typed | {"name": "Trang khác"}), (other, typed), (office, said())):
        secrets.add(re.search(r"ocop_\w{32}", client.post(PAGE, more).text)[0])
    assert (len(secrets), ApiToken.objects.count()) == (4, 4)


def test_the_form_of_a_key_that_was_taken_back_gives_no_dead_one(office):
    typed = said()
    office.post(PAGE, typed)
    office.post(f"{PAGE}{ApiToken.objects.get().pk}/thu-hoi/", {"reason": "nghi lộ"})
    answer = office.post(PAGE, typed)
    assert (answer.status_code, ApiToken.objects.count()) == (422, 1)
    assert "khóa của lần gửi này đã bị thu hồi" in answer.text
    assert "ocop_" not in answer.text


def test_a_commune_of_the_province_may_be_named(office):
    office.post(PAGE, said(place_name="Phan Ngọc Hiển"))
    assert ApiToken.objects.get().place == cast.commune("Phan Ngọc Hiển")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": ""}, "Hãy ghi khóa dùng cho hệ thống nào."),
        ({"place_name": ""}, "Hãy gõ tên địa bàn."),
        ({"place_name": "Lào Cai"}, "ngoài địa bàn của anh/chị"),
        ({"valid_until": "01/01/2020"}, "Hạn dùng phải từ hôm nay"),
        ({"valid_until": "01/01/2099"}, "Hạn dùng phải từ hôm nay"),
        ({"valid_until": "hôm nào"}, "ngày"),
    ],
)
def test_what_cannot_be_given_is_told_and_what_was_typed_stays(office, changes, sentence):
    answer = office.post(PAGE, said(**changes))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "ocop_" not in answer.text
    assert 'value="Trang số liệu của Sở"' in answer.text or not changes.get("name", "x")
    assert not ApiToken.objects.exists()


def test_the_whole_country_for_whoever_manages_it():
    office = cast.client_of(cast.staff("manager", None, "0987654322"))
    office.post(PAGE, said(place_name=""))
    assert ApiToken.objects.get().place is None


def test_keys_of_elsewhere_are_not_seen_and_not_taken_back(office):
    stranger = cast.staff("manager", cast.province("Lào Cai"), "0987654323")
    token, _secret = actions.issue_token(
        name="Trang của Lào Cai",
        place=cast.province("Lào Cai"),
        with_subjects=False,
        valid_until=timezone.localdate(),
        by=stranger,
        at=timezone.now(),
    )
    assert "Trang của Lào Cai" not in office.get(PAGE).text
    address = f"{PAGE}{token.pk}/thu-hoi/"
    assert office.get(address).status_code == office.post(address, {"reason": "x"}).status_code == 404
    assert office.get(f"{PAGE}999999/thu-hoi/").status_code == 404


def test_a_key_is_taken_back_with_a_reason_and_once(office, giver):
    office.post(PAGE, said())
    token = ApiToken.objects.get()
    address = f"{PAGE}{token.pk}/thu-hoi/"
    assert office.post(address, {"reason": ""}).status_code == 422
    assert office.post(address, {"reason": "đổi nhà cung cấp"}).status_code == 302
    assert "đổi nhà cung cấp" in office.get(PAGE).text
    assert office.post(address, {"reason": "lần nữa"}).status_code == 404
    assert not actions.revoke_token(token=token, by=giver, reason="lần nữa", at=timezone.now())
    assert ApiToken.objects.get().revoked_reason == "đổi nhà cung cấp"


def test_both_decisions_are_in_the_log(office):
    office.post(PAGE, said())
    office.post(f"{PAGE}{ApiToken.objects.get().pk}/thu-hoi/", {"reason": "nghi lộ"})
    done = set(ModelLogEntry.objects.values_list("action", flat=True))
    assert {"accounts.token_issued", "accounts.token_revoked"} <= done


def test_the_action_refuses_a_day_too_far_away(giver):
    for days in (-1, 367):
        with pytest.raises(Refusal):
            actions.issue_token(
                name="x",
                place=None,
                with_subjects=False,
                valid_until=timezone.localdate() + timedelta(days=days),
                by=giver,
                at=timezone.now(),
            )

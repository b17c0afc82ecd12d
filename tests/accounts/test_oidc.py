"""Log-in by another issuer: what a verified number opens, and what without one."""

import logging
import re

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts import actions, sessions
from accounts.models import Person, User
from tests import cast

from .oidc import (
    BACK,
    BEGIN,
    FAILED,
    HOME,
    LINK,
    START,
    WHOSE,
    is_in,
    learner,
    link,
    log_in,
    there_and_agreed,
    why,
    written_down,
)  # fmt: skip

pytestmark = pytest.mark.django_db
CATALOGUE = "/hoc/"
NAME = "/tai-khoan/ho-so/ten/"


def test_a_learner_is_in_by_the_verified_number(issuer):
    user, client = learner(), Client()
    there = log_in(client, next=CATALOGUE)
    assert (there.status_code, there.url) == (302, CATALOGUE)
    assert client.session["_auth_user_id"] == str(user.pk)


def test_the_device_is_remembered_as_after_a_code(issuer):
    learner()
    client = Client()
    log_in(client)
    assert client.session.get_expiry_age() > 100 * 24 * 3600
    assert "device" in client.cookies


def test_a_shared_device_forgets_and_the_issuer_asks_who_it_is(issuer):
    learner()
    client = Client()
    sent = client.post(BEGIN, {"is_shared": "on"})
    assert "prompt=login" in sent.url
    log_in(client, is_shared="on")
    assert client.session.get_expire_at_browser_close()
    assert client.session["is_shared_device"]
    assert "device" not in client.cookies


def test_what_is_asked_of_the_issuer(issuer):
    sent = Client().post(BEGIN).url
    assert sent.startswith(f"{issuer.address}/authorize?response_type=code&client_id=hoc-ocop&")
    for part in ("code_challenge_method=S256", "nonce=", "state=", "scope=openid+profile+phone", "ui_locales=vi"):
        assert part in sent
    assert "redirect_uri=http%3A%2F%2Ftestserver%2Ftai-khoan%2Fnoi-khac%2Fve%2F" in sent
    assert "prompt" not in sent


def test_a_client_that_posts_its_secret(issuer):
    issuer.misdeeds.add("by post")
    learner()
    client = Client()
    log_in(client)
    assert is_in(client)


def test_an_unknown_number_signs_up_with_name_and_year_to_begin_with(issuer):
    client = Client()
    there = log_in(client, next=CATALOGUE)
    assert there.url.startswith("/tai-khoan/ho-so/")
    assert "next=%2Fhoc%2F" in there.url
    user = User.objects.get(phone="+84912345678")
    assert user.phone_verified_at
    assert user.profile_draft == {"name": "Trần Thị Út", "birth_year": 1975}
    page = client.get(NAME).text
    assert 'value="Trần Thị Út"' in page
    assert 'value="1975"' in page
    assert user.person is None  # place and agreements are asked as of everybody


def test_what_was_typed_before_is_not_written_over(issuer):
    user = actions.user_for_phone(phone="+84912345678", at=timezone.now())
    actions.keep_draft(user=user, values={"name": "Út Trần", "birth_year": None})
    log_in(Client())
    user.refresh_from_db()
    assert user.profile_draft["name"] == "Út Trần"


@pytest.mark.parametrize(
    ("said", "year"),
    [("02/03/1975", 1975), ("1975", 1975), ("0000-03-02", None), ("2020-01-01", None), (1975, None), (None, None)],
)
def test_a_year_of_birth_in_several_ways(issuer, said, year):
    issuer.claims["birthdate"] = said
    log_in(Client())
    assert User.objects.get().profile_draft.get("birth_year") == year


@pytest.mark.parametrize("said", [None, "", 7, "<script>", "a" * 300, {"given": "x"}])
def test_what_is_no_name_is_left_out(issuer, said):
    issuer.claims["name"] = said
    client = Client()
    log_in(client)
    assert is_in(client)
    assert User.objects.get().profile_draft == {}


def test_a_number_that_an_officer_wrote_down_is_asked_about(issuer):
    user, client = written_down(), Client()
    there = log_in(client, next=CATALOGUE)
    assert there.url == f"{WHOSE}?next=%2Fhoc%2F"
    assert not is_in(client)
    page = client.get(WHOSE).text
    assert "Trần Thị Số" in page
    proof = re.search(r'name="proof" value="(\w+)"', page)[1]
    client.post(WHOSE, {"answer": "own", "proof": proof})
    assert client.session["_auth_user_id"] == str(user.pk)
    user.refresh_from_db()
    assert user.phone_verified_at
    assert [one["method"] for one in client.session["account_authentication_methods"]] == ["oidc"]


def test_somebody_else_than_written_down_gets_a_log_in_of_their_own(issuer):
    user, client = written_down(), Client()
    log_in(client)
    proof = re.search(r'name="proof" value="(\w+)"', client.get(WHOSE).text)[1]
    client.post(WHOSE, {"answer": "other", "proof": proof})
    assert is_in(client)
    assert client.session["_auth_user_id"] != str(user.pk)
    assert Person.objects.get(user__isnull=False).user.phone is None


@pytest.mark.parametrize("said", [False, None, "false", 1, "yes", ["true"]])
def test_a_number_that_is_not_verified_opens_nothing(issuer, said):
    learner()
    issuer.claims["phone_number_verified"] = said
    client = Client()
    answer = log_in(client)
    assert why(answer) == "khong-co-so"
    assert not is_in(client)
    page = client.get(answer.url).text
    assert "không cho biết số điện thoại đã xác nhận" in page
    assert START in page


@pytest.mark.parametrize(
    "said", ["+1 912 345 678", "+44912345678", "0243 826 0000", "12", None, 912345678, "0912345678" * 9]
)
def test_what_is_no_vietnamese_mobile_opens_nothing(issuer, said):
    issuer.claims["phone_number"] = said
    assert why(log_in(Client())) == "khong-co-so"
    assert not User.objects.exists()


def test_without_a_number_whoever_linked_before_is_in(issuer):
    user, client = learner(), Client()
    link(user, issuer)
    del issuer.claims["phone_number"]
    log_in(client)
    assert client.session["_auth_user_id"] == str(user.pk)


def test_whom_somebody_linked_goes_before_the_number_that_the_issuer_tells(issuer):
    """The issuer may still tell a number that is somebody else's by now."""
    user, other = learner(), learner("Danh Sà Mây", "0987000111")
    link(user, issuer)
    issuer.claims["phone_number"] = "0987000111"
    client = Client()
    log_in(client)
    assert client.session["_auth_user_id"] == str(user.pk) != str(other.pk)


def test_a_number_whose_holder_linked_somebody_else_opens_nothing(issuer):
    link(learner(), issuer)
    issuer.claims["sub"] = "nguoi-2"
    client = Client()
    answer = log_in(client)
    assert why(answer) == "so-da-noi"
    assert not is_in(client)
    assert "đã đổi chủ" in client.get(answer.url).text


def test_the_number_may_be_told_in_userinfo_alone(issuer):
    issuer.in_id_token = ("name",)
    user, client = learner(), Client()
    log_in(client)
    assert client.session["_auth_user_id"] == str(user.pk)
    assert "userinfo" in issuer.asked


def test_userinfo_is_not_asked_for_what_is_signed_already(issuer):
    learner()
    log_in(Client())
    assert issuer.asked == ["discovery", "agree", "token", "jwks"]


def test_of_the_next_who_comes_only_the_code_is_asked_for(issuer):
    learner()
    log_in(Client())
    issuer.asked.clear()
    client = Client()
    log_in(client)
    assert is_in(client)
    assert issuer.asked == ["agree", "token"]


def test_claims_may_have_other_names(issuer, settings):
    settings.OIDC |= {
        "claim_phone": "soDienThoai",
        "claim_phone_verified": "daXacThuc",
        "claim_name": "hoTen",
        "claim_birth": "ngaySinh",
    }
    issuer.claims = {
        "sub": "nguoi-1",
        "soDienThoai": "0912345678",
        "daXacThuc": "true",
        "hoTen": "Trần Thị Út",
        "ngaySinh": "02/03/1975",
    }
    log_in(Client())
    assert User.objects.get(phone="+84912345678").profile_draft == {"name": "Trần Thị Út", "birth_year": 1975}


def test_what_is_switched_off_stays_shut(issuer):
    user = learner()
    User.objects.filter(pk=user.pk).update(is_active=False)
    client = Client()
    assert log_in(client).url == "/tai-khoan/ngung/"
    assert not is_in(client)
    link(user, issuer)
    assert log_in(client).url == "/tai-khoan/ngung/"
    assert not is_in(client)


def test_a_colleague_gets_what_a_code_opens_and_not_the_admin(issuer):
    user = cast.staff("organiser", cast.province(), "0912345678")
    User.objects.filter(pk=user.pk).update(phone_verified_at=timezone.now())
    client = Client()
    log_in(client)
    assert client.session["_auth_user_id"] == str(user.pk)
    assert client.session.get_expiry_age() <= sessions.STAFF_SESSION
    assert client.get("/quan-tri/").status_code == 403


def test_a_colleague_s_number_that_nobody_proved_is_asked_about(issuer):
    cast.staff("organiser", cast.province(), "0912345678")
    client = Client()
    assert log_in(client).url.startswith(WHOSE)
    assert not is_in(client)


def test_neither_pin_nor_password_changes(issuer):
    user = learner()
    before = user.password
    log_in(Client())
    user.refresh_from_db()
    assert user.password == before
    assert user.has_pin


def test_whoever_is_in_stays_who_they_are(issuer):
    user, other = learner(), learner("Danh Sà Mây", "0987000111")
    client = Client()
    back = there_and_agreed(client)
    client.force_login(other, backend="accounts.backends.PhoneBackend")  # in another tab, meanwhile
    client.get(back)
    assert client.session["_auth_user_id"] == str(other.pk) != str(user.pk)
    assert client.post(BEGIN).url == "/hoc/"


def test_logging_out_ends_our_session_and_says_so(issuer):
    learner()
    client = Client()
    log_in(client)
    page = client.post("/tai-khoan/dang-xuat/", follow=True).text
    assert not is_in(client)
    assert "Máy này có thể vẫn đang đăng nhập ở VNeID" in page
    other = cast.client_of(User.objects.get())
    assert "VNeID" not in other.post("/tai-khoan/dang-xuat/", follow=True).text


def test_nothing_beyond_what_is_needed_is_kept_or_written_into_the_log(issuer, caplog):
    caplog.set_level(logging.DEBUG)
    client = Client()
    log_in(client)
    link(User.objects.get(), issuer)
    kept = "\n".join(_every_value())
    assert "912345678" in kept  # so it would be found
    for never in ("001075012345", "Canary", "canary", "nguoi-1", "1975-03-02", *issuer.tokens):
        assert never not in kept
        assert never not in str(dict(client.session))
    ours = "\n".join(one.getMessage() for one in caplog.records if one.levelno >= logging.INFO)
    for never in ("912345678", "Trần", "nguoi-1", "CANARY"):
        assert never not in ours


def test_where_somebody_wanted_to_go_is_on_this_site(issuer):
    learner()
    client = Client()
    assert log_in(client, next="https://boi.example/").url == "/hoc/"
    client = Client()
    back = there_and_agreed(client)
    assert client.get(f"{back}&next=https://boi.example/").url == "/hoc/"
    assert "boi.example" not in client.get(FAILED, {"vi-sao": "da-dung", "next": "https://boi.example/"}).text


def test_the_way_back_is_in_the_language_of_the_way_there(issuer):
    client = Client()
    there = log_in_english(client)
    assert there.url.startswith("/en/tai-khoan/")


def log_in_english(client):
    return client.get(there_and_agreed(client, page=f"/en{BEGIN}"))


def test_links_before_a_new_secret_key_are_found_and_renewed(issuer, settings):
    user = learner()
    link(user, issuer)
    del issuer.claims["phone_number"]
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another-one-for-tests"
    client = Client()
    log_in(client)
    assert is_in(client)
    settings.SECRET_KEY_FALLBACKS = []
    client = Client()
    log_in(client)
    assert is_in(client)


def test_without_an_issuer_there_is_nothing(settings):
    user = learner()
    settings.OIDC = dict.fromkeys(settings.OIDC, "")
    client = cast.client_of(user)
    for address in (BEGIN, BACK, FAILED, LINK, "/tai-khoan/noi/xac-nhan/", "/tai-khoan/noi/go/"):
        assert client.get(address).status_code == 404
        assert client.post(address).status_code == 404
    assert BEGIN not in Client().get(START).text
    assert LINK not in client.get(HOME).text


def test_with_an_issuer_its_button_stands_beside_the_number(issuer):
    page = Client().get(START).text
    assert "Đăng nhập bằng VNeID" in page
    assert f'formaction="{BEGIN}"' in page
    assert "Đăng nhập bằng VNeID" in Client().get("/tai-khoan/dang-nhap/").text
    assert Client().get(BEGIN).url == START


def _every_value():
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608 (the database's own names)
            yield from (str(value) for row in cursor.fetchall() for value in row)

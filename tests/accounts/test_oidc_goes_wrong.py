"""An issuer that is down, slow, forged or mistaken, and people who come back twice, late or by another browser: never in, never a 500,
and always told the way by phone."""

import logging
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from joserfc.jwk import RSAKey

from accounts import oidc
from tests import cast
from tests.fake_issuer import FakeIssuer

from .oidc import BACK, BEGIN, START, is_in, learner, link, log_in, set_to, there_and_agreed, why

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def user(issuer):
    return learner()


def told(client, answer, reason):
    """Not in, and a page that says why and leads to the log-in by phone."""
    assert why(answer) == reason
    assert not is_in(client)
    page = client.get(answer.url)
    assert page.status_code == 200
    assert "Tài khoản và kết quả học vẫn còn nguyên" in page.text
    assert f'href="{START}' in page.text
    assert "CANARY" not in page.text
    return page.text


def test_the_issuer_does_right_before_it_does_wrong():
    client = Client()
    log_in(client)
    assert is_in(client)


@pytest.mark.parametrize(
    "misdeed",
    [
        "another key", "another issuer", "another audience", "another nonce", "no nonce", "unsigned", "signed with our secret",
        "no id_token", "broken token", "broken jwks",
    ],
)  # fmt: skip
def test_a_statement_that_is_not_proved_is_not_believed(issuer, misdeed):
    issuer.misdeeds.add(misdeed)
    client = Client()
    answer = log_in(client)
    assert why(answer) in ("khong-kiem-chung-duoc", "khong-tra-loi")
    told(client, answer, why(answer))


def test_a_statement_about_another_in_userinfo_is_not_believed(issuer):
    issuer.in_id_token = ()
    issuer.misdeeds.add("another in userinfo")
    client = Client()
    told(client, log_in(client), "khong-kiem-chung-duoc")


@pytest.mark.parametrize("misdeed", ["clock ahead", "clock behind"])
def test_clocks_that_are_far_apart(issuer, misdeed):
    issuer.misdeeds.add(misdeed)
    client = Client()
    assert "lệch nhau" in told(client, log_in(client), "lech-gio")


def test_clocks_that_are_a_minute_apart(issuer):
    issuer.misdeeds.add("clock a little off")
    client = Client()
    log_in(client)
    assert is_in(client)


@pytest.mark.parametrize(
    "misdeed",
    [
        "another issuer in discovery",
        "token in the open",
        "no keys",
        "broken discovery",
        "failing discovery",
        "moved discovery",
    ],
)
def test_a_description_that_does_not_fit_sends_nobody_there(issuer, misdeed):
    issuer.misdeeds.add(misdeed)
    client = Client()
    answer = client.post(BEGIN)
    told(client, answer, why(answer))


def test_our_secret_goes_nowhere_else(issuer):
    issuer.misdeeds.add("moved token")
    client = Client()
    told(client, log_in(client), "khong-tra-loi")
    assert "elsewhere" not in issuer.asked


def test_an_issuer_that_is_down(settings):
    gone = FakeIssuer()
    set_to(settings, gone)
    gone.end()
    client = Client()
    assert "không trả lời" in told(client, client.post(BEGIN, {"next": "/hoc/"}), "khong-tra-loi")


@pytest.mark.parametrize("what", ["token", "jwks", "userinfo"])
def test_an_issuer_that_is_slow_keeps_nobody_waiting(issuer, monkeypatch, what):
    monkeypatch.setattr(oidc, "SECONDS", (0.2, 0.2))
    issuer.in_id_token = ()
    client = Client()
    back = there_and_agreed(client)
    issuer.misdeeds.add(f"slow {what}")
    told(client, client.get(back), "khong-tra-loi")


def test_after_an_issuer_did_not_answer_nobody_asks_it_for_a_while(issuer, monkeypatch):
    monkeypatch.setattr(oidc, "SECONDS", (0.2, 0.2))
    issuer.misdeeds.add("slow discovery")
    Client().post(BEGIN)
    issuer.misdeeds.clear()
    client = Client()
    told(client, client.post(BEGIN), "khong-tra-loi")
    assert issuer.asked == ["discovery"]


def test_the_wait_at_the_issuer_is_bounded():
    assert sum(oidc.SECONDS) <= 10


def test_somebody_who_does_not_want_to(issuer):
    client = Client()
    back = there_and_agreed(client, answer="refuse", next="/hoc/")
    answer = client.get(back)
    assert answer.url.endswith("&next=%2Fhoc%2F")
    page = told(client, answer, "da-dung")
    assert f'href="{START}?next=/hoc/"' in page
    assert "token" not in issuer.asked


def test_an_error_of_the_issuer_is_not_taken_for_a_refusal(issuer):
    client = Client()
    back = there_and_agreed(client, answer="refuse").replace("access_denied", "server_error%0d%0aCANARY")
    told(client, client.get(back), "khong-kiem-chung-duoc")


def test_the_same_answer_twice(issuer):
    client, stranger = Client(), Client()
    back = there_and_agreed(client)
    client.get(back)
    assert is_in(client)
    assert client.get(back).url == "/hoc/"  # the page was loaded anew
    told(stranger, stranger.get(back), "het-han")


def test_an_answer_in_another_browser_asks_nobody(issuer):
    back, client = there_and_agreed(Client()), Client()
    asked = list(issuer.asked)
    told(client, client.get(back), "het-han")
    assert issuer.asked == asked


@pytest.mark.parametrize(
    "said", ["", "?code=x", "?state=x", "?code=x&state=x", "?error=x", "?state=&code=", "?state=%00&code=x"]
)
def test_an_answer_to_nothing(issuer, said):
    client = Client()
    answer = client.get(BACK + said)
    assert answer.status_code in (302, 404)
    assert issuer.asked == []


def test_another_code_than_ours(issuer):
    client = Client()
    back = there_and_agreed(client)
    told(client, client.get(back.replace("code=", "code=x")), "khong-kiem-chung-duoc")


def test_somebody_who_comes_back_late(issuer):
    client = Client()
    back = there_and_agreed(client, next="/hoc/")
    with cast.on(timezone.now() + timedelta(seconds=oidc.WITHIN_SECONDS + 5)):
        answer = client.get(back)
    told(client, answer, "het-han")
    assert "next=%2Fhoc%2F" in answer.url
    told(client, client.get(back), "het-han")


def test_two_tabs_come_back_each_to_its_own_page(issuer):
    client = Client()
    first, second = there_and_agreed(client, next="/hoc/"), there_and_agreed(client, next="/khoa-hoc/")
    assert client.get(first).url == "/hoc/"
    assert client.get(second).url in ("/hoc/", "/khoa-hoc/")
    assert is_in(client)


def test_a_session_keeps_a_few_tries_only(issuer):
    client = Client()
    for _time in range(9):
        client.post(BEGIN)
    assert len([key for key in list(client.session.keys()) if key.startswith("_state_oidc_")]) == oidc.TRIES_KEPT


def test_a_key_that_was_changed_there(issuer):
    """What is known of the issuer is kept for a while, and asked for anew when somebody comes with a key of another name."""
    log_in(Client())
    kept, issuer.key = issuer.key, RSAKey.generate_key(2048, {"kid": "hai", "alg": "RS256", "use": "sig"})
    client = Client()
    log_in(client)
    issuer.key = kept
    assert is_in(client)


def test_one_address_does_not_make_us_ask_for_ever(issuer, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"oidc": "2/10m/ip"}
    client = Client()
    assert [client.post(BEGIN).status_code for _ in range(3)] == [302, 302, 429]


@pytest.mark.parametrize("sub", ["", None, 12, "x" * 256, ["nguoi-1"]])
def test_somebody_without_a_fitting_name_at_the_issuer(issuer, sub):
    issuer.claims["sub"] = sub
    client = Client()
    told(client, log_in(client), "khong-kiem-chung-duoc")


def test_what_went_wrong_is_in_the_log_without_a_word_of_the_issuer_s(issuer, caplog):
    caplog.set_level(logging.INFO)
    issuer.misdeeds.add("another nonce")
    log_in(Client())
    client = Client()
    client.get(there_and_agreed(client).replace("code=", "code=x"))
    said = "\n".join(one.getMessage() for one in caplog.records)
    assert "oidc: nobody came in: InvalidClaimError" in said
    assert "oidc: nobody came in: OAuthError" in said
    assert "CANARY" not in said


def test_a_reason_that_there_is_none_of():
    assert Client().get("/tai-khoan/noi-khac/chua-vao/?vi-sao=<script>").url == START


def test_a_number_of_somebody_else_that_is_not_verified(issuer, user):
    """Whoever types another's number into their profile there."""
    issuer.claims |= {"sub": "nguoi-khac", "phone_number_verified": False}
    client = Client()
    told(client, log_in(client), "khong-co-so")
    link(user, issuer)
    told(client, log_in(client), "khong-co-so")

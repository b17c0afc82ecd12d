"""Logging in with a staff password: the second step of whoever set one up, and of nobody else."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client

from messaging.models import Message
from tests import cast, factors

pytestmark = [pytest.mark.django_db, pytest.mark.once]
STEP = "/tai-khoan/buoc-hai/"


@pytest.fixture(autouse=True)
def _no_tries_yet():
    cache.clear()


@pytest.fixture
def colleague():
    return cast.staff("manager", cast.province())


@pytest.fixture
def secret(colleague):
    return factors.app_of(colleague)


def test_a_colleague_without_one_enters_with_the_password_alone(colleague):
    client, answer = factors.with_password()
    assert answer.url == "/quan-tri/"
    assert client.get("/quan-tri/").status_code == 200


def test_the_password_leads_to_the_second_step_and_the_admin_stays_closed_before_it(secret):
    client, answer = factors.with_password()
    assert answer.url == STEP
    assert client.get("/quan-tri/").url.startswith("/tai-khoan/dang-nhap/")
    assert "mã sáu số đang hiện" in client.get(STEP).text


def test_the_code_of_the_app_opens_what_was_asked_for(secret):
    client, _asked = factors.with_password(there="/quan-tri/nguoi/dang-ky/")
    assert client.post(STEP, {"code": factors.shown_by(secret)}).url == "/quan-tri/nguoi/dang-ky/"
    assert client.get("/quan-tri/").status_code == 200
    assert client.session.get_expiry_age() <= 12 * 3600


@pytest.mark.parametrize("blank", ["{0} {1}", "{0}-{1}", " {0}{1} "])
def test_a_code_may_be_typed_in_two_groups(secret, blank):
    client, _asked = factors.with_password()
    code = factors.shown_by(secret)
    assert client.post(STEP, {"code": blank.format(code[:3], code[3:])}).url == "/quan-tri/"


def test_a_phone_whose_clock_is_half_a_minute_off_is_let_in(secret):
    client, _asked = factors.with_password()
    assert client.post(STEP, {"code": factors.shown_by(secret, periods_ahead=-1)}).url == "/quan-tri/"


def test_a_wrong_code_is_said_and_opens_nothing(secret):
    client, _asked = factors.with_password()
    answer = client.post(STEP, {"code": factors.wrong_for(secret)})
    assert "Mã chưa đúng, đã hết hạn hoặc vừa dùng rồi" in answer.text
    assert client.get("/quan-tri/").status_code == 302
    assert "Hãy nhập mã trong ứng dụng" in client.post(STEP, {"code": ""}).text


def test_a_code_that_was_used_lets_nobody_in_again(secret):
    """Also after allauth has forgotten it (a period), while its tolerance would still take it."""
    code = factors.shown_by(secret)
    first, _asked = factors.with_password()
    assert first.post(STEP, {"code": code}).status_code == 302
    user = Authenticator.objects.get(type="totp").user_id
    cache.delete(f"allauth.mfa.totp.used?user={user}&code={code}")
    second, _asked = factors.with_password()
    assert "vừa dùng rồi" in second.post(STEP, {"code": f"{code[:3]} {code[3:]}"}).text
    assert second.get("/quan-tri/").status_code == 302


def test_wrong_codes_are_limited_by_account_and_the_right_one_waits_too(secret):
    for _guess in range(5):
        client, _asked = factors.with_password()
        client.post(STEP, {"code": factors.wrong_for(secret)})
    other, _asked = factors.with_password()
    assert "Hãy đợi 15 phút" in other.post(STEP, {"code": factors.shown_by(secret)}).text
    assert other.get("/quan-tri/").status_code == 302


def test_a_recovery_code_opens_once(colleague, secret):
    code = factors.recovery_codes_of(colleague)[0]
    first, _asked = factors.with_password()
    page = first.get(f"{STEP}?du-phong").text
    assert re.search(r"<label [^>]*>Mã dự phòng</label>", page)
    assert first.post(f"{STEP}?du-phong", {"code": code}).url == "/quan-tri/"
    second, _asked = factors.with_password()
    assert "Mã chưa đúng" in second.post(f"{STEP}?du-phong", {"code": code}).text
    assert second.get("/quan-tri/").status_code == 302
    assert code not in factors.recovery_codes_of(colleague)


def test_another_account_is_chosen_without_the_second_step(secret):
    client, _asked = factors.with_password()
    page = client.get(STEP).text
    assert re.search(r'action="/tai-khoan/dang-xuat/".*value="/tai-khoan/dang-nhap/"', page, re.DOTALL)
    assert client.post("/tai-khoan/dang-xuat/", {"next": "/tai-khoan/dang-nhap/"}).url == "/tai-khoan/dang-nhap/"
    assert client.get(STEP).url == "/tai-khoan/dang-nhap/"


def test_without_a_password_there_is_no_second_step(secret):
    assert Client().get(STEP).url == "/tai-khoan/dang-nhap/"
    assert Client().post(STEP, {"code": factors.shown_by(secret)}).url == "/tai-khoan/dang-nhap/"


def test_the_session_gets_a_new_name_at_the_end(secret):
    """What somebody planted before the log-in names nothing afterwards (A5)."""
    client, _asked = factors.with_password()
    before = client.session.session_key
    client.post(STEP, {"code": factors.shown_by(secret)})
    assert client.session.session_key != before
    planted = Client()
    planted.cookies["sessionid"] = before
    assert planted.get("/quan-tri/").status_code == 302


def test_a_shared_device_stays_one_over_the_second_step(secret):
    client, _asked = factors.with_password(is_shared="on")
    client.post(STEP, {"code": factors.shown_by(secret)})
    assert client.session["is_shared_device"]
    assert client.session.get_expire_at_browser_close()


def test_the_page_is_kept_by_nobody(secret):
    client, _asked = factors.with_password()
    assert "no-store" in client.get(STEP).headers["Cache-Control"]


def test_a_passkey_opens_without_a_code(colleague):
    key = factors.key_of(colleague)
    client, _asked = factors.with_password()
    page = client.get(STEP).text
    assert "mã sáu số đang hiện" not in page
    assert client.post(STEP, {"credential": key.answer(factors.options_on(page))}).url == "/quan-tri/"
    assert client.get("/quan-tri/").status_code == 200


def test_an_answer_of_a_passkey_opens_once(colleague):
    key = factors.key_of(colleague)
    first, _asked = factors.with_password()
    answer = key.answer(factors.options_on(first.get(STEP).text))
    assert first.post(STEP, {"credential": answer}).status_code == 302
    second, _asked = factors.with_password()
    second.get(STEP)
    assert "Chưa nhận được khóa truy cập" in second.post(STEP, {"credential": answer}).text


def test_the_passkey_of_somebody_else_opens_nothing(colleague):
    factors.key_of(colleague)
    other = factors.key_of(cast.staff("editor", phone="0987654322"))
    client, _asked = factors.with_password()
    answer = other.answer(factors.options_on(client.get(STEP).text))
    assert "Chưa nhận được khóa truy cập" in client.post(STEP, {"credential": answer}).text
    assert client.get("/quan-tri/").status_code == 302


def test_a_passkey_that_answers_to_another_site_opens_nothing(colleague):
    key = factors.key_of(colleague)
    client, _asked = factors.with_password()
    key.origin = "https://test-server.example"
    answer = key.answer(factors.options_on(client.get(STEP).text))
    assert "Chưa nhận được khóa truy cập" in client.post(STEP, {"credential": answer}).text


@pytest.mark.parametrize(
    "credential",
    ["", "{", "[]", "null", '"x"', "{}", '{"id": 1}', '{"id": "AA", "rawId": "AA", "response": {}, "type": "public-key"}',
     '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {"clientDataJSON": "e30", "authenticatorData": "AA", "signature": "AA"}}',
     "9" * 5_000, "[" * 19_000, "9" * 30_000],
)  # fmt: skip
def test_what_is_no_passkey_is_said(colleague, secret, credential):
    factors.key_of(colleague)
    client, _asked = factors.with_password()
    answer = client.post(STEP, {"credential": credential})
    assert "Chưa nhận được khóa truy cập" in answer.text
    assert client.get("/quan-tri/").status_code == 302


def test_trainees_are_not_asked(secret):
    trainee = cast.trainee()
    client, answer = Client(), None
    answer = client.post("/tai-khoan/dang-nhap/?next=/hoc/", {"login": "0912345678", "password": cast.PIN})
    assert answer.url == "/hoc/"
    assert "hai bước" not in client.get("/tai-khoan/").text
    assert client.get("/quan-tri/account/hai-buoc/").status_code == 403
    assert not Authenticator.objects.filter(user=trainee).exists()


def test_whoever_was_a_colleague_enters_as_a_trainee_with_a_pin_and_is_not_asked():
    user = cast.trainee()
    factors.app_of(user)
    answer = Client().post("/tai-khoan/dang-nhap/?next=/hoc/", {"login": "0912345678", "password": cast.PIN})
    assert answer.url == "/hoc/"


def test_a_code_by_message_asks_for_no_second_step_and_opens_no_admin(colleague, secret):
    colleague.phone_verified_at = cast.NOW
    colleague.save()
    client = Client()
    client.post("/tai-khoan/dien-thoai/", {"phone": "0987654321"})
    code = re.search(r"\d{6}", Message.objects.latest("pk").body)[0]
    assert STEP not in client.post("/tai-khoan/ma/", {"code": code, "action": "verify"}).url
    assert client.session["_auth_user_id"] == str(colleague.pk)
    assert client.get("/quan-tri/").status_code == 403


def test_a_password_that_stopped_at_the_second_step_opens_no_admin_by_another_way_in(colleague, secret):
    """Two halves of a log-in are none: a code that was proved before the password was typed, and answered for after it."""
    client = Client()
    client.post("/tai-khoan/dien-thoai/", {"phone": "0987654321"})
    code = re.search(r"\d{6}", Message.objects.latest("pk").body)[0]
    client.post("/tai-khoan/ma/", {"code": code, "action": "verify"})
    proof = re.search(r'name="proof" value="([^"]+)"', client.get("/tai-khoan/cua-ai/").text)[1]
    typed = {"login": "0987654321", "password": cast.PASSWORD}
    assert client.post("/tai-khoan/dang-nhap/?next=/quan-tri/", typed).url == STEP
    client.post("/tai-khoan/cua-ai/", {"answer": "own", "proof": proof})
    assert client.session["_auth_user_id"] == str(colleague.pk)
    assert client.get("/quan-tri/").status_code == 403

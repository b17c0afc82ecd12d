import re
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from accounts import actions
from accounts.models import SentCode, User
from demo.models import PhoneMessage
from messaging.models import Message
from tests import cast

pytestmark = pytest.mark.django_db
START, CODE = "/tai-khoan/dien-thoai/", "/tai-khoan/ma/"


@pytest.fixture
def sent(django_capture_on_commit_callbacks):
    """Posts a number and returns the code that the phone received."""

    def send(client: Client, phone: str) -> str:
        with django_capture_on_commit_callbacks(execute=True):
            response = client.post(START, {"phone": phone})
        assert response.status_code == 302
        return re.search(r"\d{6}", PhoneMessage.objects.latest("pk").body)[0]

    return send


@pytest.fixture
def again(django_capture_on_commit_callbacks):
    """Asks for the code again; returns the newest that the phone received."""

    def resend(client: Client) -> str:
        with django_capture_on_commit_callbacks(execute=True):
            client.post(CODE, {"action": "resend"})
        return re.search(r"\d{6}", PhoneMessage.objects.latest("pk").body)[0]

    return resend


def test_a_right_code_logs_in(sent):
    client = Client()
    code = sent(client, "0912 345 678")
    client.post(CODE, {"code": code, "action": "verify"})
    user = User.objects.get(phone="+84912345678")
    assert client.session["_auth_user_id"] == str(user.pk)
    assert user.phone_verified_at is not None


def test_known_and_unknown_numbers_get_the_same_answer(sent):
    cast.trainee(phone="0912345678")
    known, unknown = Client(), Client()
    sent(known, "0912345678")
    sent(unknown, "0987111222")
    tell = lambda client, phone: client.get(CODE).text.replace(phone, "SỐ")  # noqa: E731
    scrub = lambda text: re.sub(r'value="\w{64}"|to=[^"]+', "", text)  # noqa: E731
    assert scrub(tell(known, "0912 345 678")) == scrub(tell(unknown, "0987 111 222"))


def test_the_session_holds_no_code_in_plain(sent):
    client = Client()
    code = sent(client, "0912345678")
    assert Session.objects.exists()
    assert all(code not in str(row.get_decoded()) for row in Session.objects.all())
    assert all(code not in row.body for row in Message.objects.all())


def test_a_wrong_code_is_refused_and_after_five_the_code_is_dead(sent):
    client = Client()
    code = sent(client, "0912345678")
    wrong = "000000" if code != "000000" else "111111"
    assert "Mã chưa đúng" in client.post(CODE, {"code": wrong, "action": "verify"}).text
    for _ in range(4):
        client.post(CODE, {"code": wrong, "action": "verify"})
    client.post(CODE, {"code": code, "action": "verify"})
    assert "_auth_user_id" not in client.session


def test_a_code_works_once(sent):
    first, second = Client(), Client()
    code = sent(first, "0912345678")
    first.post(CODE, {"code": code, "action": "verify"})
    sent(second, "0987111222")
    second.post(CODE, {"code": code, "action": "verify"})
    assert "_auth_user_id" not in second.session


def test_one_number_gets_three_codes_in_ten_minutes_but_a_hall_gets_many(sent):
    for _ in range(3):
        sent(Client(), "0912345678")
    refused = Client().post(START, {"phone": "0912345678"})
    assert refused.status_code == 429
    assert "Chưa gửi thêm mã" in refused.text
    for last in range(20):
        sent(Client(), f"09871112{last:02}")


def test_a_forged_forwarding_header_does_not_widen_the_limits(sent):
    for index in range(3):
        Client().post(START, {"phone": "0912345678"}, headers={"X-Forwarded-For": f"10.0.0.{index}"})
    response = Client().post(START, {"phone": "0912345678"}, headers={"X-Forwarded-For": "10.0.9.9"})
    assert response.status_code == 429


def test_when_the_daily_budget_is_used_up_other_ways_are_named(settings, sent):
    settings.SMS_DAILY_BUDGET = 1
    sent(Client(), "0912345678")
    response = Client().post(START, {"phone": "0987111222"})
    assert response.status_code == 503
    assert "mã PIN" in response.text
    assert 'href="/tai-khoan/phieu-ma/"' in response.text


def test_a_code_that_is_asked_for_again_replaces_the_first_and_counts_like_it(sent, again):
    client = Client()
    first = sent(client, "0912345678")
    second = again(client)
    assert client.post(CODE, {"code": first, "action": "verify"}).status_code == 200 or first == second
    assert client.post(CODE, {"code": second, "action": "verify"}).status_code == 302
    assert "_auth_user_id" in client.session
    sent(Client(), "0912345678")
    assert Client().post(START, {"phone": "0912345678"}).status_code == 429


def test_asking_again_does_not_go_past_three_codes_in_ten_minutes_and_the_last_code_still_works(sent, again):
    for _ in range(2):
        sent(Client(), "0912345678")
    client = Client()
    code = sent(client, "0912345678")
    again(client)
    assert Message.objects.count() == 3
    assert "Hãy đợi vài phút" in client.get(CODE).text
    client.post(CODE, {"code": code, "action": "verify"})
    assert "_auth_user_id" in client.session


def test_asking_again_does_not_go_past_the_daily_budget_and_the_last_code_still_works(settings, sent):
    settings.SMS_DAILY_BUDGET = 1
    client = Client()
    code = sent(client, "0912345678")
    answer = client.post(CODE, {"action": "resend"})
    assert (answer.status_code, Message.objects.count()) == (503, 1)
    assert "mã PIN" in answer.text
    client.post(CODE, {"code": code, "action": "verify"})
    assert "_auth_user_id" in client.session


def test_a_number_that_gets_no_code_gets_no_log_in(settings, sent):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"request_login_code_by_address": "1/h/ip"}
    sent(Client(), "0912345678")
    assert Client().post(START, {"phone": "0987111222"}).status_code == 429
    assert not User.objects.filter(phone="+84987111222").exists()


def test_the_tries_of_a_code_are_counted_for_the_code_and_not_only_in_the_session(sent):
    client = Client()
    code = sent(client, "0912345678")
    SentCode.objects.update(tries=5)
    answer = client.post(CODE, {"code": code, "action": "verify"}, follow=True)
    assert "Vừa nhập sai nhiều lần" in answer.text
    assert "_auth_user_id" not in client.session


def test_counts_of_codes_are_forgotten_after_a_day(sent):
    sent(Client(), "0912345678")
    assert actions.forget_codes(at=timezone.now()) == 0
    assert actions.forget_codes(at=timezone.now() + timedelta(days=2)) == 1


@pytest.mark.parametrize("phone", ["", "abc", "0912 345", "02903831234", "+12025550100"])
def test_a_wrong_number_is_refused_and_kept(phone):
    response = Client().post(START, {"phone": phone})
    assert response.status_code == 200
    assert not Message.objects.exists()
    assert f'value="{phone}"' in response.text or not phone


def test_an_open_redirect_is_not_followed(sent):
    client = Client()
    with_next = client.post(START, {"phone": "0912345678", "next": "https://evil.example/"})
    assert "evil" not in with_next.url


def test_numbers_that_nobody_confirmed_are_forgotten():
    actions.user_for_phone(phone="+84912345678", at=cast.NOW)
    cast.trainee(phone="0987111222")
    assert actions.forget_unverified(at=cast.NOW + timedelta(days=1)) == 0
    assert actions.forget_unverified(at=cast.NOW + timedelta(days=3)) == 1
    assert User.objects.filter(phone="+84987111222").exists()


def test_a_shared_device_forgets_when_the_browser_closes(sent, django_capture_on_commit_callbacks):
    shared, own = Client(), Client()
    with django_capture_on_commit_callbacks(execute=True):
        shared.post(START, {"phone": "0912345678", "is_shared": "on"})
    code = re.search(r"\d{6}", PhoneMessage.objects.latest("pk").body)[0]
    shared.post(CODE, {"code": code, "action": "verify"})
    assert shared.session.get_expire_at_browser_close()
    own_code = sent(own, "0987111222")
    own.post(CODE, {"code": own_code, "action": "verify"})
    assert own.session.get_expiry_age() == pytest.approx(180 * 24 * 3600, abs=60)


def test_the_same_code_posted_twice_by_one_device_logs_in_twice(sent):
    """A second tap, or a second try after a lost answer, comes with the cookies of the first."""
    client = Client()
    client.get(START)
    code = sent(client, "0912345678")
    before = dict(client.cookies)
    client.post(CODE, {"code": code, "action": "verify"})
    again = Client()
    again.cookies.load({name: morsel.value for name, morsel in before.items()})
    answer = again.post(CODE, {"code": code, "action": "verify", "next": "/c/cua-toi/"})
    assert "_auth_user_id" in again.session
    assert "cua-toi" in answer.url


def test_the_same_code_from_another_device_or_a_wrong_one_from_the_same_opens_nothing(sent):
    client = Client()
    client.get(START)
    code = sent(client, "0912345678")
    before = {name: morsel.value for name, morsel in client.cookies.items()}
    client.post(CODE, {"code": code, "action": "verify"})
    other, same = Client(), Client()
    other.cookies.load(before | {"csrftoken": "x" * 32})
    same.cookies.load(before)
    other.post(CODE, {"code": code, "action": "verify"})
    same.post(CODE, {"code": f"{(int(code) + 1) % 10**6:06}", "action": "verify"})
    assert not any("_auth_user_id" in one.session for one in (other, same))


def test_a_shared_device_stays_one_when_its_code_is_posted_twice(sent, django_capture_on_commit_callbacks):
    client, again = Client(), Client()
    client.get(START)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(START, {"phone": "0912345678", "is_shared": "on"})
    code = re.search(r"\d{6}", PhoneMessage.objects.latest("pk").body)[0]
    again.cookies.load({name: morsel.value for name, morsel in client.cookies.items()})
    for one in (client, again):
        one.post(CODE, {"code": code, "action": "verify"})
    assert again.session.get_expire_at_browser_close()


def test_a_number_posted_twice_by_one_device_gets_one_message_and_its_code_holds(sent):
    client = Client()
    client.get(START)
    again = Client()
    again.cookies.load({name: morsel.value for name, morsel in client.cookies.items()})
    code = sent(client, "0912345678")
    assert sent(again, "0912345678") == code
    assert Message.objects.count() == 1
    again.post(CODE, {"code": code, "action": "verify"})
    assert "_auth_user_id" in again.session


def test_whoever_comes_back_from_the_code_page_gets_a_new_code(sent, again):
    client = Client()
    client.get(START)
    sent(client, "0912345678")
    again(client)
    code = sent(client, "0912345678")
    assert Message.objects.count() == 3
    client.post(CODE, {"code": code, "action": "verify"})
    assert "_auth_user_id" in client.session


def test_what_cannot_be_a_code_is_no_guess(sent):
    client = Client()
    code = sent(client, "0912345678")
    for typed in ["", "12345", "abcdef", "", "", "1234567"]:
        assert client.post(CODE, {"code": typed, "action": "verify"}).status_code == 200
    assert SentCode.objects.get().tries == 0
    client.post(CODE, {"code": code, "action": "verify"})
    assert "_auth_user_id" in client.session


@pytest.mark.parametrize("action", ["verify", "resend"])
def test_a_number_that_was_forgotten_meanwhile_is_asked_for_again(sent, action):
    client = Client()
    code = sent(client, "0912345678")
    User.objects.filter(phone="+84912345678").delete()
    page = client.post(CODE, {"code": code, "action": action}, follow=True)
    assert page.redirect_chain[-1][0] == START
    assert "nhập lại số để nhận mã mới" in page.text

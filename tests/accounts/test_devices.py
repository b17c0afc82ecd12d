"""Whoever knows a number can try it; that neither keeps its owner out nor gets anybody in."""

import re
import time

import pytest
from django.core import signing
from django.test import Client, RequestFactory

from accounts import devices
from demo.models import PhoneMessage
from lib import phones
from messaging.models import Message
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.once]
START, CODE, LOGIN, CARD = "/tai-khoan/dien-thoai/", "/tai-khoan/ma/", "/tai-khoan/dang-nhap/", "/tai-khoan/phieu-ma/"
NUMBER = "0912345678"


def is_in(client):
    return "_auth_user_id" in client.session


def tries(pin, client=None, address="10.0.0.1", **more):
    client = client or Client()
    return client.post(LOGIN, {"login": NUMBER, "password": pin} | more, REMOTE_ADDR=address)


def asks(client, address="10.0.0.1"):
    return client.post(START, {"phone": NUMBER}, REMOTE_ADDR=address).status_code


@pytest.fixture
def own_device():
    """Entered with the PIN once, and was logged out since."""
    cast.trainee(phone=NUMBER)
    client = Client()
    tries(cast.PIN, client)
    assert is_in(client)
    client.post("/tai-khoan/dang-xuat/")
    return client


def strangers_try(days_worth=60):
    """From many addresses, until the number takes no more."""
    return [tries("999999", address=f"10.1.{number}.1") for number in range(days_worth)]


def test_a_stranger_does_not_lock_the_owner_out_of_a_device_that_was_in_before(own_device):
    strangers_try()
    assert not is_in(own_device)
    tries(cast.PIN, own_device)
    assert is_in(own_device)


def test_a_stranger_at_one_address_does_not_lock_the_owner_out_anywhere_else():
    cast.trainee(phone=NUMBER)
    for _try in range(20):
        tries("999999", address="10.1.0.1")
    new_device = Client()
    tries(cast.PIN, new_device, address="10.2.0.1")
    assert is_in(new_device)


def test_guessing_from_many_addresses_is_stopped_and_says_what_to_do(own_device):
    answers = strangers_try()
    compared = [answer for answer in answers if "chưa khớp" in answer.text]
    assert len(compared) == 50
    new_device = Client()
    refused = tries(cast.PIN, new_device, address="10.2.0.1").text
    assert not is_in(new_device)
    for said in ("vừa nhập sai nhiều lần", "vẫn còn nguyên", "mã qua tin nhắn hoặc phiếu mã", "máy đã từng đăng nhập"):
        assert said in refused


def test_guessing_on_a_device_that_was_in_before_is_stopped_as_well(own_device):
    answers = [tries("999999", own_device, address=f"10.1.{number}.1").text for number in range(8)]
    assert sum("chưa khớp" in answer for answer in answers) == 5


def test_guesses_at_many_numbers_from_one_address_are_stopped_though_no_number_is_locked(own_device, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"login_failed_by_address": "3/d/ip"}
    for number in range(3):
        Client().post(LOGIN, {"login": f"098711122{number}", "password": "999999"}, REMOTE_ADDR="10.1.0.1")
    new_device = Client()
    tries(cast.PIN, new_device, address="10.1.0.1")
    assert not is_in(new_device)
    tries(cast.PIN, own_device, address="10.1.0.1")
    assert is_in(own_device), "a known device does not share the address's fate"


def test_a_refused_try_costs_the_owner_nothing_for_later(settings):
    cast.trainee(phone=NUMBER)
    strangers_try()
    owner = Client()
    for _try in range(6):
        tries(cast.PIN, owner, address="10.2.0.1")
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"login_failed_anywhere": "51/d/key"}  # the next day
    tries(cast.PIN, owner, address="10.2.0.1")
    assert is_in(owner)


def test_a_refused_try_costs_the_neighbours_nothing(settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"login_failed_by_address": "7/5m/ip"}
    cast.trainee("Lê Thị Ba", "0987111222")
    for _try in range(20):
        tries("999999")
    neighbour = Client()
    neighbour.post(LOGIN, {"login": "0987111222", "password": cast.PIN}, REMOTE_ADDR="10.0.0.1")
    assert is_in(neighbour)


def test_right_pins_cost_nothing_so_that_a_hall_behind_one_address_gets_in():
    cast.trainee(phone=NUMBER)
    for _log_in in range(20):
        client = Client()
        tries(cast.PIN, client)
        assert is_in(client)


def test_the_owner_gets_a_code_on_a_known_device_though_strangers_have_asked_all_day(own_device):
    asked = [asks(Client(), address=f"10.1.{number}.1") for number in range(12)]
    assert (asked.count(302), asked[-1]) == (10, 429)
    assert asks(own_device) == 302
    assert Message.objects.filter(purpose="login-code").count() == 11


def test_a_stranger_at_one_address_cannot_use_up_the_codes_of_a_number(settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"request_login_code": "5/d/key"}
    assert [asks(Client(), address="10.1.0.1") for _ask in range(7)].count(302) == 5
    assert asks(Client(), address="10.2.0.1") == 302


def test_a_number_that_gets_no_more_codes_is_told_the_other_ways():
    for _ask in range(3):
        asks(Client())
    refused = Client().post(START, {"phone": NUMBER}, REMOTE_ADDR="10.0.0.1").text
    for said in ("vẫn còn nguyên", "mã PIN", "phiếu mã", "máy đã từng đăng nhập", LOGIN, CARD):
        assert said in refused


def test_a_shared_device_is_never_known():
    cast.trainee(phone=NUMBER)
    client = Client()
    tries(cast.PIN, client, is_shared="on")
    assert is_in(client)
    assert devices.COOKIE not in client.cookies


def test_the_cookie_goes_over_https_alone_where_the_site_does(settings, own_device):
    settings.HTTPS = True
    tries(cast.PIN, own_device)
    assert own_device.cookies[devices.COOKIE]["secure"]


def test_a_device_is_forgotten_after_a_year_and_a_month(own_device, monkeypatch):
    later = time.time() + devices.KEPT_SECONDS + 1
    monkeypatch.setattr(signing.time, "time", lambda: later)
    request = RequestFactory().get("/")
    request.COOKIES[devices.COOKIE] = own_device.cookies[devices.COOKIE].value
    assert not devices.known_as(request, phones.to_e164(NUMBER))


def test_a_code_makes_a_device_known_as_well(django_capture_on_commit_callbacks):
    client = Client()
    with django_capture_on_commit_callbacks(execute=True):
        asks(client)
    code = re.search(r"\d{6}", PhoneMessage.objects.latest("pk").body)[0]
    client.post(CODE, {"code": code, "action": "verify"})
    kept = client.cookies[devices.COOKIE]
    assert is_in(client)
    assert kept["httponly"]
    assert "912345678" not in kept.value


def known(phone, cookie):
    request = RequestFactory().post(LOGIN)
    request.COOKIES[devices.COOKIE] = cookie
    return devices.known_as(request, phone)


def test_a_device_is_known_for_its_own_numbers_only_and_not_by_its_word(own_device):
    cookie = own_device.cookies[devices.COOKIE].value
    assert known("+84912345678", cookie)
    assert not known("+84987111222", cookie)
    assert not known("+84912345678", cookie[:-2] + "xx")
    assert not known("+84912345678", signing.dumps(["x", "+84912345678"], salt="another"))


def test_a_family_s_phone_keeps_five_numbers_and_its_name():
    for last in range(7):
        cast.trainee(phone=f"098711122{last}")
    client = Client()
    names = set()
    for last in range(7):
        client.post(LOGIN, {"login": f"098711122{last}", "password": cast.PIN})
        names.add(known(f"+8498711122{last}", client.cookies[devices.COOKIE].value))
        client.post("/tai-khoan/dang-xuat/")
    assert len(names) == 1
    cookie = client.cookies[devices.COOKIE].value
    assert [bool(known(f"+8498711122{last}", cookie)) for last in range(7)] == [False] * 2 + [True] * 5


LOG_OUT = '<a class="tool tool--out" href="/tai-khoan/dang-xuat/">Đăng xuất</a>'


@pytest.mark.parametrize("path", ["/", "/khoa-hoc/", "/hoc/", "/tai-khoan/"])
def test_on_a_shared_device_the_way_out_is_on_every_page_and_on_one_s_own_it_is_not(path):
    cast.catalogue()
    cast.trainee(phone=NUMBER)
    shared, own = Client(), Client()
    tries(cast.PIN, shared, is_shared="on")
    tries(cast.PIN, own)
    assert LOG_OUT in shared.get(path).text
    assert LOG_OUT not in own.get(path).text
    shared.post("/tai-khoan/dang-xuat/")
    assert LOG_OUT not in shared.get("/").text


def test_logging_out_stands_before_the_long_texts_of_the_account():
    cast.trainee(phone=NUMBER)
    client = Client()
    tries(cast.PIN, client)
    page = client.get("/tai-khoan/").text
    assert page.index("Đăng xuất khỏi máy này") < page.index("Những điều anh/chị đã đồng ý")

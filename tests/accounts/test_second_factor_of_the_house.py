"""What the operator wants (STAFF_SECOND_FACTOR): colleagues are left alone, invited, or let in only with a second factor."""

import pytest
from django.core.cache import cache

from tests import cast, factors

pytestmark = [pytest.mark.django_db, pytest.mark.once]
OWN = "/quan-tri/account/hai-buoc/"
INVITED = "Giữ tài khoản an toàn hơn"


@pytest.fixture(autouse=True)
def _no_tries_yet():
    cache.clear()


@pytest.fixture
def colleague():
    return cast.staff("manager", cast.province())


@pytest.fixture
def desk(colleague):
    return cast.client_of(colleague)


def test_by_default_the_first_page_invites_until_one_is_set_up(desk, colleague):
    assert INVITED in desk.get("/quan-tri/").text
    factors.app_of(colleague)
    assert INVITED not in factors.passed(colleague).get("/quan-tri/").text


def test_off_nobody_is_invited_and_whoever_has_one_is_still_asked(desk, colleague, settings):
    settings.STAFF_SECOND_FACTOR = "off"
    assert INVITED not in desk.get("/quan-tri/").text
    assert desk.get(OWN).status_code == 200
    factors.app_of(colleague)
    assert factors.with_password()[1].url == "/tai-khoan/buoc-hai/"


@pytest.fixture
def required(settings):
    settings.STAFF_SECOND_FACTOR = "required"


@pytest.mark.parametrize("there", ["", "account/", "nguoi/dang-ky/", "person/", "reports/site-history/", "khong-co/"])
def test_required_the_admin_leads_to_setting_it_up_and_nowhere_else(required, desk, there):
    assert desk.get(f"/quan-tri/{there}").url == OWN
    assert desk.post(f"/quan-tri/{there}", {}).url == OWN


def test_required_the_way_there_is_open_and_says_why(required, desk):
    assert "yêu cầu xác minh hai bước" in desk.get(OWN).text
    assert desk.get("/quan-tri/sprite/").status_code == 200
    assert desk.get(f"{OWN}ung-dung/").url.startswith(f"{OWN}mat-khau/")
    desk.post(f"{OWN}mat-khau/", {"password": cast.PASSWORD})
    page = desk.get(f"{OWN}ung-dung/").context
    desk.post(f"{OWN}ung-dung/", {"code": factors.shown_by(page["form"].secret)})
    assert desk.get("/quan-tri/").status_code == 200


def test_required_whoever_takes_the_last_off_is_led_back(required, desk, colleague):
    factors.app_of(colleague)
    desk = factors.passed(colleague)
    assert desk.get("/quan-tri/").status_code == 200
    desk.post(f"{OWN}mat-khau/", {"password": cast.PASSWORD})
    desk.post(f"{OWN}ung-dung/bo/")
    assert desk.get("/quan-tri/").url == OWN


def test_required_whoever_logs_out_may(required, desk):
    assert desk.get("/quan-tri/logout/").url == "/tai-khoan/dang-xuat/"


def test_required_asks_nothing_of_trainees(required):
    client = cast.client_of(cast.trainee())
    assert client.get("/hoc/").status_code == 200
    assert client.get("/tai-khoan/").status_code == 200

"""A form that comes back says on top what is wrong and leads there: the fault itself may be screens below."""

import re
from uuid import uuid4

import pytest
from django.test import Client

from accounts import actions
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.once]
SAID = "Còn chỗ chưa đúng:"
NAME, PLACE, LAST = (f"/tai-khoan/ho-so/{step}/" for step in ("ten", "noi-o", "dong-y"))
LOST = {"name": "Út", "place": "rach goc", "old_phone": "", "new_phone": ""}


@pytest.fixture
def newcomer():
    """Somebody before the last step of signing up."""
    client = cast.client_of(actions.user_for_phone(phone="+84912345678", at=cast.NOW))
    client.post(NAME, {"name": "Trần Thị Út", "kind": "subject"})
    client.post(PLACE, {"place": cast.commune().pk})
    return client


def all_led_to(answer):
    """The elements to which the message on top of a form leads, and their words; all must be on the page."""
    said = re.search(rf'<div [^>]*tabindex="-1" autofocus.*?{SAID}(.*?)</div>', answer.text, re.DOTALL)[1]
    links = re.findall(r'<a href="#([^"]+)">([^<]+)</a>', said)
    assert all(answer.text.count(f'id="{at}"') == 1 for at, _ in links)
    return links


def led_to(answer):
    (only,) = all_led_to(answer)
    return only


def test_a_missed_tick_at_the_end_of_signing_up_is_said_on_top(newcomer):
    role = {"subject_name": "Tôm khô Út", "subject_kind": "household", "subject_role": "head"}
    answer = newcomer.post(LAST, role)
    assert answer.status_code == 200
    assert led_to(answer)[0] == "id_learning-record"
    assert SAID not in newcomer.get(LAST).text


def test_every_field_that_is_wrong_is_named_of_two_forms_in_one_as_well(newcomer):
    ids = [at for at, _label in all_led_to(newcomer.post(LAST, {"subject_kind": "household"}))]
    assert ids == ["id_subject_name", "id_subject_role_0", "id_learning-record"]
    assert [label for _at, label in all_led_to(newcomer.post(NAME, {"name": ""}))] == ["Họ và tên", "Anh/Chị là"]


@pytest.mark.parametrize(
    ("address", "data", "expected"),
    [
        ("/tai-khoan/dien-thoai/", {"phone": ""}, ("id_phone", "Số điện thoại")),
        ("/tai-khoan/dang-nhap/", {"login": "0912345678"}, ("id_password", "Mã PIN hoặc mật khẩu")),
        ("/tai-khoan/phieu-ma/", {"code": ""}, ("id_code", "Mã trên phiếu")),
        ("/tai-khoan/mat-so/", LOST, ("id_new_phone", "Số điện thoại mới")),
    ],
)
def test_every_door_leads_to_its_fault(address, data, expected):
    assert led_to(Client().post(address, data)) == expected
    assert SAID not in Client().get(address).text


def test_a_group_of_choices_is_led_to_by_its_first_one_and_the_list_of_places_as_a_whole(newcomer):
    assert led_to(newcomer.post(NAME, {"name": "Trần Thị Út"})) == ("id_kind_0", "Anh/Chị là")
    assert led_to(newcomer.post(PLACE, {"q": "rach goc"})) == ("id_place", "Chọn một nơi")


def test_one_s_own_pages_do_so_too():
    client = cast.client_of(cast.trainee())
    assert led_to(client.post("/tai-khoan/ten/", {"name": ""}))[0] == "id_name"
    assert led_to(client.post("/tai-khoan/pin/", {"pin": "111111", "again": "111111"}))[0] == "id_pin"


def test_what_no_field_is_to_blame_for_is_said_there_without_a_link():
    page = Client().post("/tai-khoan/dang-nhap/", {"login": "0912345678", "password": "000000"}).text
    assert 'role="alert" tabindex="-1" autofocus>' in page
    assert SAID not in page


def test_officers_are_told_in_the_banner_of_the_admin_whose_button_leads_to_the_first_fault():
    officer = cast.client_of(cast.staff("manager", cast.commune()))
    person = cast.person()
    for address in ("/quan-tri/nguoi/dang-ky/", f"/quan-tri/nguoi/{person.pk}/sua/"):
        assert "Chưa lưu được vì còn chỗ chưa đúng" not in officer.get(address).text
        answer = officer.post(address, {"name": "", "form_token": str(uuid4())})
        assert answer.status_code == 422
        assert "Chưa lưu được vì còn chỗ chưa đúng" in answer.text
        assert "Đến lỗi đầu tiên" in answer.text

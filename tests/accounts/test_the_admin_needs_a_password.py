from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts import actions
from lib.refusals import Refusal
from tests import cast

pytestmark = pytest.mark.django_db
LOG_IN = {"login": "0987654321", "password": cast.PASSWORD}


def test_staff_with_their_password_enter():
    cast.staff("manager", cast.province(), phone="0987654321")
    client = Client()
    client.post("/tai-khoan/dang-nhap/?next=/quan-tri/", {"login": "0987654321", "password": cast.PASSWORD})
    assert client.get("/quan-tri/").status_code == 200
    assert client.session.get_expiry_age() <= 12 * 3600


def test_a_trainee_does_not_enter():
    response = cast.client_of(cast.trainee()).get("/quan-tri/")
    assert response.status_code == 403
    assert "cần mật khẩu" in response.text


def test_staff_who_came_in_by_phone_code_are_asked_for_their_password():
    client = Client()
    client.force_login(cast.staff("manager"), backend="accounts.backends.PhoneBackend")
    assert client.get("/quan-tri/").status_code == 403
    out = client.post("/tai-khoan/dang-xuat/", {"next": "/tai-khoan/dang-nhap/?next=/quan-tri/"})
    assert out.url == "/tai-khoan/dang-nhap/?next=/quan-tri/"


def test_a_pin_ends_when_somebody_becomes_staff():
    user = cast.trainee()
    actions.grant_role(user=user, role="manager", place=cast.commune(), by=None, at=cast.NOW)
    user.refresh_from_db()
    assert not user.has_pin
    assert not user.check_password(cast.PIN)


A_WEEK = timedelta(days=7)


def becomes_staff_in_a_week(user):
    day = timezone.localdate() + A_WEEK
    actions.grant_role(user=user, role="editor", place=None, by=None, at=timezone.now(), valid_from=day)
    user.refresh_from_db()
    return user


def test_a_pin_works_until_the_day_on_which_its_holder_becomes_staff():
    user = becomes_staff_in_a_week(cast.trainee())
    actions.set_pin(user=user, pin="802614")
    user.refresh_from_db()
    assert (user.is_staff, user.check_password("802614")) == (False, True)
    actions.begin_due_roles(at=timezone.now() + A_WEEK)
    user.refresh_from_db()
    assert (user.is_staff, user.has_pin, user.check_password("802614")) == (True, False, False)


@pytest.fixture
def colleague_of_next_week():
    """Who also learns here, and has the password already that the admin will ask for."""
    day = timezone.localdate() + A_WEEK
    user = actions.create_staff(
        phone="0911222333", name="Phạm Thị Mới", password=cast.PASSWORD, roles=[("editor", None)], by=None,
        at=timezone.now(), valid_from=day,
    )  # fmt: skip
    cast.person("Phạm Thị Mới", user=user)
    user.refresh_from_db()
    return user


def test_before_the_first_day_no_pin_takes_the_place_of_the_password(colleague_of_next_week):
    user = colleague_of_next_week
    client = cast.client_of(user)
    assert "mã PIN" not in client.get("/tai-khoan/").text
    answer = client.post("/tai-khoan/pin/", {"pin": "802614", "again": "802614"})
    assert "đăng nhập bằng mật khẩu" in answer.text
    actions.begin_due_roles(at=timezone.now() + A_WEEK)
    user.refresh_from_db()
    assert (user.is_staff, user.check_password(cast.PASSWORD)) == (True, True)


def test_before_the_first_day_no_change_of_number_takes_the_password(colleague_of_next_week):
    person = colleague_of_next_week.person
    change = actions.request_phone_change(
        name=person.name, place=person.place, old_phone="+84911222333", new_phone="+84911222334", at=cast.NOW
    )
    said = {"person": person, "by": None, "is_confirmed": True, "reason": "gọi lại", "at": cast.NOW}
    with pytest.raises(Refusal, match="quản trị hệ thống đổi"):
        actions.decide_phone_change(change=change, **said)
    colleague_of_next_week.refresh_from_db()
    assert colleague_of_next_week.check_password(cast.PASSWORD)


@pytest.mark.parametrize("path", ["login/", "logout/", "password_reset/"])
def test_wagtails_own_doors_lead_to_ours(path):
    assert Client().get(f"/quan-tri/{path}").url.startswith("/tai-khoan/dang-nhap/")


def test_logging_out_in_the_admin_ends_the_session():
    """By way of our own page, whose button also takes along what the browser keeps."""
    client = cast.client_of(cast.staff("manager", cast.commune()))
    asked = client.post("/quan-tri/logout/", follow=True)
    assert asked.redirect_chain == [("/tai-khoan/dang-xuat/", 302)]
    assert "data-leave" in asked.text
    client.post("/tai-khoan/dang-xuat/")
    assert client.get("/quan-tri/").url.startswith("/tai-khoan/dang-nhap/")


def test_rights_end_with_the_last_role():
    user = cast.staff("editor")
    actions.end_role(assignment=user.roles.get(), by=None, reason="Đổi việc", at=cast.NOW)
    user.refresh_from_db()
    assert not user.is_staff
    assert not user.groups.exists()


def test_an_administrator_makes_staff_by_name_and_number():
    admin = cast.client_of(cast.staff("administrator"))
    form = {
        "phone": "0911222333", "display_name": "Phạm Thị Mới", "password1": cast.PASSWORD,
        "role": "manager", "scope": "place", "place_name": "ca mau",
    }  # fmt: skip
    admin.post("/quan-tri/users/new/", form)
    from accounts.models import User

    made = User.objects.get(phone="+84911222333")
    assert made.roles.get().place == cast.province("Cà Mau")
    assert made.is_staff


REGISTER = "/quan-tri/nguoi/dang-ky/"


def test_a_form_sent_after_the_session_ended_is_said_and_led_back_to():
    late = Client(headers={"accept": "text/html", "referer": f"http://testserver{REGISTER}"})
    answer = late.post(REGISTER, {"name": "Danh Sà Mây"}, follow=True)
    assert "Trang để lâu nên máy đã tự đăng xuất" in answer.text
    cast.staff("manager", cast.commune())
    inside = late.post(answer.request["PATH_INFO"] + "?" + answer.request["QUERY_STRING"], LOG_IN, follow=True)
    assert inside.redirect_chain[-1] == (f"{REGISTER}?chua-gui=1", 302)
    assert "data-kept" in inside.text
    assert "Phiên làm việc" not in inside.text


@pytest.mark.parametrize(
    "referer", ["http://testserver/quan-tri/person/inspect/7/", "http://evil.example/quan-tri/", ""]
)
def test_a_button_without_a_page_of_its_own_leads_back_to_the_page_with_the_button(referer):
    answer = Client(headers={"accept": "text/html", "referer": referer}).post("/quan-tri/nguoi/7/phieu/")
    there = "person/inspect/7/" if "testserver" in referer else ""
    assert answer.url == f"/tai-khoan/dang-nhap/?next=/quan-tri/{there}%3Fchua-gui%3D1"


def test_a_script_in_the_background_leaves_no_message():
    late = Client()
    late.post("/quan-tri/editing-sessions/1/", headers={"accept": "*/*"})
    assert "Phiên làm việc" not in late.get("/tai-khoan/dang-nhap/").text


def test_a_form_of_another_session_says_so_and_leads_back_to_what_was_typed():
    client = Client(enforce_csrf_checks=True)
    inside = cast.client_of(cast.staff("manager", cast.commune()))
    client.cookies = inside.cookies
    answer = client.post(REGISTER, {"name": "Danh Sà Mây", "form_token": "x"})
    assert answer.status_code == 403
    assert f'href="{REGISTER}?chua-gui=1"' in answer.text
    assert "chua-gui" not in client.post("/quan-tri/nguoi/7/phieu/").text


def logged_in(user):
    client = Client()
    assert client.post("/tai-khoan/dang-nhap/", {"login": user.phone, "password": cast.PASSWORD}).status_code == 302
    return client


def test_who_will_be_a_colleague_is_remembered_for_a_working_day_and_goes_on_when_the_role_begins(
    colleague_of_next_week,
):
    client = logged_in(colleague_of_next_week)
    assert client.session.get_expiry_age() <= 12 * 3600
    colleague_of_next_week.roles.update(valid_from=timezone.localdate())
    actions.begin_due_roles(at=timezone.now())
    assert client.get("/quan-tri/").status_code == 200


def test_a_phone_remembered_for_half_a_year_opens_no_admin_when_a_role_comes_later(colleague_of_next_week):
    user = colleague_of_next_week
    actions.end_role(assignment=user.roles.get(), by=None, reason="Chưa nhận việc", at=timezone.now())
    client = logged_in(user)
    assert client.session.get_expiry_age() > 12 * 3600
    actions.grant_role(user=user, role="editor", place=None, by=None, at=timezone.now())
    closed = client.get("/quan-tri/")
    assert (closed.status_code, "trước ngày nhận vai trò" in closed.text) == (403, True)
    assert client.get("/hoc/").status_code == 200
    assert logged_in(user).get("/quan-tri/").status_code == 200


def test_a_shared_device_opens_the_admin_until_the_browser_closes():
    cast.staff("editor")
    client = Client()
    client.post("/tai-khoan/dang-nhap/", LOG_IN | {"is_shared": "on"})
    assert client.get("/quan-tri/").status_code == 200

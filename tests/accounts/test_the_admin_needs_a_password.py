import pytest
from django.test import Client

from accounts import actions
from tests import cast

pytestmark = pytest.mark.django_db


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


@pytest.mark.parametrize("path", ["login/", "logout/", "password_reset/"])
def test_wagtails_own_doors_lead_to_ours(path):
    assert Client().get(f"/quan-tri/{path}").url.startswith("/tai-khoan/dang-nhap/")


def test_rights_end_with_the_last_role():
    user = cast.staff("editor")
    actions.end_role(assignment=user.roles.get(), by=None, at=cast.NOW)
    user.refresh_from_db()
    assert not user.is_staff
    assert not user.groups.exists()


def test_an_administrator_makes_staff_by_name_and_number():
    admin = cast.client_of(cast.staff("administrator"))
    form = {
        "phone": "0911222333", "display_name": "Phạm Thị Mới", "password1": cast.PASSWORD, "password2": cast.PASSWORD,
        "role": "manager", "place_name": "ca mau",
    }  # fmt: skip
    admin.post("/quan-tri/users/new/", form)
    from accounts.models import User

    made = User.objects.get(phone="+84911222333")
    assert made.roles.get().place == cast.province("Cà Mau")
    assert made.is_staff

"""A colleague who lost the phone: an administrator, or whoever runs the server, takes the second factor off."""

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from wagtail.models import ModelLogEntry

from accounts import actions
from accounts.forms.staff import OwnNameForm
from accounts.models import User
from lib.refusals import Refusal
from tests import cast, factors

pytestmark = [pytest.mark.django_db, pytest.mark.once]
WHY = {"reason": "Rơi điện thoại xuống đầm"}


@pytest.fixture
def colleague():
    user = cast.staff("manager", cast.province())
    factors.app_of(user)
    return user


@pytest.fixture
def administrator():
    return cast.staff("administrator", phone="0987654320", name="Lê Thị Quản Trị")


@pytest.fixture
def desk(administrator):
    return cast.client_of(administrator)


def address(user):
    return f"/quan-tri/can-bo/{user.pk}/buoc-hai/"


def test_the_button_is_on_the_page_of_a_colleague_who_has_one(desk, colleague):
    assert address(colleague) in desk.get(f"/quan-tri/users/edit/{colleague.pk}/").text
    other = cast.staff("editor", phone="0987654322")
    assert address(other) not in desk.get(f"/quan-tri/users/edit/{other.pk}/").text


def test_it_is_taken_off_with_a_reason_that_the_log_keeps(desk, colleague, administrator):
    assert "Vì sao gỡ" in desk.get(address(colleague)).text
    desk.post(address(colleague), WHY)
    assert not Authenticator.objects.exists()
    entry = ModelLogEntry.objects.get(action="accounts.second_factor_reset")
    assert (entry.user, entry.object_id, entry.data["reason"]) == (administrator, str(colleague.pk), WHY["reason"])
    _client, answer = factors.with_password()
    assert answer.url == "/quan-tri/"


def test_without_a_reason_nothing_happens(desk, colleague):
    answer = desk.post(address(colleague), {"reason": " "})
    assert answer.status_code == 422
    assert "Hãy ghi lý do" in answer.text
    assert Authenticator.objects.exists()


def test_every_session_of_the_colleague_ends_and_no_other(desk, colleague):
    lost, other = factors.passed(colleague), cast.client_of(cast.staff("editor", phone="0987654322"))
    assert lost.get("/quan-tri/").status_code == 200
    desk.post(address(colleague), WHY)
    assert lost.get("/quan-tri/").url.startswith("/tai-khoan/dang-nhap/")
    assert other.get("/quan-tri/").status_code == 200
    assert desk.get("/quan-tri/").status_code == 200


def test_a_name_that_is_saved_meanwhile_brings_no_session_back(colleague):
    """The form was read before the reset and is saved after it."""
    form = OwnNameForm({"display_name": "Lê Văn Mới"}, instance=User.objects.get(pk=colleague.pk))
    actions.reset_second_factor(user=colleague, by=None, reason="")
    mark = User.objects.get(pk=colleague.pk).session_mark
    form.save()
    kept = User.objects.get(pk=colleague.pk)
    assert (kept.display_name, kept.session_mark) == ("Lê Văn Mới", mark)


def test_a_log_in_under_way_does_not_outlive_it(desk, colleague):
    """Its second step is gone; the password is asked for anew."""
    client, _asked = factors.with_password()
    desk.post(address(colleague), WHY)
    assert client.get("/tai-khoan/buoc-hai/", follow=True).redirect_chain == [("/tai-khoan/dang-nhap/", 302)]
    assert client.get("/quan-tri/").status_code == 302


def test_ones_own_is_not_taken_off_there(desk, administrator):
    factors.app_of(administrator)
    desk = factors.passed(administrator)
    assert address(administrator) not in desk.get(f"/quan-tri/users/edit/{administrator.pk}/").text
    assert "chính anh/chị" in desk.post(address(administrator), WHY, follow=True).text
    assert Authenticator.objects.filter(user=administrator).exists()


def test_where_there_is_none_it_is_said(desk):
    other = cast.staff("editor", phone="0987654322")
    assert "không có bước thứ hai" in desk.post(address(other), WHY, follow=True).text
    with pytest.raises(Refusal):
        actions.reset_second_factor(user=other, by=None, reason="")


@pytest.mark.parametrize("role", ["manager", "organiser", "editor", "author"])
def test_nobody_but_an_administrator_takes_it_off(colleague, role):
    place = None if role == "editor" else cast.province()
    client = cast.client_of(cast.staff(role, place, phone="0987654329"))
    client.post(address(colleague), WHY)
    assert Authenticator.objects.filter(user=colleague).exists()
    assert cast.client_of(cast.trainee()).post(address(colleague), WHY).status_code == 403
    assert Authenticator.objects.filter(user=colleague).exists()


def test_whoever_runs_the_server_takes_it_off_by_number(colleague, capsys):
    session = factors.passed(colleague)
    call_command("reset_second_factor", "0987 654 321", reason="gọi lại rồi")
    assert "Đã gỡ" in capsys.readouterr().out
    assert not Authenticator.objects.exists()
    assert session.get("/quan-tri/").status_code == 302
    entry = ModelLogEntry.objects.get(action="accounts.second_factor_reset")
    assert (entry.user, entry.data["reason"]) == (None, "gọi lại rồi")


@pytest.mark.parametrize(("number", "said"), [("0912000111", "Không có tài khoản"), ("abc", "10 chữ số"), ("0987654321", "không có bước thứ hai")])  # fmt: skip
def test_the_command_says_what_is_not_there(number, said):
    cast.staff("manager", cast.province())
    with pytest.raises(CommandError, match=said):
        call_command("reset_second_factor", number)

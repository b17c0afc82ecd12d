"""A role ends after a second look and with a reason; it stays in the book."""

import pytest

from accounts.access import managed_places
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator():
    return cast.staff("administrator")


@pytest.fixture
def desk(administrator):
    return cast.client_of(administrator)


def address(user):
    return f"/quan-tri/can-bo/vai-tro/{user.roles.get().pk}/thoi/"


def test_ending_asks_once_more_whose_and_why(desk):
    user = cast.staff("manager", cast.commune(), phone="0977000111", name="Phạm Văn Quản")
    page = desk.get(address(user)).text
    assert "Cho Phạm Văn Quản thôi vai trò" in page
    assert "xã Phan Ngọc Hiển, tỉnh Cà Mau" in page
    answer = desk.post(address(user), {"reason": " "})
    assert answer.status_code == 422
    assert "Hãy ghi lý do" in answer.text
    assert managed_places(user, "accounts.view_person").exists()


def test_an_ended_role_gives_nothing_and_tells_by_whom_and_why(desk, administrator):
    user = cast.staff("manager", cast.commune(), phone="0977000111")
    desk.post(address(user), {"reason": "Nghỉ hưu"})
    role = user.roles.get()
    assert (role.ended_by, role.end_reason) == (administrator, "Nghỉ hưu")
    assert not managed_places(user, "accounts.view_person").exists()
    assert not user.groups.exists()


def test_what_has_ended_is_not_ended_again(desk):
    user = cast.staff("manager", cast.commune(), phone="0977000111")
    desk.post(address(user), {"reason": "Nghỉ hưu"})
    answer = desk.post(address(user), {"reason": "Nhầm"}, follow=True)
    assert "đã hết từ trước" in answer.text
    assert user.roles.get().end_reason == "Nghỉ hưu"


def test_nobody_ends_the_own_role(desk, administrator):
    answer = desk.post(address(administrator), {"reason": "Thử"}, follow=True)
    assert "Hãy nhờ một quản trị hệ thống khác" in answer.text
    assert administrator.roles.get().ended_at is None

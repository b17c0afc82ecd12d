"""A colleague's roles: given from a day until another, and kept when they are over."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import actions
from accounts.models import RoleAssignment
from lib.refusals import Refusal
from tests import cast

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
A_WEEK = timedelta(days=7)


@pytest.fixture
def desk():
    return cast.client_of(cast.staff("administrator", name="Lê Thị Quản Trị"))


@pytest.fixture
def user():
    return cast.staff("manager", cast.commune(), phone="0977000111", name="Phạm Văn Quản")


def give(desk, user, **fields):
    fields = {"role": "organiser", "scope": "place", "place_name": "An Giang"} | fields
    return desk.post(f"/quan-tri/can-bo/{user.pk}/vai-tro/", fields)


def test_a_role_lasts_from_a_day_until_the_end_of_another(desk, user):
    give(desk, user, valid_from=TODAY.isoformat(), valid_until=(TODAY + A_WEEK).isoformat())
    mine = RoleAssignment.objects.filter(user=user, role="organiser")
    assert [mine.on(day).count() for day in (TODAY, TODAY + A_WEEK, TODAY + A_WEEK + timedelta(days=1))] == [1, 1, 0]


def test_without_days_a_role_begins_today_and_has_no_end(desk, user):
    give(desk, user)
    role = user.roles.get(role="organiser")
    assert (role.valid_from, role.valid_until, role.granted_by.get_full_name()) == (TODAY, None, "Lê Thị Quản Trị")


def test_a_role_of_later_gives_its_rights_on_its_day(desk):
    user = cast.staff("editor", phone="0977000111")
    give(desk, user, valid_from=(TODAY + A_WEEK).isoformat())
    assert [group.name for group in user.groups.all()] == ["editor"]
    assert actions.begin_due_roles(at=timezone.now()) == 0
    assert actions.begin_due_roles(at=timezone.now() + A_WEEK) == 1
    assert {group.name for group in user.groups.all()} == {"editor", "organiser"}
    assert actions.begin_due_roles(at=timezone.now() + A_WEEK) == 0


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"role": ""}, "Hãy chọn vai trò"),
        ({"scope": ""}, "Hãy chọn một địa bàn hay cả nước"),
        ({"place_name": ""}, "Hãy gõ tên địa bàn"),
        ({"role": "editor"}, "Vai trò này là của cả nước"),
        ({"valid_from": (TODAY - A_WEEK).isoformat()}, "sớm nhất là hôm nay"),
        ({"valid_until": (TODAY - A_WEEK).isoformat()}, "Ngày cuối phải từ ngày bắt đầu trở đi"),
        ({"role": "manager", "place_name": "Phan Ngọc Hiển"}, "đã có vai trò này"),
    ],
)
def test_what_is_not_clear_is_asked_again(desk, user, fields, sentence):
    answer = give(desk, user, **fields)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert user.roles.count() == 1


def test_a_role_that_ran_out_may_be_given_again_and_both_are_kept(user):
    user.roles.update(valid_from=TODAY - A_WEEK, valid_until=TODAY - timedelta(days=1))
    actions.grant_role(user=user, role="manager", place=cast.commune(), by=None, at=timezone.now())
    assert [user.roles.count(), user.roles.on(TODAY).count()] == [2, 1]
    with pytest.raises(Refusal, match="đã có vai trò này"):
        actions.grant_role(user=user, role="manager", place=cast.commune(), by=None, at=timezone.now())


def test_the_page_names_the_colleague_and_tells_present_later_and_past_roles_with_who_and_why(desk, user):
    give(desk, user, valid_from=(TODAY + A_WEEK).isoformat())
    desk.post(f"/quan-tri/can-bo/vai-tro/{user.roles.get(role='manager').pk}/thoi/", {"reason": "Chuyển sang tỉnh"})
    give(desk, user, role="editor", scope="country", place_name="")
    page = desk.get(f"/quan-tri/can-bo/{user.pk}/vai-tro/").text
    assert "Vai trò của Phạm Văn Quản</h2>" in page
    running, coming, past = (page.index(f"{name}</h3>") for name in ("Đang giữ", "Sắp tới", "Đã hết"))
    assert "Người biên soạn, cả nước" in page[running:coming]
    assert "Đơn vị tổ chức, tỉnh An Giang" in page[coming:past]
    assert "Lê Thị Quản Trị cho thôi lúc" in page[past:]
    assert "Chuyển sang tỉnh" in page[past:]


def told_in_the_list(desk):
    return re.sub(r"\s+", " ", desk.get("/quan-tri/users/").text)


def test_the_list_of_colleagues_tells_until_when_a_role_holds_and_which_one_comes(desk, user):
    assert "cán bộ theo dõi xã Phan Ngọc Hiển <" in told_in_the_list(desk)
    ends, begins = f"{TODAY + A_WEEK:%d/%m/%Y}", f"{TODAY + A_WEEK / 7:%d/%m/%Y}"
    give(desk, user, valid_from=(TODAY + A_WEEK / 7).isoformat(), valid_until=(TODAY + A_WEEK).isoformat())
    give(desk, user, role="manager", valid_until=(TODAY + A_WEEK).isoformat())
    page = told_in_the_list(desk)
    assert "cán bộ theo dõi xã Phan Ngọc Hiển; " in page
    assert f"cán bộ theo dõi tỉnh An Giang đến {ends}; " in page
    assert f"đơn vị tổ chức tỉnh An Giang từ {begins} đến {ends} <" in page


def test_a_role_that_is_over_is_not_in_the_list(desk, user):
    RoleAssignment.objects.filter(user=user).update(valid_from=TODAY - A_WEEK, valid_until=TODAY - A_WEEK / 7)
    assert "cán bộ theo dõi" not in told_in_the_list(desk)

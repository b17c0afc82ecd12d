"""The first page of the admin shows managers the figures of their places."""

import pytest

from tests import cast

pytestmark = pytest.mark.django_db


def first_page(role, place=None):
    return cast.client_of(cast.staff(role, place)).get("/quan-tri/").text


def test_a_manager_sees_the_own_place_s_figures_and_the_way_to_the_board():
    cast.enrolment(cast.person(), cast.course())
    page = first_page("manager", cast.province())
    assert "Tỉnh Cà Mau" in page
    assert "Mở bảng tiến độ" in page


def test_an_editor_has_no_figures_of_people():
    assert "Mở bảng tiến độ" not in first_page("editor")


def test_the_admin_carries_no_foreign_help_and_calls_people_by_their_name():
    page = first_page("manager", cast.province())
    assert "guide.wagtail.org" not in page
    assert "Lê Văn Cán Bộ" in page

"""The first page of the admin shows managers the figures of their places."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from courses.models import Enrolment
from reports.calling import actions as calling
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


class TestOfAProvince:
    @pytest.fixture
    def enrolments(self):
        course = cast.course()
        for number, (name, commune) in enumerate((("A", "Phan Ngọc Hiển"), ("B", "Phan Ngọc Hiển"), ("C", "Đất Mũi"))):
            person = cast.person(f"Lê Thị {name}", place=cast.commune(commune))
            cast.enrolment(person, course, at=timezone.now() - timedelta(days=20 + number))

    def test_names_the_communes_with_most_to_call_and_leads_to_their_lists(self, enrolments):
        while calling.draw_due(at=timezone.now()):
            pass
        page = first_page("manager", cast.province())
        assert "3 người và chủ thể cần liên hệ, đã ghi kết quả 0." in page
        most, less = (
            f"/quan-tri/can-lien-he/?dia-ban={cast.commune(name).pk}" for name in ("Phan Ngọc Hiển", "Đất Mũi")
        )
        assert page.index(most) < page.index(less)
        assert "còn <strong>2</strong>" in page

    def test_of_other_provinces_nothing(self, enrolments):
        while calling.draw_due(at=timezone.now()):
            pass
        page = first_page("manager", cast.province("An Giang"))
        assert "Tuần này không có ai cần liên hệ." in page
        assert f"dia-ban={cast.commune().pk}" not in page

    def test_before_lists_are_drawn_it_does_not_say_that_there_is_nobody_to_call(self, enrolments):
        page = first_page("manager", cast.province())
        assert "Danh sách tuần này đang được lập" in page
        assert "không có ai cần liên hệ" not in page

    def test_shows_who_is_behind_and_the_months(self, enrolments):
        cast.finish(Enrolment.objects.order_by("pk")[0], at=timezone.now())
        page = first_page("manager", cast.province())
        assert re.search(r"<strong>2</strong>\s+Ghi danh, chưa bắt đầu", page)
        assert "Lượt hoàn thành mỗi tháng, từ tháng" in page
        assert "<strong>0</strong>" not in page


class TestMenuOfReports:
    PAGES = ("ke-hoach", "can-quan-tam", "bao-phu", "xu-huong", "chot", "gui-dinh-ky")

    def test_leads_managers_to_every_page_of_figures(self):
        client = cast.client_of(cast.staff("manager", cast.province()))
        page = client.get("/quan-tri/").text
        for name in self.PAGES:
            assert f"/quan-tri/tien-do/{name}/" in page
            assert client.get(f"/quan-tri/tien-do/{name}/").status_code == 200

    def test_and_nobody_who_sees_no_figures(self):
        page = first_page("editor")
        assert not any(f"/quan-tri/tien-do/{name}/" in page for name in self.PAGES)

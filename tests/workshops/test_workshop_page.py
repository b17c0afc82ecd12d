"""/tap-huan/<slug>/: what is told of a workshop, and what can be done at each moment."""

from datetime import date, timedelta

import pytest

from accounts.models import Person
from provinces.models import Place
from tests import cast
from workshops import actions
from workshops.models import Quota, RegistrationSource, WorkshopPage

from .conftest import ADDRESS, main

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def fill(workshop, count):
    for number in range(count):
        person = cast.person(f"Người {number}")
        actions.register(workshop=workshop, person=person, source=RegistrationSource.NOMINATED, at=cast.NOW)


class TestWhatItTells:
    def test_everything_that_was_planned(self, planned, anybody):
        text = main(anybody.get(ADDRESS))
        for said in (
            "10:00–13:00, 25/11/2026", "Hội trường xã, xã Phan Ngọc Hiển, tỉnh Cà Mau", 'href="https://example.org/map"',
            "Bộ tiêu chí: khác gì trước?", "<time>13:30</time>", "TS. Báo Cáo Mẫu", "Trưởng phòng", "Kế hoạch số 170/KH-UBND",
            "Văn phòng Mẫu", "Chủ thể OCOP", 'href="tel:02903000000"', 'href="https://example.org/bai.pdf"', 'href="/khoa-hoc/ke-chuyen/"',
        ):  # fmt: skip
            assert said in text

    def test_the_words_of_its_page(self, planned, anybody, change):
        page = WorkshopPage.objects.get()
        page.intro, page.to_bring = "<p>Mỗi người một câu chuyện.</p>", "<p>Điện thoại đã sạc</p>"
        page.save()
        change()
        text = main(anybody.get(ADDRESS))
        assert "Mỗi người một câu chuyện." in text
        assert text.index("Nên chuẩn bị") < text.index("Điện thoại đã sạc")

    def test_not_those_of_a_page_that_only_some_may_read(self, planned, anybody, change):
        page = WorkshopPage.objects.get()
        page.intro = "<p>Mỗi người một câu chuyện.</p>"
        page.save()
        page.view_restrictions.create(restriction_type="login")
        change()
        assert "Mỗi người một câu chuyện." not in anybody.get(ADDRESS).text

    def test_a_place_is_called_as_it_was_then_with_what_it_is_today(self, planned, change, anybody):
        former = Place.objects.get(level="commune", name="Rạch Gốc", valid_to=date(2025, 6, 30))
        change(place=former)
        text = main(anybody.get(ADDRESS))
        assert "Thị trấn Rạch Gốc" in text
        assert "(trước 01/07/2025)" in text
        assert "xã Phan Ngọc Hiển" in text.partition("Nay:")[2]

    def test_an_english_reader_has_english_around_the_organisers_own_words(self, planned, anybody):
        text = main(anybody.get("/en" + ADDRESS))
        assert "Programme" in text
        assert '<h1 lang="vi">Bộ tiêu chí mới</h1>' in text
        assert 'href="/en/tap-huan/bo-tieu-chi-moi/dang-ky/"' in text

    def test_what_organisers_typed_is_text_and_no_html(self, planned, change, anybody):
        change(venue="<script>alert(1)</script>", contact='"><b>x')
        assert "<script>alert" not in anybody.get(ADDRESS).text
        assert '"><b>x' not in anybody.get(ADDRESS).text


class TestSeats:
    def test_free_ones_are_counted_anew_for_each_reader(self, planned, anybody):
        assert "Còn 3 trên 3 chỗ" in anybody.get(ADDRESS).text
        fill(planned, 2)
        assert "Còn 1 trên 3 chỗ" in anybody.get(ADDRESS).text

    def test_where_there_is_none_the_waiting_list_is_offered_by_name(self, planned, anybody):
        fill(planned, 3)
        text = main(anybody.get(ADDRESS))
        assert "Đã hết chỗ" in text
        assert "Ghi vào danh sách dự bị" in text
        assert "Đăng ký tham dự" not in text

    def test_those_set_apart_are_not_for_everybody(self, planned, change, anybody):
        Quota.objects.create(workshop=planned, unit="UBND xã", seats=2)
        change()
        assert "Còn 1 trên 1 chỗ" in anybody.get(ADDRESS).text

    def test_without_a_capacity_nothing_is_counted(self, planned, change, anybody):
        change(capacity=None)
        text = main(anybody.get(ADDRESS))
        assert "<progress" not in text
        assert "Đăng ký tham dự" in text


class TestWhen:
    @pytest.mark.parametrize(
        ("fields", "said"),
        [
            ({"opens_at": cast.NOW + timedelta(hours=1)}, "Bắt đầu nhận đăng ký lúc 11:00 23/11/2026"),
            ({"closes_at": cast.NOW}, "đã hết hạn đăng ký"),
            ({"cancelled_at": cast.NOW, "cancelled_why": "Bão số 15"}, "Bão số 15"),
            ({"closed_at": cast.NOW}, "Đã diễn ra"),
        ],
    )
    def test_outside_of_its_time_it_says_why_and_offers_no_form(self, planned, change, anybody, fields, said):
        change(**fields)
        text = main(anybody.get(ADDRESS))
        assert said in text
        assert "dang-ky/" not in text

    def test_one_of_2023_is_told_as_it_was(self, planned, held_on, anybody):
        held_on(cast.NOW.replace(year=2023))
        text = main(anybody.get(ADDRESS))
        assert "Đã diễn ra" in text
        assert "23/11/2023" in text
        assert "lich.ics" not in text


class TestOnesOwn:
    def test_who_has_a_seat_is_led_to_the_ticket(self, planned, own, trainee, anybody):
        made = actions.register(workshop=planned, person=trainee.person, source=RegistrationSource.SELF, at=cast.NOW)
        assert f"/tap-huan/ve/{made.code}/" in own.get(ADDRESS).text
        assert made.code not in anybody.get(ADDRESS).text

    def test_it_is_private_to_who_is_logged_in(self, planned, own, anybody):
        assert own.get(ADDRESS)["Cache-Control"] == "private, no-cache"
        assert anybody.get(ADDRESS)["Cache-Control"] == "no-cache"


class TestBudgets:
    def test_anonymous_seats_one_query_logged_in_who_and_the_own_seat_besides(
        self, planned, anybody, own, django_assert_max_num_queries
    ):
        for client, most in ((anybody, 1), (own, 2 + 2)):
            client.get(ADDRESS)
            with django_assert_max_num_queries(most):
                client.get(ADDRESS)

    def test_once_it_is_over_the_page_is_kept_for_everybody(self, planned, held_on, anybody, django_assert_num_queries):
        held_on(cast.NOW - timedelta(days=1))
        anybody.get(ADDRESS)
        with django_assert_num_queries(0):
            assert "Đã diễn ra" in anybody.get(ADDRESS).text

    def test_addresses_that_lead_nowhere_fill_no_memory(self, planned, anybody):
        from courses.reading import shelf

        for number in range(3):
            assert anybody.get(f"/tap-huan/khong-co-{number}/").status_code == 404
        assert not [key for key in shelf.facts if "khong-co" in str(key)]


def test_nobody_was_made_by_looking(planned, anybody):
    anybody.get(ADDRESS)
    assert not Person.objects.exists()

"""/tap-huan/: what everybody may see, to come and past."""

from datetime import timedelta

import pytest

from courses.models import Activity
from tests import cast
from workshops.models import Session

from .conftest import main

pytestmark = pytest.mark.django_db
LIST = "/tap-huan/"


def test_one_that_is_to_come_stands_on_top_with_day_and_place(planned, anybody):
    text = main(anybody.get(LIST))
    assert "Bộ tiêu chí mới" in text
    assert "10:00–13:00" in text
    assert "<b>25</b>" in text
    assert "Hội trường xã, xã Phan Ngọc Hiển, tỉnh Cà Mau" in text
    assert "Đã qua" not in text


def test_one_that_is_over_is_among_the_past(planned, held_on, anybody):
    held_on(cast.NOW - timedelta(days=1))
    text = main(anybody.get(LIST))
    assert "Chưa có lớp nào sắp mở" in text
    assert text.index("Đã qua") < text.index("Bộ tiêu chí mới")


def test_one_that_was_held_this_morning_is_to_come_until_midnight_when_pages_are_made_anew(planned, held_on, anybody):
    held_on(cast.NOW - timedelta(hours=3, minutes=1))
    assert "Đã qua" not in main(anybody.get(LIST))


@pytest.mark.parametrize("seen_by", ["link", "invited"])
def test_what_not_everybody_may_see_is_not_in_it(planned, change, anybody, seen_by):
    change(seen_by=seen_by)
    assert "Bộ tiêu chí mới" not in anybody.get(LIST).text


def test_neither_a_draft_nor_one_without_a_day_is_in_it(planned, change, anybody):
    Activity.objects.update(retired_at=cast.NOW)
    change()
    assert "Bộ tiêu chí mới" not in anybody.get(LIST).text
    Activity.objects.update(retired_at=None)
    Session.objects.update(cancelled_at=cast.NOW)
    change()
    assert "Bộ tiêu chí mới" not in anybody.get(LIST).text


def test_one_that_is_cancelled_says_so(planned, change, anybody):
    change(cancelled_at=cast.NOW)
    assert "Đã hủy" in main(anybody.get(LIST))


def test_it_is_in_the_main_navigation_and_in_english(planned, anybody):
    page = anybody.get("/en/tap-huan/").text
    assert '<a href="/en/tap-huan/" aria-current="page">' in page
    assert "Coming" in page
    assert '<a href="/en/tap-huan/bo-tieu-chi-moi/" lang="vi">' in page


def test_nobody_s_list_asks_nothing_when_it_is_warm_and_somebody_s_only_who_it_is(
    planned, anybody, own, django_assert_max_num_queries
):
    for client, most in ((anybody, 0), (own, 2)):
        client.get(LIST)
        with django_assert_max_num_queries(most):
            assert client.get(LIST).status_code == 200


def test_the_page_that_is_kept_for_everybody_names_nobody(planned, own, anybody, trainee):
    assert trainee.person.given_name in own.get(LIST).text
    assert trainee.person.given_name not in anybody.get(LIST).text


@pytest.mark.parametrize("page", ["2", "-1", "x", "99999999999"])
def test_pages_of_the_past_that_are_none_lead_to_one_that_is(planned, held_on, anybody, page):
    held_on(cast.NOW - timedelta(days=1))
    assert "Bộ tiêu chí mới" in main(anybody.get(LIST, {"trang": page}))

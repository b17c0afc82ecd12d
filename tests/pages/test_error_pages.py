"""What is shown instead of a page leads on, and holds when little else does."""

import pytest
from django.test import RequestFactory
from django.views.defaults import server_error

from tests import cast


@pytest.mark.django_db
def test_a_page_that_was_not_found_offers_the_home_page_and_puts_nothing_off(client):
    cast.home()
    text = client.get("/khong-co/").text
    assert "Không tìm thấy trang này" in text
    assert "Trang chủ" in text
    assert "Để sau" not in text


def test_a_fault_of_ours_is_told_in_the_site_s_look_without_the_database(settings):
    answer = server_error(RequestFactory().get("/"))
    assert answer.status_code == 500
    assert "Những gì đã lưu vẫn còn nguyên" in answer.text
    assert f'href="{settings.STATIC_URL}css/site.css"' in answer.text
    assert (settings.BASE_DIR / "static" / "css" / "site.css").exists()

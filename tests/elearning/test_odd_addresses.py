"""Addresses that no link leads to are answered calmly, on both databases."""

import pytest
from django.test import Client

from tests import cast

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "path",
    ["/hoc/tim/?q=%00", "/c/?ma=%00", "/tai-khoan/noi-o/tim/?q=a%00b", "/demo/dien-thoai/?to=%00", "/%00", "/c/%00"],
)
def test_a_nul_is_not_found(path):
    cast.home()
    assert Client().get(path).status_code == 404


@pytest.mark.parametrize("space", ["pages/search", "person", "credential", "questionbank"])
def test_a_nul_is_not_found_in_the_admin_either(space):
    assert cast.client_of(cast.staff("administrator")).get(f"/quan-tri/{space}/?q=%00").status_code == 404


ODD_WORDS = ["'", '"', '"tôm', 'chuyện "tôm" ', 'a"b', '""', "*", "50%", "%s", "(", "AND", "NOT tôm", "\\", "d'a", "title:a", "a -b"]  # fmt: skip


@pytest.mark.parametrize("space", ["pages/", "choose-page/search/", "images/", "images/chooser/results/", "documents/"])
@pytest.mark.parametrize("words", ODD_WORDS)
def test_marks_in_a_search_of_the_admin_are_looked_for_and_break_nothing(space, words):
    cast.course()
    answer = cast.client_of(cast.staff("administrator")).get(f"/quan-tri/{space}", {"q": words})
    assert answer.status_code == 200


def test_words_between_marks_are_found_in_the_admin():
    cast.course(title="Tôm khô Rạch Gốc")
    page = cast.client_of(cast.staff("administrator")).get("/quan-tri/pages/", {"q": '"khô'}).text
    assert "Tôm khô Rạch Gốc" in page


def test_a_nul_in_a_posted_text_is_dropped(client):
    response = client.post("/tai-khoan/phieu-ma/", {"code": "ab\0c"})
    assert response.status_code == 200


@pytest.mark.parametrize(
    "path", ["/khong-co/", "/khoa-hoc/khong-co/bai-1/", "/" + "a/" * 300, "/../../etc/passwd", "/%ff/"]
)
def test_what_does_not_exist_is_said_in_vietnamese(path):
    cast.home()
    response = Client().get(path)
    assert response.status_code == 404
    assert "Không tìm thấy" in response.text

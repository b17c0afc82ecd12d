"""A list is counted and led through as far as anybody leafs, so that its page costs the same at a million rows."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.viewsets import paging
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.once]
LIST = "/quan-tri/person/"


@pytest.fixture
def desk():
    for name in ("Trần Một", "Trần Hai", "Trần Ba"):
        cast.person(name)
    return cast.client_of(cast.staff("administrator"))


def test_one_that_ends_is_counted(desk):
    page = desk.get(LIST).text
    assert "3 học viên" in page.lower()
    assert "Danh sách có hơn" not in page


def test_one_that_goes_on_says_so_and_how_to_find_what_lies_further_down(desk, monkeypatch):
    monkeypatch.setattr(paging, "MOST", 2)
    page = desk.get(LIST).text
    assert "Danh sách có hơn 2 dòng, ở đây chỉ xem được 2 dòng đầu" in page
    assert "Hơn 2 dòng; đây là 2 dòng đầu" in page
    assert "Trần Ba" in desk.get(f"{LIST}?q=tran+ba").text
    assert "Danh sách có hơn" not in desk.get(f"{LIST}?q=tran+ba").text


def test_nobody_is_led_past_its_end(desk, monkeypatch):
    monkeypatch.setattr(paging, "MOST", 2)
    assert desk.get(f"{LIST}?p=9999").status_code == 200


def test_the_file_has_every_row(desk, monkeypatch):
    monkeypatch.setattr(paging, "MOST", 2)
    table = b"".join(desk.get(f"{LIST}?export=csv").streaming_content).decode()
    assert [name for name in ("Trần Một", "Trần Hai", "Trần Ba") if name not in table] == []


def test_counting_stops_there_whatever_the_order(desk):
    with CaptureQueriesContext(connection) as asked:
        desk.get(f"{LIST}?ordering=name")
    counting = [one["sql"] for one in asked if "COUNT(*)" in one["sql"] and "accounts_person" in one["sql"]]
    assert [sql for sql in counting if re.search(r"LIMIT 20001", sql) and "ORDER BY" not in sql]


@pytest.mark.parametrize("sort", ["", "ordering=name", "ordering=-name", "ordering=kind", "ordering=-place"])
def test_who_is_alike_in_what_a_list_is_sorted_by_stands_on_one_page_of_it(desk, sort):
    """PostgreSQL gave rows alike in another order for each page."""
    alike = {cast.person("Lê Thị Bé").pk for _number in range(57)}  # three pages of twenty with the others
    seen: list[int] = []
    for page in range(1, 4):
        found = desk.get(f"{LIST}?{sort}&p={page}").text
        seen += [int(pk) for pk in dict.fromkeys(re.findall(r"/quan-tri/person/inspect/(\d+)/", found))]
    assert alike <= set(seen)
    assert len(seen) == len(set(seen))


def test_rows_alike_follow_each_other_as_they_were_written(desk):
    first, second = cast.person("Lê Thị Bé"), cast.person("Lê Thị Bé")
    for sort, before, after in (("kind", first, second), ("-kind", second, first)):
        page = desk.get(f"{LIST}?ordering={sort}").text
        assert page.index(f"inspect/{before.pk}/") < page.index(f"inspect/{after.pk}/")

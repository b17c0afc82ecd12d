"""The map of provinces: a country drawn whole, in which each user's own provinces have figures and lead on."""

import re
from html import unescape

import pytest

from accounts import actions as accounts
from provinces.models import Place
from reports import rendering
from tests import cast
from tests.reports.boards import BOARD, manager

pytestmark = pytest.mark.django_db


def country(page: str) -> str:
    return re.search(r'<section class="board__country".*?</section>', page, re.DOTALL)[0]


def links(page: str) -> dict[str, str]:
    """What each province that leads on says, by its address."""
    found = re.findall(r'<a href="([^"]+)" aria-label="([^"]+)"><path', country(page))
    return {unescape(said): unescape(address) for address, said in found}


def test_every_province_of_today_has_an_outline_and_nothing_else_has():
    codes = set(Place.objects.current().provinces().values_list("code", flat=True))
    drawn = rendering.drawing()["provinces"]
    assert set(drawn) == codes
    assert all(re.fullmatch(r"(M[\d -]+l[\d -]+z)+", path) for path in drawn.values())


def test_both_archipelagos_are_drawn_with_their_provinces_and_are_named(course):
    """Far out at sea, where nothing else is: a map without them is none of Việt Nam."""
    drawing = rendering.drawing()
    for name, code, province in (("hoangsa", "48", "Đà Nẵng"), ("truongsa", "56", "Khánh Hòa")):
        left, top, right, bottom = drawing["archipelagos"][name]
        starts = [tuple(map(int, at)) for at in re.findall(r"M(\d+) (\d+)", drawing["provinces"][code])]
        islands = [at for at in starts if left <= at[0] <= right + 20 and top <= at[1] <= bottom + 20]
        assert len(islands) >= 5, name
        assert Place.objects.current().provinces().get(code=code).name == province
    page = country(manager(None).get(BOARD).text)
    assert ">Hoàng Sa</text>" in page
    assert ">Trường Sa</text>" in page


def test_each_province_says_what_its_row_says_and_leads_to_its_communes(course):
    client = manager(None)
    found = links(client.get(BOARD).text)
    assert len(found) == 3
    said = "Tỉnh Cà Mau: hoàn thành 50% (2 trên 4 lượt)"
    below = client.get(BOARD + found[said]).text
    assert "Xã Phan Ngọc Hiển" in below
    assert "board__country" not in below
    page = country(client.get(BOARD).text)
    assert page.count("chưa có ai ghi danh</title>") == 31
    assert page.count('class="step1"') == 3


def test_the_way_down_keeps_the_course_that_is_chosen(course):
    page = manager(None).get(BOARD, {"khoa": course.pk}).text
    assert all(f"khoa={course.pk}" in address for address in links(page).values())


def test_a_province_manager_gets_no_map_and_whoever_has_two_provinces_sees_figures_of_those_alone(course):
    assert "board__country" not in manager("Cà Mau").get(BOARD).text
    both = cast.staff("manager", cast.province("Cà Mau"), "0987654397")
    accounts.grant_role(user=both, role="manager", place=cast.province("Lào Cai"), by=None, at=cast.NOW)
    whole = cast.client_of(both).get(BOARD).text
    page = country(whole)
    assert len(links(whole)) == 2
    assert "Lâm Đồng" not in page
    assert page.count("<path") == 34


def test_the_darker_the_more_is_completed():
    from reports.queries import Row
    from reports.rules import Figures

    def step(completed):
        return rendering.step_of(Row("", Figures(enrolled=1000, completed=completed)))

    assert [step(one) for one in (0, 399, 400, 549, 550, 699, 700, 1000)] == [0, 0, 1, 1, 2, 2, 3, 3]


def test_the_ends_are_told_where_there_is_something_to_compare():
    from reports.queries import Row
    from reports.rules import Figures

    rows = [Row(name, Figures(enrolled=10, completed=done)) for name, done in (("A", 3), ("B", 9), ("C", 1))]
    assert [row.label for row in rendering.ends(rows)] == ["B", "C"]
    assert rendering.ends(rows[:1]) is None

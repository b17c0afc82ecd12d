"""The board narrowed by topic and kind of trainee: every number and every way on from it is of just those (A2 included)."""

import io
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from python_calamine import CalamineWorkbook

from accounts.models import Person
from courses.models import Course, Enrolment, Topic
from reports import actions, queries
from reports.filtering import Filters
from reports.models import SliceScattered
from tests import cast
from tests.reports.boards import BOARD, BOOK, manager
from tests.reports.test_lists_behind_the_board import links, listed

pytestmark = pytest.mark.django_db
TRENDS = "/quan-tri/tien-do/xu-huong/"


@pytest.fixture
def topic(course):
    """A second one, whose only course an official of each commune of Cà Mau takes, and one of Lào Cai."""
    topic = Topic.objects.create(slug="so", name="Chuyển đổi số")
    other = cast.course(lessons=1, slug="khac", title="Bán hàng số")
    Course.objects.filter(pk=other.pk).update(topic=topic)
    for commune in ("Phan Ngọc Hiển", "Đất Mũi", "Sa Pa"):
        person = Person.objects.filter(place__name=commune).first()
        made = cast.enrolment(person, other)
        Enrolment.objects.filter(pk=made.pk).update(person_kind="official")
    return topic


def stats(page: str) -> dict[str, str]:
    return dict(re.findall(r'<dt>([^<]+)</dt><dd class="stat__value">(?:<a[^>]*>)?([\d.]+)', page))


def test_topic_and_kind_narrow_every_number_and_the_way_on(topic):
    client = manager("Cà Mau")
    assert stats(client.get(BOARD).text)["Số người"] == "4"
    for query, persons, enrolled in (
        ({"chuyen_de": topic.pk}, "2", "2"),
        ({"doi_tuong": "official"}, "2", "2"),
        ({"doi_tuong": "subject"}, "4", "4"),
        ({"chuyen_de": topic.pk, "doi_tuong": "subject"}, "0", "0"),
        ({"chuyen_de": topic.pk, "doi_tuong": "official", "dia-ban": cast.commune().pk}, "1", "1"),
    ):
        page = client.get(BOARD, query).text
        assert (stats(page)["Số người"], stats(page)["Lượt ghi danh"]) == (persons, enrolled)
        if enrolled != "0":
            for address, number in links(page).items():
                assert listed(client, address) == number


def test_who_is_in_several_places_of_a_slice_counts_once_above(topic):
    person = Enrolment.objects.filter(course__topic=topic, place__name="Đất Mũi").get().person
    third = cast.course(lessons=1, slug="ba", title="Khóa ba")
    Course.objects.filter(pk=third.pk).update(topic=topic)
    made = cast.enrolment(person, third)
    Enrolment.objects.filter(pk=made.pk).update(place=cast.commune())
    actions.bring_up_to_date(at=cast.NOW)
    assert SliceScattered.objects.exists()
    shown = queries.board(cast.staff("manager"), cast.province(), filters=Filters(topic), now=cast.NOW)
    assert (shown.total.persons, shown.total.enrolled) == (2, 3)
    assert sum(row.figures.persons for row in shown.places) == 3


def test_what_cannot_be_filtered_is_not_shown_and_that_is_said(topic):
    client = manager("Cà Mau")
    whole, filtered = client.get(BOARD).text, client.get(BOARD, {"doi_tuong": "official"}).text
    assert 'id="nam"' in whole
    assert "Đang lọc" not in whole
    for part in ('id="nam"', 'id="quan-tam"'):
        assert part not in filtered
    assert "Đang lọc: <strong>Đối tượng cán bộ</strong>" in filtered
    assert "không tách được theo bộ lọc" in filtered
    assert f'<a href="{BOARD}?dia-ban={cast.province().pk}">Bỏ lọc</a>' in filtered


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"chuyen_de": "abc"}, "Không có chuyên đề này"), ({"chuyen_de": "999"}, "Không có chuyên đề này"),
        ({"doi_tuong": "chim"}, "Không có đối tượng này"), ({"doi_tuong": "official'--"}, "Không có đối tượng này"),
    ],
)  # fmt: skip
def test_a_filter_that_there_is_none_of_is_left_out_and_that_is_said(topic, query, said):
    client = manager("Cà Mau")
    answer = client.get(BOARD, query)
    assert answer.status_code == 200
    assert said in answer.text
    assert "Đang lọc" not in answer.text
    assert stats(answer.text)["Lượt ghi danh"] == "6"
    assert "Lào Cai" not in answer.text


def test_filters_stay_chosen_on_the_way_down_and_up(topic):
    client, chosen = manager(None), {"chuyen_de": topic.pk, "doi_tuong": "official"}
    page = client.get(BOARD, chosen).text
    down = [
        parse_qs(urlsplit(one).query)
        for one in re.findall(r'<th scope="row"><a href="([^"]+)"', page.replace("&amp;", "&"))
    ]
    assert len(down) == 3
    assert all(one["chuyen_de"] == [str(topic.pk)] and one["doi_tuong"] == ["official"] for one in down)
    below = client.get(BOARD, chosen | {"dia-ban": cast.province().pk}).text
    crumbs = below.partition('class="crumbs"')[2].partition("</nav>")[0].replace("&amp;", "&")
    assert f'href="{BOARD}?chuyen_de={topic.pk}&doi_tuong=official"' in crumbs


def test_the_workbook_says_what_the_filtered_page_says(topic):
    client, chosen = manager("Cà Mau"), {"chuyen_de": topic.pk, "doi_tuong": "official"}
    answer = client.get(BOOK, chosen)
    assert "chuyen-doi-so-can-bo" in answer["Content-Disposition"]
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.getvalue()))
    assert "Năm 2026" not in book.sheet_names
    sheet = book.get_sheet_by_name("Địa bàn").to_python()
    assert sheet[0][0].startswith("Tỉnh Cà Mau, chuyên đề “Chuyển đổi số”, đối tượng cán bộ, tính đến ")
    assert sheet[-1][:3] == ["Tổng cộng", 2, 2]


def test_one_click_compares_the_same_figures_with_the_period_before_and_with_another_place(topic):
    client = manager("Cà Mau")
    page = client.get(BOARD, {"chuyen_de": topic.pk, "doi_tuong": "official"}).text.replace("&amp;", "&")
    found = re.findall(rf'<a href="({re.escape(TRENDS)}[^"]*)">([^<]+)</a>', page)
    ways = {label: address for address, label in found}
    assert [label for label in ways if label.startswith(("Quý ", "Năm ", "Với "))] == [
        next(label for label in ways if label.startswith(start)) for start in ("Quý ", "Năm ", "Với ")
    ]
    for label, address in ways.items():
        if not label.startswith(("Quý ", "Năm ", "Với ")):
            continue
        there = client.get(address.partition("#")[0])
        assert there.status_code == 200
        assert re.search(r'<dt>Ghi danh</dt><dd class="stat__value">2</dd>', there.text)
        assert '<option value="official" selected>' in there.text


def test_a_commune_has_no_other_place_to_compare_with(course):
    page = cast.client_of(cast.staff("manager", cast.commune(), "0987654397")).get(BOARD).text
    assert "với kỳ trước" in page
    assert "Với nơi khác" not in page


def test_a_filtered_board_asks_as_often_for_many_as_for_few(topic, django_assert_max_num_queries):
    client = manager(None)
    client.get(BOARD)
    with django_assert_max_num_queries(22):
        client.get(BOARD, {"chuyen_de": topic.pk, "doi_tuong": "official"})

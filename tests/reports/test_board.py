"""The board counts what its user may see, on screen as in the workbook, and nothing else (threat A2)."""

import html
import io
import re
from datetime import timedelta

import pytest
from django.utils.text import slugify
from python_calamine import CalamineWorkbook

from accounts import actions as accounts
from accounts.models import Person, User
from courses.models import Enrolment
from lib import text
from provinces.models import Place
from tests import cast
from tests.reports.boards import BOARD, BOOK, manager

pytestmark = pytest.mark.django_db


def rows(client, sheet: str = "Địa bàn", **query) -> dict[str, list]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(client.get(BOOK, query).getvalue()))
    return {row[0]: row[1:] for row in book.get_sheet_by_name(sheet).to_python()[3:] if row[0]}


def test_a_province_manager_begins_at_home_with_its_communes(course):
    client = manager("Cà Mau")
    page = client.get(BOARD).text
    assert "Xã Phan Ngọc Hiển" in page
    assert "Xã Đất Mũi" in page
    assert "Lào Cai" not in page
    assert rows(client)["Tổng cộng"][:2] == [4, 4]


def test_who_has_two_roles_in_one_place_begins_there_as_well(course):
    client = manager("Cà Mau")
    accounts.grant_role(
        user=User.objects.get(phone="+84987654399"),
        role="organiser",
        place=cast.province("Cà Mau"),
        by=None,
        at=cast.NOW,
    )
    assert "Xã Phan Ngọc Hiển" in client.get(BOARD).text


def test_the_centre_sees_provinces_and_goes_down(course):
    client = manager(None)
    assert set(rows(client)) == {"Tỉnh Cà Mau", "Tỉnh Lào Cai", "Tỉnh Lâm Đồng", "Tổng cộng"}
    below = rows(client, **{"dia-ban": cast.province("Lào Cai").pk})
    assert below["Tổng cộng"][0] == 2


@pytest.mark.parametrize("query", [{}, {"dia-ban": ""}, {"khoa": ""}, {"x": "1"}])
def test_dropped_filters_stay_in_scope(course, query):
    client = manager("Cà Mau")
    assert rows(client, **query)["Tổng cộng"][:2] == [4, 4]
    assert "Lào Cai" not in client.get(BOARD, query).text


@pytest.mark.parametrize("value", ["0", "abc", "-1", "9" * 40, "1 or 1=1", "١"])
def test_an_odd_place_is_none(course, value):
    assert manager("Cà Mau").get(BOARD, {"dia-ban": value}).status_code == 404
    assert manager("Cà Mau", "0987654398").get(BOARD, {"khoa": value}).status_code == 404


def test_a_foreign_place_is_none(course):
    client = manager("Cà Mau")
    for path in (BOARD, BOOK):
        assert client.get(path, {"dia-ban": cast.province("Lào Cai").pk}).status_code == 404


def test_screen_and_workbook_agree(course):
    client = manager("Cà Mau")
    total = rows(client)["Tổng cộng"]
    persons, enrolled, _active, completed, percent, certified = total
    assert (persons, enrolled, completed, percent) == (4, 4, 2, 50)
    assert rows(client, "Khóa học")["Tổng cộng"] == total
    places = [row for label, row in rows(client).items() if label != "Tổng cộng"]
    assert [sum(column) for column in zip(*places, strict=True)][1] == enrolled
    page = client.get(BOARD).text
    for figure in (enrolled, completed, certified):
        assert f">{figure:.0f}<" in page


def test_totals_equal_the_scoped_rows(course):
    inside = Enrolment.objects.filter(place__parent__name="Cà Mau")
    assert rows(manager("Cà Mau"))["Tổng cộng"][1] == inside.count()
    assert rows(manager(None, "0987654398"))["Tổng cộng"][1] == Enrolment.objects.count()


def test_after_a_move_the_enrolment_stays_where_it_arose(course):
    person = Enrolment.objects.filter(place__parent__name="Lào Cai").first().person
    person.place = cast.commune()
    person.save()
    assert rows(manager("Cà Mau"))["Tổng cộng"][1] == 4
    assert rows(manager("Lào Cai", "0987654398"))["Tổng cộng"][1] == 2


def test_a_person_recorded_in_two_places_counts_once_in_each_place_and_once_above(course):
    """Also through a former unit, whose figures show under today's."""
    person = Enrolment.objects.filter(place__name="Đất Mũi").first().person
    former = (
        Place.objects.former().filter(succession_out__successor=cast.commune(), succession_out__is_main=True).first()
    )
    for slug, place in (("ben-kia", cast.commune()), ("ben-nay", former)):
        other = cast.enrolment(person, cast.course(lessons=1, slug=slug, title=slug))
        Enrolment.objects.filter(pk=other.pk).update(place=place)
    at_home = rows(manager("Cà Mau"))
    assert at_home["Xã Phan Ngọc Hiển"][:2] == [3, 4]
    assert at_home["Xã Đất Mũi"][:2] == [2, 2]
    assert at_home["Tổng cộng"][:2] == [4, 6]
    country = rows(manager(None, "0987654398"))
    assert country["Tỉnh Cà Mau"][:2] == [4, 6]
    assert country["Tổng cộng"][:2] == [8, 10]


def test_active_means_within_thirty_days(course):
    from reports import actions, queries

    user, active = cast.staff("manager", None), []
    for days in (29, 40, 29):
        actions.bring_up_to_date(at=cast.NOW + timedelta(days=days))
        active.append(queries.total(user, None).active)
    assert active == [8, 0, 8]


def test_a_trainee_and_an_editor_see_no_board(course):
    assert cast.client_of(cast.trainee("Ai Đó", "0933333333")).get(BOARD).status_code == 403
    editor = cast.client_of(cast.staff("editor")).get(BOARD)
    assert editor.status_code in (302, 403)
    assert "Cà Mau" not in editor.text


def test_a_name_that_looks_like_a_formula_stays_a_name(course):
    from openpyxl import load_workbook

    from courses.models import Course

    Course.objects.update(title="=HYPERLINK(1)")
    book = load_workbook(io.BytesIO(manager("Cà Mau").get(BOOK).getvalue()))
    cell = book["Khóa học"]["A4"]
    assert (cell.value, cell.data_type) == ("=HYPERLINK(1)", "s")


def test_a_name_with_signs_of_html_is_shown_as_it_is_written(course):
    from courses.models import Course

    Course.objects.update(title='Muối & mắm <b>"ngon"</b>')
    page = manager("Cà Mau").get(BOARD).text
    assert "<b>" not in page
    assert page.count("Muối &amp; mắm &lt;b&gt;&quot;ngon&quot;&lt;/b&gt;") >= 2, "in the table and in the chart"


def test_the_board_tells_where_nobody_is_enrolled_within_the_scope(course):
    page = manager("Cà Mau").get(BOARD).text
    without = page.split("board__without", 1)[1].split("</ul>", 1)[0]
    communes = Place.objects.current().communes().filter(parent=cast.province())
    assert without.count("<li>") == communes.count() - 2
    assert "Đất Mũi" not in without
    assert f"{communes.count() - 2} xã, phường chưa có ai ghi danh" in page
    book = CalamineWorkbook.from_filelike(io.BytesIO(manager("Cà Mau", "0987654398").get(BOOK).getvalue()))
    sheet = book.get_sheet_by_name("Chưa có ai ghi danh").to_python()
    assert sheet[2] == ["Nơi chưa có ai ghi danh"]
    assert len(sheet[3:]) == communes.count() - 2


def test_places_without_anybody_in_the_chosen_course_are_said_to_be_of_that_course(course):
    other = cast.course(lessons=1, slug="khac", title="Khác")
    page = manager("Cà Mau").get(BOARD, {"khoa": other.pk}).text
    assert not Enrolment.objects.filter(course=other).exists()
    communes = Place.objects.current().communes().filter(parent=cast.province()).count()
    assert f"{communes} xã, phường chưa có ai ghi danh khóa này" in page
    cast.enrolment(Person.objects.filter(place=cast.commune()).first(), other)
    country = manager(None, "0987654398").get(BOARD, {"khoa": other.pk}).text
    assert "33 tỉnh, thành phố chưa có ai ghi danh khóa này" in country


def test_a_workbook_of_one_course_says_so_on_every_sheet_and_in_its_name(course):
    client = manager("Cà Mau")
    chosen = client.get(BOOK, {"khoa": course.pk})
    book = CalamineWorkbook.from_filelike(io.BytesIO(chosen.getvalue()))
    titles = [book.get_sheet_by_name(name).to_python()[0][0] for name in book.sheet_names]
    assert len(titles) == 3
    assert all(title.startswith(f"Tỉnh Cà Mau, khóa “{course}”, tính đến ") for title in titles)
    assert f"tien-do-hoc-tap-tinh-ca-mau-{slugify(text.fold(str(course)))}-2" in chosen["Content-Disposition"]
    whole = CalamineWorkbook.from_filelike(io.BytesIO(client.get(BOOK).getvalue()))
    assert "khóa" not in whole.get_sheet_by_name("Địa bàn").to_python()[0][0]


def test_the_workbook_s_name_tells_place_and_day(course):
    assert re.search(
        r'filename="tien-do-hoc-tap-tinh-ca-mau-\d{4}-\d\d-\d\d.xlsx"',
        manager("Cà Mau").get(BOOK)["Content-Disposition"],
    )
    assert re.search(r'"tien-do-hoc-tap-\d{4}-', manager(None, "0987654398").get(BOOK)["Content-Disposition"])


def test_a_manager_of_one_commune_is_told_of_no_other(course):
    page = cast.client_of(cast.staff("manager", cast.commune(), "0987654397")).get(BOARD).text
    assert "chưa có ai ghi danh" not in page


def test_a_course_is_offered_once_to_choose_from_however_many_learn_it(course):
    course.retired_at = cast.NOW
    course.save()
    courses = type(course).objects.with_history()
    assert list(courses) == [course]
    assert not courses.query.distinct, "enrolments are looked for, not joined and sorted out again"
    Enrolment.objects.update(course=cast.course(slug="khac", title="Khác"))
    assert course not in courses.all()


def test_the_workbook_names_places_without_anybody_in_one_question(course, django_assert_max_num_queries):
    from reports import exports, queries

    board = queries.board(cast.staff("manager", None, "0987654398"), cast.province(), now=cast.NOW)
    assert len(board.without) > 1
    with django_assert_max_num_queries(0):
        [list(table.rows) for table in exports.tables(board)]


@pytest.mark.parametrize(("province", "heading"), [(None, "Cả nước"), ("Cà Mau", "Tỉnh Cà Mau")])
def test_a_board_is_headed_once_by_what_it_shows(course, province, heading):
    client = manager(province)
    page = client.get(BOARD).text
    headings = [
        " ".join(re.sub("<[^>]+>", "", found).split()) for found in re.findall(r"<h\d.*?</h\d>", page, re.DOTALL)
    ]
    assert headings.count(heading) == 1
    assert heading in client.get("/quan-tri/").text
    assert f"Tiến độ: {heading}" in page.split("</title>", 1)[0]
    assert "Tiến độ học tập" not in page


def test_the_board_of_who_has_several_places_does_not_call_them_the_country(course):
    user = cast.staff("manager", cast.province(), "0987654399")
    accounts.grant_role(user=user, role="manager", place=cast.province("Lào Cai"), by=None, at=cast.NOW)
    page = cast.client_of(user).get(BOARD).text
    assert "Mọi địa bàn được giao" in page
    assert "Cả nước" not in page


def test_the_workbook_of_a_commune_opens_on_its_courses(course):
    client = cast.client_of(cast.staff("manager", cast.commune(), "0987654311"))
    book = CalamineWorkbook.from_filelike(io.BytesIO(client.get(BOOK).getvalue()))
    assert book.sheet_names[0] == "Khóa học"
    whole = CalamineWorkbook.from_filelike(io.BytesIO(manager("Cà Mau", "0987654312").get(BOOK).getvalue()))
    assert whole.sheet_names[0] == "Địa bàn"


def test_the_board_is_a_page_of_the_site_that_needs_no_script(course):
    answer = manager("Cà Mau").get(BOARD)
    assert "unsafe-inline" not in answer["Content-Security-Policy"]
    assert "wagtail" not in answer.text
    assert answer.text.count("<script") == answer.text.count("js/app.js") == 1
    assert '<meta name="robots" content="noindex">' in answer.text


def ways_up(answer) -> list[tuple[str, str]]:
    crumbs = answer.text.partition('class="crumbs"')[2].partition("</nav>")[0]
    return re.findall(r'href="([^"]*)">([^<]*)</a>', html.unescape(crumbs))


def test_a_way_leads_up_as_far_as_the_scope_and_keeps_the_course(course):
    below = {"dia-ban": cast.commune().pk}
    home = manager("Cà Mau")
    assert ways_up(home.get(BOARD)) == []
    assert ways_up(home.get(BOARD, below)) == [(f"{BOARD}?dia-ban={cast.province().pk}", "Tỉnh Cà Mau")]
    country = manager(None, "0987654398").get(BOARD, below | {"khoa": course.pk})
    assert ways_up(country) == [
        (f"{BOARD}?khoa={course.pk}", "Cả nước"),
        (f"{BOARD}?khoa={course.pk}&dia-ban={cast.province().pk}", "Tỉnh Cà Mau"),
    ]


def test_its_menu_leads_to_the_rooms_that_the_user_may_enter(course):
    client = manager("Cà Mau")
    menu = client.get(BOARD).text.partition('class="mainnav"')[2].partition("</nav>")[0]
    addresses = re.findall(r'<a href="([^"]+)"', menu)
    assert addresses == ["/quan-tri/", BOARD, "/quan-tri/can-lien-he/", "/quan-tri/person/", "/quan-tri/enrolment/"]
    assert {client.get(address).status_code for address in addresses} == {200}


def test_a_bar_is_as_long_as_its_row_beside_the_longest(course):
    cast.enrolment(cast.trainee("Chim Thứ Ba", "0912223399", cast.commune()).person, course)
    page = manager("Cà Mau").get(BOARD).text
    place = page.partition("Theo xã, phường")[2].partition("</table>")[0]
    assert re.findall(r'<rect class="(\w+)" width="([\d.]+)%"', place) == [
        ("v2", "100.0"), ("v", "33.3"), ("v2", "66.7"), ("v", "33.3"),
    ]  # fmt: skip


class TestRoleInAFormerUnit:
    """Given before a reform: the board begins there, and what it offers there may be asked for."""

    @pytest.fixture
    def former(self, course):
        """A former commune in which somebody is enrolled."""
        place = Place.objects.former().get(name="Rạch Gốc", parent__name="Cà Mau")
        person = cast.trainee("Chim Cũ", "0912223399", place).person
        cast.enrolment(person, course)
        return place

    def officer(self, *places, phone="0987654377"):
        user = cast.staff("manager", places[0], phone)
        for place in places[1:]:
            accounts.grant_role(user=user, role="manager", place=place, by=None, at=cast.NOW)
        return cast.client_of(user)

    def offered(self, client, **query):
        page = client.get(BOARD, query)
        assert page.status_code == 200
        rows = re.findall(r'<th scope="row"><a href="([^"]*)"', page.text)
        return [html.unescape(address) for address in rows]

    def test_every_choice_of_the_filter_and_its_workbook_are_there(self, former, course):
        client = self.officer(former)
        assert f'name="dia-ban" value="{former.pk}"' in client.get(BOARD).text
        chosen = {"dia-ban": former.pk, "khoa": course.pk}
        assert "Rạch Gốc" in client.get(BOARD, chosen).text
        assert rows(client, "Khóa học", **chosen)["Tổng cộng"][:2] == [1, 1]

    def test_every_line_leads_somewhere(self, former):
        client = self.officer(former)
        addresses = self.offered(client)
        assert addresses
        for address in addresses:
            assert client.get(BOARD + address).status_code == 200

    def test_a_former_province_names_what_its_communes_became_and_leads_to_none_of_another_s(self, course):
        province = Place.objects.former().provinces().get(name="Bạc Liêu")
        commune = Place.objects.former().filter(parent=province, succession_out__is_main=True).first()
        cast.enrolment(cast.trainee("Chim Bạc Liêu", "0912223398", commune).person, course)
        client = self.officer(province)
        page = client.get(BOARD).text
        assert "Theo xã, phường" in page
        for address in self.offered(client):
            assert client.get(BOARD + address).status_code == 200

    def test_two_communes_stand_under_a_province_that_is_not_one_s_own_to_open(self, course):
        other = Place.objects.current().get(name="Đất Mũi", parent__name="Cà Mau")
        client = self.officer(cast.commune(), other)
        assert "Tỉnh Cà Mau" in client.get(BOARD).text
        for address in self.offered(client):
            assert client.get(BOARD + address).status_code == 200

    def test_another_former_unit_and_what_the_own_one_became_are_none(self, former):
        client = self.officer(former)
        today = former.succession_out.get(is_main=True).successor
        other = Place.objects.former().communes().exclude(pk=former.pk).first()
        for place in (today, other):
            for path in (BOARD, BOOK):
                assert client.get(path, {"dia-ban": place.pk}).status_code == 404

    def test_whoever_manages_what_it_became_begins_there_and_does_not_ask_about_the_former_one(self, former):
        today = former.succession_out.get(is_main=True).successor
        client = self.officer(today)
        assert client.get(BOARD, {"dia-ban": former.pk}).status_code == 404
        assert client.get(BOARD, {"dia-ban": today.pk}).status_code == 200

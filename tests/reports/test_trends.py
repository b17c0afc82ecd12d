"""Months, filters and comparisons: kept figures are what the enrolments say, sums agree in both borders, each user in their scope (A2)."""

import io
import re
from copy import deepcopy
from datetime import date, timedelta

import pytest
from django.core.management import call_command
from python_calamine import CalamineWorkbook

from certificates import actions as certificates
from certificates.models import Credential
from courses.models import Course, Enrolment, Topic
from provinces.models import Place
from reports import actions, personal, triggers
from reports.filtering import Filters
from reports.models import Monthly, Reach
from reports.templatetags.trends import summary
from reports.trends import queries
from reports.trends.forms import Period, moved
from tests import cast
from tests.conftest import made_for_a_file
from tests.reports.boards import manager
from tests.reports.conftest import two_in_each_commune

pytestmark = pytest.mark.django_db
PAGE, BOOK = "/quan-tri/tien-do/xu-huong/", "/quan-tri/tien-do/xu-huong/xlsx/"
NOW = cast.NOW + timedelta(days=4)
YEAR, QUARTER = Period(date(2026, 1, 1), 12), Period(date(2026, 10, 1), 3)
ALL = Filters()


def two_months():
    """Two in each commune; the first of each has finished and is certified. In Lào Cai all of it was in May."""
    course = two_in_each_commune()
    for enrolment in Enrolment.objects.filter(completed_at__isnull=False):
        certificates.issue(enrolment_id=enrolment.pk, at=cast.NOW + timedelta(days=1))
    may = cast.NOW.replace(month=5)
    there = Enrolment.objects.filter(place__parent__name="Lào Cai")
    there.update(enrolled_at=may)
    there.filter(completed_at__isnull=False).update(completed_at=may)
    Credential.objects.filter(enrolment__in=there).update(issued_at=may)
    actions.bring_up_to_date(at=NOW)
    return course


made_course = made_for_a_file(two_months)


@pytest.fixture(autouse=True)
def course(made_course, db):
    with cast.on(NOW):
        yield deepcopy(made_course)


def kept(name: str, reach=Reach.PLACE) -> dict[date, tuple[int, ...]]:
    place = {"place__name": name} if reach == Reach.PROVINCE else {"place__parent__name": name}
    sums: dict[date, tuple[int, ...]] = {}
    for month, *numbers in Monthly.objects.filter(reach=reach, **place).values_list(
        "month", "begun", "completed", "certified"
    ):
        sums[month] = tuple(map(sum, zip(sums.get(month, (0, 0, 0)), numbers, strict=True)))
    return sums


CHANGES = {
    "enrolled another month": lambda: Enrolment.objects.filter(completed_at=None).update(enrolled_at=cast.NOW - timedelta(days=40)),
    "completed another month": lambda: Enrolment.objects.exclude(completed_at=None).update(completed_at=NOW + timedelta(days=40)),
    "issued another month": lambda: Credential.objects.update(issued_at=NOW + timedelta(days=40)),
    "withdrawn": lambda: Credential.objects.all().delete(),
    "of another kind": lambda: Enrolment.objects.update(person_kind="official"),
    "moved": lambda: Enrolment.objects.update(place=cast.commune("Sa Pa", "Lào Cai")),
}  # fmt: skip


def test_each_month_keeps_what_began_was_completed_and_certified_in_it():
    assert kept("Cà Mau") == kept("Cà Mau", Reach.PROVINCE) == {date(2026, 11, 1): (4, 2, 2)}
    assert kept("Lào Cai") == kept("Lào Cai", Reach.PROVINCE) == {date(2026, 5, 1): (2, 1, 1)}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_whatever_changes_is_counted_again(change):
    before = set(Monthly.objects.values_list("place", "kind", "month", "begun", "completed", "certified"))
    change()
    actions.bring_up_to_date(at=NOW)
    assert personal.violations() == []
    assert set(Monthly.objects.values_list("place", "kind", "month", "begun", "completed", "certified")) != before


@pytest.mark.parametrize("what", sorted(CHANGES))
def test_without_marks_the_audit_names_the_place_and_reconcile_mends_it(what):
    triggers.drop()
    CHANGES[what]()
    assert [sentence for sentence in personal.violations() if sentence.startswith("place ")]
    triggers.create()
    call_command("reconcile")
    assert personal.violations() == []


def test_a_paper_that_is_issued_anew_stays_in_the_month_of_the_first():
    first = Credential.objects.filter(enrolment__place__parent__name="Lào Cai").get()
    officer = cast.staff("manager", None, "0987654301")
    certificates.reissue(credential=first, why="lost", words="", by=officer, at=NOW)
    actions.bring_up_to_date(at=NOW)
    assert Credential.objects.filter(enrolment=first.enrolment).count() == 2
    assert kept("Lào Cai") == {date(2026, 5, 1): (2, 1, 1)}
    assert personal.violations() == []


def shown(user=None, place=None, period=YEAR, filters=ALL, *, is_former=False):
    actions.bring_up_to_date(at=NOW)
    user = user or cast.staff("manager", None, "0987654300")
    return queries.trends(user, place, period, filters, is_former=is_former, now=NOW)


def numbers(found) -> list[tuple[int, int]]:
    return [(one.now, one.before) for one in found.measures]


def test_a_period_stands_beside_the_one_before():
    user = cast.staff("manager", None, "0987654300")
    assert numbers(shown(user)) == [(8, 0), (4, 0), (4, 0)]
    assert numbers(shown(user, period=QUARTER)) == [(6, 0), (3, 0), (3, 0)]
    assert numbers(shown(user, period=Period(date(2026, 7, 1), 3))) == [(0, 2), (0, 1), (0, 1)]
    assert [month for month, _number in shown(user).measures[0].months][-1] == date(2026, 11, 1), "no months to come"


def test_the_months_are_twelve_and_the_last_is_the_period_s():
    months = shown(period=Period(date(2026, 4, 1), 3)).measures[0].months
    assert (months[0][0], months[-1][0], len(months)) == (date(2025, 7, 1), date(2026, 6, 1), 12)
    assert moved(date(2026, 1, 1), -1) == date(2025, 12, 1)


def test_topic_and_kind_narrow_every_number(course):
    user = cast.staff("manager", None, "0987654300")
    Enrolment.objects.filter(place__parent__name="Cà Mau").update(person_kind="official")
    assert numbers(shown(user, filters=Filters(kind="official")))[0] == (4, 0)
    assert numbers(shown(user, filters=Filters(kind="subject")))[0] == (4, 0)
    other = Topic.objects.create(slug="khac", name="Khác")
    assert numbers(shown(user, filters=Filters(topic=other)))[0] == (0, 0)
    Course.objects.filter(pk=course.pk).update(topic=other)
    assert numbers(shown(user, filters=Filters(topic=other)))[0] == (8, 0)


@pytest.mark.parametrize("province", [None, "Cà Mau", "Lào Cai"])
@pytest.mark.parametrize("is_former", [False, True])
def test_in_both_borders_the_sums_are_the_whole(province, is_former):
    """Also where enrolments are recorded in former units, of each province of before."""
    first = Enrolment.objects.exclude(completed_at=None).first()
    for n, name in enumerate(("Bạc Liêu", "Yên Bái", "Cà Mau")):
        former = Place.objects.former().communes().filter(parent__name=name).first()
        one = cast.enrolment(cast.person(f"Cũ {n}", former), first.course)
        Enrolment.objects.filter(pk=one.pk).update(place=former)
    found = shown(place=cast.province(province) if province else None, is_former=is_former)
    assert [sum(column) for column in zip(*(unit.numbers for unit in found.units), strict=True)] == [
        one.now for one in found.measures
    ]
    if province is None and is_former:
        assert {"Tỉnh Bạc Liêu", "Tỉnh Cà Mau", "Tỉnh Lào Cai"} <= {unit.label for unit in found.units}
    elif province is None:
        assert "Tỉnh Bạc Liêu" not in {unit.label for unit in found.units}


def test_every_commune_of_today_leads_to_one_province_of_before():
    communes = set(Place.objects.current().communes().values_list("pk", flat=True))
    names = queries.former_provinces(communes)
    assert set(names) == communes
    assert len(set(names.values())) == 63
    assert "Chưa rõ tỉnh cũ" not in names.values()


def test_two_places_stand_side_by_side_with_filters_in_the_address():
    client = manager(None)
    page = client.get(PAGE, {"dia-ban": cast.province().pk, "voi": "Lào Cai", "nam": "2026"}).text
    row = re.search(r'<th scope="row">Ghi danh</th><td>(\d+).*?</td><td>(\d+)', page)
    assert row.groups() == ("4", "2")
    assert "voi=L%C3%A0o+Cai" in page, "the workbook is asked for with the same filters"


def test_a_chart_says_in_words_what_its_table_says():
    page = manager("Cà Mau").get(PAGE).text
    said = "Hoàn thành, từ tháng 12/2025 đến 11/2026: nhiều nhất 2 (tháng 11/2026), tháng cuối 2."
    assert f'role="img" aria-label="{said}"' in page
    assert summary("Cấp giấy", [(date(2026, 1, 1), 0)]) == "Cấp giấy, từ tháng 1/2026 đến 1/2026: chưa có."
    assert "<style" not in page
    assert "style=" not in page


def test_the_workbook_says_what_the_page_says():
    answer = manager("Cà Mau").get(BOOK, {"quy": "4", "nam": "2026"})
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.getvalue()))
    assert ["Ghi danh", 4, 0, 4] in book.get_sheet_by_index(0).to_python()
    months = book.get_sheet_by_name("Theo tháng").to_python()
    assert months[-1] == ["11/2026", 4, 2, 2]
    assert ["Xã Đất Mũi", 2, 1, 1] in book.get_sheet_by_name("Theo địa bàn").to_python()


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_a_file_that_is_passed_on_says_what_was_counted_where_and_when(course, kind):
    client = manager("Cà Mau")
    chosen = {"khoa": course.pk, "doi_tuong": "official", "ranh_gioi": "cu", "nam": "2026"}
    plain, narrowed = (client.get(f"{PAGE}{kind}/", query) for query in ({"nam": "2026"}, chosen))
    assert plain["Content-Disposition"] != narrowed["Content-Disposition"]
    data = io.BytesIO(narrowed.getvalue())
    said = data.getvalue().decode() if kind == "csv" else str(CalamineWorkbook.from_filelike(data).get_sheet_by_index(0).to_python())  # fmt: skip
    for words in ("Tỉnh Cà Mau", "năm 2026", course.title, "cán bộ", "địa giới trước 1/7/2025", "tính đến"):
        assert words in said


def test_units_of_before_the_reform_are_called_so_in_the_file():
    book = CalamineWorkbook.from_filelike(io.BytesIO(manager("Cà Mau").get(BOOK, {"ranh_gioi": "cu"}).getvalue()))
    assert "Tỉnh trước 1/7/2025" in [row[0] for row in book.get_sheet_by_name("Theo địa bàn").to_python()]


def test_a_name_that_looks_like_html_or_a_formula_stays_a_name(course):
    Course.objects.update(title='=1 <b>"ngon"</b>')
    page = manager("Cà Mau").get(PAGE).text
    assert "<b>" not in page
    book = CalamineWorkbook.from_filelike(io.BytesIO(manager("Cà Mau", "0987654398").get(BOOK).getvalue()))
    assert '=1 <b>"ngon"</b>' in [row[0] for row in book.get_sheet_by_name("Hoàn thành").to_python()]


@pytest.mark.parametrize(
    "query",
    [{}, {"dia-ban": ""}, {"voi": ""}, {"chuyen_de": "", "doi_tuong": "", "quy": ""}, {"ranh_gioi": "cu"}, {"x": "1"}],
)
def test_with_filters_dropped_nobody_sees_another_province(query):
    client = manager("Cà Mau")
    page = client.get(PAGE, query).text
    assert "Lào Cai" not in page
    assert "Sa Pa" not in page
    assert re.search(r'<dt>Ghi danh</dt><dd class="stat__value">4</dd>', page)
    assert client.get(BOOK, query).status_code == 200


@pytest.mark.parametrize(
    ("name", "value", "status"),
    [
        ("dia-ban", "0", 404), ("dia-ban", "abc", 404), ("nam", "1999", 422), ("nam", "abc", 422), ("quy", "5", 422),
        ("chuyen_de", "999", 422), ("doi_tuong", "x", 422), ("ranh_gioi", "x", 422), ("voi", "Lào Cai", 422), ("voi", "Ở đâu", 422),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_for_is_said_or_not_found(name, value, status):
    client = manager("Cà Mau")
    for address in (PAGE, BOOK):
        answer = client.get(address, {name: value})
        assert answer.status_code == status
        assert "stat__value" not in answer.text, "other numbers would be taken for those that were asked for"


def test_a_foreign_place_is_neither_shown_nor_compared_with():
    client, foreign = manager("Cà Mau"), cast.province("Lào Cai")
    assert client.get(PAGE, {"dia-ban": foreign.pk}).status_code == 404
    assert client.get(PAGE, {"voi": foreign.pk}).status_code == 422


def test_cost_does_not_follow_the_enrolments(django_assert_max_num_queries):
    user = cast.staff("manager", None, "0987654300")
    actions.bring_up_to_date(at=NOW)
    with django_assert_max_num_queries(12):
        queries.trends(user, None, YEAR, ALL, is_former=False, now=NOW)

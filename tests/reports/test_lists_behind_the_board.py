"""The board leads to lists of people and enrolments: just those that it counts, and nobody beyond the scope (threat A2)."""

import html
import io
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from python_calamine import CalamineWorkbook
from wagtail.users.models import UserProfile

from accounts.models import Person
from certificates import actions as certificates
from courses.models import Enrolment
from provinces.models import Place
from tests import cast
from tests.reports.boards import BOARD, manager

pytestmark = pytest.mark.django_db


def test_people_are_listed_where_they_live_now(course):
    person = Enrolment.objects.filter(place__parent__name="Lào Cai").first().person
    person.place = cast.commune()
    person.save()
    assert person.name in manager("Cà Mau").get("/quan-tri/person/").text
    assert person.name not in manager("Lào Cai", "0987654398").get("/quan-tri/person/").text


def taken(client, space: str, kind: str) -> str:
    body = b"".join(client.get(f"/quan-tri/{space}/", {"export": kind}))
    if kind == "csv":
        return body.decode()
    return str(CalamineWorkbook.from_filelike(io.BytesIO(body)).get_sheet_by_index(0).to_python())


@pytest.mark.parametrize("space", ["person", "enrolment", "credential"])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_an_export_of_records_is_scoped_too(course, space, kind):
    for enrolment in Enrolment.objects.exclude(completed_at=None):
        certificates.issue(enrolment_id=enrolment.pk, at=cast.NOW)
    country, home = taken(manager(None, "0987654398"), space, kind), taken(manager("Cà Mau"), space, kind)
    for foreign in ("Chim Lào Cai 5", "Chim Lâm Đồng 7"):
        assert foreign in country
        assert foreign not in home
    assert "Chim Cà Mau 1" in home


def names_on(page):
    return {name for name in Person.objects.values_list("name", flat=True) if name in page}


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_board_of_a_place_leads_to_its_people_and_to_nobody_else(course, language):
    user = cast.staff("manager", cast.province())
    UserProfile.objects.create(user=user, preferred_language=language)
    client = cast.client_of(user)
    link = f"/quan-tri/person/?place={cast.commune('Đất Mũi').pk}"
    assert f'href="{link}"' in client.get(BOARD, {"dia-ban": cast.commune("Đất Mũi").pk}).text
    wanted = {person.name for person in Person.objects.filter(place__name="Đất Mũi")}
    page = client.get(link).text
    assert names_on(page) == wanted
    assert 'value="Đất Mũi, Cà Mau"' in page
    assert names_on(client.get("/quan-tri/person/", {"place": "Đất Mũi, Cà Mau"}).text) == wanted


def test_a_board_of_one_place_leads_to_its_people(course):
    home = cast.province()
    page = manager("Cà Mau").get(BOARD, {"dia-ban": home.pk}).text
    assert f'href="/quan-tri/person/?place={home.pk}"' in page


@pytest.mark.parametrize(
    "filters", [{"place": "Đát Mủi Xa"}, {"place": "9" * 40}, {"place": "Đất Mũi, Cà Mau", "kind": "x"}]
)
def test_a_filter_that_cannot_be_read_shows_nobody_and_says_so(course, filters):
    page = manager("Cà Mau").get("/quan-tri/person/", filters).text
    assert not names_on(page)
    assert "chưa đọc được điều kiện lọc" in page
    assert ">Bỏ điều kiện lọc</a>" in page
    book = manager("Cà Mau", "0987654398").get("/quan-tri/person/", filters | {"export": "csv"})
    assert "Chim" not in b"".join(book).decode()


def export(client, address: str) -> list[list]:
    body = client.get(f"{address}{'&' if '?' in address else '?'}export=xlsx").getvalue()
    return CalamineWorkbook.from_filelike(io.BytesIO(body)).get_sheet_by_index(0).to_python()


def test_the_lists_of_people_and_enrolments_are_downloaded_as_they_are_filtered_in_words(course):
    client = manager("Cà Mau")
    head, *people = export(client, "/quan-tri/person/?place=Đất Mũi, Cà Mau")
    assert head == ["Họ và tên", "Năm sinh", "Địa bàn", "Đối tượng", "Chủ thể"]
    assert {row[0] for row in people} == set(
        Person.objects.filter(place__name="Đất Mũi").values_list("name", flat=True)
    )
    assert {row[2] for row in people} == {"xã Đất Mũi, tỉnh Cà Mau"}
    assert "+849" not in str(people)
    head, *unfinished = export(client, "/quan-tri/enrolment/?state=unfinished")
    assert head[:4] == ["Học viên", "Điện thoại", "Khóa học", "Địa bàn lúc ghi danh"]
    assert len(unfinished) == 2
    assert len(export(client, "/quan-tri/enrolment/")) == 1 + 4


@pytest.mark.once
@pytest.mark.parametrize("space", ["person", "enrolment", "credential"])
def test_a_download_asks_as_often_for_many_rows_as_for_few(space):
    """Each row of another commune, another course: what rows share would be asked for once however long the list is."""
    client, communes = manager("Cà Mau"), Place.objects.current().communes().filter(parent=cast.province())
    asked = {}
    for number, place in enumerate(communes[:12], start=1):
        course = cast.course(lessons=1, slug=f"khoa-{number}", title=f"Khóa {number}")
        cast.award(course, code=f"M{number}")
        enrolment = cast.enrolment(cast.trainee(f"Chim {number}", f"09122233{number:02}", place).person, course)
        cast.finish(enrolment)
        certificates.issue(enrolment_id=enrolment.pk, at=cast.NOW)
        if number in (1, 3, 12):  # the first one fills caches
            with CaptureQueriesContext(connection) as queries:
                lines = b"".join(client.get(f"/quan-tri/{space}/?export=csv").streaming_content).splitlines()
            asked[len(lines) - 1] = len(queries)
    assert set(asked) == {1, 3, 12}
    assert asked[3] == asked[12]


def links(page: str) -> dict[str, int]:
    """Every list of enrolments that a board leads to, with the number on the link."""
    found = re.findall(r'href="(/quan-tri/enrolment/[^"]*)">([\d.]+)</a>', page)
    assert found
    return {html.unescape(address): int(number.replace(".", "")) for address, number in found}


def listed(client, address: str) -> int:
    return len(set(re.findall(r"/quan-tri/enrolment/inspect/\d+/", client.get(address).text)))


@pytest.mark.parametrize("is_chosen", [False, True])
@pytest.mark.parametrize("scope", ["Cà Mau", None])
def test_each_number_of_enrolments_leads_to_just_so_many(course, scope, is_chosen):
    """Also when people moved on: the list is of the place as recorded, like the number."""
    mover = Person.objects.filter(place__name="Đất Mũi").first()
    cast.enrolment(mover, cast.course(lessons=1, slug="khac", title="Khác"))
    Person.objects.filter(pk=mover.pk).update(place=cast.commune("Năm Căn"))
    client = manager(scope)
    page = client.get(BOARD, {"khoa": course.pk} if is_chosen else {}).text
    for address, number in links(page).items():
        assert listed(client, address) == number


@pytest.fixture
def states(course, django_capture_on_commit_callbacks):
    """In Cà Mau: one certified, one completed without paper, one idle for long, one at it; elsewhere all kinds too."""
    now = timezone.now()
    Enrolment.objects.update(last_active_at=now - timedelta(days=40))
    for enrolment in Enrolment.objects.filter(place__name__in=["Đất Mũi", "Sa Pa"], completed_at__isnull=False):
        certificates.issue(enrolment_id=enrolment.pk, at=now)
    Enrolment.objects.filter(place__name="Đất Mũi", completed_at=None).update(last_active_at=now)
    return {"unfinished": 2, "idle": 1, "active": 1, "completed": 2, "certified": 1}


def test_every_number_of_the_board_leads_to_the_enrolments_that_it_counts(states):
    client = manager("Cà Mau")
    found = links(client.get(BOARD).text)
    for state in ("active", "completed", "certified"):
        assert found[f"/quan-tri/enrolment/?place={cast.province().pk}&state={state}"] == states[state]
    for address, number in found.items():
        assert listed(client, address) == number


@pytest.mark.parametrize("state", ["unfinished", "idle", "active", "completed", "certified"])
def test_enrolments_are_listed_by_state_within_the_scope(states, state):
    assert listed(manager("Cà Mau"), f"/quan-tri/enrolment/?state={state}") == states[state]
    foreign = manager("Lâm Đồng", "0987654398").get("/quan-tri/enrolment/", {"state": state}).text
    assert not names_on(foreign) - {person.name for person in Person.objects.filter(place__name="Lạc Dương")}


def test_the_board_leads_to_who_has_not_finished(states):
    client = manager("Cà Mau")
    page = html.unescape(client.get(BOARD).text)
    for state in ("unfinished", "idle"):
        address = f"/quan-tri/enrolment/?place={cast.province().pk}&state={state}"
        assert f'href="{address}"' in page
        assert listed(client, address) == states[state]


def test_a_state_that_there_is_none_lists_nobody(states):
    page = manager("Cà Mau").get("/quan-tri/enrolment/", {"state": "asleep"}).text
    assert not names_on(page)
    assert "chưa đọc được điều kiện lọc" in page


def test_a_number_of_nobody_leads_nowhere(course):
    page = cast.client_of(cast.staff("manager", cast.commune("Năm Căn"), "0987654397")).get(BOARD).text
    assert "/quan-tri/enrolment/?" not in page


def test_on_the_board_of_a_commune_courses_and_numbers_lead_on(course):
    client = cast.client_of(cast.staff("manager", cast.commune(), "0987654397"))
    page = client.get(BOARD).text
    assert f"khoa={course.pk}" in page.split("Theo khóa học", 1)[1]
    assert max(links(page).values()) == 2
    assert client.get(BOARD, {"khoa": course.pk}).status_code == 200


def test_a_foreign_place_lists_no_enrolment(course):
    page = manager("Cà Mau").get("/quan-tri/enrolment/", {"place": "tỉnh Lào Cai", "course": course.pk}).text
    assert "Chim" not in page


@pytest.mark.parametrize("place", ["tỉnh Lào Cai", "phường Sa Pa, tỉnh Lào Cai"])
def test_a_foreign_place_lists_nobody(course, place):
    assert "Chim" not in manager("Cà Mau").get("/quan-tri/person/", {"place": place}).text


def test_a_province_lists_the_people_of_all_its_communes(course):
    page = manager(None).get("/quan-tri/person/", {"place": "tinh ca mau"}).text
    assert page.count("Chim Cà Mau") >= 4
    assert "Chim Lào Cai" not in page

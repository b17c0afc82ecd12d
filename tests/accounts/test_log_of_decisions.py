"""The log of what colleagues decided: administrators read all of it, managers what concerns their place or what colleagues there did."""

import io

import pytest
from openpyxl import load_workbook
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry

from accounts import actions
from accounts.models import Person, RoleAssignment
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.once]
PAGE = "/quan-tri/nhat-ky/"


def corrected(person, by, reason="Ghi nhầm"):
    log(instance=person, title=person.log_title, action="accounts.person_corrected", user=by, data={"reason": reason})


@pytest.fixture
def boss():
    return cast.staff("manager", cast.province(), phone="0977000111", name="Phạm Văn Tỉnh")


@pytest.fixture
def officer():
    return cast.staff("manager", cast.commune(), phone="0977000222", name="Lê Thị Xã")


@pytest.fixture
def foreign():
    return cast.staff("manager", cast.province("Lào Cai"), phone="0977000333", name="Vàng A Xa")


@pytest.fixture
def theirs():
    """A trainee of another province."""
    return cast.trainee("Chim Hoàng Yến Canary", "0911222333", cast.commune("Sa Pa", "Lào Cai")).person


@pytest.fixture
def ours():
    return cast.trainee("Trần Thị Nhà", "0911222444", cast.commune()).person


@pytest.fixture
def logged(boss, officer, foreign, ours, theirs):
    corrected(ours, officer, "Ghi thiếu dấu")
    corrected(ours, foreign, "Từ tỉnh khác")
    corrected(theirs, foreign, "Bí mật Canary")
    corrected(theirs, officer, "Việc khác Canary")


@pytest.fixture
def desk(boss, logged):
    return cast.client_of(boss)


def rows(client, **query):
    answer = client.get(PAGE, query | {"export": "xlsx"})
    sheet = load_workbook(io.BytesIO(b"".join(answer) if answer.streaming else answer.content)).active
    return [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]


def test_a_manager_reads_what_was_done_to_people_of_the_place_by_anybody_and_by_colleagues_to_whom_it_is_not_told(desk):
    page = desk.get(PAGE).text
    ours = Person.objects.get(name="Trần Thị Nhà")
    assert f'href="/quan-tri/person/inspect/{ours.pk}/"' in page
    for told in ("Trần Thị Nhà", "Ghi thiếu dấu", "Từ tỉnh khác", "Lê Thị Xã", "(ngoài địa bàn)"):
        assert told in page
    assert "Canary" not in page
    found = [row[1:] for row in rows(desk) if row[2] == "Đã sửa thông tin học viên"]
    assert sorted(row[3:] for row in found) == [
        ["(ngoài địa bàn)", ""],
        ["Trần Thị Nhà", "Ghi thiếu dấu"],
        ["Trần Thị Nhà", "Từ tỉnh khác"],
    ]


def test_who_is_outside_is_not_found_by_name_kind_or_a_filter_that_is_dropped(desk, foreign):
    for query in (
        {"about": "Canary"},
        {"about": ""},
        {"user": foreign.pk},
        {"user": "0"},
        {"kind": "0"},
        {"o": "-1"},
        {"p": "0"},
    ):
        for kind in ({}, {"export": "csv"}, {"export": "xlsx"}):
            answer = desk.get(PAGE, query | kind)
            body = b"".join(answer) if answer.streaming else answer.content
            assert answer.status_code == 200
            assert "Hoàng Yến" not in body.decode(errors="replace")  # the box says the word that was searched
            assert "Bí mật" not in body.decode(errors="replace")
    assert rows(desk, about="Canary") == []
    assert "(ngoài địa bàn)" not in desk.get(PAGE, {"about": "Canary"}).text


def test_what_a_colleague_did_to_a_workshop_is_told_by_its_title(desk, officer):
    workshop = cast.workshop()
    log(instance=workshop, title=workshop.title, action="workshops.changed", user=officer)
    assert workshop.title in {row[4] for row in rows(desk, action="workshops.changed")}


def test_whose_role_has_ended_is_followed_no_more(desk, officer, theirs):
    before = len(rows(desk))
    RoleAssignment.objects.filter(user=officer).update(valid_from="2020-01-01", valid_until="2020-02-01")
    assert len(rows(desk)) < before
    assert "(ngoài địa bàn)" not in desk.get(PAGE).text


def test_it_is_narrowed_by_who_what_when_and_kind(desk, officer, ours):
    assert {row[1] for row in rows(desk, user=officer.pk)} == {"Lê Thị Xã"}
    assert {row[2] for row in rows(desk, action="accounts.person_corrected")} == {"Đã sửa thông tin học viên"}
    assert [row[4] for row in rows(desk, about="trần thị", action="accounts.person_corrected")] == ["Trần Thị Nhà"] * 2
    assert rows(desk, timestamp_to="2001-01-01") == []
    of_people = ModelLogEntry.objects.for_instance(ours).first().content_type_id
    assert {row[3] for row in rows(desk, kind=of_people)} == {"Người"}


def test_offered_are_the_kinds_that_occur_in_what_one_may_read(desk, ours, foreign, officer):
    def offered(client):
        field = client.get(PAGE).context["filters"].form.fields["kind"]
        return {str(label) for value, label in field.choices if value}

    assert offered(desk) == {"Người", "Tài khoản"}
    log(instance=cast.province("Lào Cai"), action="wagtail.edit", user=foreign)
    assert offered(desk) == {"Người", "Tài khoản"}
    log(instance=cast.province("Lào Cai"), action="wagtail.edit", user=officer)
    assert offered(desk) == {"Người", "Tài khoản", "Địa bàn"}


def test_colleagues_whose_decisions_one_may_not_read_are_not_offered(desk, foreign, officer):
    far = cast.staff("manager", cast.province("An Giang"), phone="0977000999", name="Chim Ở Xa")
    log(instance=cast.province("An Giang"), action="wagtail.edit", user=far)
    offered = [str(label) for _value, label in desk.get(PAGE).context["filters"].form.fields["user"].choices]
    assert "Lê Thị Xã" in str(offered)
    assert "Chim Ở Xa" not in str(offered)


def test_a_filter_that_cannot_be_read_shows_nothing(desk):
    assert rows(desk, kind="0") == rows(desk, timestamp_from="x") == []


def test_an_administrator_reads_all(logged):
    page = cast.client_of(cast.staff("administrator", phone="0977000999")).get(PAGE).text
    assert "Bí mật Canary" in page
    assert "(ngoài địa bàn)" not in page


def test_a_manager_of_the_country_reads_of_every_place(logged):
    assert "Bí mật Canary" in cast.client_of(cast.staff("manager", None, phone="0977000999")).get(PAGE).text


def test_a_commune_reads_its_own(logged, officer):
    page = cast.client_of(officer).get(PAGE).text
    assert "Từ tỉnh khác" in page
    assert "Canary" not in page


def test_after_a_move_it_is_read_where_the_person_lives_now(desk, theirs):
    theirs.place = cast.commune()
    theirs.save()
    assert "Bí mật Canary" in desk.get(PAGE).text


@pytest.mark.parametrize(
    ("role", "place"), [("organiser", cast.province), ("editor", lambda: None), ("author", cast.province)]
)
def test_others_have_no_log(logged, role, place):
    client = cast.client_of(cast.staff(role, place(), phone="0977000888"))
    assert client.get(PAGE).status_code in (302, 403)
    assert PAGE not in client.get("/quan-tri/").text


def test_a_role_that_is_given_and_ended_is_in_the_log_of_the_place_with_its_reason(desk, officer):
    actions.end_role(assignment=officer.roles.get(), by=None, reason="Chuyển công tác", at=cast.NOW)
    assert "Chuyển công tác" in desk.get(PAGE).text


def test_what_trainees_do_for_themselves_is_no_decision(desk, ours):
    corrected(ours, ours.user, "Tự sửa tên")
    assert "Tự sửa tên" not in desk.get(PAGE).text


def test_cells_are_words_never_formulas(desk, ours, officer):
    corrected(ours, officer, "=1+1")
    answer = desk.get(PAGE, {"export": "xlsx"})
    book = load_workbook(io.BytesIO(b"".join(answer) if answer.streaming else answer.content))
    cells = [cell for row in book.active.iter_rows() for cell in row if cell.value == "=1+1"]
    assert [cell.data_type for cell in cells] == ["s"]
    csv = desk.get(PAGE, {"export": "csv"})
    assert ",=1+1" not in b"".join(csv).decode()

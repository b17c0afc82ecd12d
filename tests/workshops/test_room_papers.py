"""Papers of a workshop with rooms at one hour: each tells the own room, and nobody without one is lost."""

import io

import openpyxl
import pypdfium2
import pytest

from tests import cast
from workshops import actions
from workshops.models import Assignment, Registration, RegistrationSource, Workshop
from workshops.rendering import reports
from workshops.reporting import composing, facts

from . import filled
from .rooms import beside, later, officer

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def rooms(planned):
    Workshop.objects.update(capacity=None)
    return beside(planned)


@pytest.fixture
def people(planned, rooms):
    """An in room 1, Bưởi in room 2, Cam in none."""
    made = [filled.subject(planned, name) for name in ("Lê Thị An", "Trần Thị Bưởi", "Võ Thị Cam")]
    for one, room in zip(made, rooms, strict=False):
        actions.choose_rooms(registration=one, sessions=[room.pk], at=cast.NOW)
    return made


@pytest.fixture
def client(planned):
    return cast.client_of(officer())


def taken(client, workshop, what, query=""):
    answer = client.get(f"/quan-tri/tap-huan/{workshop.pk}/giay-to/{what}{query}")
    assert answer.status_code == 200, answer.text
    return answer.content


def test_a_list_to_sign_has_those_of_its_room_and_apart_who_has_none(client, planned, rooms, people):
    text = filled.words_of(taken(client, planned, "ky-ten.pdf", f"?buoi={rooms[0].pk}"))
    assert text.index("Lê Thị An") < text.index("chưa được xếp phòng") < text.index("Võ Thị Cam")
    assert "Trần Thị Bưởi" not in text
    assert "Danh sách: 1 đại biểu; chưa xếp phòng: 1." in text


def test_who_came_without_a_room_is_on_the_list_of_the_room_where_they_were(client, planned, rooms, people):
    by = officer()
    with cast.on(rooms[1].starts_at):
        actions.sign_sheet(session=rooms[1], registrations=people, by=by, at=rooms[1].starts_at)
    text = filled.words_of(taken(client, planned, "ky-ten.pdf", f"?buoi={rooms[1].pk}&co_mat=on"))
    assert "Võ Thị Cam" in text
    assert "Danh sách: 2 đại biểu. Có mặt: 2" in text


def test_the_list_of_delegates_badges_and_letters_tell_the_room(client, planned, people):
    assert "Phòng 2" in filled.words_of(taken(client, planned, "dai-bieu.pdf"))
    badge = filled.words_of(taken(client, planned, "the.pdf", "?so=2"))
    assert "Phòng 2" in badge
    letter = filled.words_of(taken(client, planned, "giay-moi.pdf", "?so=2"))
    assert "Phòng 2" in letter
    assert "Phòng 1" not in letter


def test_the_badge_of_who_has_no_room_yet_sends_to_the_desk(client, planned, people):
    badge = filled.words_of(taken(client, planned, "the.pdf", "?so=3"))
    assert "Phòng: báo sau" in badge
    assert "hỏi phòng ở bàn điểm danh" in badge
    assert "hỏi phòng" not in filled.words_of(taken(client, planned, "the.pdf", "?so=1-2"))


def test_a_letter_to_who_has_no_room_yet_names_all_of_them(client, planned, people):
    letter = " ".join(filled.words_of(taken(client, planned, "giay-moi.pdf", "?so=3")).split())
    assert "Phòng 1" in letter
    assert "Phòng 2" in letter
    assert "học cùng giờ: Ông (Bà) dự một phòng, đơn vị tổ chức sẽ báo phòng sau." in letter
    assert "học cùng giờ" not in filled.words_of(taken(client, planned, "giay-moi.pdf", "?so=2"))


def test_a_letter_to_a_unit_says_who_hears_of_the_room_later(client, planned, people):
    Registration.objects.update(unit="HTX Chung")

    def letter(query="?theo=unit"):
        return " ".join(filled.words_of(taken(client, planned, "giay-moi.pdf", query)).split())

    assert "ghi trong danh sách dưới đây; ai chưa có phòng, đơn vị tổ chức sẽ báo sau." in letter()
    Assignment.objects.all().delete()
    assert "mỗi đại biểu dự một phòng, đơn vị tổ chức sẽ báo phòng sau." in letter()


def test_without_rooms_no_paper_speaks_of_them(client, planned):
    Workshop.objects.update(capacity=None)
    filled.subject(planned, "Lê Thị An")
    assert "Phòng" not in filled.words_of(taken(client, planned, "dai-bieu.pdf"))


def test_the_workbook_has_a_column_and_counts_a_slot_once(client, planned, rooms, people):
    last = later(planned)
    for session in (rooms[0], last):
        cast.present(people[0], session)
    book = openpyxl.load_workbook(io.BytesIO(taken(client, planned, "so-lieu.xlsx")))
    heads = [cell.value for cell in book["Đại biểu"][1]]
    assert [row[heads.index("Phòng")].value for row in book["Đại biểu"].iter_rows(min_row=2)] == [
        "Phòng 1",
        "Phòng 2",
        "",
    ]
    assert [cell.value for cell in book["Điểm danh"][2]][-1] == 2


def test_the_report_measures_each_room_by_its_own_people(planned, rooms, people):
    cast.present(people[0], rooms[0])
    found = facts.gather(planned)
    assert [(one.room, one.present, one.expected) for one in found.sessions] == [("Phòng 1", 1, 1), ("Phòng 2", 0, 1)]
    said = str(composing.compose(found, None).blocks)
    assert "(01 buổi)" in said
    assert "các phòng cùng giờ tính là một buổi" in said


def test_a_room_stands_on_one_line_of_the_report(planned, rooms, people):
    type(rooms[0]).objects.filter(pk=rooms[0].pk).update(room="Phòng họp tầng 2")
    report = reports.report_pdf(composing.compose(facts.gather(planned), None))
    said = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(report)]
    (listed,) = [page for page in said if "Danh sách đại biểu" in page]
    assert any("Phòng họp tầng 2" in line for line in listed.splitlines())


def test_the_ticket_to_print_says_the_room(planned, rooms, client):
    held = actions.register(
        workshop=planned,
        person=cast.person("Lê Văn Bé"),
        source=RegistrationSource.SELF,
        at=cast.NOW,
        rooms=[rooms[1].pk],
    )
    assert "Phòng 2" in filled.words_of(client.get(f"/tap-huan/ve/{held.code}/ve.pdf").content)

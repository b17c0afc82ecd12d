"""…/tien-do/chot/: figures of a moment stay as they were, as page, workbook, document and slides."""

import io
from datetime import timedelta

import pytest
from django.utils import timezone
from docx import Document
from openpyxl import load_workbook
from pptx import Presentation
from wagtail.models import ModelLogEntry

from accounts import actions as accounts
from accounts.models import User
from lib.dates import local_day
from lib.refusals import Refusal
from reports.freezing import actions, content
from reports.models import Snapshot, Target
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.once]
PAGE = "/quan-tri/tien-do/chot/"


@pytest.fixture
def manager(db):
    return cast.staff("manager", cast.province("Cà Mau"), "0987654321")


@pytest.fixture
def office(manager):
    return cast.client_of(manager)


@pytest.fixture
def course(db):
    """Two people in it, in two communes; one finished."""
    course = cast.course(lessons=1)
    first = cast.enrolment(cast.trainee("Chim Một", "0912223331").person, course, at=timezone.now())
    cast.finish(first, timezone.now())
    cast.enrolment(cast.person("Chim Hai", cast.commune("Đất Mũi")), course, at=timezone.now())
    return course


def said(name):
    return {"ten": name, "nam": local_day(timezone.now()).year}


def take(office, name="Hội nghị sơ kết"):
    office.post(PAGE, said(name))
    return Snapshot.objects.latest("pk")


def test_what_was_frozen_stays_while_the_board_goes_on(office, course):
    made = take(office)
    assert made.place == cast.province("Cà Mau")
    before = office.get(f"{PAGE}{made.pk}/").text
    assert "2 người được tập huấn" in before
    cast.enrolment(cast.person("Chim Ba"), course, at=timezone.now())
    assert office.get(f"{PAGE}{made.pk}/").text.count("Chim") == 0
    assert "2 người được tập huấn" in office.get(f"{PAGE}{made.pk}/").text
    assert "3 người được tập huấn" in office.get(f"{PAGE}{take(office, 'Sau').pk}/").text


def test_the_sentence_tells_the_plan_and_how_many_units_have_begun(office, course):
    today = local_day(timezone.now())
    Target.objects.create(place=cast.province("Cà Mau"), year=today.year, figure="persons", value=4, at=timezone.now())
    frozen = content.thawed(take(office).content)
    assert "có 2 người được tập huấn hoặc học trên hệ thống, đạt 50% chỉ tiêu 4 người; " in frozen.sentence
    assert "2/64 xã, phường đã có người học" in frozen.sentence
    assert [(line.label, line.cells) for line in frozen.chart] == [("Xã Đất Mũi", [1]), ("Xã Phan Ngọc Hiển", [1])]


def test_what_is_recorded_in_the_province_itself_is_a_line_of_its_own_and_no_commune(office, course):
    cast.enrolment(cast.person("Chim Tỉnh", cast.province("Cà Mau")), course, at=timezone.now())
    frozen = content.thawed(take(office).content)
    assert {line.label: line.cells[2] for line in frozen.units.lines}["Cấp tỉnh"] == 1
    assert frozen.units.total.label == "Tỉnh Cà Mau"
    assert "2/64 xã, phường đã có người học" in frozen.sentence


def test_all_four_say_the_same(office, course):
    made = take(office)
    frozen = content.thawed(made.content)
    page = office.get(f"{PAGE}{made.pk}/").text
    files = {kind: office.get(f"{PAGE}{made.pk}/tep.{kind}") for kind in ("xlsx", "docx", "pptx")}
    assert all(one.status_code == 200 for one in files.values())
    assert files["docx"]["Content-Disposition"].startswith('attachment; filename="hoi-nghi-so-ket')
    book = load_workbook(io.BytesIO(files["xlsx"].content))
    document = Document(io.BytesIO(files["docx"].content))
    slides = Presentation(io.BytesIO(files["pptx"].content))
    shown = [shape for slide in slides.slides for shape in slide.shapes]
    words = [shape.text_frame.text for shape in shown if shape.has_text_frame]
    assert frozen.sentence in page
    assert frozen.sentence in [cell.value for row in book.worksheets[0] for cell in row]
    assert frozen.sentence in [paragraph.text for paragraph in document.paragraphs]
    assert frozen.sentence in words
    expected = [["Xã Đất Mũi", "0", "1", "1", "", "", "1"], ["Tỉnh Cà Mau", "0", "2", "2", "", "", "2"]]
    in_document = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    in_slides = [[cell.text for cell in row.cells] for shape in shown if shape.has_table for row in shape.table.rows]
    in_book = [["" if cell.value is None else str(cell.value) for cell in row] for row in book.worksheets[1]]
    for rows in (in_document, in_slides, in_book):
        assert [row for row in rows if row[0] in ("Xã Đất Mũi", "Tỉnh Cà Mau")][-2:] == expected
    (chart,) = [shape.chart for shape in shown if shape.has_chart]
    assert list(chart.plots[0].series[0].values) == [1, 1]


def test_of_a_commune_there_is_the_whole_alone(course):
    made = take(cast.client_of(cast.staff("manager", cast.commune(), "0987654322")))
    frozen = content.thawed(made.content)
    assert frozen.units.lines == []
    assert frozen.units.total.cells[2] == 1
    office = cast.client_of(User.objects.get(phone="+84987654322"))
    assert office.get(f"{PAGE}{made.pk}/tep.pptx").status_code == 200


def test_the_same_name_for_another_year_is_no_second_press(office, course):
    first = take(office)
    answer = office.post(PAGE, said("Hội nghị sơ kết") | {"nam": first.year - 1})
    assert answer.status_code == 422
    assert f"đã có bản chốt tên “Hội nghị sơ kết” của năm {first.year}" in answer.text
    assert Snapshot.objects.get() == first


def test_a_name_is_there_once_and_two_presses_are_one_snapshot(office, manager, course):
    first = take(office)
    assert take(office) == first
    Snapshot.objects.update(taken_at=timezone.now() - timedelta(hours=1))
    answer = office.post(PAGE, said("Hội nghị sơ kết"))
    assert answer.status_code == 422
    assert "đã có bản chốt tên “Hội nghị sơ kết”" in answer.text
    assert 'value="Hội nghị sơ kết"' in answer.text
    assert Snapshot.objects.count() == 1


@pytest.mark.parametrize("name", ["", "   ", "\u200b"])
def test_without_a_name_nothing_is_frozen(office, name):
    answer = office.post(PAGE, said(name))
    assert answer.status_code == 422
    assert "Hãy đặt tên" in answer.text
    assert not Snapshot.objects.exists()


def test_a_year_that_is_not_offered_is_refused(office):
    assert office.post(PAGE, said("x") | {"nam": "1999"}).status_code == 422
    assert not Snapshot.objects.exists()


def test_those_of_elsewhere_look_as_if_they_did_not_exist(office, course):
    other = cast.staff("manager", cast.province("Lào Cai"), "0987654323")
    theirs = actions.take(name="Của Lào Cai", place=cast.province("Lào Cai"), year=2026, by=other, at=timezone.now())
    assert "Của Lào Cai" not in office.get(PAGE).text
    for path in (f"{theirs.pk}/", f"{theirs.pk}/tep.xlsx", "999999/", f"{theirs.pk}/tep.exe"):
        assert office.get(PAGE + path).status_code == 404
    assert office.get(PAGE, {"dia-ban": cast.province("Lào Cai").pk}).status_code == 404
    assert office.post(PAGE, said("x"), query_params={"dia-ban": cast.province("Lào Cai").pk}).status_code == 404


def test_the_country_is_for_whoever_manages_it(manager, course):
    with pytest.raises(Refusal, match="ngoài địa bàn"):
        actions.take(name="Cả nước", place=None, year=2026, by=manager, at=timezone.now())
    centre = cast.client_of(cast.staff("manager", None, "0987654324"))
    made = take(centre)
    assert made.place is None
    assert "tỉnh, thành phố đã có người học" in made.content["sentence"]
    assert cast.client_of(manager).get(f"{PAGE}{made.pk}/").status_code == 404


def test_an_organiser_looks_and_freezes_nothing(course):
    organiser = cast.client_of(cast.staff("organiser", cast.province("Cà Mau"), "0987654325"))
    assert '<form method="post"' not in organiser.get(PAGE).text
    assert organiser.post(PAGE, said("x")).status_code == 422
    assert not Snapshot.objects.exists()


def test_a_role_elsewhere_lends_nothing(course):
    """Manager in Cà Mau, organiser in Lào Cai."""
    user = cast.staff("manager", cast.province("Cà Mau"), "0987654326")
    accounts.grant_role(user=user, role="organiser", place=cast.province("Lào Cai"), by=None, at=timezone.now())
    with pytest.raises(Refusal, match="ngoài địa bàn"):
        actions.take(
            name="x", place=cast.province("Lào Cai"), year=2026, by=User.objects.get(pk=user.pk), at=timezone.now()
        )


def test_who_froze_what_is_in_the_log(office, course):
    take(office)
    assert ModelLogEntry.objects.filter(action="reports.snapshot_taken").count() == 1

"""The papers of a workshop look as they were approved (tests/approved.py says how, and what to do where one is meant to change)."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.http import QueryDict

from tests import cast
from tests.approved import SHARE_OF_WORDS, approved, first_page, is_alike, is_as_approved
from workshops import queries
from workshops.hall import printing
from workshops.hall.items import Asked
from workshops.models import Attendance, HallTest, Registration, Session, Workshop
from workshops.papers import making
from workshops.papers.pages import PAPERS
from workshops.rendering import drawing

from . import filled

pytestmark = [pytest.mark.django_db, pytest.mark.once]
APPROVED = Path(__file__).parent / "approved"
WANTED = {
    "attendance": "co_mat=on",
    "badges": "bao_cao_vien=on",
    "payment": "to=support&an_chu_the=150000&di_chu_the=200000&an_can_bo=0",
    "invitations": "so=4",
}


@pytest.fixture
def workshop(planned, settings):
    settings.BASE_URL, settings.DEMO = "https://hoc.example", False
    organiser = "Sở Nông nghiệp và Phát triển nông thôn tỉnh Cà Mau"
    Workshop.objects.update(capacity=None, organiser=organiser, organiser_parent="Ủy ban nhân dân tỉnh Cà Mau")
    planned.refresh_from_db()
    people = [
        filled.official(
            planned, "Phạm Văn Dừa", "province", cast.province(), unit="Sở Công Thương", post="Chuyên viên"
        ),
        *(filled.subject(planned, f"Trần Thị {name}") for name in ("An", "Bưởi", "Nghiêng", "Út", "Ổi")),
        filled.subject(planned, "Tôn Nữ Hoàng Nguyễn Thị Phương Quỳnh", cast.commune("Năm Căn"), "cooperative"),
    ]
    for one in people:
        Registration.objects.filter(pk=one.pk).update(code=f"ABCDEFGH{one.number:02}")
    filled.here(*people[:6])
    filled.sat(planned, *[(one, 4, 8) for one in people[:6]])
    filled.feedback(planned, 6, quotable=2)
    return planned


ASKED = [
    Asked(1, "Câu chuyện sản phẩm nên viết thế nào?", (("A", "Kể thật, của riêng mình"), ("B", "Chép của nơi khác"), ("C", "Kể cho hay, không cần thật"))),
    Asked(2, "Nhãn hàng phải có tiếng Việt.", (("A", "Đúng"), ("B", "Sai"))),
]  # fmt: skip
OF_THE_HALL = ["test", "feedback"]


def drawn(workshop, name):
    if name == "test":
        test = HallTest(workshop=workshop, moment="before")
        return first_page(printing.sheet(workshop, name, {"test": test, "asked": ASKED, "is_before": True}))
    if name == "feedback":
        return first_page(printing.sheet(workshop, name, printing.feedback_of(queries.feedback_questions(workshop))))
    if name == "report":
        return first_page(making.report(workshop, "pdf").data)
    form = PAPERS[name].form(QueryDict(WANTED[name]), workshop=workshop)
    assert form.is_valid(), form.errors
    return first_page(PAPERS[name].make(workshop, workshop.registrations.all(), form).data)


@pytest.mark.parametrize("name", [*WANTED, *OF_THE_HALL, "report"])
def test_a_paper_looks_as_approved(workshop, name):
    assert is_as_approved(drawn(workshop, name), APPROVED / f"{name}.png", SHARE_OF_WORDS)


@pytest.mark.parametrize("name", [*WANTED, *OF_THE_HALL, "report"])
def test_a_mark_too_many_is_seen(workshop, name):
    workshop.is_specimen = True
    assert not is_alike(drawn(workshop, name), approved(APPROVED / f"{name}.png"), SHARE_OF_WORDS)


@pytest.mark.parametrize("name", ["attendance", "payment", "report"])
def test_somebody_more_is_seen(workshop, name):
    filled.subject(workshop, "Ngô Thị Cúc", cast.commune("Năm Căn"))
    assert not is_alike(drawn(workshop, name), approved(APPROVED / f"{name}.png"), SHARE_OF_WORDS)


def test_who_was_not_there_is_seen(workshop):
    Attendance.objects.all().delete()
    assert not is_alike(drawn(workshop, "attendance"), approved(APPROVED / "attendance.png"), SHARE_OF_WORDS)


@pytest.mark.parametrize("name", ["badges", "invitations"])
def test_another_day_is_seen(workshop, name):
    for one in Session.objects.all():
        Session.objects.filter(pk=one.pk).update(
            starts_at=one.starts_at + timedelta(days=30), ends_at=one.ends_at + timedelta(days=30)
        )
    Workshop.objects.update(venue="Nhà văn hóa ấp Tân Thành")
    workshop.refresh_from_db()
    assert not is_alike(drawn(workshop, name), approved(APPROVED / f"{name}.png"), SHARE_OF_WORDS)


def test_a_letter_that_is_ringed_already_is_seen(workshop, monkeypatch, tmp_path):
    """Who is to ring one of them could take all of them for chosen."""
    ringed = (
        drawing.DESIGNS / "hall.css"
    ).read_text() + ".choice .letter { border: .9pt solid #111; border-radius: 50%; }"
    (tmp_path / "hall.css").write_text(ringed)
    monkeypatch.setattr(drawing, "DESIGNS", tmp_path)
    drawing._sheet.cache_clear()
    marked = drawn(workshop, "test")
    drawing._sheet.cache_clear()
    assert not is_alike(marked, approved(APPROVED / "test.png"), SHARE_OF_WORDS)

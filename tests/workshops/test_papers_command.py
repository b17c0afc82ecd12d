"""manage.py workshop_papers: all papers without a browser."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests import cast
from workshops import actions
from workshops.models import Workshop

from . import filled, halls

pytestmark = [pytest.mark.django_db, pytest.mark.once]
SLUG = "bo-tieu-chi-moi"


@pytest.fixture
def workshop(planned):
    Workshop.objects.update(capacity=None)
    planned.refresh_from_db()
    filled.subject(planned, "Lê Thị An")
    return planned


@pytest.mark.parametrize(
    ("what", "begins"),
    [
        ("report.docx", b"PK"), ("report.pdf", b"%PDF"), ("attendance", b"%PDF"), ("badges", b"%PDF"), ("delegates", b"%PDF"),
        ("payment", b"%PDF"), ("invitations", b"%PDF"), ("xlsx", b"PK"), ("consent", b"%PDF"), ("programme", b"%PDF"),
    ],
)  # fmt: skip
def test_each_is_written(workshop, tmp_path, what, begins):
    call_command("workshop_papers", SLUG, what=what, out=tmp_path / "file")
    assert (tmp_path / "file").read_bytes().startswith(begins)


@pytest.fixture
def with_tests(workshop, organiser):
    halls.papers(workshop, organiser)
    actions.add_usual_questions(workshop=workshop, by=organiser, at=cast.NOW)
    return workshop


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("test-before", "đầu vào"), ("test-after", "đầu ra"), ("key", "đáp án"), ("feedback", "đánh giá"), ("programme", "chương trình"),
    ],
)  # fmt: skip
def test_sheets_of_the_hall_and_the_programme(with_tests, tmp_path, what, words):
    call_command("workshop_papers", SLUG, what=what, out=tmp_path / "x")
    assert words in filled.words_of((tmp_path / "x").read_bytes()).casefold()


@pytest.mark.parametrize(
    ("what", "why"), [("test-before", "đề"), ("test-after", "đề"), ("key", "đề"), ("feedback", "đánh giá")]
)
def test_a_sheet_of_which_nothing_was_made_yet_says_what_to_do_first(workshop, tmp_path, what, why):
    with pytest.raises(CommandError, match=rf"Lớp chưa có .*{why}.* trước"):
        call_command("workshop_papers", SLUG, what=what, out=tmp_path / "x")
    assert not (tmp_path / "x").exists()


def test_options_are_those_of_the_page(workshop, tmp_path):
    call_command("workshop_papers", SLUG, what="attendance", out=tmp_path / "x", options="thu_tu=name&dong_trong=3")
    text = filled.words_of((tmp_path / "x").read_bytes())
    assert "Chủ thể OCOP" not in text
    assert " 4 " in text
    assert " 5 " not in text.partition("Danh sách: 1")[0].partition("bổ sung")[2]


@pytest.mark.parametrize(
    "said",
    [{"slug": "khac"}, {"options": "dong_trong=1000"}, {"options": "so=99", "what": "badges"}, {"out": "/khong/co/x"}],
)
def test_what_cannot_be_is_told(workshop, tmp_path, said):
    usual = {"slug": SLUG, "what": "attendance", "out": tmp_path / "x"} | said
    with pytest.raises(CommandError):
        call_command("workshop_papers", usual.pop("slug"), **usual | {"out": Path(usual["out"])})
    assert not (tmp_path / "x").exists()

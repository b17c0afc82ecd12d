"""Editors find pages and legal texts in the admin without typing diacritics, and with them."""

import pytest
from wagtail.models import Page

from courses.blocks import LawBlock
from courses.models import LegalText
from tests import cast
from tests.conftest import made_for_a_file

pytestmark = pytest.mark.django_db
TYPED = pytest.mark.parametrize("query", ["nuoc mam", "Nước mắm", "NƯỚC MẮM", "nuoc ma", "mam nuoc", "nước mam"])


@pytest.fixture
def editor():
    return cast.client_of(cast.staff("editor"))


def _publish() -> dict[str, Page]:
    """One of each kind whose title begins with the same words, and others."""
    other = cast.course_page("Kể chuyện tôm khô", "ke")
    course = cast.course_page("Nước mắm Cà Mau", "khoa")
    quiz = cast.draft_quiz(other)
    quiz.title = "Nước mắm Phan Thiết"
    quiz.save()
    return {"course": course, "lesson": cast.lesson_page(other, "Nước mắm Phú Quốc", "bai"), "quiz": quiz}


made_pages = made_for_a_file(_publish)


def found(editor, address: str, **query) -> str:
    answer = editor.get(f"/quan-tri/{address}", query)
    assert answer.status_code == 200
    return answer.json()["html"] if answer["Content-Type"] == "application/json" else answer.text


@TYPED
def test_the_search_of_all_pages(editor, made_pages, query):
    shown = found(editor, "pages/search/results/", q=query)
    for kind, page in made_pages.items():
        assert f"/quan-tri/pages/{page.pk}/edit/" in shown, kind


@TYPED
def test_the_search_in_the_tree(editor, made_pages, query):
    for kind, page in made_pages.items():
        shown = found(editor, f"pages/{page.get_parent().pk}/results/", q=query)
        assert f"/quan-tri/pages/{page.pk}/edit/" in shown, kind


@TYPED
def test_the_search_in_the_window_that_chooses_a_page(editor, made_pages, query):
    shown = found(editor, "choose-page/search/", q=query)
    for page in made_pages.values():
        assert page.title in shown


def test_other_words_find_nothing(editor, made_pages):
    assert "Nước mắm" not in found(editor, "pages/search/results/", q="nuoc tuong")


@pytest.fixture
def law():
    days = {"checked_on": "2026-11-01", "review_by": "2027-11-01"}
    LegalText.objects.create(key="khac", kind="Luật", number="1/2020/QH14", name="Đầu tư", **days)
    return LegalText.objects.create(key="nd-37", kind="Nghị định", number="37/2026/NĐ-CP", name="Nhãn hàng hóa", **days)


@pytest.mark.parametrize("query", ["nhan hang hoa", "Nhãn hàng", "37/2026", "nghi dinh 37", "nd-cp"])
def test_the_register_of_legal_texts(editor, law, query):
    shown = found(editor, "snippets/courses/legaltext/", q=query)
    assert law.number in shown
    assert "1/2020/QH14" not in shown


def test_the_register_says_nothing_to_words_that_it_does_not_hold_and_searches_within_its_filter(editor, law):
    assert law.number not in found(editor, "snippets/courses/legaltext/", q="nhan hang hoa xyz")
    assert law.number not in found(editor, "snippets/courses/legaltext/", q="nhan hang", status="replaced")
    assert law.number in found(editor, "snippets/courses/legaltext/", q="nhan hang", status="in_force")


CHOOSER = "snippets/choose/courses/legaltext/"


@pytest.mark.parametrize("query", ["nhan hang hoa", "Nhãn hàng", "37/2026", "nghi dinh 37"])
@pytest.mark.parametrize("address", [CHOOSER, f"{CHOOSER}results/"])
def test_the_window_that_chooses_a_legal_text_finds_it_too(editor, law, address, query):
    shown = found(editor, address, q=query)
    assert law.number in shown
    assert "1/2020/QH14" not in shown


def test_it_tells_the_name_of_a_legal_text_and_whether_it_still_holds(editor, law):
    law.status = "suspended"
    law.save()
    shown = found(editor, CHOOSER)
    assert "Nghị định 37/2026/NĐ-CP" in shown
    assert "Nhãn hàng hóa" in shown
    assert "tạm ngưng" in shown
    assert "còn hiệu lực" in shown, "the other one"
    assert "1/2020/QH14" not in found(editor, CHOOSER, q="tuong ot")


def test_lessons_and_the_register_open_the_same_window(editor, law):

    assert LawBlock().child_blocks["legal_texts"].child_block.widget.get_chooser_modal_url() == f"/quan-tri/{CHOOSER}"
    assert f'data-chooser-url="/quan-tri/{CHOOSER}"' in found(editor, f"snippets/courses/legaltext/edit/{law.pk}/")

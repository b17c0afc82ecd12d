"""Search costs the same however much it finds, and says the same each time. What it finds is in test_learning."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from courses import searching
from courses.models import CoursePage, LessonPage
from tests import cast

pytestmark = pytest.mark.django_db


def found(query: str = "tom kho", **options) -> list[str]:
    return [hit.title for hit in searching.search(query, RequestFactory().get("/"), **options)]


def queries_with(courses: int) -> int:
    for number in range(courses):
        page = cast.course_page(f"Khóa {number}", f"khoa-{number}-{courses}")
        cast.lesson_page(page, f"Bài {number}", "bai")
    Client().get("/hoc/tim/?q=tom+kho")  # what is looked up once for all pages
    with CaptureQueriesContext(
        connection,
    ) as queries:
        response = Client().get("/hoc/tim/?q=tom+kho")
    assert response.text.count("<h2>") == courses
    return len(queries)


def test_three_hits_cost_as_much_as_one():
    one = queries_with(1)
    LessonPage.objects.all().delete()
    assert queries_with(3) == one


def test_a_hit_names_its_course_and_where_it_is():
    cast.course(lessons=1)
    (hit,) = searching.search("tom kho", RequestFactory().get("/"))
    assert (hit.title, hit.course, hit.kind, hit.address) == (
        "Bài 1",
        "Kể chuyện",
        "lesson",
        "/khoa-hoc/ke-chuyen/bai-1/",
    )


def test_the_best_is_found_wherever_it_stands_in_the_tree():
    page = cast.course_page()
    for number in range(8):
        cast.lesson_page(page, f"Bài {number}", f"bai-{number}")
    cast.lesson_page(page, "Tôm khô", "tom-kho")
    assert found(limit=2) == ["Tôm khô", "Bài 0"]


def test_alike_hits_follow_the_tree_courses_first():
    page = cast.course_page("Kể chuyện", "ke-chuyen", summary="tôm khô")
    for number in (2, 1, 3):
        cast.lesson_page(page, f"Bài {number}", f"bai-{number}", summary="tôm khô")
    assert found() == ["Kể chuyện", "Bài 2", "Bài 1", "Bài 3"]
    LessonPage.objects.get(slug="bai-3").move(LessonPage.objects.get(slug="bai-2"), pos="left")
    assert found() == ["Kể chuyện", "Bài 3", "Bài 2", "Bài 1"]


def test_lessons_of_a_withdrawn_course_are_not_found():
    cast.course(lessons=1)
    assert found() == ["Bài 1"]
    CoursePage.objects.get().unpublish()
    assert found() == []


def test_what_is_ranked_is_bounded(monkeypatch):
    monkeypatch.setattr(searching, "BOUND", 2)
    cast.course(lessons=3)
    assert found() == ["Bài 1", "Bài 2"]


def lessons(**bodies: str) -> None:
    page = cast.course_page()
    for slug, body in bodies.items():
        cast.lesson_page(page, f"Bài {slug}", slug, f"<p>{body}</p>")


def test_a_word_is_no_piece_of_another_word():
    lessons(a="Tóm lại, không nên", b="Tôm khô")
    assert found("tôm khô") == ["Bài b"]
    assert found("tom kho") == ["Bài b"]
    assert found("hom") == []


def test_the_last_word_may_be_half_typed_where_nothing_holds_it_whole():
    lessons(a="Tôm khô")
    assert found("tôm kh") == found("tom kh") == ["Bài a"]
    assert found("to khô") == []


def test_typed_accents_count_and_wrong_ones_still_find():
    lessons(a="bán hàng", b="bản hướng dẫn", c="bạn hàng")
    assert found("bán") == ["Bài a"]
    assert found("ban") == ["Bài a", "Bài b", "Bài c"]
    assert found("bãn") == ["Bài a", "Bài b", "Bài c"]


def test_the_whole_phrase_comes_before_its_scattered_words_also_in_a_body():
    lessons(a="Sử gia dụng công, có hạn", b="Ghi hạn sử dụng trên nhãn")
    assert found("hạn sử dụng")[0] == "Bài b"
    assert found("han su dung") == ["Bài b", "Bài a"]


def test_a_number_is_found_with_or_without_its_strokes():
    lessons(a="Nghị định 37/2026/NĐ-CP")
    assert found("37/2026/NĐ-CP") == found("37 2026 nd-cp") == ["Bài a"]
    assert found("7/2026") == []


def test_signs_alone_find_nothing():
    lessons(a="Tôm khô")
    assert found("% _ '") == found("") == []


def test_pages_of_an_earlier_version_are_found_by_their_words_too():
    lessons(a="Tôm <b>khô</b>, ngon")
    LessonPage.objects.update(folded="bai a tom kho, ngon")
    assert found("khô ngon") == []
    import_module("courses.migrations.0008_search_by_words").by_words(apps, None)
    assert found("khô ngon") == found("kho ngon") == ["Bài a"]


def test_pages_with_the_words_apart_stand_folded_behind_those_that_say_the_phrase():
    page = cast.course_page()
    cast.lesson_page(page, "Muối", "muoi", "<p>Kho muối cách đầm tôm.</p>")
    cast.lesson_page(page, "Phơi", "phoi", "<p>Tôm khô phơi hai nắng.</p>")
    first, folded = Client().get("/hoc/tim/?q=tom+kho").text.split("<details>")
    assert "Phơi" in first
    assert "Xem thêm 1 kết quả có đủ các chữ này nhưng không đứng liền nhau" in folded
    assert "Muối" in folded


def test_pages_with_the_words_apart_stand_in_sight_when_none_says_the_phrase():
    cast.lesson_page(cast.course_page(), "Muối", "muoi", "<p>Kho muối cách đầm tôm.</p>")
    answer = Client().get("/hoc/tim/?q=tom+kho").text
    assert "Muối" in answer
    assert "<details>" not in answer

"""The sample courses keep the rules of the house: read from YAML, so that an author sees a fault in a second."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from wagtail.images import get_image_model
from wagtail.models import Page

from courses.models import CoursePage, LegalText, LessonPage
from demo import content
from demo.questions import data_of
from quizzes.kinds import KINDS
from quizzes.models import Question, QuestionBank, Quiz, Slot
from tests import cast

pytestmark = [pytest.mark.once, pytest.mark.long]

LAWS = {row["key"]: row for row in content.read(content.CONTENT / "laws.yaml")}
COURSES: list[str] = content.read(content.CONTENT / "site.yaml")["courses"]
OPENER = "bat-dau-voi-ocop"
NEVER_ON_SCREEN = re.compile(r"\b(chứng chỉ|bằng cấp|trượt|rớt|module)\b", re.IGNORECASE)
ASKS_FOR_A_NUMBER = re.compile(
    r"(Luật|Nghị định|Quyết định|Thông tư|Nghị quyết)( này)?( số)? (mấy|nào|bao nhiêu)"
    r"|\bĐiều (mấy|bao nhiêu)|[Kk]hoản mấy|năm nào ban hành|ban hành (vào |từ )?(năm|ngày) nào",
)
UNSEEN = {"file", "alt", "cites", "right"}


def folder(course: str) -> Path:
    return content.CONTENT / course


def about(course: str) -> dict[str, Any]:
    return content.read(folder(course) / "course.yaml")


def lessons(course: str) -> list[dict[str, Any]]:
    return [content.read(folder(course) / f"{name}.yaml") for name in about(course)["lessons"]]


def questions(course: str) -> list[dict[str, Any]]:
    return content.read(folder(course) / "questions.yaml")


def blocks(lesson: dict[str, Any], kind: str) -> list[Any]:
    return [entry[kind] for entry in lesson["body"] if kind in entry]


def strings(value: Any) -> Iterator[str]:
    """All that a reader sees of a value of YAML."""
    if isinstance(value, str):
        yield re.sub(r"<[^>]+>", " ", value)
    elif isinstance(value, dict):
        for name, inner in value.items():
            if name not in UNSEEN:
                yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)


def words(lesson: dict[str, Any]) -> int:
    """Syllables of what is read; the question for oneself and its answers are not counted."""
    read = [entry for entry in lesson["body"] if "check" not in entry]
    return len(re.findall(r"\w+", " ".join(strings(read))))


def cited(lesson: dict[str, Any]) -> set[str]:
    return {key for law in blocks(lesson, "law") for key in law["cites"]} | set(lesson.get("citations") or [])


def unsure(keys: set[str]) -> set[str]:
    return {key for key in keys if LAWS[key]["confidence"] in ("weak", "general")}


def with_choices(course: str, *kinds: str) -> list[dict[str, Any]]:
    return [row for row in questions(course) if row["kind"] in (kinds or ("single", "multiple"))]


EACH_COURSE = pytest.mark.parametrize("course", COURSES)
EACH_LESSON = pytest.mark.parametrize(
    "lesson",
    [pytest.param(lesson, id=f"{course}/{lesson['slug']}") for course in COURSES for lesson in lessons(course)],
)
EACH_QUESTION = pytest.mark.parametrize(
    "row", [pytest.param(row, id=row["key"]) for course in COURSES for row in questions(course)]
)


@EACH_COURSE
def test_a_course_has_four_to_six_lessons_and_the_opener_three(course):
    assert len(lessons(course)) in ([3] if course == OPENER else [4, 5, 6])


@EACH_COURSE
def test_a_course_has_a_box_for_officers_and_outcomes(course):
    assert "<li>" in about(course)["officer_box"]
    assert len(about(course)["outcomes"]) >= 3


@EACH_LESSON
def test_a_lesson_takes_about_ten_minutes_to_read(lesson):
    assert 200 <= words(lesson) <= 350


@EACH_LESSON
def test_a_lesson_ends_with_what_to_do_today(lesson):
    assert list(lesson["body"][-1]) == ["today"]
    assert len(blocks(lesson, "today")) == 1


@EACH_LESSON
def test_a_lesson_has_one_sentence_to_keep_at_most(lesson):
    assert len(blocks(lesson, "keep")) <= 1


@EACH_LESSON
def test_a_lesson_has_a_question_for_oneself_with_a_right_answer(lesson):
    assert blocks(lesson, "check")
    for check in blocks(lesson, "check"):
        assert len(check["choices"]) >= 3
        assert [choice["right"] for choice in check["choices"]].count(True) == 1
        assert all(choice["feedback"].strip() for choice in check["choices"])


@EACH_LESSON
def test_feedback_does_not_repeat_the_word_that_the_page_says_already(lesson):
    for check in blocks(lesson, "check"):
        assert not [choice["feedback"] for choice in check["choices"] if choice["feedback"].startswith("Đúng")]


@EACH_LESSON
def test_a_lesson_brings_three_new_terms_at_most(lesson):
    assert len(re.findall("<strong>", " ".join(blocks(lesson, "text")))) <= 3


@EACH_LESSON
def test_a_lesson_cites_rows_of_the_register(lesson):
    assert not cited(lesson) - set(LAWS)


@EACH_LESSON
def test_a_lesson_on_an_unsure_row_says_that_it_waits_for_a_look_at_the_original(lesson):
    assert lesson["to_verify"] or not unsure(cited(lesson))


@EACH_LESSON
def test_a_law_block_says_whom_to_ask(lesson):
    for law in blocks(lesson, "law"):
        assert re.search(r"[Hh]ỏi (cán bộ |cơ quan |người bán |xã|Sở )", law["text"])


@EACH_COURSE
def test_pictures_are_small_and_draw_only(course):
    names = [about(course)["art"]] + [image["file"] for lesson in lessons(course) for image in blocks(lesson, "image")]
    assert len(names) == len(set(names))
    for name in names:
        svg = (folder(course) / name).read_text(encoding="utf-8")
        assert len(svg) < 2600, name
        assert "viewBox=" in svg, name
        assert not re.search(r"<(script|text|image|style|foreignObject|\w*Gradient)|\son\w+=|href=\"(?!#)", svg), name


@EACH_LESSON
def test_a_picture_is_described(lesson):
    assert blocks(lesson, "image")
    assert all(len(image["alt"]) > 20 for image in blocks(lesson, "image"))


@EACH_COURSE
def test_words_that_the_house_does_not_use_are_not_on_screen(course):
    seen = " ".join(strings([about(course), lessons(course), questions(course)]))
    assert not NEVER_ON_SCREEN.findall(seen)


@EACH_COURSE
def test_a_bank_has_fifteen_questions_of_mixed_kinds(course):
    rows = questions(course)
    assert len(rows) >= 15
    plain, more = {"single", "multiple", "truefalse", "short"}, {"ordering", "matching"}
    assert {row["kind"] for row in rows} >= (plain if course == OPENER else plain | more)
    assert {row["answer"] for row in rows if row["kind"] == "truefalse"} == {True, False}


@EACH_COURSE
def test_every_lesson_is_asked_about_and_every_question_has_a_lesson(course):
    assert {row["lesson"] for row in questions(course)} == {lesson["slug"] for lesson in lessons(course)}


@EACH_COURSE
def test_a_right_answer_is_not_known_by_its_place_or_length(course):
    rows = with_choices(course, "single")
    places = Counter(next(at for at, choice in enumerate(row["choices"]) if choice["right"]) for row in rows)
    longest = [row for row in rows if max(row["choices"], key=lambda choice: len(choice["text"]))["right"]]
    assert max(places.values()) <= len(rows) * 0.6
    assert len(longest) <= len(rows) * 0.6


def test_keys_of_questions_are_unique():
    keys = Counter(row["key"] for course in COURSES for row in questions(course))
    assert not [key for key, count in keys.items() if count > 1]


@EACH_QUESTION
def test_a_question_explains_its_answer(row):
    assert len(row["explanation"]) > 10


@EACH_QUESTION
def test_a_question_does_not_ask_for_the_number_of_a_text(row):
    assert not ASKS_FOR_A_NUMBER.search(row["stem"])


@EACH_QUESTION
def test_a_question_cites_rows_of_the_register_and_says_when_one_is_unsure(row):
    keys = set(row.get("citations") or [])
    assert not keys - set(LAWS)
    assert row.get("to_verify") or not unsure(keys)


@EACH_QUESTION
def test_choices_each_have_feedback_and_the_right_number_is_right(row):
    if row["kind"] == "short":
        assert all(answer.strip() for answer in row["answers"])
    elif row["kind"] in ("single", "multiple"):
        right = [choice for choice in row["choices"] if choice["right"]]
        assert len(row["choices"]) >= 3
        assert len(right) == 1 if row["kind"] == "single" else 2 <= len(right) < len(row["choices"])
        assert all(choice["feedback"].strip() for choice in row["choices"])


@EACH_QUESTION
def test_a_question_can_be_asked_and_its_own_solution_earns_all_marks(row):
    kind, data = KINDS[row["kind"]], data_of(row)
    assert kind.problems(data) == []
    assert kind.fraction(data, kind.clean(data, kind.solution(data))) == 1


def test_no_final_quiz_waits_for_somebody_to_mark_and_the_demo_asks_all_other_kinds():
    asked = {row["kind"] for course in COURSES for row in questions(course)}
    assert asked == {name for name, kind in KINDS.items() if kind.is_scored and not kind.is_marked_by_hand}


def test_what_is_marked_by_hand_is_an_exercise_that_nobody_has_to_do():
    exercises = [content.read(path) for path in content.CONTENT.glob(f"*/{content.EXERCISE}")]
    assert [exercise["is_required"] for exercise in exercises] == [False]
    for row in (row for exercise in exercises for row in exercise["questions"]):
        assert KINDS[row["kind"]].is_marked_by_hand
        assert KINDS[row["kind"]].problems(data_of(row)) == []


def counts() -> dict[str, int]:
    kinds = (Page, get_image_model(), LegalText, QuestionBank, Question, Quiz, Slot)
    return {kind.__name__: kind.objects.count() for kind in kinds}


@pytest.mark.django_db
def test_loading_twice_makes_nothing_twice_and_each_course_ends_with_a_quiz(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    assert len(list(content.load_all(at=cast.NOW))) == len(COURSES)
    before = counts()
    assert list(content.load_all(at=cast.NOW)) == []
    assert counts() == before

    for course in CoursePage.objects.all():
        quiz = course.get_children().last().specific
        slot = Slot.objects.get(quiz__activity__translation_key=quiz.translation_key)
        assert slot.bank.questions.count() >= max(15, slot.draw)
    for lesson in LessonPage.objects.all():
        lesson.full_clean()
        lesson.body.stream_block.clean(lesson.body)

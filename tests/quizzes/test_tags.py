"""Questions have tags and a language: found, filtered and drawn by them."""

import pytest
from taggit.models import Tag

from quizzes import actions, queries
from quizzes.models import Question, Quiz
from tests import cast
from tests.quizzes.files import bring
from tests.quizzes.question_forms import ADD, edit, typed


@pytest.fixture
def quiz(db) -> Quiz:
    """Draws three of a bank, of which two are about labels and one of those is hard."""
    cast.course(lessons=0, with_quiz=True)
    bank = Quiz.objects.get().slots.get().bank
    cast.question(bank, "ke-chuyen-0", tags=["nhãn mác"])
    cast.question(bank, "ke-chuyen-1", tags=["nhãn mác", "an toàn"], difficulty=3)
    return Quiz.objects.get()


def set_slots(quiz: Quiz, *slots: actions.SlotSpec) -> Quiz:
    return actions.configure_quiz(activity=quiz.activity, pass_percent=70, attempts_allowed=3, slots=slots, at=cast.NOW)


def spec(quiz: Quiz, **fields) -> actions.SlotSpec:
    tag = Tag.objects.get(name=fields.pop("tag")) if "tag" in fields else None
    return actions.SlotSpec(bank=quiz.slots.first().bank, tag=tag, **fields)


def test_an_editor_writes_tags_and_the_language_on_the_form(editor, bank):
    editor.post(ADD, typed(bank, tags="Nhãn mác, an toàn", language="en"))
    question = Question.objects.get()
    assert (sorted(question.tags.names()), question.language) == (["Nhãn mác", "an toàn"], "en")
    form = editor.get(edit(question)).text
    assert "Nhãn mác" in form
    assert '<option value="en" selected>' in form
    editor.post(edit(question), typed(bank, tags="nhãn mác"))
    assert list(question.tags.names()) == ["Nhãn mác"], "blanks are part of a tag, and capitals make no other"
    page = editor.get(f"/quan-tri/question/inspect/{question.pk}/").text.lower()
    assert "nhãn mác" in page


def test_a_tag_without_end_is_refused_and_nothing_is_lost(editor, bank):
    page = editor.post(ADD, typed(bank, tags="ngắn, " + "x" * 41))
    assert "Mỗi nhãn dài nhất 40 ký tự" in page.text
    assert "Kể chuyện thế nào?" in page.text
    assert not Question.objects.exists()


def test_search_without_diacritics_finds_tags(editor, bank):
    cast.question(bank, "muoi-1", tags=["Nhãn mác"])
    cast.question(bank, "muoi-2")
    found = editor.get("/quan-tri/question/", {"q": "nhan mac"}).text
    assert "muoi-1" in found
    assert "muoi-2" not in found


def test_the_list_is_narrowed_by_tag_and_language(editor, bank):
    cast.question(bank, "muoi-1", tags=["muối"])
    cast.question(bank, "muoi-2", language="en")
    by_tag = editor.get("/quan-tri/question/", {"tags": Tag.objects.get().pk}).text
    assert "muoi-1" in by_tag
    assert "muoi-2" not in by_tag
    by_language = editor.get("/quan-tri/question/", {"language": "en"}).text
    assert "muoi-2" in by_language
    assert "muoi-1" not in by_language


def test_a_file_that_comes_again_leaves_tags_findable(editor, bank):
    bring(bank, "// [id:q1]\nMuối? {T}")
    question = Question.objects.get()
    now = question.versions.first()
    words = {"kind": now.kind, "stem": now.stem, "data": now.data, "explanation": ""}
    actions.save_question(bank=bank, key=question.key, at=cast.NOW, tags=["Biển"], **words)
    bring(bank, "// [id:q1]\nMuối nào? {T}")
    assert list(question.tags.names()) == ["Biển"]
    assert question.key in editor.get("/quan-tri/question/", {"q": "bien"}).text


def test_a_slot_draws_by_tag_and_difficulty(quiz):
    set_slots(quiz, spec(quiz, tag="nhãn mác", draw=2), spec(quiz, tag="nhãn mác", draw=1, difficulty=3))
    [labels, hard_labels] = queries.pools(list(quiz.slots.in_use()))
    keys = dict(Question.objects.values_list("pk", "key"))
    assert {keys[pk] for pk in labels} == {"ke-chuyen-0", "ke-chuyen-1"}
    assert {keys[pk] for pk in hard_labels} == {"ke-chuyen-1"}


def test_a_quiz_promises_what_a_tag_has(quiz):
    set_slots(quiz, spec(quiz, tag="an toàn", draw=2))
    assert (queries.outlook(quiz).questions, queries.outlook(quiz).wanted) == (1, 2)
    enrolment = cast.enrolment(cast.person(), quiz.activity.course)
    attempt = actions.start_attempt(enrolment=enrolment, quiz=quiz, language="vi", at=cast.NOW)
    assert [item.version.question.key for item in attempt.items.all()] == ["ke-chuyen-1"]


def test_a_question_without_the_tag_is_not_said_to_be_asked(quiz):
    set_slots(quiz, spec(quiz, tag="an toàn"))
    asked = {question.key: queries.asked_in(question) for question in Question.objects.all()}
    assert asked == {"ke-chuyen-0": [], "ke-chuyen-1": [quiz], "ke-chuyen-2": []}


def test_the_page_of_a_quiz_takes_a_tag_and_keeps_slots_that_stay_the_same(editor, quiz):
    tag, bank = Tag.objects.get(name="nhãn mác"), quiz.slots.get().bank
    address = f"/quan-tri/bai-kiem-tra/{quiz.pk}/cau-hoi/"
    form = {
        "pass_percent": 70, "attempts_allowed": 3, "cooldown_minutes": 0, "counted": "best", "layout": "each", "when_time_is_up": "submit",
        "o-TOTAL_FORMS": 1, "o-INITIAL_FORMS": 1,
        "o-0-bank": bank.pk, "o-0-draw": 3, "o-0-tag": tag.pk, "o-0-marks": "1", "o-0-position": "1",
    }  # fmt: skip
    said = editor.post(address, form, follow=True).text
    assert "cần rút 3 câu, hiện có 2 câu dùng được" in said
    assert "(nhãn nhãn mác)" in said
    slot = quiz.slots.in_use().get()
    assert (slot.tag, str(slot)) == (tag, f"{bank} × 3, nhãn mác")
    editor.post(address, form)
    assert quiz.slots.in_use().get() == slot


def test_a_fixed_question_takes_no_tag(editor, quiz):
    tag = Tag.objects.get(name="nhãn mác")
    form = {
        "pass_percent": 70, "attempts_allowed": 3, "cooldown_minutes": 0, "counted": "best", "layout": "each", "when_time_is_up": "submit",
        "o-TOTAL_FORMS": 1, "o-INITIAL_FORMS": 0,
        "o-0-question": "ke-chuyen-0", "o-0-tag": tag.pk,
    }  # fmt: skip
    page = editor.post(f"/quan-tri/bai-kiem-tra/{quiz.pk}/cau-hoi/", form)
    assert page.status_code == 422
    assert "Câu cố định không cần số câu rút, độ khó, nhãn và đề." in page.text

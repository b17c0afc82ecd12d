"""Authors write questions in the admin; every save is a version, and what is wrong is said where it is wrong."""

import re

import pytest

from courses.models import LegalText
from lib.refusals import Refusal
from quizzes import actions
from quizzes.kinds import KINDS
from quizzes.models import Question, QuestionBank, QuestionVersion, Quiz
from tests import cast
from tests.quizzes.question_forms import ADD, ROWS, choices, edit, rows, typed

pytestmark = pytest.mark.once


@pytest.fixture
def bank(db) -> QuestionBank:
    """With a name from which keys are made."""
    return QuestionBank.objects.create(name="Câu chuyện sản phẩm", topic=cast.topic())


def test_first_the_author_chooses_the_kind(editor):
    page = editor.get(ADD).text
    assert re.findall(r"\?kind=(\w+)", page) == list(KINDS)


def test_without_javascript_there_are_five_spare_rows(editor):
    page = editor.get(ADD, {"kind": "single"}).text
    assert len(re.findall(r'name="kind-rows-\d-text"', page)) == 5
    assert "rows.js" in page


def test_a_new_question_gets_a_key_and_version_one(editor, bank):
    page = editor.post(ADD, typed(bank), follow=True)
    question = Question.objects.get()
    assert question.key == "cau-chuyen-san-pham-1"
    assert "phiên bản 1. Câu đã duyệt: các bài kiểm tra rút câu từ ngân hàng này có thể hỏi" in page.text
    version = question.versions.get()
    assert version.data == {
        "choices": [
            {"id": "a", "text": "Kể thật", "right": True, "feedback": "Đúng rồi"},
            {"id": "b", "text": "Bịa cho hay", "right": False, "feedback": ""},
        ]
    }
    assert (question.difficulty, question.status, version.created_by) == (2, "reviewed", question.author)


@pytest.mark.parametrize(
    ("status", "fate"),
    [("draft", "Câu còn là bản nháp. Duyệt xong, bài kiểm tra mới hỏi câu này"), ("retired", "Câu đã ngừng dùng")],
)
def test_whoever_saves_a_question_reads_whether_it_will_be_asked(editor, bank, status, fate):
    page = editor.post(ADD, typed(bank, status=status), follow=True).text
    assert f"phiên bản 1. {fate}" in page
    assert "có thể hỏi" not in page
    question = Question.objects.get()
    other = typed(bank, status=status, stem="Câu khác?")
    again = editor.post(edit(question), other, follow=True).text
    assert "Từ giờ dùng phiên bản 2" in again
    assert fate in again
    asked = editor.post(edit(question), other | {"status": "reviewed"}, follow=True).text
    assert "Câu chữ không đổi, vẫn dùng phiên bản 2." in asked
    assert fate not in asked


def test_keys_made_for_a_bank_are_never_the_same(editor, bank):
    cast.question(bank, "cau-chuyen-san-pham-2")
    for _twice in range(2):
        editor.post(ADD, typed(bank))
    assert set(Question.objects.values_list("key", flat=True)) == {
        "cau-chuyen-san-pham-2",
        "cau-chuyen-san-pham-3",
        "cau-chuyen-san-pham-4",
    }


@pytest.mark.parametrize(
    ("kind", "fields", "data"),
    [
        ("truefalse", {"kind-right": "false"}, {"right": False}),
        ("short", {"kind-answers": "  Nghị định  46 \r\n\r\nND 46"}, {"answers": ["Nghị định 46", "ND 46"]}),
        (
            "short",
            {"kind-answers": "Đất", "kind-exact_accents": "on"},
            {"answers": ["Đất"], "exact_accents": True},
        ),
        (
            "short",
            {"kind-answers": "muối*", "kind-wildcards": "on", "kind-exact_case": "on"}
            | rows({"text": "mắm", "weight": "33,33333", "feedback": "Gần đúng"}),
            {
                "answers": ["muối*"],
                "noted": [{"text": "mắm", "weight": 33.33333, "feedback": "Gần đúng"}],
                "exact_case": True,
                "wildcards": True,
            },
        ),
        (
            "numeric",
            {"kind-units": "kg\ng = 0,001"}
            | rows({"value": "3,5", "tolerance": "0,1"}, {"value": "4", "weight": "50"}),
            {
                "answers": [{"value": "3.5", "tolerance": "0.1"}, {"value": "4", "weight": 50}],
                "units": [{"name": "kg", "factor": "1"}, {"name": "g", "factor": "0.001"}],
            },
        ),
        (
            "matching",
            {"kind-shuffle": "on"} | rows({"text": "Muối", "match": "Bạc Liêu"}, {"text": "Cua", "match": "Cà Mau"}),
            {
                "pairs": [
                    {"id": "a", "text": "Muối", "match": "Bạc Liêu"},
                    {"id": "b", "text": "Cua", "match": "Cà Mau"},
                ]
            },
        ),
        (
            "ordering",
            {"kind-all_or_nothing": "on"} | rows({"text": "Rửa"}, {"text": "Phơi"}),
            {"items": [{"id": "a", "text": "Rửa"}, {"id": "b", "text": "Phơi"}], "all_or_nothing": True},
        ),
        (
            "gaps",
            {"kind-written": "Phơi [nắng|gió]."},
            {"text": "Phơi [[1]].", "gaps": [{"id": "1", "kind": "short", "data": {"answers": ["nắng", "gió"]}}]},
        ),
        (
            "essay",
            rows({"text": "Có thật", "points": "2,5"}) | {"kind-sample": "Dòng một\r\nDòng hai"},
            {"rubric": [{"id": "a", "text": "Có thật", "points": "2.5"}], "sample": "Dòng một\nDòng hai"},
        ),
        ("description", {}, {}),
    ],
)
def test_each_kind_brings_its_own_fields(editor, bank, kind, fields, data):
    assert editor.get(ADD, {"kind": kind}).status_code == 200
    editor.post(ADD, typed(bank, kind, **fields))
    assert QuestionVersion.objects.get().data == data


def test_choices_may_be_kept_in_order(editor, bank):
    form = typed(bank, "multiple")
    del form["kind-shuffle"]
    editor.post(ADD, form)
    assert QuestionVersion.objects.get().data["shuffle"] is False


@pytest.mark.parametrize(
    ("kind", "fields", "sentence"),
    [
        ("single", choices([("Một", True, ""), ("Hai", True, "")]), "Số phương án đúng chưa hợp"),
        ("multiple", choices([("Một", False, ""), ("Hai", False, "")]), "Số phương án đúng chưa hợp"),
        ("single", choices([("Một", True, "")]), "Cần ít nhất hai phương án"),
        ("single", choices([*ROWS, ("", False, "Lời nhắn mồ côi")]), "Hãy ghi phương án cho dòng này"),
        ("truefalse", {}, "Chưa chọn câu này đúng hay sai"),
        ("short", {"kind-answers": " \r\n "}, "Cần ít nhất một câu trả lời"),
        ("numeric", rows({"value": "1.500"}), "đọc được hai cách"),
        ("numeric", rows({"value": "ba"}), "không phải là số"),
        ("numeric", rows({"value": "5", "weight": "50"}), "Cần ít nhất một đáp số được trọn điểm"),
        ("numeric", {"kind-units": "= 5"} | rows({"value": "5"}), "thiếu tên đơn vị"),
        ("numeric", {"kind-units": "g = 2"} | rows({"value": "5"}), "hệ số của nó phải là 1"),
        ("numeric", {"kind-unit_needed": "on"} | rows({"value": "5"}), "cần ít nhất một đơn vị"),
        ("numeric", rows({"value": "5", "weight": "150"}), "từ −100 đến 100"),
        ("matching", rows({"text": "Muối", "match": ""}), "Hãy ghi vế khớp"),
        ("matching", rows({"text": "Muối", "match": "A"}, {"text": "Cua", "match": "A"}), "Cần ít nhất hai cặp"),
        ("ordering", rows({"text": "Rửa"}), "Cần ít nhất hai bước"),
        ("ordering", rows({"text": "Rửa"}, {"text": "Rửa"}), "cùng lời"),
        ("gaps", {"kind-written": "Không có chỗ trống"}, "chưa có chỗ trống nào"),
        ("gaps", {"kind-written": "Một [ chưa đóng"}, "chưa được đóng"),
        ("gaps", {"kind-written": "Năm [#hai nghìn]"}, "không phải là một số rõ ràng"),
        ("gaps", {"kind-written": "Chọn [*Cà Mau]"}, "Cần ít nhất hai phương án"),
        ("essay", rows({"text": "Có thật", "points": "0"}), "lớn hơn 0"),
        ("essay", rows(), "Cần ít nhất một tiêu chí"),
    ],
)
def test_what_cannot_be_asked_is_said_and_nothing_typed_is_lost(editor, bank, kind, fields, sentence):
    page = editor.post(ADD, typed(bank, kind, **fields))
    assert sentence in page.text
    assert "Kể chuyện thế nào?" in page.text
    assert all(text in page.text for name, text in fields.items() if name.endswith(("text", "feedback")))
    assert not Question.objects.exists()


def test_a_key_that_is_taken_is_refused_not_overwritten(editor, bank):
    cast.question(bank, "ke-1", stem="Câu cũ?")
    page = editor.post(ADD, typed(bank, key="ke-1"))
    assert page.status_code == 200
    assert QuestionVersion.objects.get().stem == "Câu cũ?"


def test_what_the_action_refuses_is_said_and_nothing_typed_is_lost(editor, bank, monkeypatch):
    def refuse(**arguments):
        raise Refusal("Ngân hàng vừa đóng.")

    monkeypatch.setattr(actions, "save_question", refuse)
    page = editor.post(ADD, typed(bank))
    assert page.status_code == 200
    assert "Ngân hàng vừa đóng." in page.text
    assert "Kể chuyện thế nào?" in page.text


def test_other_words_make_the_next_version_and_keep_the_ids(editor, bank):
    question = cast.question(bank, "ke-1")
    rows = [(choice["text"], choice["right"], choice["feedback"]) for choice in cast.CHOICES]
    changed = [("Kể đúng sự thật", *rows[0][1:]), *rows[1:], ("Không kể gì", False, "")]
    page = editor.post(edit(question), typed(bank, **choices(changed, ids="abc")), follow=True)
    assert "Từ giờ dùng phiên bản 2" in page.text
    newest = question.versions.first()
    assert [choice["id"] for choice in newest.data["choices"]] == ["a", "b", "c", "d"]
    assert question.versions.last().data["choices"] == cast.CHOICES


def test_saving_untouched_words_makes_no_version(editor, bank):
    question = cast.question(bank, "ke-1", explanation="Dòng một\nDòng hai", difficulty=1)
    rows = [(choice["text"], choice["right"], choice["feedback"]) for choice in cast.CHOICES]
    same = {"stem": "Câu hỏi ke-1?", "explanation": "Dòng một\r\nDòng hai", "difficulty": "3"}
    page = editor.post(edit(question), typed(bank, **same, **choices(rows, ids="abc")), follow=True)
    assert "vẫn dùng phiên bản 1" in page.text
    question.refresh_from_db()
    assert (question.difficulty, question.versions.count()) == (3, 1)


def test_a_row_is_dropped_when_the_author_says_so(editor, bank):
    question = cast.question(bank, "ke-1")
    rows = [(choice["text"], choice["right"], choice["feedback"]) for choice in cast.CHOICES]
    editor.post(edit(question), typed(bank, **choices(rows, ids="abc", **{"kind-rows-2-DELETE": "on"})))
    assert [choice["id"] for choice in question.versions.first().data["choices"]] == ["a", "b"]


def test_the_key_never_changes(editor, bank):
    question = cast.question(bank, "ke-1")
    editor.post(edit(question), typed(bank, key="khac"))
    assert Question.objects.get().key == "ke-1"


def test_another_kind_can_be_chosen_and_takes_what_fits(editor, bank):
    question = cast.question(bank, "ke-1")
    page = editor.get(edit(question), {"kind": "multiple"}).text
    assert "Bịa cho hay" in page
    rows = [(choice["text"], choice["text"] != "Bịa cho hay", "") for choice in cast.CHOICES]
    editor.post(edit(question), typed(bank, "multiple", **choices(rows, ids="abc")))
    assert [version.kind for version in question.versions.all()] == ["multiple", "single"]


def test_lesson_and_law_are_kept(editor, bank):
    lesson = cast.course(lessons=1).activities.get()
    law = LegalText.objects.create(
        key="nd-1", kind="Nghị định", number="1", name="Nhãn", review_by=cast.NOW, checked_on=cast.NOW
    )
    editor.post(ADD, typed(bank, lesson=lesson.pk, legal_texts=[law.pk], to_verify="on"))
    question = Question.objects.get()
    assert (question.lesson, list(question.legal_texts.all())) == (lesson, [law])
    assert question.versions.get().to_verify


def test_a_draft_is_not_asked_yet(db):
    course = cast.course(lessons=0, with_quiz=True)
    Question.objects.update(status="draft")
    enrolment = cast.enrolment(cast.person(), course)
    with pytest.raises(Refusal, match="chưa có câu hỏi"):
        actions.start_attempt(enrolment=enrolment, quiz=Quiz.objects.get(), language="vi", at=cast.NOW)


def test_who_saved_is_in_the_history(editor, bank):
    editor.post(ADD, typed(bank))
    question = Question.objects.get()
    editor.post(edit(question), typed(bank, stem="Kể sao cho hay?", **choices(ROWS, ids="ab")))
    history = editor.get(f"/quan-tri/question/history/{question.pk}/").text
    assert history.count("Lê Văn Cán Bộ") >= 2


@pytest.mark.parametrize("role", ["manager", "organiser"])
def test_only_authors_write_questions(bank, role):
    question = cast.question(bank, "ke-1")
    other = cast.client_of(cast.staff(role))
    for path in (ADD, edit(question)):
        assert other.get(path).status_code == 302
        assert other.post(path, typed(bank, stem="Chen vào?")).status_code == 302
    assert QuestionVersion.objects.get().stem == "Câu hỏi ke-1?"


def test_nobody_deletes_a_question(bank):
    question = cast.question(bank, "ke-1")
    cast.client_of(cast.staff("administrator")).post(f"/quan-tri/question/delete/{question.pk}/")
    assert Question.objects.exists()


def in_english(question: Question, **texts) -> None:
    words = texts or {"a": {"text": "True", "feedback": "RIGHT"}}
    version = question.versions.first()
    actions.save_translation(version=version, language="en", stem="Which?", texts=words, explanation="Because.")


@pytest.mark.parametrize(
    ("before", "after", "is_carried"),
    [
        ({}, {"data": {"choices": [c | {"right": c["id"] == "b"} for c in cast.CHOICES]}}, True),
        ({}, {"kind": "multiple"}, True),
        ({}, {"to_verify": True}, True),
        ({}, {"data": {"choices": cast.CHOICES[:2]}}, True),
        ({}, {"data": {"choices": [*cast.CHOICES, {"id": "d", "text": "Mới", "right": False}]}}, False),
        ({}, {"data": {"choices": [c | {"feedback": "Khác"} for c in cast.CHOICES]}}, False),
        ({}, {"data": {"choices": [c | {"text": c["text"] + "."} for c in cast.CHOICES]}}, False),
        ({}, {"stem": "Hỏi khác?"}, False),
        ({}, {"explanation": "Giải thích khác"}, False),
        ({"kind": "truefalse", "data": {"right": True}}, {"data": {"right": False}}, True),
        ({"kind": "short", "data": {"answers": ["gạo", "rice"]}}, {"data": {"answers": ["rice", "lúa"]}}, True),
        ({"kind": "short", "data": {"answers": ["gạo", "rice"]}}, {"data": {"answers": ["gạo"]}}, False),
    ],
)
def test_a_translation_goes_along_while_its_words_hold(bank, before, after, is_carried):
    question = cast.question(bank, "ke-1", **before)
    in_english(question, **({"answer": {"text": "rice"}} if before.get("kind") == "short" else {}))
    cast.question(bank, "ke-1", **before | after)
    assert question.versions.count() == 2
    assert [words.stem for words in question.versions.first().translations.all()] == ["Which?"] * is_carried
    assert question.versions.last().translations.count() == 1


def test_a_lost_translation_is_told_and_stays_visible(editor, bank):
    question = cast.question(bank, "ke-1", kind="truefalse", data={"right": True})
    in_english(question)
    same = typed(bank, "truefalse", stem="Câu hỏi ke-1?", explanation="GIẢI THÍCH BÍ MẬT", **{"kind-right": "false"})
    said = "chưa có bản dịch: Tiếng Anh"
    assert said not in editor.post(edit(question), same, follow=True).text
    page = editor.post(edit(question), same | {"stem": "Hỏi khác?"}, follow=True).text
    assert page.count(said) == 2
    assert editor.get(f"/quan-tri/question/inspect/{question.pk}/").text.count(said) == 1


def test_legal_texts_are_chosen_by_number_and_name(editor, bank):
    LegalText.objects.create(
        key="nd-1",
        kind="Nghị định",
        number="1/2026/NĐ-CP",
        name="Về nhãn hàng",
        review_by=cast.NOW,
        checked_on=cast.NOW,
    )
    assert "Nghị định 1/2026/NĐ-CP: Về nhãn hàng" in editor.get(f"{ADD}?kind=single").text


def test_the_form_says_how_a_picture_comes_in_and_why_a_lesson_may_be_missing(editor):
    page = editor.get(ADD, {"kind": "single"}).text
    assert "bấm Chèn hình dưới ô đang viết" in page
    assert "hãy đăng bài rồi quay lại chọn" in page
    assert "Ghi 50 nếu chọn phương án ấy chỉ được nửa điểm" in page

"""A file that comes again: known by its own names and words wherever its questions are by now, and quick enough."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import ModelLogEntry

from lib.refusals import Refusal
from quizzes import actions, importing
from quizzes.models import Question, QuestionBank, QuestionVersion
from tests import cast

from .files import GIFT, UPLOAD, bring, plan, press, send

pytestmark = pytest.mark.once

NAMED = "// [id:q1]\nMuối? {T}"
CHANGED = "// [id:q1]\nMuối biển? {T}"


def fates(made):
    return [entry.fate for entry in made.entries]


def save(question, **more):
    now = question.versions.first()
    words = {"kind": now.kind, "stem": now.stem, "data": now.data, "explanation": now.explanation}
    return actions.save_question(bank=question.bank, key=question.key, at=cast.NOW, **words | more)


def test_a_question_that_the_file_names_gets_a_version_and_keeps_what_the_file_does_not_say(bank):
    bring(bank, NAMED)
    Question.objects.update(difficulty=3, needs_review_since=cast.NOW)
    bring(bank, CHANGED)
    question = Question.objects.get()
    assert [version.number for version in question.versions.all()] == [2, 1]
    assert (question.difficulty, question.needs_review_since, question.search) == (
        3,
        cast.NOW,
        f"nh{bank.pk}.q1 muoi bien?",
    )


def test_of_a_question_with_a_history_only_the_newest_version_is_read(bank):
    for words in ("Muối?", "Muối biển?", "Muối nào?"):
        bring(bank, f"// [id:q1]\n{words} {{T}}")
    assert [version.stem for version in importing.newest(bank)] == ["Muối nào?"]


def test_new_words_wait_for_a_review_and_for_being_verified_as_the_old_ones_did(bank, editor):
    bring(bank, NAMED)
    save(Question.objects.get(), status="reviewed", to_verify=True)
    page = send(editor, bank, CHANGED)
    assert "Nếu nhập, 1 câu đã duyệt sẽ đổi lời và trở về bản nháp" in page.text
    press(editor, page)
    question = Question.objects.get()
    assert (question.status, question.versions.first().stem, question.versions.first().to_verify) == (
        "draft", "Muối biển?", True,
    )  # fmt: skip


@pytest.mark.parametrize("status", ["draft", "retired"])
def test_what_nobody_is_asked_keeps_its_state_and_needs_no_warning(bank, editor, status):
    bring(bank, NAMED)
    Question.objects.update(status=status)
    assert "thành bản nháp" not in send(editor, bank, CHANGED).text
    bring(bank, CHANGED)
    assert Question.objects.get().status == status


def test_a_translation_goes_along_with_words_that_stay(bank):
    bring(bank, NAMED)
    version = QuestionVersion.objects.get()
    actions.save_translation(version=version, language="en", stem="Salt?", texts={}, explanation="")
    bring(bank, "// [id:q1]\nMuối? {F}")
    assert QuestionVersion.objects.first().translations.get().stem == "Salt?"


def test_a_bank_with_another_name_knows_its_questions(bank):
    bring(bank, GIFT)
    bank.name = "Muối biển"
    bank.save()
    assert fates(plan(bank, GIFT)) == ["same", "same"]


def test_a_question_that_was_moved_is_known_and_stays_where_it_is(bank):
    bring(bank, NAMED)
    other = QuestionBank.objects.create(name="Khác")
    Question.objects.update(bank=other)
    assert fates(plan(bank, NAMED)) == ["same"]
    bring(bank, CHANGED)
    assert (Question.objects.get().bank, QuestionVersion.objects.count()) == (other, 2)


def test_what_an_editor_mended_since_is_not_undone_by_a_file_that_names_nothing(bank):
    bring(bank, "Muoi? {T}")
    save(Question.objects.get(), stem="Muối?")
    assert fates(plan(bank, "Muoi? {T}")) == ["same"]


def test_long_names_that_begin_alike_are_two_questions(bank):
    name = "ocop-2026-chu-de-ve-sinh-an-toan-0"
    bring(
        bank,
        f"// [id:{name}1]\nMuối? {{T}}\n\n// [id:{name}2]\nNước? {{F}}\n\n// [id:Câu 1]\nGió? {{T}}\n\n// [id:cau-1]\nMưa? {{T}}",
    )
    assert Question.objects.count() == 4


def test_one_name_for_two_questions_is_refused(bank):
    made = plan(bank, "// [id:q1]\nMuối? {T}\n\n// [id:q1]\nNước? {F}")
    assert [(problem.place, "trùng mã “q1” với câu ở 2" in problem.reason) for problem in made.refusals] == [(5, True)]


def test_who_was_quicker_is_not_overwritten(bank):
    bring(bank, NAMED)
    late, later = plan(bank, CHANGED), plan(bank, "Gió? {T}")
    save(Question.objects.get(), stem="Muối nào?")
    bring(bank, "Gió? {T}")
    for made in (late, later):
        with pytest.raises(Refusal, match="có người vừa sửa, duyệt hay nhập"):
            actions.import_questions(plan=made, by=None, at=cast.NOW)
    assert [version.stem for version in QuestionVersion.objects.order_by("pk")] == ["Muối?", "Muối nào?", "Gió?"]


STALE = "từ lúc anh/chị xem, có người đã sửa"


def test_what_somebody_mended_since_it_was_looked_at_is_looked_at_again_before_it_is_overwritten(bank, editor):
    bring(bank, NAMED)
    page = send(editor, bank, CHANGED)
    save(Question.objects.get(), stem="Muối nào?")
    again = press(editor, page)
    assert (again.status_code, STALE in again.text, STALE in page.text) == (409, True, False)
    assert [version.stem for version in QuestionVersion.objects.order_by("pk")] == ["Muối?", "Muối nào?"]
    assert "Đã nhập 1 câu" in press(editor, again).text
    assert QuestionVersion.objects.first().stem == "Muối biển?"


def test_a_question_that_was_reviewed_since_is_not_taken_out_of_quizzes_unsaid(bank, editor):
    bring(bank, NAMED)
    page = send(editor, bank, CHANGED)
    Question.objects.update(status="reviewed")
    again = press(editor, page)
    assert (STALE in again.text, "Nếu nhập, 1 câu đã duyệt sẽ đổi lời và trở về bản nháp" in again.text) == (True, True)
    assert Question.objects.get().status == "reviewed"


@pytest.mark.parametrize("quicker", [{"status": "reviewed"}, {"stem": "Muối nào?"}])
def test_who_is_quicker_in_the_moment_of_the_press_is_not_overruled_and_the_look_comes_again(
    bank, editor, monkeypatch, quicker
):
    """The press has compared what was seen with what is there; then somebody writes, and only then comes its turn."""
    bring(bank, NAMED)
    page, in_time = send(editor, bank, CHANGED), actions.import_questions

    def late(**arguments):
        save(Question.objects.get(), **quicker)
        return in_time(**arguments)

    monkeypatch.setattr(actions, "import_questions", late)
    again = press(editor, page)
    assert (again.status_code, STALE in again.text) == (409, True)
    assert ("1 câu đã duyệt sẽ đổi lời" in again.text) is ("status" in quicker)
    assert not QuestionVersion.objects.filter(stem="Muối biển?").exists()
    monkeypatch.undo()
    assert "Đã nhập 1 câu" in press(editor, again).text


def test_a_button_without_what_was_looked_at_writes_nothing(bank, editor):
    page = send(editor, bank, GIFT)
    token = re.search(r'name="token" value="(\w+)"', page.text)[1]
    assert STALE in editor.post(UPLOAD, {"token": token}).text
    assert not Question.objects.exists()


def test_what_others_write_elsewhere_in_the_bank_holds_nobody_up(bank, editor):
    bring(bank, NAMED)
    page = send(editor, bank, GIFT)
    save(Question.objects.get(), stem="Muối nào?")
    assert "Đã nhập 2 câu" in press(editor, page).text


def test_a_bank_that_was_deleted_while_a_file_waits_takes_in_nothing_and_that_is_said(bank, editor):
    page, made = send(editor, bank, GIFT), plan(bank, GIFT)
    QuestionBank.objects.all().delete()
    said = press(editor, page)
    assert (said.status_code, "Lần bấm này không nhập gì" in said.text, "ngân hàng đã bị xóa" in said.text) == (
        200,
        True,
        True,
    )
    with pytest.raises(Refusal, match="“Muối” vừa bị xóa"):
        actions.import_questions(plan=made, by=None, at=cast.NOW)
    assert not Question.objects.exists()


def test_a_bank_is_made_with_its_questions_or_not_at_all(db, monkeypatch):
    made = plan(QuestionBank(name="Mới"), GIFT)
    monkeypatch.setattr("lib.generation.bump", lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        actions.import_questions(plan=made, by=None, at=cast.NOW)
    assert not QuestionBank.objects.exists()


def test_each_question_is_in_the_log(bank):
    by = cast.staff("editor")
    for data in (NAMED, CHANGED):
        actions.import_questions(plan=plan(bank, data), by=by, at=cast.NOW)
    pk = str(Question.objects.get().pk)
    entries = ModelLogEntry.objects.filter(object_id=pk, user=by, label=f"nh{bank.pk}.q1").order_by("pk")
    assert [entry.action for entry in entries] == ["wagtail.create", "wagtail.edit"]


def test_ten_times_the_questions_are_written_by_the_same_queries(bank):
    """The writer of SQLite is one for all: a query for each question would keep everybody else waiting."""

    def queries(first, count):
        made = plan(bank, "\n\n".join(f"Câu số {number}? {{=trắng ~xanh}}" for number in range(first, first + count)))
        with CaptureQueriesContext(
            connection,
        ) as seen:
            actions.import_questions(plan=made, by=None, at=cast.NOW)
        return len(seen)

    assert queries(0, 10) == queries(10, 100)


def test_questions_with_translations_come_again_by_the_same_queries_whether_there_are_ten_or_a_hundred(db):
    def named(count, key):
        return "\n\n".join(f"// [id:q{number}]\nCâu số {number}? {{{key}}}" for number in range(count))

    def queries(count):
        bank = QuestionBank.objects.create(name=f"{count} câu")
        bring(bank, named(count, "T"))
        before = list(importing.newest(bank))
        for version in before:
            actions.save_translation(version=version, language="en", stem="Which?", texts={}, explanation="")
        made = plan(bank, named(count, "F"))
        with CaptureQueriesContext(connection) as seen:
            actions.import_questions(plan=made, by=None, at=cast.NOW)
        assert all(version.translations.get().stem == "Which?" for version in importing.newest(bank))
        return len(seen)

    assert queries(10) == queries(100)


def test_what_one_press_brought_belongs_together_in_the_log_as_what_is_saved_by_hand(bank, editor):
    press(editor, send(editor, bank, GIFT))
    one, another = ModelLogEntry.objects.filter(content_type__model="question")
    assert one.uuid == another.uuid is not None

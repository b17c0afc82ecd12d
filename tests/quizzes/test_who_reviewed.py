"""Who read a question before it is asked: kept with the question, and somebody else where the operator wants it so."""

import pytest

from lib.refusals import Refusal
from quizzes import actions
from quizzes.models import Question, ReviewSettings
from tests import cast
from tests.quizzes.question_forms import ADD, edit, typed

LATER = cast.NOW.replace(hour=9)


@pytest.fixture
def writer(db):
    return cast.staff("editor", name="Người Viết")


@pytest.fixture
def reader(db):
    return cast.staff("editor", phone="0987654322", name="Người Đọc")


@pytest.fixture
def by_another(db):
    ReviewSettings.objects.create(by_another=True)


def save(bank, by, at=cast.NOW, **fields) -> Question:
    words = {"kind": "truefalse", "stem": "Muối mặn?", "data": {"right": True}, "explanation": "", "key": "muoi-1"}
    return actions.save_question(bank=bank, by=by, at=at, **words | fields)


def reviewed(question: Question) -> tuple:
    question.refresh_from_db()
    return question.reviewed_by, question.reviewed_at


def seen(question: Question) -> dict[int, int]:
    return {question.pk: question.versions.first().pk}


def test_whoever_approves_is_kept_and_stays_while_the_words_do(bank, writer, reader):
    question = save(bank, writer)
    assert reviewed(question) == (None, None)
    save(bank, reader, status="reviewed")
    assert reviewed(question) == (reader, cast.NOW)
    save(bank, writer, at=LATER, status="reviewed", difficulty=3)
    assert reviewed(question) == (reader, cast.NOW)


def test_other_words_are_reviewed_by_whoever_keeps_them_in_use(bank, writer, reader):
    question = save(bank, reader, status="reviewed")
    save(bank, writer, at=LATER, status="reviewed", stem="Muối ngọt?")
    assert reviewed(question) == (writer, LATER)


def test_a_draft_was_reviewed_by_nobody(bank, writer):
    question = save(bank, writer, status="reviewed")
    save(bank, writer, status="draft", stem="Muối ngọt?")
    assert reviewed(question) == (None, None)


def test_a_question_out_of_use_keeps_its_reviewer_until_its_words_change(bank, writer, reader):
    question = save(bank, reader, status="reviewed")
    actions.retire_questions(seen=seen(question), by=writer, at=LATER)
    assert reviewed(question) == (reader, cast.NOW)
    save(bank, writer, status="retired", stem="Muối ngọt?")
    assert reviewed(question) == (None, None)


def test_many_approved_at_once_keep_who_and_when(bank, writer, reader):
    question = save(bank, writer)
    actions.approve_questions(seen=seen(question), by=reader, at=LATER)
    assert reviewed(question) == (reader, LATER)


def test_new_words_from_a_file_were_reviewed_by_nobody(bank, reader):
    from tests.quizzes.files import bring

    bring(bank, "// [id:q1]\nMuối? {T}")
    question = Question.objects.get()
    actions.approve_questions(seen=seen(question), by=reader, at=LATER)
    bring(bank, "// [id:q1]\nMuối biển? {T}")
    assert reviewed(question) == (None, None)


def test_alone_one_may_approve_while_the_operator_does_not_mind(bank, writer):
    assert reviewed(save(bank, writer, status="reviewed")) == (writer, cast.NOW)


def test_where_somebody_else_has_to_the_writer_is_refused_and_nothing_is_saved(bank, writer, reader, by_another):
    question = save(bank, writer)
    with pytest.raises(Refusal, match="phải do người khác duyệt"):
        save(bank, writer, status="reviewed", difficulty=3)
    question.refresh_from_db()
    assert (question.status, question.difficulty) == ("draft", 1)
    save(bank, reader, status="reviewed")
    assert reviewed(question) == (reader, cast.NOW)
    with pytest.raises(Refusal):
        save(bank, writer, status="reviewed", stem="Muối ngọt?")
    save(bank, writer, status="reviewed", difficulty=3)
    assert reviewed(question) == (reader, cast.NOW), "no new words, nothing to approve"


def test_of_many_the_own_ones_are_left_and_it_is_said(bank, writer, reader, by_another):
    mine, others = save(bank, writer), save(bank, reader, key="muoi-2")
    found = actions.approve_questions(seen=seen(mine) | seen(others), by=writer, at=LATER)
    assert found.fit == [others]
    [(left, why)] = found.left
    assert (left, why) == (mine, "phiên bản mới nhất do anh/chị viết: phải nhờ người khác duyệt")
    mine.refresh_from_db()
    assert mine.status == "draft"


def test_the_form_says_it_and_keeps_what_was_typed(bank, writer, by_another):
    page = cast.client_of(writer).post(ADD, typed(bank))
    assert "hãy chọn tình trạng “nháp”, lưu, rồi nhờ một người biên soạn khác duyệt" in page.text
    assert "Kể chuyện thế nào?" in page.text
    assert not Question.objects.exists()


def test_the_page_and_the_list_say_who_reviewed_it(bank, writer, reader):
    save(bank, writer, status="reviewed", key="khac-1")
    question = save(bank, reader, status="reviewed")
    client = cast.client_of(writer)
    assert "Người Đọc" in client.get(f"/quan-tri/question/inspect/{question.pk}/").text
    narrowed = client.get("/quan-tri/question/", {"reviewed_by": reader.pk}).text
    assert "muoi-1" in narrowed
    assert "khac-1" not in narrowed


def test_an_administrator_switches_it_on_and_an_editor_cannot(bank, writer):
    address = "/quan-tri/settings/quizzes/reviewsettings/"
    assert cast.client_of(writer).get(address, follow=True).request["PATH_INFO"] != address
    administrator = cast.client_of(cast.staff("administrator", phone="0987654323"))
    page = administrator.get(address, follow=True)
    assert "câu hỏi phải do người khác duyệt" in page.text.lower()
    administrator.post(page.request["PATH_INFO"], {"by_another": "on"})
    assert ReviewSettings.objects.get().by_another
    refused = cast.client_of(writer).post(ADD, typed(bank)).text
    assert "phải do người khác duyệt" in refused
    assert edit(save(bank, writer)) in cast.client_of(writer).get("/quan-tri/question/").text

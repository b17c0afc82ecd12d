"""Of two editors who set the same quiz the second is told, and loses nothing of what was typed."""

import re

import pytest

from lib.refusals import Refusal
from quizzes import actions, admin_views, queries
from quizzes.models import QuestionBank, Quiz
from tests import cast
from tests.racing import overlapping, without_locks


def typed(bank: QuestionBank, seen: str, pass_percent: int) -> dict:
    return {
        "pass_percent": pass_percent, "attempts_allowed": 3, "cooldown_minutes": 0, "seen": seen, "counted": "best", "layout": "each", "when_time_is_up": "submit",
        "o-TOTAL_FORMS": 1, "o-INITIAL_FORMS": 1, "o-0-bank": bank.pk, "o-0-draw": 3, "o-0-marks": "1",
    }  # fmt: skip


def seen_in(page: str) -> str:
    return re.search(r'name="seen" value="(\d+)"', page)[1]


@pytest.fixture
def quiz(db) -> Quiz:
    cast.course(lessons=0, with_quiz=True)
    return Quiz.objects.get()


def test_the_second_editor_is_told_who_was_quicker_keeps_what_was_typed_and_may_insist(quiz):
    address, bank = f"/quan-tri/bai-kiem-tra/{quiz.pk}/cau-hoi/", QuestionBank.objects.get()
    first = cast.client_of(cast.staff("editor", name="Trần Thị Nhanh"))
    second = cast.client_of(cast.staff("editor", phone="0987654322", name="Lê Văn Chậm"))
    before = seen_in(first.get(address).text)
    assert first.post(address, typed(bank, before, 80)).status_code == 302
    told = second.post(address, typed(bank, before, 55))
    assert told.status_code == 422
    assert "Trần Thị Nhanh vừa lưu bài kiểm tra này" in told.text
    assert 'value="55"' in told.text
    quiz.refresh_from_db()
    assert quiz.pass_percent == 80
    assert second.post(address, typed(bank, seen_in(told.text), 55)).status_code == 302
    quiz.refresh_from_db()
    assert quiz.pass_percent == 55


def test_a_mistake_in_the_form_does_not_hide_that_somebody_else_was_quicker(quiz):
    address, bank = f"/quan-tri/bai-kiem-tra/{quiz.pk}/cau-hoi/", QuestionBank.objects.get()
    first = cast.client_of(cast.staff("editor", name="Trần Thị Nhanh"))
    second = cast.client_of(cast.staff("editor", phone="0987654322", name="Lê Văn Chậm"))
    before = seen_in(first.get(address).text)
    first.post(address, typed(bank, before, 80))
    wrong = second.post(address, typed(bank, before, 155))
    assert wrong.status_code == 422
    told = second.post(address, typed(bank, seen_in(wrong.text), 55))
    assert "Trần Thị Nhanh vừa lưu bài kiểm tra này" in told.text
    wrong = second.post(address, typed(bank, seen_in(told.text), 155))
    assert second.post(address, typed(bank, seen_in(wrong.text), 55)).status_code == 302


def test_a_change_while_the_page_is_made_is_refused_not_overwritten(quiz, monkeypatch):
    address, bank = f"/quan-tri/bai-kiem-tra/{quiz.pk}/cau-hoi/", QuestionBank.objects.get()
    client, other = cast.client_of(cast.staff("editor")), cast.staff("editor", phone="0987654322")
    form = admin_views.QuizForm

    def slowly(*args, **kwargs):
        setting(quiz, 80, other)()
        return form(*args, **kwargs)

    monkeypatch.setattr(admin_views, "QuizForm", slowly)
    shown = client.get(address).text
    monkeypatch.undo()
    assert client.post(address, typed(bank, seen_in(shown), 55)).status_code == 422


def test_saving_twice_from_ones_own_fresh_page_is_not_refused(quiz):
    address, bank = f"/quan-tri/bai-kiem-tra/{quiz.pk}/cau-hoi/", QuestionBank.objects.get()
    client = cast.client_of(cast.staff("editor"))
    for percent in (60, 65):
        assert client.post(address, typed(bank, seen_in(client.get(address).text), percent)).status_code == 302


def setting(quiz: Quiz, percent: int, by):
    """An editor whose page showed the quiz as nobody had changed it yet."""
    slots = [actions.SlotSpec(bank=QuestionBank.objects.get(), draw=3)]
    return lambda: actions.configure_quiz(
        activity=quiz.activity, pass_percent=percent, attempts_allowed=3, slots=slots, by=by, at=cast.NOW, seen=0
    )


@pytest.fixture
def editors():
    return cast.staff("editor"), cast.staff("editor", phone="0987654322")


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_at_once_the_second_is_refused(quiz, editors):
    _first, second = overlapping(setting(quiz, 80, editors[0]), setting(quiz, 55, editors[1]))
    assert isinstance(second, Refusal)
    quiz.refresh_from_db()
    assert quiz.pass_percent == 80


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_without_the_lock_the_second_would_win_silently(quiz, editors, monkeypatch):
    """The control: neither sees the other's change."""
    without_locks(monkeypatch)
    overlapping(setting(quiz, 80, editors[0]), setting(quiz, 55, editors[1]))
    quiz.refresh_from_db()
    assert quiz.pass_percent == 55


def test_the_last_change_is_none_before_anybody_changed_it(quiz):
    assert queries.last_change(quiz.pk) is None

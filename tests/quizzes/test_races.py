"""Two taps, two phones, two workers: proved with real connections, each with a control that the race does happen."""

import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from lib.refusals import Refusal
from quizzes import actions, importing, queries
from quizzes.models import Allowance, Attempt, Item, Question, QuestionBank, Quiz
from tests import cast
from tests.racing import at_once, overlapping, without_locks

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


@pytest.fixture
def enrolment():
    course = cast.course(lessons=0, with_quiz=True)
    return cast.enrolment(cast.trainee().person, course)


def test_two_taps_start_one_attempt(enrolment):
    quiz = Quiz.objects.get()

    def start():
        return actions.start_attempt(enrolment=enrolment, quiz=quiz, language="vi", at=cast.NOW).pk

    results = at_once(*[start] * 6)
    assert len(set(results)) == 1
    assert Attempt.objects.count() == 1


def test_without_the_lock_the_constraint_would_refuse(enrolment):
    """The control: two transactions that both saw no attempt do collide."""
    quiz, meet = Quiz.objects.get(), threading.Barrier(2)

    def careless():
        with transaction.atomic():
            seen = Attempt.objects.filter(enrolment=enrolment).count()
            meet.wait(10)
            Attempt.objects.create(
                enrolment=enrolment, quiz=quiz, number=seen + 1, pass_percent=70, started_at=cast.NOW, max_score=1
            )

    results = at_once(careless, careless)
    assert sum(isinstance(result, IntegrityError) for result in results) == 1


def test_of_two_answers_at_once_one_is_told(enrolment):
    attempt = actions.start_attempt(enrolment=enrolment, quiz=Quiz.objects.get(), language="vi", at=cast.NOW)
    item = Item.objects.get(attempt=attempt, position=1)

    def save(answer):
        return lambda: actions.save_answer(item=item, answer=answer, revision=0, at=cast.NOW).answer

    results = at_once(save("a"), save("b"), save("c"))
    saved = [result for result in results if isinstance(result, str)]
    stale = [result for result in results if isinstance(result, actions.StaleAnswer)]
    item.refresh_from_db()
    assert (len(saved), len(stale)) == (1, 2)
    assert item.answer == saved[0]


def test_two_submissions_complete_once(enrolment):
    attempt = actions.start_attempt(enrolment=enrolment, quiz=Quiz.objects.get(), language="vi", at=cast.NOW)
    Item.objects.filter(attempt=attempt).update(answer="a")
    results = at_once(*[lambda: actions.submit_attempt(attempt=attempt, at=cast.NOW).score] * 4)
    assert len(set(results)) == 1
    assert enrolment.completions.count() == 1


@pytest.fixture
def used_up(enrolment):
    Quiz.objects.update(attempts_allowed=1)
    attempt = actions.start_attempt(enrolment=enrolment, quiz=Quiz.objects.get(), language="vi", at=cast.NOW)
    return actions.submit_attempt(attempt=attempt, at=cast.NOW)


def test_two_officers_at_once_give_one_attempt(used_up):
    by = cast.staff("manager")

    def give():
        return actions.allow_another_attempt(
            enrolment=used_up.enrolment, quiz=used_up.quiz, by=by, reason="Mất điện", at=cast.NOW
        )

    results = at_once(give, give, give)
    assert sum(isinstance(result, Refusal) for result in results) == 2
    assert Allowance.objects.count() == 1


def test_without_the_lock_two_officers_would_give_two(used_up):
    """The control: both look while none is left, then both give."""
    meet = threading.Barrier(2)

    def careless():
        with transaction.atomic():
            assert queries.standing(used_up.enrolment, used_up.quiz).left == 0
            meet.wait(10)
            Allowance.objects.create(
                enrolment=used_up.enrolment, quiz=used_up.quiz, reason="Mất điện", given_at=cast.NOW
            )

    at_once(careless, careless)
    assert Allowance.objects.count() == 2


@pytest.fixture
def attempt(enrolment):
    """A running attempt in which everything but the first question is answered rightly."""
    started = actions.start_attempt(enrolment=enrolment, quiz=Quiz.objects.get(), language="vi", at=cast.NOW)
    started.items.exclude(position=1).update(answer="a")
    return started


def save(attempt):
    return lambda: actions.save_answer(item=attempt.items.get(position=1), answer="a", revision=0, at=cast.NOW)


def submit(attempt, at=cast.NOW):
    return lambda: actions.submit_attempt(attempt=attempt, at=at)


def test_an_answer_that_is_being_saved_while_the_quiz_is_handed_in_counts(attempt):
    _saved, submitted = overlapping(save(attempt), submit(attempt))
    assert submitted.score == submitted.max_score


def test_without_the_lock_a_saved_answer_would_not_count(attempt, monkeypatch):
    """The control: graded is what was read before the answer was there."""
    without_locks(monkeypatch)
    _saved, submitted = overlapping(save(attempt), submit(attempt))
    assert attempt.items.get(position=1).answer == "a"
    assert submitted.score < submitted.max_score


def test_an_answer_that_comes_while_the_quiz_is_handed_in_is_told_that_it_is_too_late(attempt):
    _submitted, saved = overlapping(submit(attempt), save(attempt))
    assert isinstance(saved, Refusal)
    assert attempt.items.get(position=1).answer is None


def test_without_the_lock_it_would_be_called_saved_and_never_graded(attempt, monkeypatch):
    """The control: who saves has seen a running attempt."""
    without_locks(monkeypatch)
    _submitted, saved = overlapping(submit(attempt), save(attempt))
    item = attempt.items.get(position=1)
    assert (saved.answer, item.answer, item.score) == ("a", "a", 0)


def test_of_two_submissions_the_second_changes_nothing(attempt):
    first, second = overlapping(submit(attempt), submit(attempt, at=cast.NOW + timedelta(minutes=1)))
    assert first.finished_at == second.finished_at


def test_without_the_lock_the_second_submission_would_be_the_one_that_is_kept(attempt, monkeypatch):
    """The control: both grade."""
    without_locks(monkeypatch)
    first, second = overlapping(submit(attempt), submit(attempt, at=cast.NOW + timedelta(minutes=1)))
    assert first.finished_at < second.finished_at


def written(stem, key=""):
    """An editor saves a question; without a key it is a new one."""
    choices = [{"id": "a", "text": "Có", "right": True}, {"id": "b", "text": "Không", "right": False}]
    words = {"kind": "single", "stem": stem, "data": {"choices": choices}, "explanation": ""}
    return lambda: actions.save_question(bank=QuestionBank.objects.get(), key=key, at=cast.NOW, **words)


@pytest.fixture
def bank(db):
    return QuestionBank.objects.create(name="Kể chuyện")


def test_two_editors_who_write_new_questions_at_once_have_two(bank):
    first, second = overlapping(written("Ai?"), written("Bao giờ?"))
    assert first.key != second.key
    assert [one.versions.get().stem for one in (first, second)] == ["Ai?", "Bao giờ?"]


def test_without_the_lock_one_new_question_would_become_a_version_of_the_other(bank, monkeypatch):
    """The control: both find the same free key."""
    without_locks(monkeypatch)
    overlapping(written("Ai?"), written("Bao giờ?"))
    assert list(Question.objects.get().versions.values_list("stem", flat=True)) == ["Bao giờ?", "Ai?"]


def test_two_editors_who_change_one_question_at_once_make_two_versions(bank):
    written("Ai?", key="k")()
    overlapping(written("Ai kể?", key="k"), written("Ai nghe?", key="k"))
    assert list(Question.objects.get().versions.values_list("number", flat=True)) == [3, 2, 1]


def test_looking_for_the_newest_version_first_would_write_one_number_twice(bank):
    """The control: the constraint refuses the second."""
    question, meet = written("Ai?", key="k")(), threading.Barrier(2)

    def careless():
        with transaction.atomic():
            newest = question.versions.first()
            meet.wait(10)
            question.versions.create(number=newest.number + 1, kind="single", created_at=cast.NOW)

    assert sum(isinstance(result, IntegrityError) for result in at_once(careless, careless)) == 1


def test_a_mark_that_is_set_while_a_question_is_edited_stays(bank):
    question = written("Ai?", key="k")()
    overlapping(lambda: Question.objects.update(needs_review_since=cast.NOW), written("Ai kể?", key="k"))
    question.refresh_from_db()
    assert question.needs_review_since == cast.NOW


def test_saving_the_whole_row_would_take_the_mark_away(bank):
    """The control: what was read before the mark is written over it."""
    question = written("Ai?", key="k")()
    overlapping(lambda: Question.objects.update(needs_review_since=cast.NOW), question.save)
    question.refresh_from_db()
    assert question.needs_review_since is None


def arranged(quiz):
    """An editor asks the whole bank once."""
    slots = [actions.SlotSpec(bank=QuestionBank.objects.get(), draw=1)]
    rules = {"pass_percent": 70, "attempts_allowed": 3}
    return lambda: actions.configure_quiz(activity=quiz.activity, slots=slots, at=cast.NOW, **rules)


def test_two_editors_who_set_a_quiz_at_once_leave_one_set_of_slots(enrolment):
    quiz = Quiz.objects.get()
    overlapping(arranged(quiz), arranged(quiz))
    assert quiz.slots.in_use().count() == 1


def test_without_the_lock_the_quiz_would_ask_twice(enrolment, monkeypatch):
    """The control: both make the slot that the other has not written yet."""
    quiz = Quiz.objects.get()
    without_locks(monkeypatch)
    overlapping(arranged(quiz), arranged(quiz))
    assert quiz.slots.in_use().count() == 2


@pytest.fixture
def essays(enrolment, bank):
    """The two essays of a submitted attempt: with one marked it still waits for the other."""
    rubric = {"rubric": [{"id": "a", "text": "Có thật", "points": "2"}]}
    slots = [
        actions.SlotSpec(question=cast.question(bank, key, kind="essay", data=rubric)) for key in ("viet-1", "viet-2")
    ]
    activity = enrolment.course.activities.get()
    quiz = actions.configure_quiz(activity=activity, pass_percent=70, attempts_allowed=3, slots=slots, at=cast.NOW)
    started = actions.start_attempt(enrolment=enrolment, quiz=quiz, language="vi", at=cast.NOW)
    started.items.update(answer="Nhà tôi phơi tôm.")
    return list(actions.submit_attempt(attempt=started, at=cast.NOW).items.all())


def marked(item, points, phone):
    by = cast.staff("manager", phone=phone)
    return lambda: actions.mark_item(item=item, points={"a": points}, comment="", by=by, at=cast.NOW)


def test_of_two_who_mark_one_answer_at_once_the_second_is_told(essays):
    _first, second = overlapping(marked(essays[0], "2", "0987654321"), marked(essays[0], "0", "0987654322"))
    assert isinstance(second, Refusal)
    assert Item.objects.get(pk=essays[0].pk).points == {"a": "2"}


def test_without_the_lock_the_second_mark_would_replace_the_first(essays, monkeypatch):
    """The control: both find it unmarked."""
    without_locks(monkeypatch)
    overlapping(marked(essays[0], "2", "0987654321"), marked(essays[0], "0", "0987654322"))
    assert Item.objects.get(pk=essays[0].pk).points == {"a": "0"}


def brought(bank):
    """Somebody looked at a file, and presses the button."""
    plan = importing.plan(data="Muối? {T}".encode(), name="muoi.gift", bank=bank)
    return lambda: actions.import_questions(plan=plan, by=None, at=cast.NOW)


def test_of_two_who_import_one_file_at_once_the_second_is_told(bank):
    first, second = overlapping(brought(bank), brought(bank))
    assert (len(first), isinstance(second, Refusal)) == (1, True)


def test_without_the_lock_the_second_import_would_fall_over_the_key(bank, monkeypatch):
    """The control: both find that it is new."""
    without_locks(monkeypatch)
    _first, second = overlapping(brought(bank), brought(bank))
    assert isinstance(second, IntegrityError)


@pytest.fixture
def planned(bank):
    """A draft that came from a file, and an import of the file with other words that somebody looked at."""
    file = "// [id:q1]\n{} {{T}}"
    for words in ("Muối?", "Muối biển?"):
        made = importing.plan(data=file.format(words).encode(), name="muoi.gift", bank=bank)
        if words == "Muối?":
            actions.import_questions(plan=made, by=None, at=cast.NOW)
    return lambda: actions.import_questions(plan=made, by=None, at=cast.NOW)


def stems():
    return list(Question.objects.get().versions.values_list("stem", flat=True))


def test_an_import_that_meets_an_editor_saving_its_question_is_told(planned):
    _saved, imported = overlapping(written("Muối nào?", key=Question.objects.get().key), planned)
    assert isinstance(imported, actions.StalePlan)
    assert stems() == ["Muối nào?", "Muối?"]


def test_without_the_lock_the_import_would_write_the_editors_number_again(planned, monkeypatch):
    """The control: it has read the newest version before the editor's was there."""
    without_locks(monkeypatch)
    _saved, imported = overlapping(written("Muối nào?", key=Question.objects.get().key), planned)
    assert isinstance(imported, IntegrityError)


def reviewed():
    return Question.objects.update(status="reviewed")


def test_an_import_that_meets_a_review_of_its_question_is_told(planned):
    _reviewed, imported = overlapping(reviewed, planned)
    assert isinstance(imported, actions.StalePlan)
    assert Question.objects.get().status == "reviewed"


def test_without_the_lock_the_review_would_be_undone_unsaid(planned, monkeypatch):
    """The control: it has read a draft, and writes one."""
    without_locks(monkeypatch)
    overlapping(reviewed, planned)
    assert Question.objects.get().status == "draft"

"""A key that was wrong is put right for those who have answered already; a pass that somebody was told stays a pass."""

from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wagtail.models import ModelLogEntry

from accounts import actions as accounts
from courses.models import Completion, Enrolment
from lib.refusals import Refusal
from quizzes import actions, personal, regrading
from quizzes.models import Attempt, Question, QuestionBank, Quiz
from quizzes.regrading import Decision
from tests import cast

from .samples import SAMPLES
from .test_item_analysis import take

pytestmark = pytest.mark.django_db
WHY = "Đáp án câu 1 ghi nhầm"


@pytest.fixture
def quiz(quiz: Quiz) -> Quiz:
    return two_are_needed()


def two_are_needed() -> Quiz:
    Quiz.objects.update(pass_percent=60)
    return Quiz.objects.get()


def first() -> Question:
    return Question.objects.order_by("key").first()


def rekey(right: str, **fields) -> Question:
    """The first question's key is another from now on."""
    choices = [choice | {"right": choice["id"] == right} for choice in cast.CHOICES]
    return cast.question(QuestionBank.objects.get(), first().key, data={"choices": choices}, **fields)


def newest(quiz: Quiz) -> dict[int, Decision]:
    return regrading.by_newest_keys(one for one in regrading.asked(quiz) if one.outdated)


def regrade(quiz: Quiz, decisions=None, by=None, reason=WHY) -> actions.Regraded:
    decisions = newest(quiz) if decisions is None else decisions
    return actions.regrade(quiz=quiz, decisions=decisions, reason=reason, by=by, at=cast.NOW)


def outcome(attempt: Attempt) -> tuple:
    attempt.refresh_from_db()
    return attempt.score, attempt.max_score, attempt.passed


def test_who_answered_what_is_right_now_passes_and_completes_the_quiz(quiz):
    attempt = take(quiz, "bab")
    assert outcome(attempt) == (1, 3, False)
    rekey("b")
    assert regrade(quiz) == actions.Regraded(1, 1, has_more=False)
    assert outcome(attempt) == (2, 3, True)
    assert Completion.objects.get().enrolment == attempt.enrolment
    assert personal.violations() == []


def test_a_pass_is_never_taken_away_and_that_is_said(quiz):
    attempt = take(quiz, "aab")
    rekey("c")
    assert regrade(quiz).passing == 0
    assert outcome(attempt) == (1, 3, True)
    assert Completion.objects.count() == 1
    client = cast.client_of(accounts_user(attempt))
    page = client.get(f"/kiem-tra/luot/{attempt.pk}/ket-qua/").text
    assert "Bài này đã được chấm lại ngày 23/11/2026. Lý do:" in page
    assert WHY in page
    assert "kết quả đạt vẫn giữ" in page


def accounts_user(attempt: Attempt):
    user = cast.trainee("Lê Thị Xem", "0911111111")
    Enrolment.objects.filter(pk=attempt.enrolment_id).update(person=user.person)
    return user


def test_the_result_shows_the_new_key_beside_the_words_that_were_asked(quiz):
    attempt = take(quiz, "baa")
    rekey("c", stem="Câu hỏi đã sửa chữ?", explanation="GIẢI THÍCH MỚI")
    regrade(quiz)
    page = cast.client_of(accounts_user(attempt)).get(f"/kiem-tra/luot/{attempt.pk}/ket-qua/").text
    assert f"Câu hỏi {first().key}?" in page
    assert "đã sửa chữ" not in page
    assert "GIẢI THÍCH MỚI" in page
    assert 'Đáp án: <span lang="vi">Chép của người khác' in page


def test_each_attempt_has_its_entry_in_the_log_with_both_scores_and_the_reason(quiz):
    attempt, by = take(quiz, "bab"), cast.staff("editor")
    rekey("b")
    regrade(quiz, by=by)
    entry = ModelLogEntry.objects.get(action="quizzes.regraded")
    assert (entry.object_id, entry.user, entry.data["reason"]) == (str(attempt.pk), by, WHY)
    assert (entry.data["before"]["score"], entry.data["after"]["score"]) == ("1.00000", "2.00000")
    (item,) = entry.data["items"]
    assert (item["before"]["version"], item["after"]["version"]) == (1, 2)
    assert "Người 0" not in entry.label  # staff of all places read the log


def test_doing_it_again_changes_nothing(quiz):
    attempt = take(quiz, "bab")
    rekey("b")
    decisions = newest(quiz)
    regrade(quiz, decisions)
    before = outcome(attempt)
    assert regrade(quiz, decisions) == actions.Regraded(0, 0, has_more=False)
    assert outcome(attempt) == before
    assert ModelLogEntry.objects.filter(action="quizzes.regraded").count() == 1
    assert newest(quiz) == {}


def test_a_question_can_bring_its_marks_to_everybody_or_count_for_nothing_and_come_back(quiz):
    attempt, pk = take(quiz, "bab"), first().pk
    regrade(quiz, {pk: Decision("nothing")})
    assert outcome(attempt) == (1, 2, False)
    regrade(quiz, {pk: Decision("full")})
    assert outcome(attempt) == (2, 3, True)
    regrade(quiz)
    assert outcome(attempt) == (1, 3, True)
    assert personal.violations() == []


def test_what_does_not_count_is_neither_right_nor_wrong_on_the_result_page(quiz):
    attempt = take(quiz, "baa")
    regrade(quiz, {first().pk: Decision("nothing")})
    page = cast.client_of(accounts_user(attempt)).get(f"/kiem-tra/luot/{attempt.pk}/ket-qua/").text
    assert "<td>không tính</td>" in page
    assert "Xem lại 1 câu" not in page


def test_a_running_attempt_is_scored_by_the_new_key_once_it_is_submitted(quiz):
    person = cast.person()
    enrolment = cast.enrolment(person, quiz.activity.course)
    running = actions.start_attempt(enrolment=enrolment, quiz=quiz, language="vi", at=cast.NOW)
    running.items.filter(version__question=first()).update(answer="b")
    rekey("b")
    regrade(quiz)
    assert outcome(running) == (None, 3, None)
    assert actions.submit_attempt(attempt=running, at=cast.NOW).score == 1
    running.refresh_from_db()
    assert running.regraded_at is None  # nobody was told another score


def test_an_answer_to_other_choices_is_not_scored_by_a_key_that_does_not_know_them(quiz):
    attempt = take(quiz, "bab")
    two = [choice | {"right": choice["id"] == "b"} for choice in cast.CHOICES[:2]]
    cast.question(QuestionBank.objects.get(), first().key, data={"choices": two})
    (one,) = [one for one in regrading.asked(quiz) if one.newest.question_id == first().pk]
    assert (one.outdated, one.unfit) == (0, 1)
    assert regrade(quiz, regrading.by_newest_keys([one])).attempts == 0
    assert outcome(attempt) == (1, 3, False)


@pytest.mark.parametrize("reason", ["", "  "])
def test_without_a_reason_nothing_is_written(quiz, reason):
    attempt = take(quiz, "bab")
    rekey("b")
    with pytest.raises(Refusal, match="chưa có lý do"):
        regrade(quiz, reason=reason)
    assert outcome(attempt) == (1, 3, False)


def test_without_a_decision_nothing_is_written(quiz):
    with pytest.raises(Refusal, match="chưa chọn câu nào"):
        regrade(quiz, {})


def test_a_key_that_was_changed_since_it_was_looked_at_is_told(quiz):
    attempt = take(quiz, "bab")
    rekey("b")
    seen = newest(quiz)
    rekey("c")
    with pytest.raises(Refusal, match="có câu vừa được sửa"):
        regrade(quiz, seen)
    assert outcome(attempt) == (1, 3, False)


def test_no_attempt_is_left_without_a_question_that_counts(quiz):
    attempt = take(quiz, "aab")
    every = {question.pk: Decision("nothing") for question in Question.objects.all()}
    with pytest.raises(Refusal, match="không còn câu nào"):
        regrade(quiz, every)
    assert outcome(attempt) == (2, 3, True)


def test_nobody_decides_about_an_own_result_and_nothing_is_added_without_agreement(quiz):
    mine, gone = take(quiz, "bab"), take(quiz, "bab")
    by = cast.staff("editor")
    by.person = mine.enrolment.person
    by.save()
    for consent in gone.enrolment.person.consents.all():
        accounts.withdraw_consent(person=gone.enrolment.person, consent_id=consent.pk, at=cast.NOW)
    rekey("b")
    assert regrade(quiz, by=by).attempts == 0
    assert outcome(mine) == outcome(gone) == (1, 3, False)


def test_an_annulled_attempt_stays_as_it_was(quiz):
    attempt = take(quiz, "aab")
    by = cast.staff("manager")
    actions.annul_passes(attempt.enrolment_id, quiz.activity_id, by=by, reason="Nhầm người", at=cast.NOW)
    rekey("c")
    assert regrade(quiz, {first().pk: Decision("", first().versions.first())}).attempts == 0
    assert outcome(attempt) == (2, 3, True)


@pytest.fixture
def written(quiz) -> Attempt:
    """A choice, answered wrongly, and an essay that waits for a marker."""
    essay = cast.question(QuestionBank.objects.get(), "viet", kind="essay", data=SAMPLES["essay"])
    slots = [actions.SlotSpec(question=first()), actions.SlotSpec(question=essay)]
    actions.configure_quiz(activity=quiz.activity, pass_percent=60, attempts_allowed=3, slots=slots, at=cast.NOW)
    enrolment = cast.enrolment(cast.person(), quiz.activity.course)
    attempt = actions.start_attempt(enrolment=enrolment, quiz=quiz, language="vi", at=cast.NOW)
    attempt.items.update(answer="b")
    return actions.submit_attempt(attempt=attempt, at=cast.NOW)


def test_an_essay_that_waits_keeps_waiting_and_a_dropped_one_frees_its_attempt(quiz, written):
    essay = written.items.get(position=2).version.question
    rekey("b")
    regrade(quiz)
    assert outcome(written) == (None, 2, None)
    assert written.items.get(position=1).score == 1
    assert regrade(quiz, {essay.pk: Decision("nothing")}).passing == 1
    assert outcome(written) == (1, 1, True)


def mark(attempt: Attempt, **points) -> None:
    item = attempt.items.get(position=2)
    actions.mark_item(
        item=item, points=points, comment="Khá", by=cast.staff("manager", phone="0987000111"), at=cast.NOW
    )


def essays(attempt: Attempt, counts: str) -> dict[int, Decision]:
    return {attempt.items.get(position=2).version.question_id: Decision(counts)}


@pytest.mark.parametrize("meanwhile", ["full", "nothing"])
def test_what_a_marker_gave_comes_back_when_the_regrade_is_undone(quiz, written, meanwhile):
    mark(written, a="1.5", b="0.5")
    assert outcome(written) == (Decimal("0.5"), 2, False)
    regrade(quiz, essays(written, meanwhile))
    assert outcome(written)[:2] == {"full": (1, 2), "nothing": (0, 1)}[meanwhile]
    regrade(quiz, essays(written, ""))
    assert outcome(written) == (Decimal("0.5"), 2, False)
    item = written.items.get(position=2)
    assert (item.points, item.comment) == ({"a": "1.5", "b": "0.5"}, "Khá")
    assert personal.violations() == []


def test_an_undone_regrade_takes_no_pass_away(quiz, written):
    mark(written, a="0", b="0")
    Quiz.objects.update(pass_percent=50)
    Attempt.objects.update(pass_percent=50)
    regrade(quiz, essays(written, "full"))
    regrade(quiz, essays(written, ""))
    assert outcome(written) == (0, 2, True)


def test_a_finished_attempt_whose_essay_nobody_marked_stays_as_it_is_when_that_is_undone(quiz, written):
    regrade(quiz, essays(written, "full"))
    assert outcome(written) == (1, 2, False)
    assert regrade(quiz, essays(written, "")).attempts == 0, "a result that somebody was told does not wait again"
    assert outcome(written) == (1, 2, False)


def test_the_page_offers_the_marks_of_the_marker_for_an_essay(quiz, written):
    mark(written, a="3", b="1")
    regrade(quiz, essays(written, "nothing"))
    version = written.items.get(position=2).version
    address = f"/quan-tri/bai-kiem-tra/{quiz.pk}/cham-lai/"
    editor = cast.client_of(cast.staff("editor"))
    page = editor.get(address, {"question": version.question_id}).text
    assert "theo điểm người chấm đã cho" in page
    assert "theo đáp án của phiên bản" not in page
    editor.post(
        f"{address}?question={version.question_id}", {f"q{version.question_id}": f"key{version.pk}", "reason": WHY}
    )
    assert outcome(written) == (1, 2, False)


def test_some_hundred_at_a_time_and_then_the_rest(quiz, monkeypatch):
    monkeypatch.setattr("quizzes.actions.regrading.MOST_REGRADED", 2)
    for _again in range(3):
        take(quiz, "bab")
    rekey("b")
    assert regrade(quiz) == actions.Regraded(2, 2, has_more=True)
    assert regrade(quiz) == actions.Regraded(1, 1, has_more=False)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    answers=st.lists(st.text("abc-", min_size=3, max_size=3), min_size=1, max_size=3),
    keys=st.lists(st.sampled_from("abc"), min_size=1, max_size=2),
    dropped=st.lists(st.sampled_from(["", "full", "nothing"]), min_size=2, max_size=2),
)
def test_whatever_is_regraded_twice_is_regraded_once_and_scores_stay_in_bounds(quiz, answers, keys, dropped):
    """Each example begins with a quiz that nobody took: those before would be regraded again with it."""
    with transaction.atomic():
        attempts = [take(quiz, one) for one in answers]
        for key in keys:
            regraded_by(quiz, attempts, key, dropped)
        assert personal.violations() == []
        transaction.set_rollback(True)


def regraded_by(quiz: Quiz, attempts: list[Attempt], key: str, dropped: list[str]) -> None:
    had = [outcome(attempt)[2] for attempt in attempts]
    rekey(key)
    others = Question.objects.order_by("key")[1:]
    decisions = newest(quiz) | {one.pk: Decision(how) for one, how in zip(others, dropped, strict=True) if how}
    if decisions and any(attempt.items.exists() for attempt in attempts):
        regrade(quiz, decisions)
        after = [outcome(attempt) for attempt in attempts]
        assert regrade(quiz, decisions).attempts == 0
        assert [outcome(attempt) for attempt in attempts] == after
    for attempt, passed in zip(attempts, had, strict=True):
        score, most, passes = outcome(attempt)
        assert 0 <= score <= most
        assert passes or not passed
        assert score == sum(attempt.items.values_list("score", flat=True), Decimal(0))

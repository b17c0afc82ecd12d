"""A quiz with an end: the server's clock decides, nobody has to be looking, and what was saved is never lost."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.models import Person
from lib.refusals import Refusal
from quizzes import actions, queries, rules
from quizzes.models import Allowance, Attempt, AttemptState, Quiz
from tests import cast

MINUTE = timedelta(minutes=1)


def limited(taking, **changed):
    """The quiz with a limit of half an hour, and an attempt that began now under it."""
    Quiz.objects.update(time_limit=30, **changed)
    Attempt.objects.update(
        started_at=timezone.now(),
        due_at=timezone.now() + 30 * MINUTE,
        when_time_is_up=changed.get("when_time_is_up", "submit"),
        grace_minutes=changed.get("grace_minutes", 5),
    )
    taking.attempt.refresh_from_db()
    return taking


def later(taking, minutes: float) -> None:
    """So many minutes pass: the attempt began so much earlier."""
    passed = timedelta(minutes=minutes)
    attempt = Attempt.objects.get(pk=taking.attempt.pk)
    Attempt.objects.filter(pk=attempt.pk).update(started_at=attempt.started_at - passed, due_at=attempt.due_at - passed)


def state(taking) -> str:
    return Attempt.objects.get(pk=taking.attempt.pk).state


class TestTheClock:
    ENDS = cast.NOW

    @pytest.mark.parametrize(
        ("handling", "seconds", "phase"),
        [
            ("submit", -1, "running"), ("submit", 9, "running"), ("submit", 10, "submitted"),
            ("grace", 9, "running"), ("grace", 10, "overdue"), ("grace", 309, "overdue"), ("grace", 310, "abandoned"),
            ("abandon", 9, "running"), ("abandon", 10, "abandoned"),
        ],
    )  # fmt: skip
    def test_what_it_makes_of_an_attempt(self, handling, seconds, phase):
        clock = rules.Clock(self.ENDS, handling, 5)
        assert clock.phase(self.ENDS + timedelta(seconds=seconds)) == phase

    def test_without_an_end_it_runs(self):
        assert rules.Clock().phase(self.ENDS) == "running"

    @pytest.mark.parametrize(
        ("limit", "closes", "extra", "minutes"),
        [
            (30, None, 0, 30),
            (None, 20, 0, 20),
            (30, 20, 0, 20),
            (30, 60, 10, 40),
            (30, 20, 10, 30),
            (None, None, 9, None),
        ],
    )
    def test_the_end_is_the_earlier_of_limit_and_closing_hour_and_minutes_given_come_on_top(
        self, limit, closes, extra, minutes
    ):
        closes_at = self.ENDS + closes * MINUTE if closes else None
        end = rules.due_at(self.ENDS, limit, closes_at, extra)
        assert end == (self.ENDS + minutes * MINUTE if minutes else None)


def test_an_attempt_keeps_the_limit_under_which_it_began(taking):
    actions.submit_attempt(attempt=taking.attempt, at=cast.NOW)
    Quiz.objects.update(time_limit=30)
    quiz = Quiz.objects.get()
    begun = actions.start_attempt(enrolment=taking.attempt.enrolment, quiz=quiz, language="vi", at=cast.NOW)
    Quiz.objects.update(time_limit=5, when_time_is_up="abandon")
    begun.refresh_from_db()
    assert (begun.due_at, begun.when_time_is_up) == (cast.NOW + 30 * MINUTE, "submit")


def test_the_page_says_how_long_and_a_phone_s_own_clock_is_not_asked(taking):
    limited(taking)
    page = taking.client.get(taking.path("cau/1/")).text
    assert "data-clock=" in page
    assert "data-now=" in page
    assert "Hết giờ thì trang tự nộp những câu đã lưu" in taking.client.get("/khoa-hoc/ke-chuyen/kiem-tra/").text
    assert "làm trong 30 phút" in taking.client.get("/khoa-hoc/ke-chuyen/kiem-tra/").text


def test_without_a_limit_nothing_counts_down(taking):
    assert "data-clock" not in taking.client.get(taking.path("cau/1/")).text
    assert "due_at" not in taking.answer(1, "a", auto=True).json()
    assert "không tính giờ" in taking.client.get("/khoa-hoc/ke-chuyen/kiem-tra/").text


@pytest.mark.parametrize("way", ["cau/1/", "nop/", "ket-qua/", ""])
def test_whoever_comes_after_the_end_finds_it_handed_in_as_it_was_then(taking, way):
    limited(taking)
    taking.answer(1, "a", auto=True)
    later(taking, 45)
    end = Attempt.objects.get().due_at
    page = taking.client.get(taking.path(way), follow=True)
    attempt = Attempt.objects.get()
    assert (attempt.state, attempt.score, attempt.finished_at) == ("finished", Decimal(1), end)
    assert "1<small>/3" in page.text


def test_an_answer_after_the_end_is_refused_and_those_before_count(taking):
    limited(taking)
    taking.answer(1, "a", auto=True)
    later(taking, 31)
    refused = taking.answer(2, "a", auto=True)
    assert refused.status_code == 410
    assert Attempt.objects.get().score == Decimal(1)


def test_an_answer_that_was_under_way_at_the_end_counts(taking):
    limited(taking)
    later(taking, 30 + 5 / 60)
    assert taking.answer(1, "a", auto=True).status_code == 200
    later(taking, 1)
    taking.client.get(taking.path("ket-qua/"))
    assert Attempt.objects.get().score == Decimal(1)


def test_in_the_grace_nothing_is_answered_any_more_and_it_can_be_handed_in(taking):
    limited(taking, when_time_is_up="grace", grace_minutes=5)
    taking.answer(1, "a", auto=True)
    later(taking, 32)
    page = taking.client.get(taking.path("cau/2/"), follow=True)
    assert "Hết giờ làm bài" in page.text
    assert state(taking) == AttemptState.OVERDUE
    assert taking.answer(2, "a", auto=True).status_code == 423, "the phone keeps it: an officer may give more time"
    taking.client.post(taking.path("nop/"))
    attempt = Attempt.objects.get()
    assert (attempt.state, attempt.score) == ("finished", Decimal(1))


@pytest.mark.parametrize(("handling", "minutes"), [("grace", 36), ("abandon", 31)])
def test_what_was_not_handed_in_is_given_up_said_and_used_up(taking, handling, minutes):
    limited(taking, when_time_is_up=handling, grace_minutes=5)
    taking.answer(1, "a", auto=True)
    later(taking, minutes)
    page = taking.client.get(taking.path("ket-qua/")).text
    attempt = Attempt.objects.get()
    assert (attempt.state, attempt.score, attempt.passed) == ("abandoned", None, None)
    assert "Lượt này không được chấm" in page
    assert queries.standing(attempt.enrolment, attempt.quiz).left == 2
    assert attempt.items.get(position=1).answer == "a"
    taking.client.post(taking.path("nop/"))
    assert state(taking) == AttemptState.ABANDONED


def test_starting_again_after_the_end_is_a_new_attempt(taking):
    limited(taking)
    later(taking, 31)
    taking.client.post(f"/kiem-tra/{taking.quiz.activity.translation_key}/bat-dau/")
    assert list(Attempt.objects.order_by("number").values_list("state", flat=True)) == ["finished", "in_progress"]


@pytest.mark.parametrize(
    ("handling", "minutes", "said", "action"),
    [
        ("submit", 0, "Bài có tính giờ: làm đến ", "Làm tiếp"),
        ("grace", 32, "Đã hết giờ làm bài. Hãy nộp trước ", "Nộp bài"),
        ("submit", 32, "Đã hết giờ làm bài. Mở bài ra để xem.", "Mở bài"),
    ],
)
def test_my_learning_says_until_when(taking, handling, minutes, said, action):
    limited(taking, when_time_is_up=handling)
    later(taking, minutes)
    page = taking.client.get("/hoc/").text
    assert said in page
    assert f'href="{taking.path("")}">{action}' in page
    assert state(taking) == AttemptState.IN_PROGRESS, "looking at the list changes nothing"


def test_what_ends_first_stands_first_on_my_learning(taking):
    """Begun before another one without an end."""
    limited(taking)
    other = cast.course(lessons=0, with_quiz=True, slug="nhan", title="Nhãn")
    later_begun = actions.start_attempt(
        enrolment=cast.enrolment(taking.user.person, other),
        quiz=Quiz.objects.get(activity__course=other),
        language="vi",
        at=timezone.now(),
    )
    Attempt.objects.filter(pk=later_begun.pk).update(due_at=None)
    page = taking.client.get("/hoc/").text
    assert 0 < page.index(taking.path("")) < page.index(later_begun.address_of(1).partition("cau/")[0])


def test_boards_learn_of_it_by_the_job_though_nobody_comes_back(taking):
    limited(taking)
    later(taking, 31)
    assert actions.settle_due(at=timezone.now()) == 1
    assert state(taking) == AttemptState.FINISHED
    assert actions.settle_due(at=timezone.now()) == 0


def test_of_who_took_the_agreement_back_nothing_is_written_until_it_is_given_again(taking):
    limited(taking)
    later(taking, 31)
    Person.objects.update(has_consented=False)
    assert actions.settle_due(at=timezone.now()) == 0
    taking.client.get(taking.path("ket-qua/"))
    assert state(taking) == AttemptState.IN_PROGRESS
    Person.objects.update(has_consented=True)
    assert actions.settle_due(at=timezone.now()) == 1


class TestOpening:
    def start(self, taking):
        actions.submit_attempt(attempt=taking.attempt, at=cast.NOW)
        enrolment, quiz = taking.attempt.enrolment, Quiz.objects.get()
        return actions.start_attempt(enrolment=enrolment, quiz=quiz, language="vi", at=cast.NOW)

    def test_before_it_opens_the_hour_is_said(self, taking):
        Quiz.objects.update(opens_at=cast.NOW + MINUTE)
        with pytest.raises(Refusal, match="chưa mở"):
            self.start(taking)

    def test_after_it_closed_no_attempt_begins(self, taking):
        Quiz.objects.update(closes_at=cast.NOW)
        with pytest.raises(Refusal, match="đã đóng"):
            self.start(taking)

    def test_in_between_it_ends_with_the_quiz(self, taking):
        Quiz.objects.update(opens_at=cast.NOW - MINUTE, closes_at=cast.NOW + 20 * MINUTE, time_limit=30)
        assert self.start(taking).due_at == cast.NOW + 20 * MINUTE


class TestMoreTime:
    def officer(self):
        return cast.client_of(cast.staff("organiser", cast.commune()))

    def give(self, taking, minutes="15", reason="Mất điện", client=None):
        address = f"/quan-tri/luot-lam/{taking.attempt.pk}/them-gio/"
        return (client or self.officer()).post(address, {"minutes": minutes, "reason": reason}, follow=True)

    def test_a_running_attempt_has_it_at_once_and_so_has_the_next(self, taking):
        limited(taking)
        before = taking.attempt.due_at
        officer = self.officer()
        assert "Cho thêm giờ" in officer.get(f"/quan-tri/attempt/inspect/{taking.attempt.pk}/").text
        page = self.give(taking, client=officer)
        assert "Đã cho thêm giờ" in page.text
        assert "15 phút: Mất điện" in page.text
        taking.attempt.refresh_from_db()
        assert taking.attempt.due_at == before + 15 * MINUTE
        actions.submit_attempt(attempt=taking.attempt, at=timezone.now())
        quiz = Quiz.objects.get()
        begun = actions.start_attempt(enrolment=taking.attempt.enrolment, quiz=quiz, language="vi", at=cast.NOW)
        assert begun.due_at == cast.NOW + 45 * MINUTE
        assert queries.standing(begun.enrolment, quiz).allowed == 3, "no attempt was given"

    def test_a_page_that_is_open_learns_of_it_by_the_answer_to_its_next_save(self, taking):
        limited(taking)
        before = taking.answer(1, "a", auto=True).json()["due_at"]
        self.give(taking)
        assert datetime.fromisoformat(taking.answer(1, "b", 1, auto=True).json()["due_at"]) == (
            datetime.fromisoformat(before) + 15 * MINUTE
        )

    def test_one_that_waits_for_being_handed_in_takes_answers_again(self, taking):
        limited(taking, when_time_is_up="grace", grace_minutes=5)
        later(taking, 32)
        taking.client.get(taking.path("cau/1/"))
        self.give(taking)
        assert state(taking) == AttemptState.IN_PROGRESS
        assert taking.answer(1, "a", auto=True).status_code == 200

    def test_one_that_is_over_stays_over(self, taking):
        limited(taking)
        later(taking, 31)
        self.give(taking)
        assert state(taking) == AttemptState.FINISHED

    @pytest.mark.parametrize(("minutes", "reason"), [("0", "x"), ("601", "x"), ("abc", "x"), ("", "x"), ("15", " ")])
    def test_without_minutes_or_a_reason_nothing_is_given(self, taking, minutes, reason):
        limited(taking)
        assert "Chưa cho thêm" in self.give(taking, minutes, reason).text
        assert not Allowance.objects.exists()

    def test_a_quiz_without_an_end_needs_none(self, taking):
        actions.submit_attempt(attempt=taking.attempt, at=cast.NOW)
        assert "không tính giờ" in self.give(taking).text

    def test_whoever_has_minutes_beyond_the_closing_hour_may_begin_within_them(self, taking):
        limited(taking)
        self.give(taking)
        actions.submit_attempt(attempt=taking.attempt, at=timezone.now())
        Quiz.objects.update(closes_at=timezone.now() - 5 * MINUTE)
        enrolment, quiz = taking.attempt.enrolment, Quiz.objects.get()
        begun = actions.start_attempt(enrolment=enrolment, quiz=quiz, language="vi", at=timezone.now())
        assert begun.due_at == quiz.closes_at + 15 * MINUTE
        assert quiz.shown_at(timezone.now()) == frozenset(quiz.shown_after), "the key waits for who still writes"

    def test_nobody_gives_it_to_oneself_or_beyond_the_own_place(self, taking):
        limited(taking)
        by = cast.staff("organiser", cast.commune(), phone="0987654777")
        by.person = taking.user.person
        with pytest.raises(Refusal, match="chính anh/chị"):
            actions.allow_more_time(
                enrolment=taking.attempt.enrolment, quiz=taking.quiz, minutes=5, by=by, reason="x", at=cast.NOW
            )
        elsewhere = cast.client_of(cast.staff("organiser", cast.province("Lào Cai"), phone="0987654778"))
        assert self.give(taking, client=elsewhere).status_code == 404
        assert not Allowance.objects.exists()


class TestWhichAttemptCounts:
    def tried(self, taking, *answers):
        """Attempts one after the other; "a" is right."""
        attempt, quiz = taking.attempt, Quiz.objects.get()
        for number, answer in enumerate(answers):
            if number:
                attempt = actions.start_attempt(
                    enrolment=attempt.enrolment, quiz=quiz, language="vi", at=cast.NOW + number * MINUTE
                )
            for item in attempt.items.all():
                actions.save_answer(item=item, answer=answer, revision=0, at=cast.NOW)
            actions.submit_attempt(attempt=attempt, at=cast.NOW + number * MINUTE)
        return queries.standing(attempt.enrolment, quiz)

    @pytest.mark.parametrize(("counted", "score"), [("best", 3), ("last", 3), ("first", 0)])
    def test_by_the_quiz_s_own_rule(self, taking, counted, score):
        Quiz.objects.update(counted=counted)
        stands = self.tried(taking, "b", "a")
        assert stands.result.score == Decimal(score)
        assert stands.has_passed == (counted != "first")
        assert taking.attempt.enrolment.completions.exists() == (counted != "first")

    def test_the_first_is_the_first_that_was_handed_in(self, taking):
        Quiz.objects.update(counted="first")
        Attempt.objects.update(state="abandoned", finished_at=cast.NOW)
        quiz = Quiz.objects.get()
        second = actions.start_attempt(enrolment=taking.attempt.enrolment, quiz=quiz, language="vi", at=cast.NOW)
        for item in second.items.all():
            actions.save_answer(item=item, answer="a", revision=0, at=cast.NOW)
        actions.submit_attempt(attempt=second, at=cast.NOW)
        assert queries.standing(second.enrolment, quiz).has_passed
        assert second.enrolment.completions.exists()

    def test_where_the_first_counts_and_failed_a_later_pass_does_not_shut_the_door(self, taking):
        Quiz.objects.update(counted="first", attempts_allowed=None)
        stands = self.tried(taking, "b", "a")
        again = actions.start_attempt(
            enrolment=taking.attempt.enrolment, quiz=Quiz.objects.get(), language="vi", at=cast.NOW
        )
        assert (stands.has_passed, again.number) == (False, 3)

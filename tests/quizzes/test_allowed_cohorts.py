"""More time or attempts for a cohort: whoever is in it when an attempt begins has them, those who join later included."""

import csv
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import ModelLogEntry

from accounts.models import User
from courses import actions as courses
from courses.models import Cohort, Enrolment
from lib.refusals import Refusal
from quizzes import actions, queries
from quizzes.models import Allowance, Attempt, Quiz, QuizPage
from tests import cast
from tests.conftest import made_for_a_file

MINUTE = timedelta(minutes=1)


@dataclass
class Hall:
    """A quiz of twenty minutes, and a cohort of its course with one member."""

    quiz: Quiz
    officer: User
    cohort: Cohort
    enrolment: Enrolment

    @property
    def address(self) -> str:
        return f"/quan-tri/cho-them/{self.quiz.pk}/"

    def give(self, client, **typed):
        form = {"cohort": self.cohort.pk, "minutes": 10, "attempts": 1, "reason": "Mất điện"} | typed
        return client.post(self.address, {f"nhom-{name}": value for name, value in form.items()}, follow=True)

    def allow(self, **otherwise) -> Allowance:
        how = {"cohort": self.cohort, "quiz": self.quiz, "attempts": 1, "minutes": 10, "by": self.officer}
        return actions.allow_cohort(**(how | {"reason": "Mất điện", "at": timezone.now()} | otherwise))

    def somebody(self, name: str = "Phan Văn Rạch", **where) -> Enrolment:
        return cast.enrolment(cast.person(name, **where), self.cohort.course)

    def join(self, *enrolments: Enrolment, by: User | None = None) -> None:
        courses.join_cohort(cohort=self.cohort, enrolments=enrolments, by=by or self.officer, at=cast.NOW)

    def start(self, at: datetime | None = None, enrolment: Enrolment | None = None) -> Attempt:
        who = enrolment or self.enrolment
        return actions.start_attempt(enrolment=who, quiz=self.quiz, language="vi", at=at or timezone.now())

    def left(self, enrolment: Enrolment | None = None) -> int | None:
        return queries.standing(self.as_it_is(enrolment), self.quiz).left

    def minutes(self, enrolment: Enrolment | None = None) -> int:
        return queries.minutes_given(self.as_it_is(enrolment), self.quiz)

    def as_it_is(self, enrolment: Enrolment | None) -> Enrolment:
        return Enrolment.objects.get(pk=(enrolment or self.enrolment).pk)


@pytest.fixture
def hall(made_hall: Hall, db: None) -> Hall:
    return deepcopy(made_hall)


def _gather() -> Hall:
    course = cast.course(lessons=0, with_quiz=True)
    Quiz.objects.update(time_limit=20)
    officer = cast.staff("organiser", cast.commune())
    enrolment = cast.enrolment(cast.trainee("Lê Thị Đào").person, course)
    hall = Hall(Quiz.objects.select_related("activity").get(), officer, cast.cohort(course, officer), enrolment)
    hall.join(enrolment)
    return hall


made_hall = made_for_a_file(_gather)


@pytest.fixture
def officer(hall):
    return cast.client_of(hall.officer)


def test_an_officer_gives_both_to_a_cohort_and_the_log_says_so(hall, officer):
    assert "Nhóm chiều" in officer.get(hall.address).text
    said = hall.give(officer).text
    assert "Đã cho thêm cả nhóm “Nhóm chiều”" in said
    assert "Nhóm chiều: thêm 10 phút, thêm 1 lượt làm" in said
    logged = ModelLogEntry.objects.filter(action="quizzes.attempt_allowed").get()
    assert logged.timestamp == Allowance.objects.get().given_at
    entry = logged.data
    assert entry | {"cohort": hall.cohort.pk, "minutes": 10, "attempts": 1, "reason": "Mất điện"} == entry


def test_it_holds_for_members_and_for_nobody_else(hall):
    stranger = hall.somebody()
    hall.allow()
    assert (hall.left(), hall.left(stranger)) == (4, 3)
    begun = hall.start()
    assert begun.due_at - begun.started_at == 30 * MINUTE
    other = hall.start(enrolment=stranger)
    assert other.due_at - other.started_at == 20 * MINUTE
    actions.submit_attempt(attempt=begun, at=timezone.now())
    assert hall.left() == 3


def test_who_joins_later_has_it_and_who_leaves_has_it_no_more(hall):
    hall.allow()
    late = hall.somebody()
    hall.join(late)
    assert (hall.left(late), hall.minutes(late)) == (4, 10)
    courses.leave_cohort(cohort=hall.cohort, enrolment=late, by=hall.officer, at=cast.NOW)
    assert (hall.left(late), hall.minutes(late)) == (3, 0)


def test_what_the_person_and_what_the_cohort_was_given_add_up(hall):
    hall.allow()
    by = cast.staff("manager", cast.commune(), "0987654330")
    given = {"enrolment": hall.enrolment, "quiz": hall.quiz, "by": by, "reason": "Mắt kém", "at": cast.NOW}
    actions.allow_ahead(attempts=2, minutes=5, **given)
    actions.allow_ahead(attempts=1, minutes=0, **given)
    assert (hall.left(), hall.minutes()) == (7, 15)
    actions.submit_attempt(attempt=hall.start(), at=timezone.now())
    actions.submit_attempt(attempt=hall.start(), at=timezone.now())
    assert hall.left() == 5, "the same once attempts are counted"


def test_it_is_of_one_quiz_and_of_one_person_or_cohort(hall):
    hall.allow()
    other = cast.quiz(cast.course_page("Khác", "khac"))
    assert queries.minutes_given(hall.enrolment, other) == 0
    for wrong in ({}, {"cohort": hall.cohort, "enrolment": hall.enrolment}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Allowance.objects.create(quiz=hall.quiz, reason="x", given_at=cast.NOW, **wrong)


def test_members_read_of_it_before_they_start_and_officers_on_the_page_of_the_attempt(hall, officer):
    reader, page = cast.client_of(hall.enrolment.person.user), QuizPage.objects.get().url
    assert "được cho thêm" not in reader.get(page).text
    hall.allow()
    assert "Anh/Chị được cho thêm 10 phút" in reader.get(page).text
    shown = officer.get(f"/quan-tri/attempt/inspect/{hall.start().pk}/").text
    assert "thêm 10 phút, thêm 1 lượt làm" in shown
    assert "cả nhóm “Nhóm chiều”: Mất điện" in shown


class TestInTheMiddleOfAnAttempt:
    def test_members_have_the_minutes_at_once_and_others_do_not(self, hall):
        stranger = hall.somebody()
        mine, other = hall.start(), hall.start(enrolment=stranger)
        ends = mine.due_at, other.due_at
        hall.allow()
        assert Attempt.objects.get(pk=mine.pk).due_at == ends[0] + 10 * MINUTE
        assert Attempt.objects.get(pk=other.pk).due_at == ends[1]

    def test_attempts_alone_change_no_clock(self, hall):
        mine = hall.start()
        hall.allow(minutes=0)
        assert Attempt.objects.get(pk=mine.pk).due_at == mine.due_at

    def test_one_whose_time_is_up_stays_so(self, hall):
        mine = hall.start(at=timezone.now() - 40 * MINUTE)
        hall.allow()
        assert Attempt.objects.get(pk=mine.pk).due_at == mine.due_at

    def test_one_that_waits_to_be_handed_in_takes_answers_again(self, hall):
        Quiz.objects.update(when_time_is_up="grace", grace_minutes=5)
        hall.quiz.refresh_from_db()
        mine = hall.start(at=timezone.now() - 22 * MINUTE)
        assert actions.settle(attempt=mine, at=timezone.now()).state == "overdue"
        hall.allow()
        assert Attempt.objects.get(pk=mine.pk).state == "in_progress"

    def test_who_joins_in_the_middle_has_them_from_the_next_attempt_on(self, hall):
        late = hall.somebody()
        begun = hall.start(enrolment=late)
        hall.allow()
        hall.join(late)
        assert Attempt.objects.get(pk=begun.pk).due_at == begun.due_at
        actions.submit_attempt(attempt=begun, at=timezone.now())
        again = hall.start(enrolment=late)
        assert again.due_at - again.started_at == 30 * MINUTE


class TestRefused:
    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            ({"reason": " "}, "Hãy ghi lý do."),
            ({"minutes": 0, "attempts": 0}, "ít nhất một ô lớn hơn 0"),
            ({"minutes": 601}, "số phút từ 0 đến 600"),
            ({"cohort": ""}, "Hãy chọn nhóm học."),
            ({"cohort": "x"}, "Hãy chọn nhóm học."),
        ],
    )
    def test_what_is_not_clear_gives_nothing_and_is_said(self, hall, officer, typed, said):
        assert said in hall.give(officer, **typed).text
        assert not Allowance.objects.exists()

    def test_several_gifts_together_stay_below_the_most_of_one(self, hall):
        hall.allow(minutes=600)
        with pytest.raises(Refusal, match="cùng với phần đã cho"):
            hall.allow(minutes=1)

    def test_what_a_quiz_does_not_limit_is_neither_asked_for_nor_given(self, hall, officer):
        Quiz.objects.update(time_limit=None)
        assert 'name="nhom-minutes"' not in officer.get(hall.address).text
        assert "không tính giờ" in hall.give(officer).text

    def test_a_closed_cohort_is_no_choice(self, hall, officer):
        courses.close_cohort(cohort=hall.cohort, by=hall.officer, at=cast.NOW)
        assert 'name="nhom-cohort"' not in officer.get(hall.address).text
        assert "Hãy chọn nhóm học." not in officer.get(hall.address).text
        hall.give(officer)
        with pytest.raises(Refusal, match="đã đóng"):
            hall.allow()
        assert not Allowance.objects.exists()

    def test_nor_one_of_another_course(self, hall):
        with pytest.raises(Refusal, match="không thuộc khóa học của nhóm"):
            hall.allow(quiz=cast.quiz(cast.course_page("Khác", "khac"), attempts=3), minutes=0)

    def test_nor_one_with_members_of_other_officers(self, hall, officer):
        centre = cast.staff("manager", phone="0987654331")
        hall.join(hall.somebody(place=cast.commune("Đất Mũi")), by=centre)
        assert 'name="nhom-cohort"' not in officer.get(hall.address).text
        hall.give(officer)
        with pytest.raises(Refusal, match="không nằm trọn trong địa bàn"):
            hall.allow()
        assert not Allowance.objects.exists()
        assert hall.allow(by=centre)

    def test_nor_by_officers_of_another_place(self, hall):
        for number, place in enumerate((cast.province("Lào Cai"), cast.commune("Đất Mũi"))):
            other = cast.staff("organiser", place, f"098765434{number}")
            assert "Nhóm chiều" not in cast.client_of(other).get(hall.address).text
            hall.give(cast.client_of(other))
            with pytest.raises(Refusal, match="không nằm trọn trong địa bàn"):
                hall.allow(by=other)
        assert not Allowance.objects.exists()

    def test_nobody_gives_to_a_cohort_that_one_is_in(self, hall):
        own = cast.enrolment(cast.person("Đào Cán Bộ", cast.commune(), hall.officer), hall.cohort.course)
        hall.join(own, by=cast.staff("manager", phone="0987654331"))
        hall.officer.refresh_from_db()
        assert "Nhóm chiều" not in cast.client_of(hall.officer).get(hall.address).text
        with pytest.raises(Refusal, match="anh/chị cũng ở trong nhóm"):
            hall.allow()


class TestTakingBack:
    def back(self, hall, client):
        return client.post(hall.address, {"back": Allowance.objects.get().pk}, follow=True)

    def test_while_nobody_has_used_it(self, hall, officer):
        hall.allow()
        assert 'name="back"' in officer.get(hall.address).text
        assert "Đã bỏ phần cho thêm của nhóm." in self.back(hall, officer).text
        assert not Allowance.objects.exists()
        assert hall.left() == 3
        assert (
            ModelLogEntry.objects.filter(action="quizzes.allowance_taken_back").get().data["cohort"] == hall.cohort.pk
        )

    def test_an_attempt_of_before_that_was_handed_in_uses_nothing(self, hall, officer):
        actions.submit_attempt(attempt=hall.start(), at=timezone.now())
        hall.allow()
        assert "Đã bỏ" in self.back(hall, officer).text

    @pytest.mark.parametrize("is_running", [True, False])
    def test_not_once_a_member_began_with_it_or_got_its_minutes(self, hall, officer, is_running):
        if is_running:
            hall.start()
        hall.allow()
        if not is_running:
            hall.start()
        page = officer.get(hall.address).text
        assert "Đã có người dùng." in page
        assert 'name="back"' not in page
        assert "Chưa bỏ được: trong nhóm đã có người làm bài" in self.back(hall, officer).text
        assert Allowance.objects.exists()

    @pytest.mark.parametrize("is_running", [True, False])
    def test_not_once_somebody_used_it_who_has_left_since(self, hall, officer, is_running):
        if is_running:
            hall.start()
        hall.allow(attempts=0, minutes=30)
        if not is_running:
            hall.start()
        courses.leave_cohort(cohort=hall.cohort, enrolment=hall.enrolment, by=hall.officer, at=cast.NOW)
        assert "Đã có người dùng." in officer.get(hall.address).text
        assert "Chưa bỏ được: trong nhóm đã có người làm bài" in self.back(hall, officer).text
        assert Allowance.objects.exists()

    def test_who_joins_in_the_middle_of_an_attempt_has_used_nothing_of_it(self, hall, officer):
        late = hall.somebody()
        hall.start(enrolment=late)
        hall.allow()
        hall.join(late)
        assert "Đã bỏ" in self.back(hall, officer).text

    def test_what_another_quiz_or_another_cohort_was_given_is_used_by_nobody(self, hall, officer):
        hall.allow()
        hall.start(enrolment=hall.somebody())
        other = cast.cohort(hall.cohort.course, hall.officer, "Nhóm sáng")
        elsewhere = hall.somebody("Danh Sà Mây")
        courses.join_cohort(cohort=other, enrolments=[elsewhere], by=hall.officer, at=cast.NOW)
        hall.start(enrolment=elsewhere)
        assert "Đã bỏ" in self.back(hall, officer).text

    def test_a_second_press_changes_nothing(self, hall):
        allowance = hall.allow()
        for _press in range(2):
            actions.take_back_from_cohort(allowance=allowance, by=hall.officer, at=timezone.now())
        assert ModelLogEntry.objects.filter(action="quizzes.allowance_taken_back").count() == 1

    def test_not_by_officers_of_another_place(self, hall):
        hall.allow()
        other = cast.client_of(cast.staff("organiser", cast.province("Lào Cai"), "0987654340"))
        assert self.back(hall, other).status_code == 404
        assert Allowance.objects.exists()


def test_attempts_are_narrowed_to_a_cohort_and_the_download_names_it(hall, officer):
    hall.start()
    hall.start(enrolment=hall.somebody())
    narrowed = officer.get(f"/quan-tri/attempt/results/?cohort={hall.cohort.pk}").text
    assert "Lê Thị Đào" in narrowed
    assert "Phan Văn Rạch" not in narrowed
    head, *rows = csv.reader(b"".join(officer.get("/quan-tri/attempt/?export=csv")).decode().splitlines())
    assert head[-1] == "Nhóm học"
    assert sorted((row[0], row[-1]) for row in rows) == [("Lê Thị Đào", "Nhóm chiều"), ("Phan Văn Rạch", "")]


def test_the_download_of_attempts_names_a_cohort_of_elsewhere_to_the_officers_of_its_member(hall, officer):
    centre = cast.staff("manager", phone="0987654331")
    whole = cast.cohort(hall.cohort.course, centre, "Cả nước", place=None)
    member = hall.somebody()
    courses.join_cohort(cohort=whole, enrolments=[member], by=centre, at=cast.NOW)
    hall.start(enrolment=member)
    assert "Cả nước" in b"".join(officer.get("/quan-tri/attempt/?export=csv")).decode()
    stranger = cast.client_of(cast.staff("organiser", cast.commune("Đất Mũi"), "0987654332"))
    assert "Cả nước" not in b"".join(stranger.get("/quan-tri/attempt/?export=csv")).decode()


@pytest.mark.once
def test_the_page_asks_as_often_for_three_cohorts_that_were_given_something_as_for_one(
    hall, officer, django_assert_num_queries
):
    hall.allow()
    officer.get(hall.address)
    with CaptureQueriesContext(connection) as seen:
        officer.get(hall.address)
    for name in ("Nhóm sáng", "Nhóm tối"):
        hall.allow(cohort=cast.cohort(hall.cohort.course, hall.officer, name))
    with django_assert_num_queries(len(seen)):
        assert "Nhóm tối: thêm 10 phút" in officer.get(hall.address).text


def test_the_migration_finds_what_was_used_before_it(hall):
    other = cast.cohort(hall.cohort.course, hall.officer, "Nhóm sáng")
    used, unused = hall.allow(), hall.allow(cohort=other)
    hall.start()
    Allowance.objects.update(used_at=None)
    import_module("quizzes.migrations.0018_used_allowances").mark_used(apps, None)
    used.refresh_from_db()
    unused.refresh_from_db()
    assert (used.used_at, unused.used_at) == (used.given_at, None)

"""A certificate runs out, and its holder takes the course's test once more: the old one holds until the new one is there."""

from datetime import date, timedelta

import pytest
from django.utils.dateparse import parse_datetime

from certificates import actions, personal, queries, telling, validity
from certificates.models import Award, Credential
from courses import actions as course_actions
from courses.models import Completion, Enrolment, Renewal
from lib.refusals import Refusal
from quizzes import actions as quiz_actions
from quizzes.models import Attempt, Quiz
from tests import cast
from tests.racing import at_once, overlapping, without_locks

YEAR_ON = cast.NOW + timedelta(days=330)  # within the last 90 days of twelve months


def certified(lessons: int = 1, *, with_quiz: bool = True):
    course = cast.course(lessons=lessons, with_quiz=with_quiz)
    cast.award(course)
    Award.objects.update(validity_months=12)
    enrolment = cast.enrolment(cast.trainee().person, course)
    cast.finish(enrolment)
    actions.issue_missing(at=cast.NOW)
    return Credential.objects.get()


@pytest.fixture
def old(db):
    return certified()


@pytest.fixture
def endless(old):
    Award.objects.update(validity_months=None)
    Credential.objects.update(expires_on=None)
    old.refresh_from_db()
    return old


def begun(credential, at=YEAR_ON):
    return actions.begin_renewal(credential=credential, person=credential.person, at=at)


def done_again(credential, at=YEAR_ON + timedelta(hours=1)):
    """Every activity, as somebody does who reads the lessons as well."""
    enrolment = Enrolment.objects.get(pk=credential.enrolment_id)
    for activity in enrolment.course.activities.order_by("-position"):
        course_actions.complete_activity(enrolment=enrolment, activity=activity, at=at)


def passed(credential, at=YEAR_ON + timedelta(hours=1)):
    """The quiz, answered right."""
    quiz, enrolment = Quiz.objects.get(), Enrolment.objects.get(pk=credential.enrolment_id)
    attempt = quiz_actions.start_attempt(enrolment=enrolment, quiz=quiz, language="vi", at=at)
    for item in attempt.items.all():
        quiz_actions.save_answer(item=item, answer="a", revision=0, at=at)
    return quiz_actions.submit_attempt(attempt=attempt, at=at)


@pytest.mark.parametrize(
    ("issued", "months", "last"),
    [
        (date(2026, 11, 23), 12, date(2027, 11, 23)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 12, 31), 1, date(2027, 1, 31)),
        (date(2026, 11, 23), None, None),
    ],
)
def test_the_last_day_is_that_of_the_same_number(issued, months, last):
    assert validity.last_day(issued, months) == last


class TestTheLastDay:
    def test_is_frozen_and_printed(self, old):
        Award.objects.update(validity_months=24)
        old.refresh_from_db()
        assert (old.expires_on, old.evidence["expires_on"]) == (date(2027, 11, 23), "23/11/2027")

    @pytest.mark.parametrize(
        ("day", "said"),
        [
            ("2027-11-23T16:59:00Z", "Còn hiệu lực"),  # a minute before midnight in Vietnam
            ("2027-11-23T17:01:00Z", "đã hết hạn từ ngày 24/11/2027"),
        ],
    )
    def test_still_counts(self, client, old, day, said):
        with cast.on(parse_datetime(day)):
            page = client.get(f"/c/{old.code}").text
        assert said in page
        assert "Đã thu hồi" not in page
        assert "23/11/2027" in page

    def test_without_one_it_holds_for_ever(self, client, old):
        Credential.objects.update(expires_on=None)
        with cast.on(cast.NOW + timedelta(days=36500)):
            assert "Còn hiệu lực" in client.get(f"/c/{old.code}").text

    def test_lists_find_what_is_over_and_what_will_be_soon(self, old):
        organiser = cast.staff("organiser", cast.province())
        expected = {YEAR_ON: {"soon"}, cast.NOW + timedelta(days=400): {"over"}, cast.NOW: set()}
        for moment, found in expected.items():
            with cast.on(moment):
                desk = cast.client_of(organiser)
                pages = {key: desk.get("/quan-tri/credential/", {"time": key}).text for key in ("soon", "over")}
            assert {key for key, page in pages.items() if old.number in page} == found

    def test_who_was_certified_counts_afterwards_as_well(self, old):
        later = cast.NOW + timedelta(days=400)
        certified = Enrolment.objects.filter(queries.IS_CERTIFIED)
        assert certified.count() == 1
        assert Enrolment.objects.filter(queries.EXPIRED_STATE.condition(later)).count() == 1
        assert not Enrolment.objects.filter(queries.EXPIRED_STATE.condition(YEAR_ON)).exists()
        assert Enrolment.objects.filter(queries.EXPIRING_STATE.condition(YEAR_ON)).count() == 1


class TestRenewing:
    def test_takes_the_test_again_and_replaces_the_old_one_by_a_new(self, old, django_capture_on_commit_callbacks):
        begun(old)
        assert Credential.objects.get().status == "valid"
        with django_capture_on_commit_callbacks(execute=True):
            assert passed(old).passed
        new = Credential.objects.get(status="valid")
        old.refresh_from_db()
        assert (old.status, old.replaced_by) == ("replaced", new)
        assert new.expires_on == date(2028, 10, 19)
        assert new.evidence["period"] == "ngày 19/10/2027"
        assert personal.violations() == []

    def test_keeps_every_completion(self, old):
        before = set(Completion.objects.values_list("pk", "recorded_at"))
        begun(old)
        passed(old)
        assert set(Completion.objects.values_list("pk", "recorded_at")) == before
        assert Enrolment.objects.get().completed_at < YEAR_ON

    def test_asks_for_all_lessons_where_a_course_has_no_test(self, db, django_capture_on_commit_callbacks):
        old = certified(lessons=2, with_quiz=False)
        begun(old)
        first, second = old.enrolment.course.activities.order_by("position")
        with django_capture_on_commit_callbacks(execute=True):
            course_actions.complete_activity(enrolment=old.enrolment, activity=first, at=YEAR_ON)
        assert Credential.objects.count() == 1
        with django_capture_on_commit_callbacks(execute=True):
            course_actions.complete_activity(enrolment=old.enrolment, activity=second, at=YEAR_ON)
        assert Credential.objects.count() == 2

    def test_asks_for_the_test_alone_where_there_was_a_day_in_a_room_as_well(
        self, db, django_capture_on_commit_callbacks
    ):
        course = cast.course(lessons=1, with_quiz=True)
        cast.workshop(course)
        cast.award(course)
        Award.objects.update(validity_months=12)
        cast.finish(cast.enrolment(cast.trainee().person, course))
        actions.issue_missing(at=cast.NOW)
        old = Credential.objects.get()
        assert old.enrolment.course.activities.filter(kind="workshop", is_required=True).exists()
        begun(old)
        with django_capture_on_commit_callbacks(execute=True):
            passed(old)
        assert Credential.objects.get(status="valid") != old

    def test_begins_in_the_window_and_at_any_time_after(self, old):
        with pytest.raises(Refusal, match="Chưa đến lúc"):
            begun(old, cast.NOW + timedelta(days=200))
        begun(old, cast.NOW + timedelta(days=4000))

    def test_begins_once(self, old):
        assert begun(old) == begun(old)

    def test_is_the_holder_s_and_of_what_holds(self, old):
        with pytest.raises(Refusal, match="không gia hạn được"):
            actions.begin_renewal(credential=old, person=cast.person("Khác"), at=YEAR_ON)
        actions.revoke(credential=old, reason="Nhầm", by=None, at=YEAR_ON)
        old.refresh_from_db()
        with pytest.raises(Refusal, match="không gia hạn được"):
            begun(old)

    def test_passing_again_without_it_makes_nothing_new(self, old, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            done_again(old)
        assert Credential.objects.count() == 1
        assert actions.renew(enrolment_id=old.enrolment_id, at=YEAR_ON) is None

    def test_brings_nothing_to_a_certificate_that_was_revoked_meanwhile(self, old, django_capture_on_commit_callbacks):
        begun(old)
        actions.revoke(credential=old, reason="Nhầm", by=None, at=YEAR_ON)
        with django_capture_on_commit_callbacks(execute=True):
            done_again(old)
        assert actions.renew_missing(at=YEAR_ON) == 0
        assert Credential.objects.count() == 1
        assert personal.violations() == []

    def test_ends_when_the_course_is_reopened(self, old, django_capture_on_commit_callbacks):
        begun(old)
        by, quiz = cast.staff("manager"), old.enrolment.course.activities.get(kind="quiz")
        with django_capture_on_commit_callbacks(execute=True):
            course_actions.reopen_enrolment(enrolment=old.enrolment, activity=quiz, by=by, reason="Nhầm", at=YEAR_ON)
        assert not Renewal.objects.running().exists()
        with django_capture_on_commit_callbacks(execute=True):
            done_again(old)
        assert sorted(Credential.objects.values_list("status", flat=True)) == ["revoked", "valid"]
        assert personal.violations() == []

    def test_that_a_crash_cut_off_is_found_and_repaired(self, old):
        begun(old)
        done_again(old)
        assert personal.violations() == [f"enrolment {old.enrolment_id}: renewed, no new certificate"]
        assert [actions.renew_missing(at=YEAR_ON) for _round in range(2)] == [1, 0]
        assert personal.violations() == []

    def test_gives_the_attempts_anew(self, old):
        Quiz.objects.update(attempts_allowed=1)
        passed(old, cast.NOW + timedelta(days=2))
        with pytest.raises(Refusal, match="đã đạt"):
            passed(old, cast.NOW + timedelta(days=3))
        begun(old)
        assert passed(old).passed
        assert Attempt.objects.count() == 2

    def test_may_come_again_and_again(self, old, django_capture_on_commit_callbacks):
        for years in (1, 2):
            at = YEAR_ON + timedelta(days=365 * (years - 1))
            begun(Credential.objects.get(status="valid"), at)
            with django_capture_on_commit_callbacks(execute=True):
                passed(old, at + timedelta(hours=1))
        assert list(Credential.objects.order_by("pk").values_list("status", flat=True)) == [
            "replaced", "replaced", "valid",
        ]  # fmt: skip
        assert personal.violations() == []


class TestOnThePages:
    @pytest.fixture
    def reader(self, old):
        with cast.on(YEAR_ON):
            yield cast.client_of(old.person.user)

    def test_a_button_leads_to_the_test_and_progress_is_told(self, old, reader):
        for path in ("/c/cua-toi/", "/khoa-hoc/ke-chuyen/"):
            page = reader.get(path).text
            assert "có giá trị đến hết ngày 23/11/2027" in page
            assert f"/c/{old.code}/gia-han/" in page
        answer = reader.post(f"/c/{old.code}/gia-han/")
        assert answer.url == "/khoa-hoc/ke-chuyen/kiem-tra/"
        for path in ("/c/cua-toi/", "/khoa-hoc/ke-chuyen/"):
            page = reader.get(path).text
            assert "Đang gia hạn: đã làm lại 0/1 bài" in page
            assert answer.url in page
        assert "Bắt đầu làm bài" in reader.get(answer.url).text

    def test_before_the_window_there_is_no_button(self, old):
        with cast.on(cast.NOW + timedelta(days=30)):
            reader = cast.client_of(old.person.user)
            assert "gia-han" not in reader.get("/c/cua-toi/").text
            assert "Chưa đến lúc" in reader.post(f"/c/{old.code}/gia-han/", follow=True).text

    def test_of_one_without_an_end_a_newer_day_is_offered_and_nobody_is_urged(
        self, endless, django_capture_on_commit_callbacks
    ):
        with cast.on(YEAR_ON):
            reader = cast.client_of(endless.person.user)
            assert "gia-han" not in reader.get("/khoa-hoc/ke-chuyen/").text
            assert f"/c/{endless.code}/gia-han/" in reader.get("/c/cua-toi/").text
            reader.post(f"/c/{endless.code}/gia-han/")
            page = reader.get("/c/cua-toi/").text
            assert "Đang gia hạn: đã làm lại 0/1 bài" in page
            assert "gia-han" not in page
        with django_capture_on_commit_callbacks(execute=True):
            passed(endless)
        newer = Credential.objects.get(status="valid")
        endless.refresh_from_db()
        assert (endless.status, endless.replaced_by, newer.expires_on) == ("replaced", newer, None)
        assert newer.issued_at > endless.issued_at

    def test_what_is_held_on_a_day_is_not_offered_again_and_refused_to_whoever_asks_all_the_same(
        self, endless, monkeypatch
    ):
        monkeypatch.setattr(queries, "dated_kinds", lambda: {"quiz"})
        with cast.on(YEAR_ON):
            reader = cast.client_of(endless.person.user)
            assert "gia-han" not in reader.get("/c/cua-toi/").text
            said = reader.post(f"/c/{endless.code}/gia-han/", follow=True).text
        assert "có buổi học hẹn ngày" in said
        assert not Renewal.objects.exists()

    def test_a_lesson_that_counts_again_has_its_button_again(self, db):
        old = certified(with_quiz=False)
        with cast.on(YEAR_ON):
            reader = cast.client_of(old.person.user)
            assert "Đã đọc xong" not in reader.get("/khoa-hoc/ke-chuyen/bai-1/").text
            reader.post(f"/c/{old.code}/gia-han/")
            assert "Đã đọc xong" in reader.get("/khoa-hoc/ke-chuyen/bai-1/").text


@pytest.fixture
def in_renewal():
    old = certified()
    begun(old)
    return old


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
def test_of_six_workers_one_replaces_it(in_renewal):
    done_again(in_renewal)
    at_once(*[lambda: actions.renew(enrolment_id=in_renewal.enrolment_id, at=YEAR_ON) for _worker in range(6)])
    assert list(Credential.objects.order_by("pk").values_list("status", flat=True)) == ["replaced", "valid"]
    assert personal.violations() == []


def both_lessons_at_once() -> int:
    """The last two lessons of a renewal, done on two phones; how many renewals are finished then."""
    old = certified(lessons=2, with_quiz=False)
    begun(old)
    one, two = old.enrolment.course.activities.all()
    enrolment = Enrolment.objects.get()
    overlapping(
        lambda: course_actions.complete_activity(enrolment=enrolment, activity=one, at=YEAR_ON),
        lambda: course_actions.complete_activity(enrolment=enrolment, activity=two, at=YEAR_ON),
    )
    return Renewal.objects.filter(completed_at__isnull=False).count()


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
def test_two_lessons_on_two_phones_finish_a_renewal():
    assert both_lessons_at_once() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
def test_without_the_lock_neither_would_see_the_other(monkeypatch):
    """The control: without locks and without the touch of the enrolment, which is a lock as well."""
    without_locks(monkeypatch)
    monkeypatch.setattr("courses.actions.renewing._touch", lambda enrolment, at: None)
    assert both_lessons_at_once() == 0


def test_on_the_last_day_the_holder_is_told_that_it_is_the_last(old):
    today = old.expires_on
    assert telling.notice_of(old, today).words.startswith("Hôm nay là ngày cuối")
    assert "còn 1 ngày nữa" in telling.notice_of(old, today - timedelta(days=1)).words

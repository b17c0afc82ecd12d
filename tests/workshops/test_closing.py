"""Closing: who was there enough has completed the workshop, and whatever hangs on it follows; everybody else reads why not."""

from copy import deepcopy
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Person
from certificates.models import Credential
from courses.actions import publish_course
from courses.models import Completion, CoursePage, Enrolment
from lib.refusals import Refusal
from tests import cast
from tests.conftest import made_for_a_file
from workshops import actions
from workshops.actions import closing
from workshops.closing.verdicts import Outcome, judge
from workshops.models import HallTest, Moment, Session, SheetSource, TestSheet, Workshop

pytestmark = [pytest.mark.django_db, pytest.mark.once]
EVENING = cast.NOW + timedelta(days=2, hours=4)


made_workshop = made_for_a_file(cast.workshop)


@pytest.fixture
def workshop(made_workshop, db) -> Workshop:
    return deepcopy(made_workshop)


@pytest.fixture
def close(organiser, django_capture_on_commit_callbacks):
    def act(workshop, by=None, at=EVENING, sessions=None):
        chosen = list(workshop.sessions.all()) if sessions is None else sessions
        with cast.on(at), django_capture_on_commit_callbacks(execute=True):
            return actions.close_sessions(workshop=workshop, sessions=chosen, by=by or organiser, at=at)

    return act


def second_session(workshop, **fields) -> Session:
    first = workshop.sessions.earliest("starts_at")
    said = {"name": "Sáng hôm sau", "starts_at": first.starts_at + timedelta(hours=18)} | fields
    return Session.objects.create(workshop=workshop, ends_at=said["starts_at"] + timedelta(hours=3), **said)


def verdict(workshop, one, by):
    return next(said for said in judge(workshop, by).rows if said.registration == one)


def completed(one) -> bool:
    return Completion.objects.filter(enrolment__person=one.person, activity=one.workshop.activity).exists()


class TestWhoWasThere:
    def test_has_completed_the_workshop_the_course_and_holds_a_certificate(self, workshop, close):
        cast.award(workshop.activity.course)
        one = cast.delegate(workshop)
        cast.present(one)
        assert close(workshop).completed == 1
        enrolment = Enrolment.objects.get(person=one.person)
        assert enrolment.completed_at
        assert enrolment.source == "workshop"
        assert enrolment.completions.get().occurred_at == workshop.sessions.get().starts_at
        assert Credential.objects.filter(enrolment=enrolment).count() == 1

    def test_reads_on_the_certificate_that_it_was_a_workshop_and_when(self, workshop, close):
        cast.award(workshop.activity.course)
        cast.present(cast.delegate(workshop))
        second_session(workshop)
        Workshop.objects.update(needed_percent=50)
        workshop.refresh_from_db()
        close(workshop, at=EVENING + timedelta(days=1))
        evidence = Credential.objects.get().evidence
        assert evidence["course_kind"] == "lớp tập huấn"
        begins = workshop.sessions.earliest("starts_at").starts_at
        assert f"{begins:%d}" in evidence["period"]
        assert f"{begins + timedelta(days=1):%d}" in evidence["period"]

    def test_is_in_the_cohort_of_the_workshop_afterwards(self, workshop, close, organiser):
        workshop.cohort = cast.cohort(workshop.activity.course, organiser)
        workshop.save()
        one = cast.delegate(workshop)
        cast.present(one)
        close(workshop)
        assert Enrolment.objects.get(person=one.person).cohort == workshop.cohort

    def test_of_a_course_with_more_to_do_has_the_workshop_alone_and_reads_what_is_left(
        self, workshop, close, organiser
    ):
        page = CoursePage.objects.get(translation_key=workshop.activity.course.translation_key)
        cast.lesson_page(page, "Đọc thêm", "doc-them")
        publish_course(page=page, at=cast.NOW)
        one = cast.delegate(workshop)
        cast.present(one)
        said = verdict(workshop, one, organiser)
        assert said.outcome == Outcome.ACTIVITY
        assert "“Đọc thêm”" in said.why
        close(workshop)
        assert completed(one)
        assert Enrolment.objects.get(person=one.person).completed_at is None

    def test_who_passed_the_test_afterwards_has_the_quiz_of_the_course_too(self, workshop, close):
        page = CoursePage.objects.get(translation_key=workshop.activity.course.translation_key)
        quiz = cast.quiz(page)
        test = HallTest.objects.create(
            workshop=workshop, moment=Moment.AFTER, activity=quiz.activity, pass_percent=60, made_at=cast.NOW
        )
        passed, failed = cast.delegate(workshop), cast.delegate(workshop, "Thạch Thị Hồng")
        for one, right in ((passed, 3), (failed, 2)):
            cast.present(one)
            TestSheet.objects.create(
                test=test, registration=one, badge=one.number, right=right, questions=5,
                source=SheetSource.PAPER, handed_in_at=EVENING,
            )  # fmt: skip
        close(workshop)
        done = Completion.objects.filter(activity=quiz.activity).values_list("enrolment__person", flat=True)
        assert list(done) == [passed.person_id]
        assert completed(failed)

    def test_two_rooms_at_once_are_one_slot(self, workshop, close):
        second_session(workshop, starts_at=workshop.sessions.get().starts_at, room="Phòng 2")
        one = cast.delegate(workshop)
        cast.present(one, workshop.sessions.get(room="Phòng 2"))
        assert close(workshop).completed == 1

    def test_a_session_that_was_cancelled_counts_for_nobody(self, workshop, close):
        second_session(workshop, cancelled_at=cast.NOW)
        cast.present(cast.delegate(workshop))
        assert close(workshop).completed == 1


class TestWhoGetsNothingReadsWhy:
    def test_absent(self, workshop, close, organiser):
        one = cast.delegate(workshop)
        assert verdict(workshop, one, organiser).why == "vắng mặt"
        assert close(workshop).completed == 0
        assert not completed(one)

    def test_there_too_little(self, workshop, close, organiser):
        second_session(workshop)
        one = cast.delegate(workshop)
        cast.present(one, workshop.sessions.earliest("starts_at"))
        assert verdict(workshop, one, organiser).why == "có mặt 1 buổi, cần 2"
        close(workshop, at=EVENING + timedelta(days=1))
        assert not completed(one)

    def test_an_attendance_that_was_taken_back(self, workshop, organiser):
        one = cast.delegate(workshop)
        present = cast.present(one)
        present.taken_back_at = EVENING
        present.save()
        assert verdict(workshop, one, organiser).why == "vắng mặt"

    def test_without_an_agreement(self, workshop, close):
        one = cast.delegate(workshop)
        cast.present(one)
        Person.objects.filter(pk=one.person_id).update(has_consented=False)
        assert close(workshop).completed == 0
        assert not Enrolment.objects.exists()

    def test_the_officer_who_closes(self, workshop, close, organiser):
        organiser.person = cast.person("Lê Văn Cán Bộ")
        organiser.save()
        one = actions.register(workshop=workshop, person=organiser.person, source="nominated", at=cast.NOW)
        cast.present(one)
        assert "đây là anh/chị" in verdict(workshop, one, organiser).why
        assert close(workshop).completed == 0

    def test_who_has_to_finish_another_course_first(self, workshop, close, organiser):
        needed = cast.course(slug="truoc", title="Khóa trước")
        workshop.activity.course.prerequisites.add(needed)
        one = cast.delegate(workshop)
        cast.present(one)
        assert "“Khóa trước”" in verdict(workshop, one, organiser).why
        assert close(workshop).completed == 0


class TestClosing:
    def test_again_changes_nothing_and_takes_who_was_recorded_since(self, workshop, close):
        first, late = cast.delegate(workshop), cast.delegate(workshop, "Thạch Thị Hồng")
        cast.present(first)
        assert close(workshop).completed == 1
        assert close(workshop, sessions=[]).completed == 0
        cast.present(late)
        assert close(workshop, sessions=[]).completed == 1
        assert Completion.objects.count() == 2

    def test_with_its_last_session_the_workshop_is_closed(self, workshop, close):
        second_session(workshop)
        close(workshop, sessions=[workshop.sessions.earliest("starts_at")])
        workshop.refresh_from_db()
        assert workshop.closed_at is None
        close(workshop, at=EVENING + timedelta(days=1))
        workshop.refresh_from_db()
        assert workshop.closed_at
        with pytest.raises(Refusal, match="đã kết thúc"):
            cast.delegate(workshop)

    def test_of_a_session_that_has_not_begun_is_refused(self, workshop, close):
        cast.present(cast.delegate(workshop))
        with pytest.raises(Refusal, match="chưa bắt đầu"):
            close(workshop, at=cast.NOW)
        assert not Completion.objects.exists()

    def test_of_another_province_is_refused(self, workshop, close):
        with pytest.raises(Refusal, match="ngoài địa bàn"):
            close(workshop, by=cast.staff("organiser", cast.province("Lào Cai"), phone="0987000111"))

    def test_stopped_half_way_is_gone_on_with(self, workshop, close, monkeypatch):
        """What was recorded of the first stays when the second breaks everything."""
        both = [cast.delegate(workshop), cast.delegate(workshop, "Thạch Thị Hồng")]
        for one in both:
            cast.present(one)
        calls = []

        def breaks(**said):
            calls.append(said)
            if len(calls) == 2:
                raise RuntimeError
            return real(**said)

        real = closing.enrol
        monkeypatch.setattr(closing, "enrol", breaks)
        with pytest.raises(RuntimeError):
            close(workshop)
        assert [completed(one) for one in both] == [True, False]
        assert close(workshop, sessions=[]).completed == 1

    def test_asks_as_much_for_many_as_for_few(self, workshop, organiser):
        def asked(number):
            for n in range(number):
                cast.present(cast.delegate(workshop, f"Lê Văn Bé {n}"))
            with CaptureQueriesContext(connection) as queries:
                judge(workshop, organiser)
            return len(queries)

        asked(1)  # what is looked up once
        assert asked(2) == asked(10)


class TestOpenedAgain:
    def test_takes_people_again_and_keeps_what_was_completed(self, workshop, close, organiser):
        one = cast.delegate(workshop)
        cast.present(one)
        close(workshop)
        actions.reopen_workshop(workshop=workshop, reason="Sót một bàn", by=organiser, at=EVENING)
        assert completed(one)
        assert cast.delegate(workshop, "Thạch Thị Hồng").state == "held"
        assert not workshop.sessions.filter(closed_at__isnull=False).exists()

    def test_needs_a_reason_that_can_be_seen(self, workshop, close, organiser):
        close(workshop)
        with pytest.raises(Refusal, match="lý do"):
            actions.reopen_workshop(workshop=workshop, reason="\u200b", by=organiser, at=EVENING)

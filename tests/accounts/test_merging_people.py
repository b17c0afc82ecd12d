"""Two rows of one person become one: what follows, what stays, what is refused, and that nobody's record is lost."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.apps import apps
from wagtail.models import ModelLogEntry

from accounts import actions, personal
from accounts.models import Consent, DataRequest, OneTimeCard, Person, User
from accounts.rights import actions as rights
from accounts.rights.erasing import erase_person
from certificates import actions as certificates
from certificates.models import Credential
from courses import actions as courses
from courses.models import Completion, Enrolment
from lib import registries
from lib.refusals import Refusal
from quizzes import actions as quizzes
from quizzes.models import Attempt, Quiz
from reports import actions as reports
from tests import cast

pytestmark = pytest.mark.django_db
LATER = cast.NOW + timedelta(hours=1)


def merge(person, into, **fields):
    fields = {"by": None, "reason": "ghi hai lần", "at": LATER} | fields
    merged = actions.merge_people(person=person, into=into, **fields)
    for one in (person, into):
        one.refresh_from_db()
    return merged


def audit():
    reports.bring_up_to_date(at=LATER)
    return [said for _name, check in registries.invariants for said in check()]


def passed(enrolment, at=cast.NOW):
    """An attempt at the course's quiz, all right."""
    quiz = Quiz.objects.get(activity__course=enrolment.course)
    attempt = quizzes.start_attempt(enrolment=enrolment, quiz=quiz, language="vi", at=at)
    for item in attempt.items.all():
        quizzes.save_answer(item=item, answer="a", revision=item.revision, at=at)
    quizzes.submit_attempt(attempt=attempt, at=at)
    return attempt


@pytest.fixture
def two():
    return cast.person("Trần Thị Út"), cast.person("Trần Thị Út", birth_year=1980)


class TestWhatFollows:
    def test_what_hangs_on_an_enrolment_is_known(self):
        """Else a merge would leave it behind."""
        hanging = {
            f"{model._meta.label}.{field.name}"
            for model in apps.get_models()
            for field in model._meta.fields
            if field.related_model is Enrolment
        }
        own = {"courses.Completion.enrolment", "courses.Renewal.enrolment"}
        assert hanging - own == {name for name, _records in registries.enrolment_records}

    def test_a_course_that_only_one_is_in(self, two):
        enrolment = cast.enrolment(two[0], cast.course())
        assert merge(*two) == two[1]
        assert Enrolment.objects.get() == enrolment
        assert Enrolment.objects.get().person == two[1]
        assert two[0].merged_into == two[1]
        assert audit() == []

    def test_a_course_that_both_began_and_that_the_two_finish_together(self, two, django_capture_on_commit_callbacks):
        course = cast.course(lessons=2)
        cast.award(course)
        first, second = course.activities.order_by("position")
        gone, kept = (cast.enrolment(one, course) for one in two)
        courses.complete_activity(enrolment=gone, activity=first, at=cast.NOW)
        courses.complete_activity(enrolment=kept, activity=second, at=cast.NOW)
        with django_capture_on_commit_callbacks(execute=True):
            merge(*two)
        kept.refresh_from_db()
        assert kept.completed_at == cast.NOW
        assert Credential.objects.get().person == two[1]
        assert audit() == []

    def test_who_finished_keeps_day_and_paper_and_gets_no_second_one(self, two, django_capture_on_commit_callbacks):
        course = cast.course(lessons=1, with_quiz=True)
        cast.award(course)
        gone, kept = (cast.enrolment(one, course) for one in two)
        courses.complete_activity(enrolment=gone, activity=course.activities.get(kind="lesson"), at=cast.NOW)
        passed(gone), cast.finish(gone)
        paper = certificates.issue(enrolment_id=gone.pk, at=cast.NOW)
        with django_capture_on_commit_callbacks(execute=True):
            merge(*two)
        certificates.issue_missing(at=LATER)
        kept.refresh_from_db()
        assert kept.completed_at == gone.completed_at
        assert Credential.objects.get() == paper
        assert (Credential.objects.get().person, Credential.objects.get().enrolment) == (two[1], kept)
        assert Attempt.objects.get().enrolment == kept
        assert audit() == []

    def test_two_with_a_valid_paper_each_keep_both_papers(self, two):
        course = cast.course(lessons=1)
        cast.award(course)
        for one in two:
            enrolment = cast.enrolment(one, course)
            cast.finish(enrolment)
            certificates.issue(enrolment_id=enrolment.pk, at=cast.NOW)
        merge(*two)
        assert set(Credential.objects.values_list("person", "status")) == {(two[1].pk, "valid")}
        assert Completion.objects.count() == 2
        assert audit() == []

    def test_attempts_are_numbered_as_they_were_begun_and_one_under_way_goes_on(self, two):
        course = cast.course(lessons=0, with_quiz=True)
        quiz, moments = Quiz.objects.get(), [cast.NOW + timedelta(minutes=n) for n in range(3)]
        gone, kept = (cast.enrolment(one, course) for one in two)
        first = quizzes.start_attempt(enrolment=kept, quiz=quiz, language="vi", at=moments[0])
        quizzes.submit_attempt(attempt=first, at=moments[0])
        second = quizzes.start_attempt(enrolment=gone, quiz=quiz, language="vi", at=moments[1])
        third = quizzes.start_attempt(enrolment=kept, quiz=quiz, language="vi", at=moments[2])
        merge(*two)
        rows = Attempt.objects.order_by("number").values_list("pk", "number", "state", "enrolment")
        assert list(rows) == [
            (first.pk, 1, "finished", kept.pk),
            (second.pk, 2, "abandoned", kept.pk),
            (third.pk, 3, "in_progress", kept.pk),
        ]
        assert audit() == []

    def test_what_only_one_row_says_is_taken_over_and_nothing_is_written_over(self):
        one = cast.person("Trần Thị Út", contact_phone="+84912345670", birth_year=1980)
        other = cast.person("Trần Thị Út", subject_name="", contact_phone="+84912345671")
        merge(one, other)
        assert (other.birth_year, other.contact_phone, other.subject) == (1980, "+84912345671", one.subject)

    def test_cards_and_rows_that_were_joined_before_come_along(self, two):
        third = cast.person("Trần Thị Út")
        officer = cast.staff("manager", cast.commune())
        actions.issue_card(person=third, by=officer, at=cast.NOW)
        merge(third, two[0])
        merge(two[0], two[1])
        third.refresh_from_db()
        assert third.merged_into == two[1]
        assert OneTimeCard.objects.get().person == two[1]
        assert audit() == []

    def test_what_somebody_sent_in_that_very_moment_follows_within_the_minute(self, two):
        course = cast.course()
        merge(*two)
        late = cast.enrolment(two[0], course)
        assert any("stayed with a person" in said for said in audit())
        assert actions.follow_merged(at=LATER) == 1
        late.refresh_from_db()
        assert late.person == two[1]
        assert (audit(), actions.follow_merged(at=LATER + timedelta(days=1))) == ([], 0)

    def test_of_two_requests_of_a_kind_the_first_goes_on_with_its_days(self, two):
        for kind, first, second in (("object", *two), ("correct", two[1], two[0])):
            rights.ask(person=first, kind=kind, at=cast.NOW)
            rights.ask(person=second, kind=kind, at=cast.NOW + timedelta(days=3))
        merge(*two)
        unsettled = DataRequest.objects.filter(state="open")
        assert set(unsettled.values_list("person", "received_at")) == {(two[1].pk, cast.NOW)}
        assert unsettled.count() == DataRequest.objects.filter(state="back", person=two[1]).count() == 2


class TestAgreements:
    def test_both_agreed_and_one_goes_on_agreeing(self, two):
        merge(*two)
        assert two[1].has_consented
        assert personal.violations() == []

    def test_what_was_taken_back_on_the_row_that_goes_is_taken_back(self, two):
        row = two[0].consents.filter(text__purpose="learning-record").get()
        actions.withdraw_consent(person=two[0], consent_id=row.pk, at=LATER)
        merge(*two, at=LATER + timedelta(hours=1))
        assert not two[1].has_consented
        assert personal.violations() == []

    def test_who_agreed_again_since_agrees(self, two):
        row = two[0].consents.filter(text__purpose="learning-record").get()
        actions.withdraw_consent(person=two[0], consent_id=row.pk, at=cast.NOW + timedelta(minutes=1))
        Consent.objects.filter(person=two[1]).update(given_at=LATER)
        merge(*two, at=LATER + timedelta(hours=1))
        assert two[1].has_consented


class TestLogIns:
    def test_the_only_one_goes_along(self):
        user, other = cast.trainee(), cast.person("Trần Thị Út")
        merge(user.person, other)
        user.refresh_from_db()
        assert (user.person, user.is_active) == (other, True)

    @pytest.mark.parametrize("keeps_first", [True, False])
    def test_of_two_the_chosen_one_stays_and_the_other_is_out(self, keeps_first):
        first, second = cast.trainee(), cast.trainee(phone="0912345679")
        browsers = [cast.client_of(one) for one in (first, second)]
        one, other = first.person, second.person
        merge(one, other, keeps_log_in_of=one if keeps_first else other)
        assert User.objects.get(person=other) == (first if keeps_first else second)
        answers = [browser.get("/tai-khoan/").status_code == 200 for browser in browsers]
        assert answers == [keeps_first, not keeps_first]
        assert User.objects.get(person=one, is_active=False) == (second if keeps_first else first)
        assert personal.violations() == []

    def test_of_two_the_one_that_lets_nobody_in_does_not_stay(self):
        off, on = cast.trainee(), cast.trainee(phone="0912345679")
        User.objects.filter(pk=off.pk).update(is_active=False)
        one, other = off.person, on.person
        merge(one, other, keeps_log_in_of=one)
        assert User.objects.get(person=other) == on
        assert User.objects.get(person=other).is_active
        assert personal.violations() == []

    def test_the_number_that_is_out_is_no_other_person_s_to_log_in_with_and_may_be_given_back(self):
        first, second = cast.trainee(), cast.trainee(phone="0912345679")
        merge(first.person, second.person)
        officer = cast.staff("manager", cast.commune())
        newcomer = actions.register_for(
            form_token=uuid4(), name="Chim Mới", birth_year=None, place=cast.commune(), kind="official", phone=first.phone,
            consents=cast.texts(), how="paper", by=officer, at=LATER,
        )  # fmt: skip
        assert newcomer.contact_phone == first.phone
        assert not User.objects.filter(person=newcomer).exists()
        change = actions.request_phone_change(
            name="Trần Thị Út", place=cast.commune(), old_phone=second.phone, new_phone=first.phone, at=LATER
        )
        person = Person.objects.get(pk=second.person_id)
        actions.decide_phone_change(
            change=change, by=officer, is_confirmed=True, person=person, reason="Mất SIM", at=LATER
        )
        user = User.objects.get(phone=first.phone)
        assert (user.person, user.is_active) == (person, True)
        assert personal.violations() == []

    def test_a_colleagues_is_never_switched_off(self):
        colleague, other = cast.staff("organiser", cast.province()), cast.trainee()
        one = cast.person("Trần Thị Út", user=colleague)
        with pytest.raises(Refusal, match="là của cán bộ"):
            merge(one, other.person)
        merge(one, other.person, keeps_log_in_of=one)
        assert User.objects.get(person=other.person) == colleague


class TestRefusals:
    def test_again_changes_nothing_and_otherwise_is_refused(self, two):
        third = cast.person("Trần Thị Út")
        merge(*two)
        assert merge(*two) == two[1]
        assert ModelLogEntry.objects.filter(action="accounts.people_merged").count() == 1
        for pair in ((two[1], two[0]), (two[0], third), (third, two[0])):
            with pytest.raises(Refusal, match="vừa được gộp"):
                merge(*pair)

    def test_neither_with_oneself_nor_without_a_reason_nor_about_oneself(self, two):
        with pytest.raises(Refusal, match="cùng một hồ sơ"):
            merge(two[0], two[0])
        with pytest.raises(Refusal, match="chưa có lý do"):
            merge(*two, reason=" ")
        by = cast.staff("manager", cast.commune())
        by.person = two[1]
        by.save()
        with pytest.raises(Refusal, match="của chính anh/chị"):
            merge(*two, by=by)
        assert not Person.objects.exclude(merged_into=None).exists()

    def test_nobody_whose_data_were_erased(self, two):
        erase_person(person=two[1], by=None, at=cast.NOW)
        for pair in (two, (two[1], two[0])):
            with pytest.raises(Refusal, match="vừa được xóa"):
                merge(*pair)

    def test_the_log_names_nobody(self, two):
        merge(*two)
        (entry,) = ModelLogEntry.objects.filter(action="accounts.people_merged")
        assert entry.data["merged"] == two[0].pk
        assert "Út" not in f"{entry.label}{entry.data}"


def test_the_audit_finds_a_row_that_still_has_a_log_in(two):
    merge(*two)
    assert personal.violations() == []
    user = cast.trainee("Lê Văn Bé")
    User.objects.filter(pk=user.pk).update(person=two[0])
    assert [f"person {two[0].pk} was joined" in said for said in personal.violations()] == [True]

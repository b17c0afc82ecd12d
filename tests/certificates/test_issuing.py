"""Numbers without gaps, one paper a person and course, and a mark that a demo cannot take off."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F
from hypothesis import given
from hypothesis import strategies as st

from accounts import actions as people
from certificates import actions, rules
from certificates.models import Award, Counter, Credential, Issuer
from courses import actions as course_actions
from lib.refusals import Refusal
from tests import cast
from tests.racing import at_once, overlapping, without_locks


@pytest.fixture
def course(db):
    course = cast.course(lessons=1)
    cast.award(course)
    return course


def finished(course, number: int):
    enrolment = cast.enrolment(cast.trainee(f"Người học {number}", f"09123456{number:02}").person, course)
    cast.finish(enrolment)
    return enrolment


def numbers() -> list[int]:
    return sorted(Credential.objects.values_list("sequence", flat=True))


def test_finishing_issues_one_certificate_with_what_is_printed(course, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        finished(course, 1)
    credential = Credential.objects.get()
    assert credential.number == "0001/GCN-MẪU"
    assert credential.evidence["name"] == "Người học 1"
    assert credential.evidence["course"] == "Kể chuyện"
    assert credential.evidence["address_line"] == "Xã Phan Ngọc Hiển, tỉnh Cà Mau"
    assert credential.evidence["issue_date"] == "Cà Mau, ngày 24 tháng 11 năm 2026".removeprefix("Cà Mau, ")


def test_a_second_call_gives_the_same_certificate(course):
    enrolment = finished(course, 1)
    first = actions.issue(enrolment_id=enrolment.pk, at=cast.NOW)
    assert actions.issue(enrolment_id=enrolment.pk, at=cast.NOW) == first
    assert numbers() == [1]


def test_an_unfinished_course_earns_none(course):
    enrolment = cast.enrolment(cast.trainee().person, course)
    assert actions.issue(enrolment_id=enrolment.pk, at=cast.NOW) is None


def test_a_course_without_an_award_earns_none(db):
    enrolment = finished(cast.course(lessons=1), 1)
    assert actions.issue(enrolment_id=enrolment.pk, at=cast.NOW) is None


def test_a_course_that_awards_none_any_more_earns_none(course):
    enrolment = finished(course, 1)
    Award.objects.update(is_active=False)
    assert actions.issue(enrolment_id=enrolment.pk, at=cast.NOW) is None
    assert actions.issue_missing(at=cast.NOW) == 0
    Award.objects.update(is_active=True)
    assert actions.issue_missing(at=cast.NOW) == 1


def test_what_is_printed_stays_when_the_person_changes(course):
    enrolment = finished(course, 1)
    credential = actions.issue(enrolment_id=enrolment.pk, at=cast.NOW)
    enrolment.person.name = "Tên Khác"
    enrolment.person.save()
    credential.refresh_from_db()
    assert credential.evidence["name"] == "Người học 1"


class PowerCutError(Exception):
    """Before what was written is committed."""


def test_a_number_of_a_rolled_back_issue_is_given_again(course):
    one, two = finished(course, 1), finished(course, 2)

    def power_cut():
        with transaction.atomic():
            actions.issue(enrolment_id=one.pk, at=cast.NOW)
            raise PowerCutError

    with pytest.raises(PowerCutError):
        power_cut()
    actions.issue(enrolment_id=two.pk, at=cast.NOW)
    assert numbers() == [1]


def test_each_year_begins_at_one(course):
    one, two = finished(course, 1), finished(course, 2)
    actions.issue(enrolment_id=one.pk, at=cast.NOW)
    actions.issue(enrolment_id=two.pk, at=cast.NOW + timedelta(days=365))
    assert list(Credential.objects.order_by("year").values_list("year", "sequence")) == [(2026, 1), (2027, 1)]


def test_new_year_is_the_one_of_vietnam(course):
    enrolment = finished(course, 1)
    evening_in_utc = cast.NOW.replace(month=12, day=31, hour=18)
    assert actions.issue(enrolment_id=enrolment.pk, at=evening_in_utc).year == 2027


def test_the_job_issues_what_a_crash_left_out(course):
    finished(course, 1)
    assert actions.issue_missing(at=cast.NOW) == 1
    assert actions.issue_missing(at=cast.NOW) == 0


def test_a_demo_refuses_an_issuer_without_the_specimen_mark(course, settings):
    enrolment = finished(course, 1)
    Issuer.objects.update(is_specimen=False)
    with pytest.raises(Refusal, match="BẢN MẪU"):
        actions.issue(enrolment_id=enrolment.pk, at=cast.NOW)
    settings.DEMO = False
    assert not actions.issue(enrolment_id=enrolment.pk, at=cast.NOW).is_specimen


def test_a_revoked_certificate_is_not_issued_again_by_itself(course):
    enrolment = finished(course, 1)
    credential = actions.issue(enrolment_id=enrolment.pk, at=cast.NOW)
    actions.revoke(credential=credential, reason="Cấp nhầm người", by=None, at=cast.NOW + timedelta(days=2))
    assert actions.issue(enrolment_id=enrolment.pk, at=cast.NOW) is None
    assert actions.issue_missing(at=cast.NOW) == 0


def test_revoking_needs_a_reason_and_happens_once(course):
    credential = actions.issue(enrolment_id=finished(course, 1).pk, at=cast.NOW)
    with pytest.raises(Refusal, match="lý do"):
        actions.revoke(credential=credential, reason=" ", by=None, at=cast.NOW)
    assert actions.revoke(credential=credential, reason="Cấp nhầm", by=None, at=cast.NOW)
    assert not actions.revoke(credential=credential, reason="Lý do khác", by=None, at=cast.NOW)
    credential.refresh_from_db()
    assert credential.status_reason == "Cấp nhầm"


@pytest.mark.parametrize("pattern", ["", "GCN", "{year}", "{seq}/{day}", "{seq", "{seq}}"])
def test_a_pattern_that_would_repeat_numbers_is_refused(pattern):
    with pytest.raises(ValueError, match=r"."):
        rules.format_number(pattern, seq=1, year=2026, code="VP")


@given(st.integers(1, 10**7), st.integers(1, 10**7))
def test_two_sequences_never_print_the_same_number(one, two):
    printed = [rules.format_number("{seq}/{year}/{code}", seq=n, year=2026, code="VP") for n in (one, two)]
    assert (printed[0] == printed[1]) == (one == two)


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
def test_fifty_at_once_for_twenty_people_leave_no_gap_though_a_third_is_rolled_back():
    """C1: each of the twenty is issued two or three times at once; of fifty workers fifteen lose the power before they commit."""
    course, people = cast.course(lessons=1), 20
    cast.award(course)
    enrolments = [finished(course, number) for number in range(people)]
    Credential.objects.all().delete()
    Counter.objects.all().delete()

    def worker(number):
        def issue():
            with transaction.atomic():
                actions.issue(enrolment_id=enrolments[number % people].pk, at=cast.NOW)
                if number % 10 < 3:
                    raise PowerCutError

        return issue

    results = at_once(*map(worker, range(50)))
    cut = [result for result in results if isinstance(result, PowerCutError)]
    assert (len(cut), [result for result in results if result is not None and result not in cut]) == (15, [])
    assert numbers() == list(range(1, Credential.objects.count() + 1))

    at_once(
        *map(worker, (number for number in range(50) if number % 10 >= 3))
    )  # once more, and those whom only a rolled back one had
    actions.issue_missing(at=cast.NOW)
    assert numbers() == list(range(1, people + 1))
    assert Credential.objects.values("enrolment").distinct().count() == people


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
def test_without_the_lock_two_workers_would_take_the_same_number():
    """The control: a counter that is read, then written, collides on the constraint."""
    import threading

    course = cast.course(lessons=1)
    award, meet = cast.award(course), threading.Barrier(2)
    enrolments = [finished(course, number) for number in range(2)]
    Credential.objects.all().delete()
    Counter.objects.update(last=0)

    def careless(enrolment):
        def issue():
            with transaction.atomic():
                last = Counter.objects.get(issuer=award.issuer).last
                meet.wait(10)
                Counter.objects.update(last=F("last") + 1)
                Credential.objects.create(
                    code=f"X{enrolment.pk}", issuer=award.issuer, year=2026, sequence=last + 1, number="1",
                    person=enrolment.person, enrolment=enrolment, award=award, issued_at=cast.NOW, evidence={},
                )  # fmt: skip

        return issue

    results = at_once(*[careless(enrolment) for enrolment in enrolments])
    assert sum(isinstance(result, IntegrityError) for result in results) == 1


def test_a_paper_keeps_its_design_when_the_course_takes_another(course):
    credential = actions.issue(enrolment_id=finished(course, 1).pk, at=cast.NOW)
    before = credential.design
    course.award.design = "warm" if before == "formal" else "formal"
    course.award.save()
    credential.refresh_from_db()
    assert credential.design == before
    assert actions.issue(enrolment_id=finished(course, 2).pk, at=cast.NOW).design == course.award.design


@pytest.fixture
def earned():
    """A finished course whose certificate is not issued yet."""
    course = cast.course(lessons=1)
    cast.award(course)
    enrolment = finished(course, 1)
    Credential.objects.all().delete()
    return enrolment


def issued_while_taken_back(enrolment) -> str:
    """An officer takes the lesson back while the certificate is being issued; what became of the paper."""
    by, lesson = cast.staff("manager"), enrolment.course.activities.get()
    overlapping(
        lambda: actions.issue(enrolment_id=enrolment.pk, at=cast.NOW),
        lambda: course_actions.reopen_enrolment(
            enrolment=enrolment, activity=lesson, by=by, reason="Nhầm", at=cast.NOW
        ),
    )
    return Credential.objects.get().status


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
def test_a_certificate_that_is_issued_while_the_lesson_is_taken_back_is_revoked(earned):
    assert issued_while_taken_back(earned) == "revoked"


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
def test_without_the_lock_it_would_stay_valid_for_an_unfinished_course(earned, monkeypatch):
    """The control: who revokes does not see what is not committed yet."""
    without_locks(monkeypatch)
    assert issued_while_taken_back(earned) == "valid"


def corrected(enrolment):
    """People put their own name right."""
    person = enrolment.person
    by = person.user
    return lambda: people.correct_own_name(person=person, name="Trần Thị Út Nhỏ", by=by)


def issued(enrolment):
    return lambda: actions.issue(enrolment_id=enrolment.pk, at=cast.NOW)


def names(enrolment) -> tuple[str, str]:
    """On the paper, and of the person."""
    enrolment.person.refresh_from_db()
    return Credential.objects.get().evidence["name"], enrolment.person.name


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
def test_a_name_is_not_corrected_by_oneself_while_it_is_printed(earned):
    _paper, refusal = overlapping(issued(earned), corrected(earned))
    assert isinstance(refusal, Refusal)
    assert names(earned) == ("Người học 1", "Người học 1")


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
def test_a_paper_waits_for_a_name_that_is_being_corrected(earned):
    overlapping(corrected(earned), issued(earned))
    assert names(earned) == ("Trần Thị Út Nhỏ", "Trần Thị Út Nhỏ")


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
@pytest.mark.parametrize("order", [(issued, corrected), (corrected, issued)])
def test_without_the_lock_the_paper_would_bear_the_old_name(earned, order, monkeypatch):
    """The control: each sees nothing of the other."""
    without_locks(monkeypatch)
    overlapping(*[call(earned) for call in order])
    assert names(earned) == ("Người học 1", "Trần Thị Út Nhỏ")


@pytest.mark.parametrize(
    ("last", "said", "short"),
    [
        (date(2026, 11, 26), "ngày 26/11/2026", "26/11/2026"),
        (date(2026, 11, 27), "từ ngày 26/11/2026 đến ngày 27/11/2026", "26/11/2026 – 27/11/2026"),
    ],
)
def test_a_course_of_one_day_is_printed_as_one_day(last, said, short):
    assert (rules.period(date(2026, 11, 26), last), rules.period_short(date(2026, 11, 26), last)) == (said, short)

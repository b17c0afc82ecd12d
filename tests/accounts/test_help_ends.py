"""A helped session ends at the next request after what it was opened with is gone: the officer's role, the agreement, the place."""

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from accounts import actions, helping
from accounts.models import Help, User
from courses.models import Completion
from tests import cast

pytestmark = pytest.mark.django_db
ASKED, OWN = "/quan-tri/nguoi/{}/giup/", "/tai-khoan/"
SAID = "Lần giúp học này đã kết thúc"


@pytest.fixture
def officer():
    return cast.staff("manager", cast.commune())


@pytest.fixture
def learner():
    return cast.person("Bác Năm")


@pytest.fixture
def phone(officer, learner):
    """The officer's, in the learner's name."""
    phone = cast.client_of(officer)
    phone.post(ASKED.format(learner.pk), {"where": "here", "help": "on"})
    assert phone.get(OWN).status_code == 200
    return phone


def dismiss(officer, learner):
    actions.end_role(assignment=officer.roles.get(), by=None, reason="Chuyển việc", at=timezone.now())


def switch_off(officer, learner):
    User.objects.filter(pk=officer.pk).update(is_active=False)


def withdraw(purpose):
    def withdrawn(officer, learner):
        row = learner.consents.get(text__purpose=purpose, withdrawn_at=None)
        actions.withdraw_consent(person=learner, consent_id=row.pk, at=timezone.now())

    return withdrawn


def move_away(officer, learner):
    today = timezone.localdate()
    place = cast.commune("Đất Mũi")
    actions.write_move(person=learner, place=place, moves_on=today, by=officer, reason="Về quê", at=timezone.now())


def forget(officer, learner):
    Help.objects.all().delete()


@pytest.mark.parametrize(
    "happens",
    [dismiss, switch_off, withdraw("help"), withdraw("learning-record"), move_away, forget],
    ids=["dismissed", "switched off", "help withdrawn", "record withdrawn", "moved", "row gone"],
)
def test_it_ends_is_told_and_the_officers_session_goes_with_it(phone, officer, learner, happens):
    waiting = phone.session[helping.HELPED]["waiting"]
    happens(officer, learner)
    answer = phone.get(OWN, follow=True)
    assert answer.request["PATH_INFO"] != OWN
    assert SAID in answer.text
    assert "Những gì đã lưu vẫn còn" in answer.text
    assert helping.HELPED not in phone.session
    assert helping.officer_waiting(waiting) is None
    assert not Help.objects.filter(ended_at=None).exists()


def test_what_was_saved_stays_and_what_is_sent_afterwards_is_not_recorded(phone, officer, learner):
    first, second = cast.course(lessons=2).activities.filter(kind="lesson")
    enrolment = cast.enrolment(learner, first.course)
    phone.post(reverse("courses:complete", args=[first.translation_key]))
    dismiss(officer, learner)
    answer = phone.post(reverse("courses:complete", args=[second.translation_key]))
    assert answer.status_code == 302
    done = Completion.objects.get(enrolment=enrolment)
    assert (done.activity, done.source) == (first, "helped")


def test_on_another_phone_too(officer, learner):
    page = cast.client_of(officer).post(ASKED.format(learner.pk), {"where": "elsewhere", "help": "on"})
    other = Client()
    other.post("/tai-khoan/phieu-ma/", {"code": page.context["code"]})
    assert other.get(OWN).status_code == 200
    dismiss(officer, learner)
    assert SAID in other.get(OWN, follow=True).text


@pytest.mark.parametrize("place", [cast.province, lambda: None], ids=["province", "country"])
def test_an_officer_whose_place_holds_the_new_one_goes_on(learner, place):
    officer = cast.staff("manager", place())
    phone = cast.client_of(officer)
    phone.post(ASKED.format(learner.pk), {"where": "here", "help": "on"})
    move_away(officer, learner)
    assert phone.get(OWN).status_code == 200


def test_administrators_help_everywhere_until_they_are_none(learner):
    officer = cast.staff("administrator")
    phone = cast.client_of(officer)
    phone.post(ASKED.format(learner.pk), {"where": "here", "help": "on"})
    assert phone.get(OWN).status_code == 200
    dismiss(officer, learner)
    assert phone.get(OWN).status_code == 302


def test_no_other_session_is_asked(django_assert_num_queries):
    request = RequestFactory().get("/")
    request.session = {}
    with django_assert_num_queries(0):
        assert helping.why_over(request) == ""

"""What somebody tried who wished us ill, or who just typed something odd."""

import pytest
from django.test import Client
from wagtail.models import ModelLogEntry

from accounts import actions
from accounts.rules import looks_like_a_name
from courses.models import Completion
from lib.refusals import Refusal
from quizzes.models import Attempt
from tests import cast

pytestmark = pytest.mark.django_db


def log_in(phone, secret, **extra):
    return Client().post("/tai-khoan/dang-nhap/", {"login": phone, "password": secret}, **extra)


def test_wrong_pins_lock_the_number_that_they_were_tried_on_and_no_other():
    cast.trainee(phone="0912345678")
    cast.trainee("Lê Thị Ba", "0987111222")
    for _try in range(6):
        log_in("0912345678", "999999")
    assert log_in("0912345678", cast.PIN).status_code == 200, "locked, even with the right PIN"
    assert log_in("0912345678", cast.PIN, HTTP_HOST="localhost:9100").status_code == 200, "whatever the Host says"
    assert log_in("0987111222", cast.PIN).status_code == 302


def test_a_withdrawal_in_the_middle_of_an_attempt_stops_the_record_at_once():
    page = cast.course_page()
    cast.quiz(page)
    user = cast.trainee()
    cast.enrolment(user.person, cast.row_of(page))
    client = cast.client_of(user)
    client.post(f"/kiem-tra/{cast.row_of(page).activities.get().translation_key}/bat-dau/")
    attempt = Attempt.objects.get()
    actions.withdraw_consent(
        person=user.person, consent_id=user.person.consents.get(text__purpose="learning-record").pk, at=cast.NOW
    )
    client = cast.client_of(user)
    for address in (f"/kiem-tra/luot/{attempt.pk}/cau/1/", f"/kiem-tra/luot/{attempt.pk}/nop/"):
        assert "/tai-khoan/dong-y/" in client.post(address, {"answer": "a", "revision": "0"}).url
    assert not Completion.objects.exists()


def test_the_audit_log_that_all_staff_may_read_holds_no_names():
    officer, person = cast.staff("manager"), cast.person("Trần Thị Bí Mật")
    actions.issue_card(person=person, by=officer, at=cast.NOW)
    assert ModelLogEntry.objects.get(action="accounts.card_issued").label == f"người {person.pk}"
    other = cast.client_of(cast.staff("manager", cast.province("An Giang"), phone="0900111333"))
    assert "Bí Mật" not in other.get("/quan-tri/reports/site-history/").text


def test_a_number_of_staff_is_not_given_away():
    user, officer = cast.trainee(phone="0912345678"), cast.staff("manager", cast.commune(), phone="0900111222")
    change = actions.request_phone_change(
        name="Út", place=cast.commune(), old_phone=user.phone, new_phone="+84900111222", at=cast.NOW
    )
    with pytest.raises(Refusal, match="người khác"):
        actions.decide_phone_change(
            change=change, by=officer, is_confirmed=True, person=user.person, reason="x", at=cast.NOW
        )


@pytest.mark.parametrize("typed", ["Mã", "²²", "中文", "ABCD EFGH"])
def test_odd_codes_are_unknown_codes(typed):
    assert Client().get("/c/", {"ma": typed}, follow=True).status_code == 404


def test_a_next_that_is_no_address_of_ours_does_not_break():
    client = cast.client_of(cast.trainee())
    for path in ("/tai-khoan/dien-thoai/", "/tai-khoan/ho-so/", "/tai-khoan/dong-y/"):
        assert client.get(path, {"next": "abc"}).status_code in (200, 302)


def test_very_long_and_odd_queries_find_nothing_and_break_nothing():
    long = "xã " * 3000
    assert Client().get("/tai-khoan/noi-o/tim/", {"q": long}).json() == {"places": [], "has_more": False}
    officer = cast.client_of(cast.staff("manager", cast.province()))
    assert officer.get("/quan-tri/person/", {"q": long}).status_code == 200
    assert officer.get("/quan-tri/tien-do/", {"dia-ban": "²"}).status_code == 404
    client = cast.client_of(actions.user_for_phone(phone="+84912345678", at=cast.NOW))
    assert client.post("/tai-khoan/ho-so/noi-o/", {"q": long, "search": "1"}).status_code == 200


def test_a_name_that_grows_when_folded_is_refused():
    assert not looks_like_a_name("ß" * 100)
    assert looks_like_a_name("Nguyễn Thị " + "Ơ" * 80)


def test_a_trainee_at_the_door_of_the_admin_reads_why_and_is_not_sent_around():
    client = cast.client_of(cast.trainee())
    answer = client.get("/quan-tri/")
    assert answer.status_code == 403
    assert "cần mật khẩu" in answer.text


def test_an_editor_sends_a_page_for_approval_without_anybody_having_an_e_mail_address():
    page = cast.course_page()
    client = cast.client_of(cast.staff("editor"))
    form = {
        "title": "Kể chuyện hay", "slug": page.slug, "summary": "", "topic": page.topic_id, "intro": "null",
        "officer_box": "null", "is_sequential": "on", "outcomes-count": "0", "action-submit": "1",
        "comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0",
    }  # fmt: skip
    answer = client.post(f"/quan-tri/pages/{page.pk}/edit/", form)
    assert answer.status_code == 302
    assert page.workflow_states.count() == 1

"""An officer mistypes one digit: the account must not open for the stranger whose number that is."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import ModelLogEntry

from accounts import actions
from accounts.models import Person, User
from demo.models import PhoneMessage
from tests import cast

from .test_officers_register_people import REGISTER, form

pytestmark = pytest.mark.django_db
START, CODE, WHOSE = "/tai-khoan/dien-thoai/", "/tai-khoan/ma/", "/tai-khoan/cua-ai/"
NUMBER = "+84912000888"


@pytest.fixture
def person():
    """Written down by an officer, with a number that nobody has proved yet."""
    user = actions.user_for_phone(phone=NUMBER, at=timezone.now())
    return cast.person("Trần Thị Số", user=user)


@pytest.fixture
def holder(person, django_capture_on_commit_callbacks):
    """Whoever holds that phone, after typing the right code."""
    client = Client()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(START, {"phone": NUMBER, "next": "/khoa-hoc/"})
    code = re.search(r"\d{6}", PhoneMessage.objects.latest("pk").body)[0]
    client.proof = {"code": code, "action": "verify", "next": "/khoa-hoc/"}
    client.answer = client.post(CODE, client.proof)
    return client


def answer_of(client, answer):
    """As the page's form sends it."""
    page = client.get(WHOSE).text
    return {"answer": answer, "proof": re.search(r'name="proof" value="(\w+)"', page)[1]}


def is_in(client):
    return "_auth_user_id" in client.session


def test_nobody_is_in_before_they_say_whose_the_number_is(holder, person):
    assert holder.answer.url.startswith(WHOSE)
    assert not is_in(holder)
    page = holder.get(holder.answer.url).text
    assert "Trần Thị Số" in page
    assert "Xã Phan Ngọc Hiển, tỉnh Cà Mau" in page
    assert "1975" not in page


def test_the_person_says_so_once_and_goes_where_they_wanted_to(holder, person):
    assert holder.post(WHOSE, {"answer": "own", "next": "/khoa-hoc/"}).url == "/khoa-hoc/"
    assert is_in(holder)
    assert User.objects.get(person=person).phone_verified_at


def test_whoever_was_in_before_the_number_was_proved_is_out_and_their_pin_opens_nothing(holder, person):
    user = User.objects.get(person=person)
    actions.set_pin(user=user, pin=cast.PIN)
    before = cast.client_of(user)
    assert before.get("/tai-khoan/").status_code == 200
    entered = holder.post(WHOSE, {"answer": "own", "next": "/tai-khoan/"}, follow=True)
    assert "mã PIN đặt trước đây không dùng nữa" in entered.text
    assert before.get("/tai-khoan/").status_code == 302
    other = Client()
    other.post("/tai-khoan/dang-nhap/", {"login": NUMBER, "password": cast.PIN})
    assert not is_in(other)


def test_who_had_no_pin_reads_nothing_of_one(holder, person):
    entered = holder.post(WHOSE, {"answer": "own", "next": "/tai-khoan/"}, follow=True)
    assert "mã PIN đặt trước đây" not in entered.text


def test_a_proved_number_is_not_asked_about(person, django_capture_on_commit_callbacks):
    User.objects.filter(person=person).update(phone_verified_at=cast.NOW)
    client = Client()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(START, {"phone": NUMBER})
    code = re.search(r"\d{6}", PhoneMessage.objects.latest("pk").body)[0]
    client.post(CODE, {"code": code, "action": "verify"})
    assert is_in(client)


def test_a_stranger_gets_an_account_of_their_own_and_the_person_loses_nothing_but_the_number(holder, person):
    holder.post(WHOSE, {"answer": "other"})
    stranger = User.objects.get(phone=NUMBER)
    assert holder.session["_auth_user_id"] == str(stranger.pk)
    assert stranger.person is None
    assert stranger.phone_verified_at
    assert "Trần Thị Số" not in holder.get("/tai-khoan/ho-so/", follow=True).text
    person.refresh_from_db()
    assert (person.user.phone, person.contact_phone) == (None, "")
    assert ModelLogEntry.objects.filter(action="accounts.number_not_theirs", object_id=person.pk).exists()
    officer = cast.client_of(cast.staff("manager", cast.commune()))
    page = officer.get(f"/quan-tri/person/inspect/{person.pk}/").text
    assert "Chưa có số đăng nhập" in page
    assert "cho biết mình không phải học viên này" in page


def test_neither_answer_is_asked_again(holder):
    answer = holder.post(WHOSE, {"answer": "maybe"})
    assert answer.status_code == 422
    assert "Hãy bấm một trong các nút" in answer.text
    assert not is_in(holder)


def test_a_second_tap_on_the_code_leads_to_the_question_and_not_past_it(holder):
    assert holder.post(CODE, holder.proof).url.startswith(WHOSE)
    assert not is_in(holder)


def answered_twice(user, *answers):
    """What two windows that were opened before either was answered come to."""
    for answer in answers:
        answer(user=user, at=timezone.now())
    person = user.person
    person.refresh_from_db()
    return User.objects.get(person=person)


def test_the_first_of_two_answers_counts(person):
    mine = User.objects.get(person=person)
    kept = answered_twice(mine, actions.confirm_number, actions.part_from_person)
    assert (kept.phone, bool(kept.phone_verified_at)) == (NUMBER, True)
    User.objects.filter(person=person).update(phone_verified_at=None)
    parted = answered_twice(mine, actions.part_from_person, actions.confirm_number)
    assert (parted.phone, parted.phone_verified_at) == (None, None)


def test_the_second_of_two_windows_reads_that_it_was_answered(holder, person):
    kept = holder.session["proven"]
    holder.post(WHOSE, {"answer": "other"})
    other = Client()
    session = other.session
    session["proven"] = kept
    session.save()
    assert "đã trả lời ở trang khác" in other.post(WHOSE, {"answer": "own"}, follow=True).text
    assert not is_in(other)


@pytest.mark.parametrize("answer", ["own", "other"])
def test_a_second_tap_or_a_try_after_a_lost_answer_comes_in_as_well(holder, answer):
    sent = answer_of(holder, answer)
    before = {name: morsel.value for name, morsel in holder.cookies.items()}
    holder.post(WHOSE, sent)
    again = Client()
    again.cookies.load(before)
    again.post(WHOSE, sent)
    assert again.session["_auth_user_id"] == holder.session["_auth_user_id"]


@pytest.mark.parametrize("missing", ["csrftoken", "sessionid", "proof"])
def test_whoever_saw_a_part_of_it_does_not_come_in_by_that(holder, missing):
    sent = answer_of(holder, "own")
    before = {name: morsel.value for name, morsel in holder.cookies.items() if name != missing}
    holder.post(WHOSE, sent)
    onlooker = Client()
    onlooker.cookies.load(before)
    onlooker.post(WHOSE, {name: value for name, value in sent.items() if name != missing})
    assert not is_in(onlooker)


def test_later_puts_the_proof_away(holder, person):
    assert holder.post(WHOSE, {"answer": "later"}).url == "/"
    assert holder.get(WHOSE).url == START
    assert User.objects.get(person=person).phone_verified_at is None


def test_a_code_that_went_to_the_number_before_opens_nothing(person, django_capture_on_commit_callbacks):
    """An officer gives another number while the old one's code is under way."""
    client = Client()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(START, {"phone": NUMBER})
    code = re.search(r"\d{6}", PhoneMessage.objects.latest("pk").body)[0]
    User.objects.filter(person=person).update(phone="+84987000222")
    told = client.post(CODE, {"code": code, "action": "verify"}, follow=True).text
    assert "không còn là số đăng nhập" in told
    assert not is_in(client)
    assert "proven" not in client.session


def test_whoever_answers_after_the_officer_wrote_another_number_down_is_not_in(holder, person):
    answer = answer_of(holder, "own")
    User.objects.filter(person=person).update(phone="+84987000222")
    told = holder.post(WHOSE, answer, follow=True).text
    assert "vừa được cán bộ đổi" in told
    assert not is_in(holder)


def test_a_second_code_does_not_undo_that_it_is_somebody_else(holder, person, django_capture_on_commit_callbacks):
    other = Client()
    with django_capture_on_commit_callbacks(execute=True):
        other.post(START, {"phone": NUMBER})
    code = re.search(r"\d{6}", PhoneMessage.objects.latest("pk").body)[0]
    holder.post(WHOSE, {"answer": "other"})
    other.post(CODE, {"code": code, "action": "verify"})
    other.post(WHOSE, {"answer": "own"})
    assert not is_in(other)
    assert User.objects.get(person=person).phone_verified_at is None


def test_a_log_in_without_a_number_is_never_confirmed(person):
    user = User.objects.get(person=person)
    user.phone = None
    user.save()
    assert not actions.confirm_number(user=user, at=timezone.now())
    assert actions.part_from_person(user=user, at=timezone.now()) is None


def test_a_colleague_whose_role_begins_later_keeps_log_in_and_password():
    tomorrow = timezone.localdate() + timedelta(days=1)
    cast.staff("manager", cast.commune())
    colleague = actions.create_staff(
        phone=NUMBER, name="Lê Thị Mai", password=cast.PASSWORD, roles=[], by=None, at=cast.NOW
    )
    actions.grant_role(
        user=colleague,
        role="manager",
        place=cast.commune(),
        valid_from=tomorrow,
        valid_until=None,
        by=None,
        at=cast.NOW,
    )
    officer = cast.client_of(cast.staff("manager", cast.commune(), phone="0987654333"))
    officer.post(REGISTER, form(phone=NUMBER))
    colleague.refresh_from_db()
    assert colleague.person is None
    assert colleague.check_password(cast.PASSWORD)


def test_a_number_to_call_that_is_another_one_is_kept(person):
    person.contact_phone = "+84987000999"
    person.save()
    actions.part_from_person(user=User.objects.get(person=person), at=timezone.now())
    person.refresh_from_db()
    assert person.contact_phone == "+84987000999"


def test_the_number_of_a_colleague_is_not_taken_away(holder, person):
    user = User.objects.get(person=person)
    user.is_staff = True
    user.set_password("mat-khau-rat-dai-123")
    user.save()
    answer = holder.post(WHOSE, {"answer": "other"})
    assert "tài khoản cán bộ" in answer.text
    assert not is_in(holder)
    user.refresh_from_db()
    assert user.phone == NUMBER


def test_whoever_logs_in_next_on_the_same_device_is_not_asked(holder, person):
    somebody = cast.trainee("Lê Thị Khác", "0987654000")
    holder.post("/tai-khoan/dang-nhap/", {"login": somebody.phone, "password": cast.PIN})
    assert is_in(holder)
    assert holder.get(WHOSE).status_code == 302
    assert holder.post(WHOSE, {"answer": "own"}).status_code == 302
    assert holder.session["_auth_user_id"] == str(somebody.pk)


def test_another_number_asked_for_meanwhile_forgets_the_first(holder):
    holder.post(START, {"phone": "0987000111"})
    assert "proven" not in holder.session


def test_an_account_out_of_use_is_told_so(person, django_capture_on_commit_callbacks):
    client = Client()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(START, {"phone": NUMBER})
    User.objects.filter(person=person).update(is_active=False)
    code = re.search(r"\d{6}", PhoneMessage.objects.latest("pk").body)[0]
    assert "đã ngừng dùng" in client.post(CODE, {"code": code, "action": "verify"}, follow=True).text


class TestOfficerWritesDownANumberThatSomebodyHasProved:
    """Its holder stopped at the profile, or has just said "Không phải tôi": the new person is no more theirs than before."""

    def written_down(self):
        officer = cast.client_of(cast.staff("manager", cast.commune()))
        officer.post(REGISTER, form(phone=NUMBER))
        return Person.objects.get(name="Danh Sà Mây")

    def test_who_is_in_with_it_is_out_and_the_next_code_asks(self):
        user = actions.user_for_phone(phone=NUMBER, at=timezone.now())
        actions.confirm_number(user=user, at=timezone.now())
        actions.set_pin(user=user, pin="975310")
        stranger = cast.client_of(User.objects.get(pk=user.pk))
        assert self.written_down().user == user
        assert stranger.get("/tai-khoan/").status_code == 302
        user.refresh_from_db()
        assert (user.phone_verified_at, user.has_pin, user.has_usable_password()) == (None, False, False)

    def test_whoever_said_not_me_is_not_the_next_one_either(self, holder):
        holder.post(WHOSE, {"answer": "other"})
        assert self.written_down().user.phone == NUMBER
        assert holder.get("/tai-khoan/").status_code == 302


def test_without_a_code_there_is_no_question(person):
    assert Client().get(WHOSE).url == START
    assert Client().post(WHOSE, {"answer": "own"}).url == START


def test_the_proof_is_over_after_ten_minutes(holder):
    session = holder.session
    session["proven"] = session["proven"] | {"at": session["proven"]["at"] - 601}
    session.save()
    assert holder.get(WHOSE).url == START


class TestAnsweredInAnotherTab:
    """The first tab is in, and has changed the form token of both."""

    @pytest.fixture
    def late(self, holder):
        sent = answer_of(holder, "own")
        holder.post(WHOSE, sent)
        return {"answer": "other", "proof": "stale"}

    def test_whoever_is_in_does_not_read_that_they_are_not(self, holder, late):
        answer = holder.post(WHOSE, late, follow=True)
        assert answer.redirect_chain[-1][0] == "/hoc/"
        assert "Chưa vào được" not in answer.text

    def test_a_form_token_from_before_is_told_that_it_was_answered(self, holder, late):
        holder.handler.enforce_csrf_checks = True
        answer = holder.post(WHOSE, late | {"csrfmiddlewaretoken": "a" * 64})
        assert answer.status_code == 403
        assert "đã trả lời ở một trang khác" in answer.text
        assert "Trang mở đã lâu" not in answer.text
        assert 'href="/hoc/"' in answer.text

    def test_whoever_is_not_in_reads_that_the_page_is_old(self, holder):
        holder.handler.enforce_csrf_checks = True
        answer = holder.post(WHOSE, {"answer": "own", "csrfmiddlewaretoken": "a" * 64})
        assert "Trang mở đã lâu" in answer.text
        assert not is_in(holder)

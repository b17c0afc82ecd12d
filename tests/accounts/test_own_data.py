"""“Dữ liệu của tôi”: people see all that is kept of them, take it along, ask for what they may, and delete it; whoever merely holds
their phone does not."""

import json
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts import actions as accounts
from accounts.models import ERASED, DataRequest, Person, User
from accounts.rights import actions, kept
from certificates import actions as certificates
from lib import registries
from messaging.actions import enqueue
from messaging.models import Message
from tests import cast

pytestmark = pytest.mark.django_db
PAGE = "/tai-khoan/du-lieu/"
COPY, DELETE, PROVE = f"{PAGE}tai-ve/", f"{PAGE}xoa/", f"{PAGE}xac-nhan/"


@pytest.fixture
def user():
    return cast.trainee()


@pytest.fixture
def client(user):
    return cast.client_of(user)


@pytest.fixture
def proven(client):
    assert client.post(PROVE, {"secret": cast.PIN, "next": COPY}).url == COPY
    return client


class TestLooking:
    def test_every_kind_of_record_is_told_with_what_becomes_of_it(self, client, user):
        course = cast.course(lessons=1)
        cast.award(course)
        enrolment = cast.enrolment(user.person, course)
        cast.finish(enrolment)
        certificates.issue(enrolment_id=enrolment.pk, at=cast.NOW)
        page = client.get(PAGE)
        for said in (
            "Thông tin cá nhân",
            "Khóa học",
            "Giấy chứng nhận",
            "Trần Thị Út",
            "0912 345 678",
            "Kể chuyện",
            "Sổ cấp giấy",
        ):
            assert said in page.text
        assert "no-store" in page["Cache-Control"]

    def test_nothing_is_told_in_the_words_of_the_program(self, client, user):
        """Each name of a value, and each code among the values, has plain words."""
        cast.enrolment(user.person, cast.course(lessons=1))
        accounts.issue_card(person=user.person, by=cast.staff("manager", cast.commune()), at=cast.NOW)
        unsaid = [
            (kind.name, name)
            for kind in kept.kinds(user.person)
            for row in kind.rows
            for name, value in row.items()
            if name not in kind.words or str(value) in {"subject", "head", "self", "learning-record"} - set(kind.words)
        ]
        assert unsaid == []
        assert not re.search(r"learning-record|household", client.get(PAGE).text.partition("<h1>")[2])

    def test_the_ledger_tells_purpose_version_time_and_way_of_what_was_taken_back_too(self, client, user):
        row = user.person.consents.get(text__purpose="learning-record")
        accounts.withdraw_consent(person=user.person, consent_id=row.pk, at=cast.NOW + timedelta(days=1))
        page = client.get(PAGE).text
        assert "Tự đồng ý trên màn hình" in page
        assert f"bản {row.text.version}" in page
        assert re.search(r"Rút lại lúc [0-9: ]*24/11/2026", page)

    def test_whoever_has_no_account_is_led_to_the_door(self):
        assert Client().get(PAGE).url.startswith("/tai-khoan/dien-thoai/")

    def test_it_is_reached_from_the_account(self, client):
        assert f'href="{PAGE}"' in client.get("/tai-khoan/").text

    def test_every_record_that_tells_something_has_a_title(self, user):
        silent = [name for name, one in registries.person_records if not one.title]
        assert [name for name in silent if registries.person_records[name].export(user.person.pk)] == []


class TestProving:
    @pytest.mark.parametrize("there", [COPY, DELETE])
    def test_it_is_asked_for_before_copying_and_deleting(self, client, there):
        assert client.get(there).url == f"{PROVE}?next={there.replace('/', '%2F')}"
        assert client.post(there).status_code == 302
        assert not DataRequest.objects.exists()

    def test_a_wrong_pin_opens_nothing_and_is_counted(self, client):
        for _try in range(5):
            assert "chưa đúng" in client.post(PROVE, {"secret": "000000"}).text
        assert client.post(PROVE, {"secret": cast.PIN}).status_code == 429
        assert client.get(COPY).status_code == 302

    def test_it_lasts_ten_minutes(self, proven):
        assert proven.get(COPY).status_code == 200
        later = timezone.now() + timedelta(minutes=11)
        with cast.on(later):
            assert proven.get(COPY).status_code == 302

    def test_a_code_to_the_own_number_proves_it_once(self, client):
        assert "Đã gửi đến số" in client.post(PROVE, {"send": "1"}).text
        code = self.sent()
        assert "chưa đúng" in client.post(PROVE, {"code": "000000" if code != "000000" else "111111"}).text
        assert client.post(PROVE, {"code": code, "next": DELETE}).url == DELETE
        assert client.get(DELETE).status_code == 200

    def test_a_code_is_not_guessed(self, client):
        client.post(PROVE, {"send": "1"})
        code = self.sent()
        for _try in range(5):
            client.post(PROVE, {"code": "000000" if code != "000000" else "111111"})
        assert "chưa đúng" in client.post(PROVE, {"code": code}).text

    def test_a_code_that_went_to_the_number_before_is_none(self, client, user):
        client.post(PROVE, {"send": "1"})
        code = self.sent()
        User.objects.filter(pk=user.pk).update(phone="+84911222333")
        assert "chưa đúng" in client.post(PROVE, {"code": code}).text

    def sent(self):
        from demo.models import PhoneMessage

        found = PhoneMessage.objects.first() or Message.objects.filter(purpose="login-code").first()
        return re.search(r"\d{6}", found.body)[0]

    def test_who_has_no_number_proves_it_by_an_own_card_alone(self, user):
        officer = cast.staff("manager", cast.commune())
        User.objects.filter(pk=user.pk).update(phone=None, has_pin=False, password="!x")
        client = cast.client_of(User.objects.get(pk=user.pk))
        other = accounts.issue_card(person=cast.person("Lê Văn Bé"), by=officer, at=timezone.now())
        assert "phiếu của người khác" in client.post(PROVE, {"card": other}).text
        own = accounts.issue_card(person=user.person, by=officer, at=timezone.now())
        assert client.post(PROVE, {"card": own, "next": COPY}).url == COPY
        assert client.get(COPY).status_code == 200

    def test_it_leads_to_no_other_site(self, client):
        assert client.post(PROVE, {"secret": cast.PIN, "next": "https://xau.example/"}).url == PAGE


class TestTakingAlong:
    def test_a_file_to_read_and_one_for_machines_hold_everything(self, proven, user):
        cast.enrolment(user.person, cast.course(lessons=1))
        read, raw = proven.post(COPY), proven.post(COPY, {"json": "1"})
        assert read["Content-Disposition"].endswith('.html"')
        assert "no-store" in read["Cache-Control"]
        assert "no-store" in raw["Cache-Control"]
        told = json.loads(raw.content)["records"]
        assert told["accounts.Person"]["rows"][0]["name"] == "Trần Thị Út"
        assert told["courses.Enrolment.person"]["rows"][0]["course"] == "Kể chuyện"
        assert "Kể chuyện" in read.text
        assert "0912 345 678" in read.text
        assert set(told) == {name for name, one in registries.person_records if one.title}

    def test_that_it_was_given_is_noted(self, proven):
        proven.post(COPY)
        made = DataRequest.objects.get()
        assert (made.kind, made.way, made.state) == ("export", "self", "done")

    def test_of_others_nothing_is_in_it(self, proven):
        cast.trainee("Chim Hoàng Yến Canary", "0911222333")
        assert "Canary" not in proven.post(COPY).text + proven.post(COPY, {"json": "1"}).text

    def test_no_key_of_a_quiz_and_no_code_is_in_it(self, proven, user):
        from quizzes import actions as quizzes
        from quizzes.models import Quiz

        enrolment = cast.enrolment(user.person, cast.course(lessons=0, with_quiz=True))
        quizzes.start_attempt(enrolment=enrolment, quiz=Quiz.objects.get(), language="vi", at=cast.NOW)
        told = proven.post(COPY, {"json": "1"}).text
        assert "Bài kiểm tra" in told
        for secret in ("PHẢN HỒI", "GIẢI THÍCH", "Câu hỏi", "Kể thật"):
            assert secret not in told


class TestDeleting:
    def test_what_stays_and_why_is_told_before(self, proven):
        page = proven.get(DELETE).text
        for _title, why in kept.what_stays():
            assert why.replace('"', "&quot;") in page
        assert not DataRequest.objects.exists()

    def test_it_waits_some_days_and_the_number_is_told(self, proven, user):
        assert proven.post(DELETE).url == PAGE
        made = DataRequest.objects.get()
        today = timezone.localdate()
        assert (made.kind, made.state, made.erase_on) == ("delete", "running", today + timedelta(days=7))
        message = Message.objects.get(purpose="data-request")
        assert message.to == user.phone
        assert len(message.body) <= 160
        assert message.body.isascii()
        assert "Không xóa nữa" in proven.get(PAGE).text
        assert Person.objects.get().name == "Trần Thị Út"

    def test_pressed_twice_it_is_asked_once(self, client, user):
        first = actions.ask(person=user.person, kind="delete", at=cast.NOW)
        assert actions.ask(person=user.person, kind="delete", at=cast.NOW) == first
        assert Message.objects.filter(purpose="data-request").count() == 1

    def test_the_proof_is_used_up(self, proven):
        proven.post(DELETE)
        assert proven.get(COPY).status_code == 302

    def test_on_its_day_it_is_done_and_nobody_is_logged_in_any_more(self, proven, user):
        proven.post(DELETE)
        almost = timezone.now() + timedelta(days=6)
        assert actions.erase_due(at=almost) == 0
        assert actions.erase_due(at=almost + timedelta(days=1)) == 1
        assert Person.objects.get(pk=user.person_id).name == ERASED
        assert DataRequest.objects.get().state == "done"
        assert proven.get(PAGE).url.startswith("/tai-khoan/dien-thoai/")
        assert actions.erase_due(at=almost + timedelta(days=2)) == 0

    def test_what_else_was_asked_is_done_with_it_and_counts_as_answered(self, user):
        for kind in ("object", "delete"):
            actions.ask(person=user.person, kind=kind, at=cast.NOW)
        later = cast.NOW + timedelta(days=8)
        actions.erase_due(at=later)
        settled = DataRequest.objects.values_list("kind", "state", "replied_at")
        assert set(settled) == {("object", "done", later), ("delete", "done", cast.NOW)}

    def test_taken_back_nothing_happens(self, proven, user):
        proven.post(DELETE)
        proven.post(f"{PAGE}{DataRequest.objects.get().pk}/rut-lai/")
        assert actions.erase_due(at=timezone.now() + timedelta(days=30)) == 0
        assert Person.objects.get(pk=user.person_id).name == "Trần Thị Út"
        assert DataRequest.objects.get().state == "back"

    def test_one_that_fails_does_not_keep_the_others(self, user, monkeypatch):
        other = cast.trainee("Lê Văn Bé", "0911222333")
        for person in (user.person, other.person):
            actions.ask(person=person, kind="delete", at=cast.NOW)
        real = actions.erase_person

        def erase(*, person, **more):
            if person.pk == user.person_id:
                raise RuntimeError
            return real(person=person, **more)

        monkeypatch.setattr(actions, "erase_person", erase)
        assert actions.erase_due(at=cast.NOW + timedelta(days=8)) == 1
        assert DataRequest.objects.get(person=user.person).state == "running"
        assert Person.objects.get(pk=other.person_id).name == ERASED

    def test_nobody_takes_back_what_is_anothers(self, client):
        other = actions.ask(person=cast.person("Lê Văn Bé"), kind="delete", at=cast.NOW)
        assert client.post(f"{PAGE}{other.pk}/rut-lai/").status_code == 404


class TestAsking:
    @pytest.mark.parametrize(("what", "kind"), [("sua", "correct"), ("han-che", "restrict"), ("phan-doi", "object")])
    def test_a_request_has_its_days(self, client, what, kind):
        answer = client.post(f"{PAGE}yeu-cau/{what}/", {"note": "Đừng gọi buổi trưa"}, follow=True).text
        made = DataRequest.objects.get()
        assert (made.kind, made.way, made.state, made.note) == (kind, "self", "open", "Đừng gọi buổi trưa")
        assert f"{made.reply_by:%d/%m/%Y}" in answer

    def test_without_words_it_is_asked_for_some(self, client):
        assert "Hãy viết vài chữ" in client.post(f"{PAGE}yeu-cau/sua/", {"note": " "}).text
        assert not DataRequest.objects.exists()

    def test_while_it_waits_it_is_not_asked_again(self, client):
        for _press in range(2):
            page = client.post(f"{PAGE}yeu-cau/sua/", {"note": "Xã"})
        assert "cán bộ đang làm" in page.text
        assert DataRequest.objects.count() == 1

    def test_what_there_is_not_is_not_found(self, client):
        assert client.get(f"{PAGE}yeu-cau/khac/").status_code == 404


def test_messages_to_whoever_had_the_number_before_are_not_told():
    before, later = cast.trainee("Trần Thị Mật", "0912000001"), cast.person("Lê Văn Khác", cast.commune())
    enqueue(to=before.phone, body="Chao anh/chi Mat", purpose="reminder", at=cast.NOW)
    day, officer = cast.NOW + timedelta(days=1), cast.staff("manager", cast.commune())
    for person, new in ((before.person, "+84912000009"), (later, before.phone)):
        change = accounts.request_phone_change(
            name=person.name, place=person.place, old_phone="", new_phone=new, at=day
        )
        accounts.decide_phone_change(change=change, by=officer, is_confirmed=True, person=person, reason="x", at=day)
    enqueue(to=before.phone, body="Chao anh/chi Khac", purpose="reminder", at=day)
    told = str(kept.as_data(later, day))
    assert "chi Khac" in told
    assert "chi Mat" not in told


def test_a_number_of_which_one_signed_up_anew_starts_anew():
    first = cast.trainee("Trần Thị Mật", "0912000001")
    enqueue(to=first.phone, body="Chao anh/chi Mat", purpose="reminder", at=cast.NOW)
    number = first.phone
    User.objects.filter(pk=first.pk).update(phone=None)
    later = accounts.user_for_phone(phone=number, at=cast.NOW + timedelta(days=1))
    assert "chi Mat" not in str(kept.as_data(cast.person("Lê Văn Khác", None, later), cast.NOW))

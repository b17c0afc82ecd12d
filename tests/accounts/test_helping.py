"""An officer helps a learner on the officer's own or another phone: agreed to, apart from the officer's session, marked and credited."""

import io
import re
from datetime import timedelta

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from accounts import actions, helping
from accounts.models import Consent, DataRequest, Help, Move, OneTimeCard, User
from accounts.queries import current_consent_texts, helped_by, helper_at, texts_for_help
from accounts.rights import actions as rights
from certificates import actions as certificates
from courses.models import Completion
from lib.refusals import Refusal
from quizzes import actions as quizzes
from quizzes.models import Attempt, Quiz
from tests import cast

pytestmark = pytest.mark.django_db
BEGIN, ASKED = {"where": "here", "help": "on"}, "/quan-tri/nguoi/{}/giup/"


@pytest.fixture
def officer():
    return cast.staff("manager", cast.commune())


@pytest.fixture
def phone(officer):
    """The officer's."""
    return cast.client_of(officer)


@pytest.fixture
def learner():
    return cast.person("Bác Năm")


def begin(phone, person, **said):
    return phone.post(ASKED.format(person.pk), BEGIN | said)


@pytest.fixture
def _begun(phone, learner):
    begin(phone, learner)


def end(phone):
    return phone.post("/tai-khoan/dang-xuat/")


class TestOnTheOfficersPhone:
    def test_the_learner_is_in_the_officer_is_not_and_everybody_can_see_it(self, phone, learner):
        begin(phone, learner)
        page = phone.get("/tai-khoan/").text
        assert re.search(r"<strong>Bác Năm</strong> đang học, cán bộ Lê Văn Cán Bộ giúp", page)
        assert phone.get("/quan-tri/").status_code == 403
        assert phone.get("/").text.count("đang học, cán bộ") == 1

    def test_after_it_the_officer_comes_back_by_password_to_the_very_session(self, phone, learner):
        session = phone.session
        session["half"] = "typed"
        session.save()
        begin(phone, learner)
        assert "half" not in phone.session
        assert end(phone).headers["Location"] == "/tai-khoan/tro-lai/"
        assert phone.get("/tai-khoan/").status_code == 302
        assert phone.get("/quan-tri/").status_code == 302
        wrong = phone.post("/tai-khoan/tro-lai/", {"password": "khong-phai"})
        assert (wrong.status_code, phone.get("/quan-tri/").status_code) == (422, 302)
        assert phone.post("/tai-khoan/tro-lai/", {"password": cast.PASSWORD}).status_code == 302
        assert phone.get("/quan-tri/").status_code == 200
        assert phone.session["half"] == "typed"

    def test_the_form_comes_twice_where_scripts_run(self, phone, learner):
        begin(phone, learner)
        answers = [end(phone).headers["Location"] for _time in range(2)]
        assert answers == ["/tai-khoan/tro-lai/"] * 2
        phone.post("/tai-khoan/tro-lai/", {"password": cast.PASSWORD})
        assert phone.get("/quan-tri/").status_code == 200

    def test_a_guess_at_the_password_is_counted(self, phone, learner):
        begin(phone, learner), end(phone)
        for _try in range(5):
            phone.post("/tai-khoan/tro-lai/", {"password": "khong-phai"})
        answer = phone.post("/tai-khoan/tro-lai/", {"password": cast.PASSWORD})
        assert "đợi 15 phút" in answer.text
        assert phone.get("/quan-tri/").status_code == 302

    def test_or_leaves_for_good_and_nothing_waits_any_more(self, phone, learner):
        begin(phone, learner), end(phone)
        key = phone.session[helping.WAITS]
        phone.post("/tai-khoan/tro-lai/", {"leave": "1"})
        assert helping.officer_waiting(key) is None
        assert phone.get("/tai-khoan/tro-lai/").headers["Location"] == "/tai-khoan/dang-nhap/"

    def test_a_session_that_was_ended_elsewhere_does_not_come_back(self, phone, officer, learner):
        begin(phone, learner), end(phone)
        officer.set_password("mot-mat-khau-khac-9")
        officer.save()
        answer = phone.post("/tai-khoan/tro-lai/", {"password": "mot-mat-khau-khac-9"})
        assert answer.headers["Location"] == "/tai-khoan/dang-nhap/"

    def test_left_alone_for_an_hour_it_ends_and_the_officers_session_with_it(self, phone, learner):
        begin(phone, learner)
        waiting = phone.session[helping.HELPED]["waiting"]
        with cast.on(timezone.now() + timedelta(minutes=61)):
            assert phone.get("/tai-khoan/").status_code == 302
        assert helping.officer_waiting(waiting) is None
        assert Help.objects.get().ended_at is not None

    def test_used_all_the_time_it_ends_after_four_hours(self, phone, learner):
        begin(phone, learner)
        session = phone.session
        session[helping.HELPED] = session[helping.HELPED] | {"until": 0}
        session.save()
        assert phone.get("/tai-khoan/").status_code == 302
        assert helping.HELPED not in phone.session

    def test_no_pin_is_set_meanwhile(self, phone):
        user = cast.trainee()
        before = user.password
        begin(phone, user.person)
        assert "chỉ mình anh/chị biết" in phone.get("/tai-khoan/pin/", follow=True).text
        phone.post("/tai-khoan/pin/", {"pin": "846251", "again": "846251"})
        user.refresh_from_db()
        assert user.password == before

    @pytest.mark.parametrize("there", ["tai-ve", "xoa"])
    def test_nothing_is_taken_along_or_deleted_meanwhile_by_a_card_that_the_helper_printed(
        self, phone, officer, learner, there
    ):
        card = actions.issue_card(person=learner, by=officer, at=timezone.now())
        begin(phone, learner)
        phone.post("/tai-khoan/du-lieu/xac-nhan/", {"card": card})
        answer = phone.post(f"/tai-khoan/du-lieu/{there}/", follow=True)
        assert answer.request["PATH_INFO"] == "/tai-khoan/du-lieu/"
        assert "Đang được cán bộ giúp" in answer.text
        assert not DataRequest.objects.exists()


class TestOnAnotherPhone:
    def code(self, phone, learner):
        page = begin(phone, learner, where="elsewhere").text
        return re.search(r'card__code">(\w{5}-\w{5})<', page)[1]

    def test_a_code_opens_it_once_and_the_officer_stays_in(self, phone, learner):
        code, other = self.code(phone, learner), Client()
        assert Help.objects.get().begun_at is None
        other.post("/tai-khoan/phieu-ma/", {"code": code})
        assert "đang học, cán bộ Lê Văn Cán Bộ giúp" in other.get("/tai-khoan/").text
        assert other.session.get_expire_at_browser_close()
        assert phone.get("/quan-tri/").status_code == 200
        third = Client().post("/tai-khoan/phieu-ma/", {"code": code})
        assert "đã dùng rồi" in third.text
        assert end(other).headers["Location"] == "/"
        assert Help.objects.get().ended_at is not None

    def test_pressed_twice_it_is_one_help_and_one_code(self, phone, learner):
        first, second = self.code(phone, learner), self.code(phone, learner)
        assert (Help.objects.count(), ModelLogEntry.objects.filter(action="accounts.helped").count()) == (1, 1)
        assert "đã hết hạn" in Client().post("/tai-khoan/phieu-ma/", {"code": first}).text
        other = Client()
        other.post("/tai-khoan/phieu-ma/", {"code": second})
        assert "đang học, cán bộ Lê Văn Cán Bộ giúp" in other.get("/tai-khoan/").text
        self.code(phone, learner)
        assert Help.objects.count() == 2, "once it has begun, the next one is another"

    def test_a_second_tap_is_as_helped_as_the_first(self, phone, learner):
        code, other = self.code(phone, learner), Client()
        other.get("/tai-khoan/phieu-ma/")
        cookies = other.cookies.output()
        for _tap in range(2):
            other.cookies.load(cookies)
            other.post("/tai-khoan/phieu-ma/", {"code": code})
        assert helping.HELPED in other.session

    def test_after_a_quarter_of_an_hour_it_opens_nothing(self, phone, learner):
        code = self.code(phone, learner)
        with cast.on(timezone.now() + timedelta(minutes=16)):
            assert "đã hết hạn" in Client().post("/tai-khoan/phieu-ma/", {"code": code}).text

    def test_a_printed_card_stays_and_is_no_help(self, phone, officer, learner):
        printed = actions.issue_card(person=learner, by=officer, at=timezone.now())
        self.code(phone, learner)
        other = Client()
        other.post("/tai-khoan/phieu-ma/", {"code": printed})
        assert "đang học, cán bộ" not in other.get("/tai-khoan/").text
        assert other.get("/tai-khoan/").status_code == 200


class TestAgreement:
    def test_it_is_in_the_ledger_with_who_recorded_it_and_asked_once(self, phone, officer, learner):
        assert "Đọc cho người ấy nghe" in phone.get(ASKED.format(learner.pk)).text
        begin(phone, learner, where="elsewhere")
        row = Consent.objects.get(text__purpose="help")
        assert (row.person, row.how, row.recorded_by) == (learner, "helped", officer)
        assert "Đọc cho người ấy nghe" not in phone.get(ASKED.format(learner.pk)).text
        assert begin(phone, learner, where="elsewhere", help="").status_code == 200
        assert Consent.objects.filter(text__purpose="help").count() == 1

    def test_without_it_nothing_opens(self, phone, learner):
        answer = begin(phone, learner, help="")
        assert answer.status_code == 422
        assert not Help.objects.exists()
        assert phone.get("/quan-tri/").status_code == 200

    def test_who_agreed_to_no_record_is_asked_that_too(self, phone, learner):
        row = learner.consents.get(text__purpose="learning-record")
        actions.withdraw_consent(person=learner, consent_id=row.pk, at=cast.NOW)
        assert begin(phone, learner).status_code == 422
        begin(phone, learner, **{"learning-record": "on"})
        learner.refresh_from_db()
        assert learner.has_consented
        assert set(
            learner.consents.filter(withdrawn_at=None, how="helped").values_list("text__purpose", flat=True)
        ) == {
            "learning-record",
            "help",
        }

    def test_nobody_is_asked_for_it_with_signing_up(self):
        assert "help" not in {one.purpose for one in current_consent_texts("vi")}


class TestWhoMay:
    def test_in_the_own_place_alone(self, learner):
        stranger = cast.client_of(cast.staff("manager", cast.commune("Tả Phìn", "Lào Cai"), phone="0987654329"))
        assert begin(stranger, learner).status_code == 404
        assert not Help.objects.exists()

    def test_neither_oneself_nor_a_colleague_nor_who_is_switched_off(self, phone, officer):
        colleague = cast.staff("organiser", cast.province(), phone="0987654328")
        person, user = cast.person("Lê Văn Hai", user=colleague), cast.trainee()
        actions.switch_log_in(person=user.person, is_on=False, by=officer, reason="x")
        for one in (person, user.person):
            assert "Chưa vào được" in begin(phone, one).text
        assert not ModelLogEntry.objects.filter(action="accounts.helped").exists(), "there was no help"
        User.objects.filter(pk=officer.pk).update(person=cast.person("Cán Bộ Học"))
        officer.refresh_from_db()
        with pytest.raises(Refusal, match="của chính anh/chị"):
            actions.ask_help(person=officer.person, by=officer, texts=[], at=cast.NOW)
        assert phone.get("/quan-tri/").status_code == 200


class TestWhatIsDoneMeanwhile:
    def test_lessons_and_attempts_are_marked_shown_and_on_no_paper(self, phone, officer, learner):
        course = cast.course(lessons=1, with_quiz=True)
        cast.award(course)
        lesson, quiz = course.activities.get(kind="lesson"), Quiz.objects.get()
        begin(phone, learner)
        phone.post(reverse("courses:enrol", args=[course.translation_key]))
        phone.post(reverse("courses:complete", args=[lesson.translation_key]))
        phone.post(reverse("quizzes:start", args=[quiz.activity.translation_key]))
        attempt = Attempt.objects.get()
        for item in attempt.items.all():
            phone.post(
                reverse("quizzes:item", args=[attempt.pk, item.position]),
                {"answer": cast.posted(item, "a"), "revision": item.revision},
            )
        phone.post(reverse("quizzes:submit", args=[attempt.pk]))
        attempt.refresh_from_db()
        assert (attempt.passed, attempt.is_helped) == (True, True)
        assert set(Completion.objects.values_list("source", flat=True)) == {"helped"}
        end(phone), phone.post("/tai-khoan/tro-lai/", {"password": cast.PASSWORD})
        assert (
            "(có cán bộ Lê Văn Cán Bộ giúp)" in phone.get(f"/quan-tri/enrolment/inspect/{attempt.enrolment_id}/").text
        )
        assert "Lê Văn Cán Bộ" in phone.get(f"/quan-tri/person/inspect/{learner.pk}/").text
        table = phone.get("/quan-tri/attempt/?export=xlsx")
        sheet = openpyxl.load_workbook(io.BytesIO(b"".join(table.streaming_content))).active
        told = dict(zip(*([cell.value for cell in row] for row in sheet.iter_rows(max_row=2)), strict=True))
        assert told["Hỗ trợ"] == "có cán bộ giúp"
        listed = b"".join(phone.get("/quan-tri/enrolment/?export=csv").streaming_content).decode()
        assert listed.splitlines()[1].endswith(",có cán bộ giúp")
        paper = certificates.issue(enrolment_id=attempt.enrolment_id, at=timezone.now())
        assert "giúp" not in str(paper.evidence)
        assert helped_by(officer) == (1, 1)
        assert "Đã giúp 1 người học, 1 lần" in phone.get("/tai-khoan/can-bo/").text

    def test_who_helped_is_told_to_those_who_see_the_person_and_not_after_a_move(self, phone, learner):
        course = cast.course(lessons=1)
        begin(phone, learner)
        phone.post(reverse("courses:enrol", args=[course.translation_key]))
        phone.post(reverse("courses:complete", args=[course.activities.get().translation_key]))
        end(phone), phone.post("/tai-khoan/tro-lai/", {"password": cast.PASSWORD})
        address = f"/quan-tri/enrolment/inspect/{learner.enrolments.get().pk}/"
        assert "(có cán bộ Lê Văn Cán Bộ giúp)" in phone.get(address).text
        learner.place = cast.commune("Bảo Thắng", "Lào Cai")
        learner.save()
        assert "(có cán bộ giúp)" in phone.get(address).text

    def test_of_two_who_helped_it_is_who_did_so_at_that_moment(self, officer, learner):
        colleague = cast.staff("manager", cast.commune(), phone="0987654301")
        hour = timedelta(hours=1)
        helps = [
            Help(person=learner, by=officer, begun_at=cast.NOW, ended_at=cast.NOW + 4 * hour),
            Help(person=learner, by=colleague, begun_at=cast.NOW + 2 * hour, ended_at=cast.NOW + 3 * hour),
            Help(person=learner, by=colleague, begun_at=None),
        ]
        moments = [cast.NOW + hour, cast.NOW + 2.5 * hour, cast.NOW + 3.5 * hour, cast.NOW + 5 * hour]
        assert [helper_at(helps, one) for one in moments] == [officer, colleague, officer, None]

    def test_what_somebody_does_alone_is_not(self, learner):
        enrolment = cast.enrolment(learner, cast.course(lessons=1))
        cast.finish(enrolment)
        assert set(Completion.objects.values_list("source", flat=True)) == {"self"}

    def test_an_attempt_that_was_begun_helped_stays_so(self, learner):
        course = cast.course(lessons=0, with_quiz=True)
        enrolment = cast.enrolment(learner, course)
        with helping.helped(True):
            attempt = quizzes.start_attempt(enrolment=enrolment, quiz=Quiz.objects.get(), language="vi", at=cast.NOW)
        quizzes.submit_attempt(attempt=attempt, at=cast.NOW)
        attempt.refresh_from_db()
        assert attempt.is_helped

    @pytest.mark.usefixtures("_begun")
    def test_a_name_that_is_put_right_names_the_officer(self, phone, officer, learner):
        phone.post("/tai-khoan/ten/", {"name": "Nguyễn Văn Năm"})
        entry = ModelLogEntry.objects.get(action="accounts.person_corrected")
        learner.refresh_from_db()
        assert (learner.name, entry.user) == ("Nguyễn Văn Năm", officer)
        assert "giúp học" in entry.data["reason"]

    @pytest.mark.usefixtures("_begun")
    def test_an_agreement_is_taken_back_by_the_learner_alone(self, phone, learner):
        row = learner.consents.get(text__purpose="learning-record", withdrawn_at=None)
        assert "rut-lai" not in phone.get("/tai-khoan/").text + phone.get("/tai-khoan/du-lieu/").text
        for ask in (phone.get, phone.post):
            assert "Chưa rút lại" in ask(f"/tai-khoan/dong-y/{row.pk}/rut-lai/", follow=True).text
        row.refresh_from_db()
        assert row.withdrawn_at is None
        end(phone)
        assert "rut-lai" in cast.client_of(User.objects.get(person=learner)).get("/tai-khoan/").text

    @pytest.mark.usefixtures("_begun")
    def test_what_is_asked_about_data_is_asked_by_way_of_the_officer(self, phone, officer):
        phone.post("/tai-khoan/du-lieu/yeu-cau/phan-doi/", {"note": "Đừng gọi"})
        made = DataRequest.objects.get()
        assert (made.way, made.recorded_by) == ("officer", officer)

    @pytest.mark.usefixtures("_begun")
    def test_a_deletion_is_taken_back_by_way_of_the_officer(self, phone, officer, learner):
        deletion = rights.ask(person=learner, kind="delete", at=timezone.now())
        phone.post(f"/tai-khoan/du-lieu/{deletion.pk}/rut-lai/")
        deletion.refresh_from_db()
        assert (deletion.state, deletion.decided_by) == ("back", officer)
        assert ModelLogEntry.objects.get(action=rights.TAKEN_BACK).user == officer

    @pytest.mark.usefixtures("_begun")
    def test_a_move_is_asked_for_by_the_officer(self, phone, officer):
        day = timezone.localdate().isoformat()
        phone.post("/tai-khoan/chuyen-noi-o/", {"place": cast.commune("Tân Tiến").full_name, "moves_on": day})
        assert Move.objects.get().asked_by == officer


def test_the_job_closes_what_ended_by_itself_and_forgets_codes_that_nobody_used(officer, learner):
    used = actions.ask_help(person=learner, by=officer, texts=texts_for_help(learner), at=cast.NOW)
    actions.begin_help(given=used, at=cast.NOW)
    unused = actions.ask_help(person=learner, by=officer, texts=[], at=cast.NOW)
    actions.issue_help_code(given=unused, at=cast.NOW)
    assert actions.end_old_helps(at=cast.NOW + timedelta(hours=4)) == 0
    assert actions.end_old_helps(at=cast.NOW + timedelta(hours=6)) == 2
    assert Help.objects.get().ended_at is not None
    assert not OneTimeCard.objects.exists()

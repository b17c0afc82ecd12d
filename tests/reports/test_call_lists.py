"""Whom to call this week: who is chosen, that a list stays as it was drawn, what is written down, and who may see it."""

import io
import re
from datetime import date, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from python_calamine import CalamineWorkbook
from wagtail.models import ModelLogEntry

from accounts import actions as accounts
from accounts.models import Person, Subject, User
from accounts.rights.erasing import erase_person
from certificates.actions import issue
from certificates.models import Award, Credential
from courses import actions as courses
from courses.models import Enrolment
from lib import registries
from lib.refusals import Refusal
from provinces.models import Place
from quizzes.models import Attempt, Quiz
from reports.calling import access, actions, choosing
from reports.models import CallList, Contact, Outcome, Reason
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_a_day")]
LIST = "/quan-tri/can-lien-he/"
OFFICIAL = {"kind": "official", "subject_name": "", "subject_kind": "", "subject_role": "", "official_level": "commune"}


@pytest.fixture
def course():
    return cast.course(lessons=2)


def officer(place=None, phone="0987654321"):
    return cast.client_of(cast.staff("manager", place or cast.commune(), phone=phone))


def enrolled(name: str, course, *, days: int, begun: bool = False, place=None, phone="", unit="") -> Person:
    """Enrolled, and if begun last there, so many days ago."""
    of = {"subject_name": unit} if unit else OFFICIAL
    person = cast.person(name, place, contact_phone=phone, **of)
    row = cast.enrolment(person, course)
    ago = cast.NOW - timedelta(days=days)
    if begun:
        first = course.activities.order_by("position").first()
        courses.complete_activity(enrolment=row, activity=first, at=cast.NOW)
    Enrolment.objects.filter(pk=row.pk).update(enrolled_at=ago, last_active_at=ago)
    return person


def subject(name: str, place=None, phone="0912 345 678", leader=""):
    return accounts.write_subject(
        name=name, place=place or cast.commune(), kind="cooperative", leader=leader, phone=phone, by=None, at=cast.NOW
    )


def stars(of, until: date):
    return accounts.write_product(subject=of, name=f"Tôm {of.pk}", stars=4, decision="", valid_until=until, by=None)


def due(at=cast.NOW, place=None) -> dict[str, str]:
    """The reason of each, in order."""
    people, subjects = (dict(model.objects.values_list("pk", "name")) for model in (Person, Subject))
    found = choosing.due(place or cast.commune(), at=at)
    return {people.get(one.person) or subjects[one.subject]: one.reason for one in found}


class TestWhoIsChosen:
    def test_who_enrolled_a_week_ago_and_has_not_begun_and_not_who_enrolled_yesterday(self, course):
        enrolled("Chưa Học", course, days=8)
        enrolled("Mới Ghi Danh", course, days=2)
        assert due() == {"Chưa Học": Reason.UNSTARTED}

    def test_who_stopped_two_weeks_ago_and_not_who_learnt_last_week_or_stopped_years_ago(self, course):
        enrolled("Tạm Dừng", course, days=20, begun=True)
        enrolled("Đang Học", course, days=6, begun=True)
        enrolled("Đã Lâu", course, days=500, begun=True)
        assert due() == {"Tạm Dừng": Reason.STALLED}

    def test_nobody_who_has_finished_who_withdrew_consent_or_lives_elsewhere(self, course):
        done = enrolled("Đã Xong", course, days=30, begun=True)
        cast.finish(Enrolment.objects.get(person=done))
        withdrawn = enrolled("Rút Lại", course, days=30)
        Person.objects.filter(pk=withdrawn.pk).update(has_consented=False)
        enrolled("Nơi Khác", course, days=30, place=cast.commune("Bảo Thắng", "Lào Cai"))
        assert due() == {}

    def test_whoever_moved_here_is_called_by_the_new_commune(self, course):
        person = enrolled("Chuyển Đến", course, days=30, place=cast.commune("Bảo Thắng", "Lào Cai"))
        Person.objects.filter(pk=person.pk).update(place=cast.commune())
        assert due() == {"Chuyển Đến": Reason.UNSTARTED}

    def test_who_is_written_under_a_former_unit_is_called_by_what_it_became(self, course):
        former = Place.objects.former().filter(succession_out__successor=cast.commune(), succession_out__is_main=True)
        enrolled("Xã Cũ", course, days=30, place=former.first())
        assert due() == {"Xã Cũ": Reason.UNSTARTED}

    def test_subjects_whose_stars_run_out_and_of_whom_nobody_learns(self, course):
        today = cast.NOW.date()
        stars(subject("HTX Sắp Hết"), today + timedelta(days=100))
        later = subject("HTX Còn Lâu")
        stars(later, today + timedelta(days=400))
        enrolled("Người Học", course, days=1, unit=later.name)
        subject("HTX Chưa Ai")
        assert due() == {"HTX Sắp Hết": Reason.STARS, "HTX Chưa Ai": Reason.ABSENT}

    def test_who_handed_in_twice_and_did_not_pass_and_not_who_passed_then(self):
        course = cast.course(lessons=1, with_quiz=True)
        quiz = Quiz.objects.get(activity__course=course)
        for name, passed in (("Hai Lần", (False, False)), ("Một Lần", (False,)), ("Rồi Đạt", (False, False, True))):
            row = cast.enrolment(enrolled(name, course, days=1), course)
            for number, outcome in enumerate(passed, start=1):
                Attempt.objects.create(
                    enrolment=row, quiz=quiz, number=number, state="finished", pass_percent=70, passed=outcome,
                    started_at=cast.NOW, finished_at=cast.NOW, score=0, max_score=3,
                )  # fmt: skip
        assert due() == {"Hai Lần": Reason.FAILED}

    def test_whose_certificate_ends_within_two_months(self, course):
        cast.award(course, is_specimen=True)
        for name, days in (("Sắp Hết", 40), ("Còn Lâu", 90)):
            row = Enrolment.objects.get(person=enrolled(name, course, days=1))
            cast.finish(row)
            paper = issue(enrolment_id=row.pk, at=cast.NOW)
            Credential.objects.filter(pk=paper.pk).update(expires_on=cast.NOW.date() + timedelta(days=days))
        assert due() == {"Sắp Hết": Reason.EXPIRING}
        Award.objects.update(renewal_days=30)
        assert due() == {}, "nobody is reminded of what cannot be renewed yet"

    def test_a_closed_subject_is_left_alone(self):
        one = subject("HTX Đã Nghỉ")
        accounts.close_subject(subject=one, reason="Nghỉ", by=None, at=cast.NOW)
        assert due() == {}

    def test_ten_at_most_one_of_each_reason_in_turn(self, course):
        for number in range(12):
            enrolled(f"Chưa Học {number}", course, days=20 + number)
        enrolled("Tạm Dừng", course, days=30, begun=True)
        subject("HTX Chưa Ai")
        found = due()
        assert len(found) == choosing.MOST
        assert list(found)[:3] == ["Tạm Dừng", "Chưa Học 0", "HTX Chưa Ai"]

    def test_a_person_with_two_reasons_stands_there_once(self, course):
        person = enrolled("Hai Lý Do", course, days=30, begun=True)
        row = cast.enrolment(person, cast.course(slug="khac", title="Khác", lessons=1))
        Enrolment.objects.filter(pk=row.pk).update(enrolled_at=cast.NOW - timedelta(days=30))
        assert due() == {"Hai Lý Do": Reason.STALLED}


class TestAList:
    def test_is_drawn_once_a_week_whatever_happens_meanwhile(self, course):
        enrolled("Chưa Học", course, days=8)
        first = actions.drawn(place=cast.commune(), at=cast.NOW)
        enrolled("Thêm Người", course, days=8)
        again = actions.drawn(place=cast.commune(), at=cast.NOW + timedelta(hours=1))
        assert again == first
        assert [str(one) for one in again.contacts.all()] == ["Chưa Học"]
        assert actions.drawn(place=cast.commune(), at=cast.NOW + timedelta(days=7)) != first

    def test_who_was_spoken_to_rests_three_weeks_and_who_was_not_reached_does_not(self, course):
        enrolled("Đã Gọi", course, days=8), enrolled("Không Nghe Máy", course, days=9)
        by = cast.staff("manager", cast.commune())
        for one in actions.drawn(place=cast.commune(), at=cast.NOW).contacts.all():
            outcome = Outcome.CALLED if str(one) == "Đã Gọi" else Outcome.UNREACHED
            actions.record(contact=one, outcome=outcome, by=by, at=cast.NOW)
        next_week, in_a_month = cast.NOW + timedelta(days=7), cast.NOW + timedelta(days=22)
        assert due(next_week) == {"Không Nghe Máy": Reason.UNSTARTED}
        assert set(due(in_a_month)) == {"Đã Gọi", "Không Nghe Máy"}

    def test_the_job_draws_those_of_communes_with_people_once(self, course):
        enrolled("Chưa Học", course, days=8)
        enrolled("Nơi Khác", course, days=8, place=cast.commune("Bảo Thắng", "Lào Cai"))
        assert actions.draw_due(at=cast.NOW) == 2
        assert actions.draw_due(at=cast.NOW) == 0
        assert Contact.objects.count() == 2

    def test_the_job_draws_those_of_communes_whose_people_are_written_under_a_former_unit(self, course):
        former = Place.objects.former().filter(succession_out__successor=cast.commune(), succession_out__is_main=True)
        enrolled("Xã Cũ", course, days=30, place=former.first())
        assert actions.draw_due(at=cast.NOW) == 1
        assert CallList.objects.get().place == cast.commune()

    def test_what_is_older_than_a_year_goes(self, course):
        enrolled("Chưa Học", course, days=8)
        actions.drawn(place=cast.commune(), at=cast.NOW)
        assert actions.forget_old(at=cast.NOW + timedelta(days=390)) == 0
        assert actions.forget_old(at=cast.NOW + timedelta(days=410)) == 1
        assert not CallList.objects.exists()

    def test_two_who_were_one_person_stand_there_once_and_erasure_takes_them_off(self, course):
        one, other = enrolled("Một Người", course, days=8), enrolled("Một Người Nữa", course, days=9)
        actions.drawn(place=cast.commune(), at=cast.NOW)
        records = dict(registries.person_records)["reports.Contact.person"]
        records.repoint(other.pk, one.pk)
        assert Contact.objects.get().person == one
        assert records.export(one.pk)[0]["reason"] == Reason.UNSTARTED
        records.erase(one.pk)
        assert not Contact.objects.exists()

    @pytest.mark.parametrize("done", [0, 1])
    def test_of_two_who_were_one_person_what_came_of_it_stays(self, course, done):
        pair = enrolled("Một Người", course, days=8), enrolled("Một Người Nữa", course, days=9)
        actions.drawn(place=cast.commune(), at=cast.NOW)
        Contact.objects.filter(person=pair[done]).update(outcome=Outcome.MET, at=cast.NOW)
        dict(registries.person_records)["reports.Contact.person"].repoint(pair[0].pk, pair[1].pk)
        assert Contact.objects.get().outcome == Outcome.MET
        assert Contact.objects.get().person == pair[1]


class TestThePage:
    def test_tells_why_what_to_do_whom_to_dial_and_what_to_send(self, course):
        enrolled("Huỳnh Văn Đậm", course, days=20, begun=True, phone="+84912345678")
        page = officer().get(LIST).text
        assert "Huỳnh Văn Đậm" in page
        assert "tạm dừng từ ngày" in page
        assert 'href="tel:+84912345678"' in page
        assert "0912 345 678" in page
        message = page.split("data-words>", 1)[1].split("</p>", 1)[0]
        assert message.startswith("Chào anh/chị Huỳnh Văn Đậm,\nTôi là Lê Văn Cán Bộ, cán bộ xã Phan Ngọc Hiển")
        assert "/nhac/" in message
        assert "điểm" not in message

    @pytest.mark.parametrize("office", ["xã Phan Ngọc Hiển, tỉnh Cà Mau", "tỉnh Cà Mau", "trung ương"])
    def test_the_message_says_the_office_of_whoever_sends_it(self, course, office):
        enrolled("Huỳnh Văn Đậm", course, days=20, begun=True)
        commune = cast.commune()
        place = next((one for one in (commune, commune.parent) if one.full_name == office), None)
        client = cast.client_of(cast.staff("manager", place))
        page = client.get(LIST, {"dia-ban": commune.pk}).text
        assert f"Tôi là Lê Văn Cán Bộ, cán bộ {office}.\n" in page.split("data-words>", 1)[1].split("</p>", 1)[0]

    def test_what_is_no_one_number_is_shown_and_not_dialled(self):
        one = subject("HTX Hai Số", phone="0912 345 678 hoặc 0987 654 321")
        stars(one, cast.NOW.date() + timedelta(days=40))
        page = officer().get(LIST).text
        assert "0912 345 678 hoặc 0987 654 321" in page
        assert "tel:" not in page
        assert f"Hạng sao OCOP của “Tôm {one.pk}” hết hạn ngày" in page

    def test_a_name_leads_to_the_record_and_one_press_to_the_help_where_a_call_offers_it(self, course):
        person, client = enrolled("Chưa Học", course, days=8), officer()
        one = subject("HTX Chưa Ai")
        page = client.get(LIST).text
        assert f'<h2><a href="/quan-tri/person/inspect/{person.pk}/">Chưa Học</a></h2>' in page
        assert f'<h2><a href="/quan-tri/subject/inspect/{one.pk}/">HTX Chưa Ai</a></h2>' in page
        helping = re.findall(r'href="(/quan-tri/nguoi/\d+/giup/)"', page)
        assert helping == [f"/quan-tri/nguoi/{person.pk}/giup/"], "a subject is nobody to sit beside"
        assert client.get(helping[0]).status_code == 200
        Contact.objects.filter(person=person).update(reason=Reason.EXPIRING, since=cast.NOW.date())
        assert "/giup/" not in client.get(LIST).text, "who is to renew a paper needs no lesson"

    def test_nobody_is_offered_to_help_oneself(self, course):
        person, client = enrolled("Cán Bộ Cũng Học", course, days=8), officer()
        User.objects.filter(phone="+84987654321").update(person=person)
        assert "/giup/" not in client.get(LIST).text

    def test_what_a_user_may_not_open_is_no_link(self, course):
        enrolled("Chưa Học", course, days=8), subject("HTX Chưa Ai")
        contacts = list(actions.drawn(place=cast.commune(), at=cast.NOW).contacts.all())
        ways = access.Ways(cast.staff("manager", cast.commune("Bảo Thắng", "Lào Cai")), contacts)
        assert [(ways.page_of(one), ways.help_of(one)) for one in contacts] == [("", ""), ("", "")]

    def test_of_a_subject_it_says_whom_to_ask_for_on_screen_and_in_the_workbook(self):
        subject("HTX Có Người Đứng Đầu", leader="Trần Văn Ba")
        client, said = officer(), "Mời một người của chủ thể tham gia học. Hỏi gặp Trần Văn Ba."
        assert f"<strong>{said}</strong>" in client.get(LIST).text
        book = CalamineWorkbook.from_filelike(io.BytesIO(client.get(f"{LIST}xlsx/").getvalue()))
        assert book.get_sheet_by_index(0).to_python()[3][3] == said

    def test_an_outcome_is_written_down_once_more_and_taken_back(self, course):
        enrolled("Chưa Học", course, days=8)
        client = officer()
        client.get(LIST)
        contact = Contact.objects.get()
        said = client.post(f"{LIST}{contact.pk}/", {"outcome": "met"}, follow=True)
        assert "Đã ghi: Chưa Học, đã gặp." in said.text
        assert "đã ghi kết quả 1/1" in said.text
        contact.refresh_from_db()
        assert (contact.outcome, contact.at) == (Outcome.MET, cast.NOW)
        client.post(f"{LIST}{contact.pk}/", {"outcome": "met"})
        assert ModelLogEntry.objects.filter(action="reports.contacted").count() == 1, "a second press says nothing new"
        row = re.search(r"Đã ghi kết quả liên hệ: đã gặp.*?</tr>", client.get("/quan-tri/nhat-ky/").text, re.DOTALL)
        assert f"/quan-tri/person/inspect/{contact.person_id}/" in row[0]
        assert "Chưa Học" in row[0]
        assert '<input type="hidden" name="seen" value="met">' in client.get(LIST).text
        client.post(f"{LIST}{contact.pk}/", {"outcome": "to_call", "seen": "met"})
        contact.refresh_from_db()
        assert (contact.outcome, contact.by, contact.at) == (Outcome.TO_CALL, None, None)

    @pytest.mark.parametrize(("was", "pressed"), [("to_call", "wrong"), ("wrong", "to_call")])
    def test_what_a_colleague_wrote_meanwhile_stays_and_is_told(self, course, was, pressed):
        enrolled("Chưa Học", course, days=8, phone="+84912345678")
        client, colleague = officer(), officer(cast.province(), "0987654322")
        client.get(LIST)
        contact = Contact.objects.get()
        client.post(f"{LIST}{contact.pk}/", {"outcome": was, "seen": "to_call"})
        colleague.post(f"{LIST}{contact.pk}/", {"outcome": "helped", "seen": was})
        said = client.post(f"{LIST}{contact.pk}/", {"outcome": pressed, "seen": was}, follow=True)
        assert "kết quả đã được ghi là “đã giúp học”" in said.text
        contact.refresh_from_db()
        assert contact.outcome == Outcome.HELPED

    def test_nobody_is_said_to_have_been_called_who_has_no_number(self, course):
        enrolled("Không Số", course, days=8)
        offered = re.findall(r'name="outcome" value="(\w+)"', officer().get(LIST).text)
        assert offered == ["met", "helped", "unreached"]

    @pytest.mark.parametrize("outcome", ["", "happy", "MET"])
    def test_what_is_no_outcome_is_refused_in_words(self, course, outcome):
        enrolled("Chưa Học", course, days=8)
        client = officer()
        client.get(LIST)
        answer = client.post(f"{LIST}{Contact.objects.get().pk}/", {"outcome": outcome}, follow=True)
        assert "Chưa ghi, vì chưa chọn kết quả." in answer.text
        assert not Contact.objects.get().is_done

    def test_a_week_without_anybody_says_so(self):
        assert "Tuần này không có ai cần liên hệ." in officer().get(LIST).text

    def test_the_workbook_has_the_same_lines(self, course):
        enrolled("=Chưa Học", course, days=8, phone="+84912345678")
        client = officer()
        book = CalamineWorkbook.from_filelike(io.BytesIO(client.get(f"{LIST}xlsx/").getvalue()))
        rows = book.get_sheet_by_index(0).to_python()
        assert rows[0][0].startswith("Cần liên hệ tuần này: Xã Phan Ngọc Hiển, tỉnh Cà Mau, tuần từ ")
        assert rows[3][0:2] == [1.0, "=Chưa Học"]
        assert rows[3][4:] == ["0912 345 678", "chưa liên hệ"]

    def test_the_first_page_of_the_admin_says_how_far_it_is(self, course):
        enrolled("Chưa Học", course, days=8)
        assert "1 người và chủ thể cần liên hệ, đã ghi kết quả 0." in officer().get("/quan-tri/").text


class TestWhoSeesWhich:
    def test_an_officer_sees_the_own_commune_and_a_foreign_one_looks_like_none(self, course):
        enrolled("Nơi Khác", course, days=8, place=cast.commune("Bảo Thắng", "Lào Cai"))
        foreign = cast.commune("Bảo Thắng", "Lào Cai")
        listed = actions.drawn(place=foreign, at=cast.NOW).contacts.get()
        client = officer()
        assert "Nơi Khác" not in client.get(LIST).text
        for address in (f"{LIST}?dia-ban={foreign.pk}", f"{LIST}?dia-ban=999999", f"{LIST}xlsx/?dia-ban={foreign.pk}"):
            assert client.get(address).status_code == 404
        for pk in (listed.pk, listed.pk + 999):
            assert client.post(f"{LIST}{pk}/", {"outcome": "met"}).status_code == 404
        listed.refresh_from_db()
        assert not listed.is_done

    def test_the_action_itself_refuses_whom_it_does_not_concern(self, course):
        enrolled("Nơi Khác", course, days=8, place=cast.commune("Bảo Thắng", "Lào Cai"))
        listed = actions.drawn(place=cast.commune("Bảo Thắng", "Lào Cai"), at=cast.NOW).contacts.get()
        with pytest.raises(Refusal, match="không còn thuộc địa bàn"):
            actions.record(contact=listed, outcome="met", by=cast.staff("manager", cast.commune()), at=cast.NOW)

    def test_whoever_moved_away_since_is_the_old_commune_s_no_more(self, course):
        person = enrolled("Chuyển Đi", course, days=8, phone="+84912345678")
        of, client, above = subject("HTX Chuyển Đi"), officer(), officer(cast.province(), "0987654322")
        client.get(LIST)
        for model, key in ((Person, person.pk), (Subject, of.pk)):
            model.objects.filter(pk=key).update(place=cast.commune("Bảo Thắng", "Lào Cai"))
        for page in (client.get(LIST), above.get(f"{LIST}?dia-ban={cast.commune().pk}")):
            assert "Chuyển Đi" not in page.text
            assert "345 678" not in page.text
        book = CalamineWorkbook.from_filelike(io.BytesIO(client.get(f"{LIST}xlsx/").getvalue()))
        assert book.get_sheet_by_index(0).to_python()[2][0] == "STT"
        assert len(book.get_sheet_by_index(0).to_python()) == 3, "its title and heads"
        assert above.get(LIST).context["rows"][0].listed == 0
        by = User.objects.get(phone="+84987654321")
        for contact in Contact.objects.all():
            assert client.post(f"{LIST}{contact.pk}/", {"outcome": "met"}).status_code == 404
            with pytest.raises(Refusal, match="không còn thuộc địa bàn"):
                actions.record(contact=contact, outcome="met", by=by, at=cast.NOW)

    def test_who_agrees_no_more_and_what_has_closed_uncalled_is_called_no_more(self, course):
        person, of, called = enrolled("Rút Lại", course, days=8), subject("HTX Đã Nghỉ"), subject("HTX Gọi Rồi Nghỉ")
        client = officer()
        client.get(LIST)
        client.post(f"{LIST}{Contact.objects.get(subject=called).pk}/", {"outcome": "called"})
        Person.objects.filter(pk=person.pk).update(has_consented=False)
        for one in (of, called):
            accounts.close_subject(subject=one, reason="Nghỉ", by=None, at=cast.NOW)
        assert [row.name for row in client.get(LIST).context["rows"]] == ["HTX Gọi Rồi Nghỉ"]

    def test_whose_log_in_was_switched_off_since_is_called_no_more_and_what_was_said_stays(self, course):
        names = ("Tắt Rồi", "Gọi Rồi Tắt", "Đang Học")
        people = {name: enrolled(name, course, days=8) for name in names}
        for number, person in enumerate(people.values()):
            User.objects.create(phone=f"+8491234560{number}", person=person, date_joined=cast.NOW)
        client, by = officer(), User.objects.get(phone="+84987654321")
        client.get(LIST)
        called = Contact.objects.get(person=people["Gọi Rồi Tắt"])
        client.post(f"{LIST}{called.pk}/", {"outcome": "called"})
        for name in names[:2]:
            accounts.switch_log_in(person=people[name], is_on=False, by=by, reason="mất máy")
        assert {row.name for row in client.get(LIST).context["rows"]} == {"Gọi Rồi Tắt", "Đang Học"}
        uncalled = Contact.objects.get(person=people["Tắt Rồi"])
        with pytest.raises(Refusal, match="không còn trong danh sách"):
            actions.record(contact=uncalled, outcome="met", by=by, at=cast.NOW)
        assert actions.record(contact=called, outcome="met", by=by, at=cast.NOW, seen="called").outcome == "met"

    def test_whom_erasure_took_from_the_list_is_called_no_more(self, course):
        person, client = enrolled("Xóa Rồi", course, days=8), officer()
        client.get(LIST)
        erase_person(person=person, by=None, at=cast.NOW)
        assert client.get(LIST).context["rows"] == []

    def test_who_is_written_under_a_former_unit_has_not_moved(self, course):
        former = Place.objects.former().filter(succession_out__successor=cast.commune(), succession_out__is_main=True)
        enrolled("Xã Cũ", course, days=8, place=former.first())
        assert "Xã Cũ" in officer().get(LIST).text

    def test_a_role_in_a_former_unit_draws_no_second_list_of_the_same_people(self, course):
        enrolled("Chưa Học", course, days=8)
        former = Place.objects.former().filter(succession_out__successor=cast.commune(), succession_out__is_main=True)
        client = officer(former.first())
        assert client.get(LIST).status_code == client.get("/quan-tri/").status_code == 200
        assert not CallList.objects.exists()

    def test_a_province_sees_how_far_its_communes_are_and_leads_to_their_lists(self, course):
        enrolled("Đã Gặp", course, days=8), enrolled("Chưa Gọi", course, days=9)
        enrolled("Nơi Khác", course, days=8, place=cast.commune("Bảo Thắng", "Lào Cai"))
        actions.draw_due(at=cast.NOW)
        one = Contact.objects.get(person__name="Đã Gặp")
        client = officer(cast.province(), "0987654322")
        client.post(f"{LIST}{one.pk}/", {"outcome": "met"})
        page = client.get(LIST)
        first = page.context["rows"][0]
        assert (str(first.place.name), first.listed, first.done, first.reached, first.percent) == (
            cast.commune().name, 2, 1, 1, 50,
        )  # fmt: skip
        assert "đã ghi kết quả 1/2" in page.text
        book = CalamineWorkbook.from_filelike(io.BytesIO(client.get(f"{LIST}xlsx/").getvalue()))
        assert book.get_sheet_by_index(0).to_python()[3][1:] == [1, 2, 1, 50, 1, 0]
        assert "Chưa Gọi" in client.get(f"{LIST}?dia-ban={cast.commune().pk}").text

    def test_the_centre_sees_provinces(self, course):
        enrolled("Chưa Gọi", course, days=9)
        actions.draw_due(at=cast.NOW)
        rows = cast.client_of(cast.staff("manager", None)).get(LIST).context["rows"]
        assert (rows[0].place.name, rows[0].listed) == ("Cà Mau", 1)
        assert len(rows) == 34

    def test_where_most_are_left_to_call_comes_first_and_where_nobody_is_is_folded_up(self, course):
        for name, place in (
            ("Một", cast.commune("Bảo Thắng", "Lào Cai")),
            ("Hai", cast.commune()),
            ("Ba", cast.commune()),
        ):
            enrolled(name, course, days=9, place=place)
        centre = cast.client_of(cast.staff("manager", None))
        assert "Danh sách tuần này đang được lập." in centre.get(LIST).text
        actions.draw_due(at=cast.NOW)
        page = centre.get(LIST)
        assert [(row.place.name, row.remaining) for row in page.context["waiting"]] == [("Cà Mau", 2), ("Lào Cai", 1)]
        assert "32 tỉnh, thành phố không có ai cần liên hệ tuần này" in page.text
        assert "từng xã, phường" in page.text
        assert "Mỗi xã, phường có danh sách riêng" not in page.text, "its lines are provinces"
        Contact.objects.filter(person__name__in=("Hai", "Ba")).update(outcome="called")
        assert [row.place.name for row in centre.get(LIST).context["waiting"]] == ["Lào Cai", "Cà Mau"]
        of_province = officer(cast.province(), "0987654322").get(LIST).text
        assert "Mỗi xã, phường có danh sách riêng" in of_province
        assert "63 xã, phường không có ai cần liên hệ tuần này" in of_province

    def test_where_nobody_is_to_be_called_at_all_that_is_said(self, course):
        actions.drawn(place=cast.commune(), at=cast.NOW)
        page = officer(cast.province(), "0987654322").get(LIST)
        assert "Tuần này không có ai cần liên hệ." in page.text
        assert "<table" not in page.text

    @pytest.mark.parametrize("role", ["organiser", "editor", "author"])
    def test_others_do_not(self, role):
        place = cast.province() if role == "organiser" else None
        answer = cast.client_of(cast.staff(role, place)).get(LIST)
        assert answer.status_code in (302, 403)

    def test_after_an_outcome_one_is_back_at_the_same_person(self, course):
        enrolled("Chưa Học", course, days=8)
        client = officer()
        client.get(LIST)
        contact = Contact.objects.get()
        there = urlsplit(client.post(f"{LIST}{contact.pk}/", {"outcome": "met"}).url)
        assert (parse_qs(there.query)["dia-ban"], there.fragment) == ([str(cast.commune().pk)], f"n{contact.pk}")

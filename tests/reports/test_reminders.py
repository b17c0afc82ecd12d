"""Reminding many at once: who is sent what, who is not and why, that it costs no more than was agreed, and how one gets out of it."""

import csv
import io
from datetime import timedelta

import pypdfium2
import pytest
from django.test import Client
from django.utils import timezone
from python_calamine import CalamineWorkbook
from wagtail.models import ModelLogEntry

from accounts import actions as accounts
from accounts.models import Consent, Person, User
from accounts.rights.erasing import erase_person
from certificates.actions import issue
from certificates.models import Credential
from courses.models import Enrolment
from elearning.management.commands.run_jobs import run_round
from lib import registries, sms
from lib.refusals import Refusal
from messaging import actions as messaging
from messaging.channels import ChannelError
from messaging.models import BulkBudget, Message
from reports import papers
from reports.calling import actions as calling
from reports.models import Contact, Outcome
from reports.reminding import actions, choosing, pages
from reports.reminding.models import Reminder, ReminderState
from tests import cast
from workshops.models import Registration

pytestmark = pytest.mark.django_db
LIST, REMIND, LOG = "/quan-tri/can-lien-he/", "/quan-tri/can-lien-he/nhan-tin/", "/quan-tri/can-lien-he/da-nhan/"
WEEK = timedelta(days=7)


@pytest.fixture(autouse=True)
def _switched_on_on_a_day(settings):
    settings.BULK_REMINDERS = True
    with cast.on(cast.NOW):
        yield


@pytest.fixture
def course():
    return cast.course(lessons=2)


@pytest.fixture
def officer():
    return cast.staff("manager", cast.commune())


def learner(name: str, course, phone: str = "+84912345678", place=None, days: int = 8) -> Person:
    person = cast.person(name, place, contact_phone=phone)
    row = cast.enrolment(person, course)
    Enrolment.objects.filter(pk=row.pk).update(enrolled_at=cast.NOW - timedelta(days=days))
    return person


def sent() -> dict[str, str]:
    return dict(Message.objects.filter(purpose="reminder").values_list("to", "body"))


def press(client, address=REMIND, **how):
    """The button of the page as it is now."""
    found = client.get(address).context["found"]
    return client.post(address, {"seen": found.seen}, **how)


def left_out(place=None) -> dict[str, str]:
    found = choosing.sort_out(actions.lists_of(place or cast.commune(), at=cast.NOW), left=500, at=cast.NOW)
    return {str(one.contact): str(one.why) for one in found.left_out}


class TestWhatIsSent:
    def test_everybody_is_sent_what_was_looked_at_in_one_plain_message_without_a_score(self, course, officer):
        learner("Huỳnh Văn Đậm", course)
        client = cast.client_of(officer)
        looked_at = client.get(REMIND).context["found"].to_tell[0].body
        said = press(client, follow=True)
        assert "Đang gửi cho 1 người" in said.text
        assert sent() == {"+84912345678": looked_at}
        assert looked_at.isascii()
        assert sms.parts(looked_at) == 1
        assert looked_at.startswith("Hoc OCOP xa Phan Ngoc Hien: chao anh/chi Dam, khoa ")
        assert "diem" not in looked_at

    @pytest.mark.parametrize("reason", ["failed", "expiring", "stalled", "unstarted"])
    def test_each_reason_fits_one_message_with_a_long_course_and_commune(self, course, reason):
        learner("Ksor H'Bia Nguyễn Thị Thanh Thảo", course)
        calling.drawn(place=cast.commune(), at=cast.NOW)
        contact = Contact.objects.get()
        contact.course.title, contact.reason, contact.since = (
            "Xây dựng câu chuyện sản phẩm " * 3,
            reason,
            cast.NOW.date(),
        )
        body = choosing.wording.body(contact)
        assert body.isascii()
        assert sms.parts(body) == 1
        assert body.endswith(f"/nhac/{actions.codes.of(contact)}/")

    def test_the_list_says_who_was_sent_one_and_the_rate_does_not_rise(self, course, officer):
        learner("Đã Nhắn", course)
        client = cast.client_of(officer)
        press(client)
        page = client.get(LIST)
        assert "Đã nhắn ngày 23/11/2026" in page.text
        assert page.context["done"] == 0
        book = CalamineWorkbook.from_filelike(io.BytesIO(client.get(f"{LIST}xlsx/").getvalue()))
        assert book.get_sheet_by_index(0).to_python()[3][5] == "chưa liên hệ, đã nhắn ngày 23/11/2026"

    def test_a_province_reminds_the_lists_that_its_communes_have(self, course):
        learner("Xã Một", course)
        learner("Xã Hai", course, "+84912345679", cast.commune("Tân Tiến"))
        learner("Nơi Khác", course, "+84912345670", cast.commune("Bảo Thắng", "Lào Cai"))
        calling.draw_due(at=cast.NOW)
        client = cast.client_of(cast.staff("manager", cast.province()))
        page = client.get(f"{REMIND}?dia-ban={cast.province().pk}")
        assert {str(one.contact) for one in page.context["found"].to_tell} == {"Xã Một", "Xã Hai"}
        press(client, f"{REMIND}?dia-ban={cast.province().pk}")
        assert set(sent()) == {"+84912345678", "+84912345679"}
        assert client.get(LIST).context["rows"][0].reminded == 1

    def test_whose_list_was_drawn_after_the_page_was_opened_is_sent_nothing_unseen(self, course):
        learner("Xã Một", course)
        learner("Xã Hai", course, "+84912345679", cast.commune("Tân Tiến"))
        calling.drawn(place=cast.commune(), at=cast.NOW)
        client = cast.client_of(cast.staff("manager", cast.province()))
        address = f"{REMIND}?dia-ban={cast.province().pk}"
        seen = client.get(address).context["found"].seen
        calling.draw_due(at=cast.NOW)
        for opened in ({"seen": seen}, {}):
            answer = client.post(address, opened)
            assert answer.status_code == 422
            assert "người sẽ nhận hoặc lời nhắn đã đổi" in answer.text
            assert sent() == {}
        shown = answer.context["found"]
        assert {str(one.contact) for one in shown.to_tell} == {"Xã Một", "Xã Hai"}
        assert f'name="seen" value="{shown.seen}"' in answer.text
        client.post(address, {"seen": shown.seen})
        assert set(sent()) == {"+84912345678", "+84912345679"}

    def test_it_is_in_the_log_of_decisions_and_names_nobody(self, course, officer):
        learner("Chim Hoàng Yến", course)
        actions.remind(place=cast.commune(), by=officer, at=cast.NOW)
        entry = ModelLogEntry.objects.get(action="reports.reminded")
        assert entry.data == {"count": 1}
        assert "Chim" not in entry.label
        page = cast.client_of(officer).get("/quan-tri/nhat-ky/")
        assert "Đã nhắn tin nhắc học cho 1 người" in page.text


class TestWhoIsLeftOut:
    def test_each_for_a_reason_that_is_said(self, course, officer):
        for name in ("Không Số", "Không Muốn", "Chưa Hỏi", "Tắt Vé", "Tạm Ngừng", "Sai Số", "Đã Gặp"):
            learner(name, course, "" if name == "Không Số" else "+84912345678")
        accounts.write_subject(
            name="HTX Chưa Ai", place=cast.commune(), kind="cooperative", leader="", phone="0912 345 678", by=None, at=cast.NOW
        )  # fmt: skip
        agreed = Consent.objects.filter(text__purpose="messages")
        agreed.filter(person__name="Không Muốn").update(withdrawn_at=cast.NOW)
        agreed.filter(person__name="Chưa Hỏi").delete()
        muted = Person.objects.get(name="Tắt Vé")
        Registration.objects.create(
            workshop=cast.workshop(course), person=muted, place=muted.place, state="held", source="self", number=1, code="a", is_muted=True, registered_at=cast.NOW,
            person_kind=muted.kind,
        )  # fmt: skip
        calling.drawn(place=cast.commune(), at=cast.NOW)
        User.objects.create(person=Person.objects.get(name="Tạm Ngừng"), is_active=False)
        for name, outcome in (("Sai Số", Outcome.WRONG), ("Đã Gặp", Outcome.MET)):
            Contact.objects.filter(person__name=name).update(outcome=outcome)
        assert left_out() == {
            "Không Số": choosing.NO_PHONE, "Không Muốn": choosing.STOPPED, "Chưa Hỏi": choosing.NOT_ASKED, "Tắt Vé": choosing.STOPPED,
            "Tạm Ngừng": choosing.SWITCHED_OFF, "Sai Số": choosing.WRONG, "Đã Gặp": choosing.DONE, "HTX Chưa Ai": choosing.SUBJECT,
        }  # fmt: skip
        page = cast.client_of(officer).get(REMIND)
        assert "Không có ai để nhắn lúc này" in page.text
        assert "Không Muốn: không muốn nhận tin nhắn" in page.text
        assert not actions.remind(place=cast.commune(), by=officer, at=cast.NOW).to_tell
        assert sent() == {}

    def test_who_withdrew_was_erased_or_moved_is_not_even_named(self, course, officer):
        people = [learner(name, course) for name in ("Rút Lại", "Đã Xóa", "Chuyển Đi")]
        calling.drawn(place=cast.commune(), at=cast.NOW)
        Person.objects.filter(pk=people[0].pk).update(has_consented=False)
        erase_person(person=people[1], by=None, at=cast.NOW)
        Person.objects.filter(pk=people[2].pk).update(place=cast.commune("Bảo Thắng", "Lào Cai"))
        assert left_out() == {}
        assert not actions.remind(place=cast.commune(), by=officer, at=cast.NOW).to_tell

    def test_who_learns_on_finishes_or_renews_after_the_list_was_drawn_is_not_told_to(self, officer):
        ways = ("Học Tiếp", "Học Xong", "Gia Hạn", "Khóa Đã Đóng", "Chưa Làm Gì")
        for index, name in enumerate(ways):
            learner(name, cast.course(lessons=1, slug=f"khoa-{index}", title=f"Khóa {index}"))
        calling.drawn(place=cast.commune(), at=cast.NOW)
        rows = {one.person.name: one for one in Enrolment.objects.select_related("person", "course")}
        later = cast.NOW + timedelta(hours=1)
        Enrolment.objects.filter(pk=rows["Học Tiếp"].pk).update(last_active_at=later)
        cast.finish(rows["Học Xong"], at=later)
        rows["Khóa Đã Đóng"].course.retired_at = later
        rows["Khóa Đã Đóng"].course.save()
        Contact.objects.filter(person__name="Gia Hạn").update(reason="expiring", since=cast.NOW.date())
        assert left_out() == dict.fromkeys(ways[:-1], choosing.OVER)
        assert len(actions.remind(place=cast.commune(), by=officer, at=cast.NOW).to_tell) == 1

    def test_whose_paper_still_ends_is_told(self, course, officer):
        person = learner("Sắp Hết Hạn", course)
        calling.drawn(place=cast.commune(), at=cast.NOW)
        row = Enrolment.objects.get(person=person)
        cast.award(course)
        cast.finish(row)
        issue(enrolment_id=row.pk, at=cast.NOW)
        Credential.objects.filter(person=person).update(expires_on=cast.NOW.date())
        Contact.objects.filter(person=person).update(reason="expiring", since=cast.NOW.date())
        assert left_out() == {}

    def test_one_in_a_week_and_three_in_ninety_days(self, course, officer):
        learner("Được Nhắc", course, days=30)
        times = []
        for week in range(16):
            at = cast.NOW + week * WEEK
            if actions.remind(place=cast.commune(), by=officer, at=at).to_tell:
                times.append(week)
                actions.note_outcomes(at=at)
            assert not actions.remind(place=cast.commune(), by=officer, at=at + timedelta(days=4)).to_tell
        assert times == [0, 1, 2, 13, 14, 15]

    def test_a_message_that_reached_nobody_does_not_count_and_is_sent_again(self, course, officer):
        learner("Hỏng Tin", course)
        actions.remind(place=cast.commune(), by=officer, at=cast.NOW)
        Message.objects.update(failed_at=cast.NOW, last_error="gateway: HTTP 500")
        actions.note_outcomes(at=cast.NOW)
        assert "gateway: HTTP 500" in cast.client_of(officer).get(LOG).text
        assert len(actions.remind(place=cast.commune(), by=officer, at=cast.NOW).to_tell) == 1
        again = Reminder.objects.get()
        assert (again.tries, again.state) == (2, ReminderState.WAITING)

    def test_the_budget_of_a_day_holds_and_the_rest_is_for_tomorrow(self, course, officer, settings):
        settings.BULK_DAILY_BUDGET = 2
        for number in range(3):
            learner(f"Người {number}", course, f"+8491234567{number}", days=8 + number)
        found = actions.remind(place=cast.commune(), by=officer, at=cast.NOW)
        assert (len(found.to_tell), found.reasons) == (2, [(choosing.NO_BUDGET, 1)])
        assert BulkBudget.objects.get().taken == 2
        tomorrow = actions.remind(place=cast.commune(), by=officer, at=cast.NOW + timedelta(days=1))
        assert len(tomorrow.to_tell) == 1


class TestWhoMaySend:
    def test_nothing_leaves_while_the_operator_has_not_switched_it_on(self, course, officer, settings):
        settings.BULK_REMINDERS = False
        learner("Ai Đó", course)
        client = cast.client_of(officer)
        assert "người vận hành chưa bật" in client.get(REMIND).text
        assert REMIND not in client.get(LIST).text
        assert client.post(REMIND).status_code == 422
        assert sent() == {}

    def test_a_foreign_place_looks_like_none(self, course, officer):
        learner("Nơi Khác", course, place=cast.commune("Bảo Thắng", "Lào Cai"))
        calling.draw_due(at=cast.NOW)
        foreign, client = cast.commune("Bảo Thắng", "Lào Cai"), cast.client_of(officer)
        for pk in (foreign.pk, foreign.parent_id, 999999):
            for address in (REMIND, LOG, f"{LOG}xlsx/"):
                assert client.get(f"{address}?dia-ban={pk}").status_code == 404
            assert client.post(f"{REMIND}?dia-ban={pk}").status_code == 404
        with pytest.raises(Refusal, match="ngoài địa bàn"):
            actions.remind(place=foreign, by=officer, at=cast.NOW)
        assert sent() == {}

    def test_an_officer_of_a_commune_does_not_remind_the_province(self, course, officer):
        learner("Ai Đó", course)
        with pytest.raises(Refusal, match="ngoài địa bàn"):
            actions.remind(place=cast.province(), by=officer, at=cast.NOW)

    def test_one_number_of_two_people_has_one_message_and_a_week_of_rest(self, course, officer):
        learner("Vợ Trước", course, days=8)
        learner("Chồng Sau", course, days=9)
        [told] = actions.remind(place=cast.commune(), by=officer, at=cast.NOW).to_tell
        first = str(told.contact)
        [other] = {"Vợ Trước", "Chồng Sau"} - {first}
        shared = "dùng chung số điện thoại với người đã được nhắn"
        assert left_out() == {first: "đã nhắn trong 7 ngày qua", other: shared}
        assert Message.objects.filter(purpose="reminder").count() == 1
        assert not actions.remind(place=cast.commune(), by=officer, at=cast.NOW + timedelta(days=1)).to_tell

    def test_one_number_of_two_people_has_as_many_in_a_season_as_one_person_s(self, course, officer):
        learner("Vợ Trước", course, days=8)
        for week in range(3):
            at = cast.NOW + week * WEEK
            assert actions.remind(place=cast.commune(), by=officer, at=at).to_tell
        at = cast.NOW + 3 * WEEK
        with cast.on(at):
            learner("Chồng Sau", course, days=-13)
        found = actions.remind(place=cast.commune(), by=officer, at=at)
        assert not found.to_tell
        assert {str(one.contact) for one in found.left_out} == {"Vợ Trước", "Chồng Sau"}

    def test_nobody_is_woken_at_night(self, course, officer):
        learner("Đang Ngủ", course)
        with pytest.raises(Refusal, match="từ 8 giờ đến 20 giờ"):
            actions.remind(place=cast.commune(), by=officer, at=cast.NOW + timedelta(hours=12))

    def test_a_second_press_sends_nothing(self, course, officer):
        learner("Một Lần", course)
        client = cast.client_of(officer)
        press(client)
        assert "ai nhắn được thì đã nhắn rồi" in press(client, follow=True).text
        assert Message.objects.filter(purpose="reminder").count() == 1

    def test_who_sees_the_whole_country_chooses_a_place_first(self):
        client = cast.client_of(cast.staff("manager", None))
        assert "Hãy chọn một nơi" in client.get(REMIND).text
        assert "Hãy chọn một xã" in client.post(REMIND).text

    @pytest.mark.parametrize("role", ["organiser", "editor", "author"])
    def test_others_do_not(self, role):
        client = cast.client_of(cast.staff(role, cast.province() if role == "organiser" else None))
        for address in (REMIND, LOG, f"{LOG}xlsx/"):
            assert client.get(address).status_code in (302, 403)


class TestTheLog:
    def test_says_how_each_went_as_page_and_workbook_with_masked_numbers(self, course, officer):
        learner("=Chim", course)
        actions.remind(place=cast.commune(), by=officer, at=cast.NOW)
        client = cast.client_of(officer)
        assert "đang chờ gửi: 1" in client.get(LOG).text
        messaging.deliver_due(at=cast.NOW)
        actions.note_outcomes(at=cast.NOW)
        page = client.get(LOG).text
        assert "đã gửi: 1" in page
        assert "09•• ••• 678" in page
        assert "912345678" not in page
        book = CalamineWorkbook.from_filelike(io.BytesIO(client.get(f"{LOG}xlsx/").getvalue()))
        row = book.get_sheet_by_index(0).to_python()[1]
        assert row[2:7] == ["=Chim", "đã ghi danh, chưa bắt đầu", "09•• ••• 678", 1, "đã gửi"]

    def test_all_three_files_say_what_the_page_says_and_how_many_of_each_state(self, course, officer):
        learner("Chim Một", course)
        learner("Chim Hai", course, "+84912345679")
        actions.remind(place=cast.commune(), by=officer, at=cast.NOW)
        client = cast.client_of(officer)
        page = client.get(LOG).text
        assert all(f'href="{LOG}{kind}/"' in page for kind in papers.KINDS)
        rows = list(csv.reader(io.StringIO(client.get(f"{LOG}csv/").getvalue().decode("utf-8-sig"))))
        names = [row[2] for row in rows if row and row[0] == f"{timezone.localtime(cast.NOW):%H:%M %d/%m/%Y}"]
        assert sorted(names) == ["Chim Hai", "Chim Một"]
        assert sorted(names, key=page.index) == names, "in the order of the page"
        assert rows[-1] == ["Đang chờ gửi", "2"]
        book = CalamineWorkbook.from_filelike(io.BytesIO(client.get(f"{LOG}xlsx/").getvalue()))
        assert book.get_sheet_by_name("Tình trạng").to_python()[1] == ["Đang chờ gửi", 2]
        paper = pypdfium2.PdfDocument(client.get(f"{LOG}pdf/").getvalue())
        words = " ".join(" ".join(one.get_textpage().get_text_range() for one in paper).split())
        assert "Đã nhắn: Xã Phan Ngọc Hiển" in words
        assert all(name in words for name in names)

    def test_a_file_of_many_asks_for_portions_and_has_them_all(self, course, officer, monkeypatch):
        for number in range(5):
            learner(f"Chim {number}", course, f"+8491234567{number}")
        actions.remind(place=cast.commune(), by=officer, at=cast.NOW)
        seen = []
        theirs = pages.still_theirs
        monkeypatch.setattr(pages, "A_PORTION", 2)
        monkeypatch.setattr(pages, "still_theirs", lambda user, rows: seen.append(len(rows)) or theirs(user, rows))
        book = CalamineWorkbook.from_filelike(io.BytesIO(cast.client_of(officer).get(f"{LOG}xlsx/").getvalue()))
        rows = book.get_sheet_by_index(0).to_python()[1:]
        assert sorted(row[2] for row in rows) == [f"Chim {number}" for number in range(5)]
        assert seen == [2, 2, 1]

    def test_who_moved_away_since_is_counted_and_not_named(self, course, officer):
        person = learner("Chim Bay", course)
        actions.remind(place=cast.commune(), by=officer, at=cast.NOW)
        Person.objects.filter(pk=person.pk).update(place=cast.commune("Bảo Thắng", "Lào Cai"))
        client = cast.client_of(officer)
        page = client.get(LOG).text
        assert "người không còn thuộc địa bàn" in page
        assert "Chim Bay" not in page
        assert "678" not in page
        book = io.BytesIO(client.get(f"{LOG}xlsx/").getvalue())
        assert "Chim Bay" not in str(CalamineWorkbook.from_filelike(book).get_sheet_by_index(0).to_python())

    def test_another_place_s_is_not_there_whatever_is_asked(self, course, officer):
        learner("Chim Xa", course, place=cast.commune("Bảo Thắng", "Lào Cai"))
        actions.remind(
            place=cast.commune("Bảo Thắng", "Lào Cai"), by=cast.staff("manager", None, "0987654322"), at=cast.NOW
        )
        client = cast.client_of(officer)
        for query in ("", "?dia-ban=", f"?dia-ban={cast.commune().pk}", "?p=9", "?p=x"):
            assert "Chim Xa" not in client.get(f"{LOG}{query}").text

    def test_no_number_and_no_name_in_the_server_s_log(self, course, officer, monkeypatch, caplog):
        class Refusing:
            def send(self, *, to, body):
                raise ChannelError("gateway: HTTP 500")

        learner("Chim Kín", course)
        monkeypatch.setattr(messaging, "sms_channel", Refusing)
        actions.remind(place=cast.commune(), by=officer, at=cast.NOW)
        with caplog.at_level("DEBUG"):
            run_round()
        assert "message" in caplog.text
        for trace in ("912345678", "Chim", "Kin"):
            assert trace not in caplog.text


class TestNoMoreOfThem:
    def _code(self, course, officer) -> str:
        learner("Muốn Thôi", course)
        actions.remind(place=cast.commune(), by=officer, at=cast.NOW)
        return f"/nhac/{Reminder.objects.get().code}/"

    def test_the_address_leads_to_the_course_names_nobody_and_looking_changes_nothing(self, course, officer):
        page = Client().get(self._code(course, officer))
        assert "/khoa-hoc/" in page.text
        assert "Muốn Thôi" not in page.text
        assert page.headers["Cache-Control"].startswith("max-age=0")
        assert Consent.objects.filter(text__purpose="messages", withdrawn_at=None).exists()

    def test_one_press_without_logging_in_ends_them_and_what_waits_does_not_leave(self, course, officer):
        address = self._code(course, officer)
        said = Client().post(address, follow=True)
        assert "Đã tắt tin nhắn nhắc học" in said.text
        assert messaging.deliver_due(at=cast.NOW) == 0
        actions.note_outcomes(at=cast.NOW)
        assert Reminder.objects.get().state == ReminderState.STOPPED
        assert left_out() == {"Muốn Thôi": choosing.STOPPED}
        assert Client().post(address).status_code == 302, "once more does no harm"

    def test_the_address_opens_also_where_two_rows_were_joined_after_a_message_that_failed(self, course, officer):
        one, other = learner("Một Người", course), learner("Một Người Nữa", course)
        calling.drawn(place=cast.commune(), at=cast.NOW)
        Contact.objects.filter(person=one).delete()
        actions.remind(place=cast.commune(), by=officer, at=cast.NOW)
        Reminder.objects.update(state=ReminderState.FAILED)
        records = dict(registries.person_records)
        for kind in ("reports.Contact.person", "reports.Reminder.person"):
            records[kind].repoint(other.pk, one.pk)
        [told] = actions.remind(place=cast.commune(), by=officer, at=cast.NOW).to_tell
        assert told.body.endswith(f"/nhac/{Reminder.objects.get().code}/")

    def test_who_takes_the_agreement_back_elsewhere_is_sent_nothing_that_waits(self, course, officer):
        self._code(course, officer)
        Consent.objects.filter(text__purpose="messages").update(withdrawn_at=cast.NOW)
        actions.note_outcomes(at=cast.NOW)
        assert messaging.deliver_due(at=cast.NOW) == 0

    @pytest.mark.parametrize("code", ["AAAAAAAAAA", "0", "khong-co"])
    def test_an_unknown_address_is_none(self, code):
        assert Client().get(f"/nhac/{code}/").status_code == 404

    def test_erasing_takes_what_was_sent_along_and_joining_keeps_the_cap(self, course, officer):
        one, other = learner("Một Người", course), learner("Một Người Nữa", course)
        actions.remind(place=cast.commune(), by=officer, at=cast.NOW)
        records = dict(registries.person_records)["reports.Reminder.person"]
        records.repoint(other.pk, one.pk)
        assert Reminder.objects.get().person == one
        assert records.export(one.pk)[0]["state"] == "waiting"
        records.erase(one.pk)
        assert not Reminder.objects.exists()
        assert not Message.objects.filter(purpose="reminder").exists()

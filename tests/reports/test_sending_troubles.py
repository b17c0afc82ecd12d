"""A report that does not go out is noticed: by its reader, by administrators, and by whoever watches the server."""

import json
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.models import MailAddress, RoleAssignment
from lib import registries
from messaging import actions as messaging
from messaging import mailing
from messaging.models import Message
from reports.models import CallList
from reports.reminding.models import Reminder
from reports.sending import actions, alarms, content
from reports.sending.models import Sending, SendingState
from tests import cast
from tests.reports.post_office import post_office

pytestmark = pytest.mark.django_db
LIST, MONITOR, HOME = "/quan-tri/tien-do/gui-dinh-ky/", "/quan-tri/tien-do/gui-dinh-ky/tinh-hinh/", "/quan-tri/"
MONDAY = datetime(2026, 11, 30, 0, 0, tzinfo=UTC)  # seven in Vietnam
SAID = "1 báo cáo gửi định kỳ chưa gửi được."


@pytest.fixture
def officer():
    user = cast.staff("manager", cast.commune())
    MailAddress.objects.create(user=user, address="can.bo@xa.gov.vn", confirmed_at=cast.NOW)
    return user


@pytest.fixture
def administrator():
    return cast.staff("administrator", None, "0987654329", "Người Quản Trị")


def order(user, way="mail", what="board"):
    return actions.subscribe(user=user, place=cast.commune(), what=what, every="week", way=way, by=user, at=cast.NOW)


def home(user, at) -> str:
    with cast.on(at):
        return cast.client_of(user).get(HOME).text


def checked(at) -> tuple[int, str]:
    output = StringIO()
    with cast.on(at):
        try:
            call_command("check_sending", stdout=output)
        except SystemExit as left:
            return int(left.code or 0), output.getvalue()
    return 0, output.getvalue()


def noticed(officer, administrator, at, said: str) -> None:
    """On the first page of both, on the page that tells why, by the exit code, and by a message to administrators."""
    bystander = cast.staff("manager", cast.commune("Tân Tiến"), "0987654328")
    assert SAID in home(officer, at)
    assert SAID in home(administrator, at)
    assert "chưa gửi được" not in home(bystander, at)
    with cast.on(at):
        assert said in cast.client_of(officer).get(MONITOR).text
    code, output = checked(at)
    assert code == 1
    for trace in ("can.bo", "987654", "Lê Văn", "Phan Ngọc Hiển"):
        assert trace not in output
    assert alarms.tell(at=at) == 1
    alarm = Message.objects.get(purpose="alarm")
    assert alarm.to == "+84987654329"
    assert alarm.body.startswith("Hoc OCOP: 1 bao cao dinh ky chua gui duoc")


class TestFaults:
    def test_a_server_that_refuses(self, officer, administrator, settings):
        order(officer)
        with post_office(settings, "refuses"):
            actions.send_due(at=MONDAY)
        assert Sending.objects.get().error == "mail: SMTP 550"
        noticed(officer, administrator, MONDAY, "mail: SMTP 550")

    def test_a_server_that_hangs_holds_up_one_mail_and_none_of_the_other_jobs(self, officer, administrator, settings):
        for what in ("board", "plan", "calls"):
            order(officer, what=what)
        messaging.enqueue(to="+84912345678", body="Chào", purpose="hello", at=cast.NOW)
        with post_office(settings, "hangs") as office, cast.on(MONDAY):
            for _name, job in [*registries.jobs] * 2:
                job(at=timezone.now())
        assert office.visits == 1
        assert Message.objects.get(purpose="hello").sent_at
        assert sorted(Sending.objects.values_list("error", flat=True)) == ["", "", "mail: SMTPServerDisconnected"]
        Sending.objects.filter(error="").delete()
        Message.objects.all().delete()
        noticed_at = MONDAY + timedelta(minutes=2)
        actions.Subscription.objects.exclude(sendings__isnull=False).delete()
        noticed(officer, administrator, noticed_at, "mail: SMTPServerDisconnected")

    def test_what_is_put_off_for_a_server_that_hangs_is_not_made_meanwhile(self, officer, settings, monkeypatch):
        for what in ("board", "plan", "calls"):
            order(officer, what=what)
        made, really = [], content.mail
        monkeypatch.setattr(content, "mail", lambda *said: made.append(said) or really(*said))
        with post_office(settings, "hangs"), cast.on(MONDAY):
            actions.send_due(at=MONDAY)
        assert len(made) == 1

    def test_a_reader_who_ends_one_while_the_others_go_out_stops_none_of_them(self, officer, settings, monkeypatch):
        first, second, third = (order(officer, what=what) for what in ("board", "plan", "calls"))
        really = content.mail

        def made(subscription, at):
            actions.unsubscribe(subscription=second, by=officer, at=at)  # in the middle, whichever goes first
            return really(subscription, at)

        monkeypatch.setattr(content, "mail", made)
        with cast.on(MONDAY):
            assert actions.send_due(at=MONDAY) == 2
        assert set(Sending.objects.values_list("subscription", "state")) == {(first.pk, "sent"), (third.pk, "sent")}

    def test_a_server_that_is_not_there(self, officer, administrator, settings):
        order(officer)
        settings.MAILERS = {"default": {"OPTIONS": {"host": "127.0.0.1", "port": 1, "timeout": 1}}}
        actions.send_due(at=MONDAY)
        noticed(officer, administrator, MONDAY, "mail: ConnectionRefusedError")

    def test_a_server_that_breaks_off_may_have_taken_it_and_is_sent_no_second_one_unasked(
        self, officer, administrator, settings
    ):
        order(officer)
        with post_office(settings, "breaks") as office:
            actions.send_due(at=MONDAY)
            actions.send_due(at=MONDAY + timedelta(hours=5))
        assert len(office.mails) == 1
        noticed(officer, administrator, MONDAY + timedelta(minutes=1), "không rõ đã gửi chưa")
        sending = Sending.objects.get()
        with post_office(settings, "takes") as office, cast.on(MONDAY + timedelta(hours=6)):
            client = cast.client_of(officer)
            assert "sẽ gửi lại" in client.post(f"{LIST}lan/{sending.pk}/gui-lai/", follow=True).text
            assert "không cần gửi lại" in client.post(f"{LIST}lan/{sending.pk}/gui-lai/", follow=True).text
            actions.send_due(at=MONDAY + timedelta(hours=6))
        assert office.mails[0]["Message-ID"] == f"<report-{sending.pk}@localhost>"
        assert SAID not in home(officer, MONDAY + timedelta(hours=6))

    def test_a_worker_that_is_killed_while_it_sends(self, officer, administrator, monkeypatch):
        order(officer)

        def killed(**_mail):
            raise SystemExit

        with monkeypatch.context() as patch:
            patch.setattr(mailing, "send", killed)
            with pytest.raises(SystemExit):
                actions.send_due(at=MONDAY)
        assert Sending.objects.get().state == SendingState.UNDERWAY
        later = MONDAY + actions.CLAIM + timedelta(minutes=1)
        actions.send_due(at=later)
        noticed(officer, administrator, later, "máy chủ dừng giữa lúc gửi")

    def test_a_worker_that_is_killed_before_it_speaks_to_a_server_leaves_it_for_the_next(
        self, officer, settings, monkeypatch
    ):
        order(officer)

        def killed(*_said):
            raise SystemExit

        with monkeypatch.context() as patch:
            patch.setattr(content, "mail", killed)
            with pytest.raises(SystemExit):
                actions.send_due(at=MONDAY)
        with post_office(settings, "takes") as office:
            assert actions.send_due(at=MONDAY) == 1
        assert len(office.mails) == 1

    def test_a_gateway_that_answers_500(self, officer, administrator, settings):
        class Broken(BaseHTTPRequestHandler):
            def do_POST(self):
                self.send_response(500)
                self.end_headers()

            def log_message(self, *_said): ...

        server = HTTPServer(("127.0.0.1", 0), Broken)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.MESSAGING_SMS_CHANNEL = "messaging.channels.Gateway"
        settings.MESSAGING_GATEWAY = {
            "url": f"http://127.0.0.1:{server.server_port}/", "token": "", "header": "", "format": "json", "taken": "",
            "message": json.dumps({"to": "{to}", "text": "{body}"}),
        }  # fmt: skip
        order(officer, way="message")
        actions.send_due(at=MONDAY)
        later = MONDAY + timedelta(minutes=1)
        messaging.deliver_due(at=later)
        server.shutdown()
        actions.send_due(at=later)
        noticed(officer, administrator, later, "gateway: HTTP 500")

    def test_a_report_that_cannot_be_made(self, officer, administrator, monkeypatch, caplog):
        order(officer)
        monkeypatch.setattr(content, "mail", lambda *_said: 1 / 0)
        actions.send_due(at=MONDAY)
        assert "could not be made" in caplog.text
        noticed(officer, administrator, MONDAY, "ZeroDivisionError")

    def test_jobs_that_stand_still(self, officer, administrator):
        order(officer)
        assert SAID not in home(officer, MONDAY + timedelta(minutes=59))
        noticed(officer, administrator, MONDAY + timedelta(hours=2), "phần gửi tự động trên máy chủ có thể đã dừng")


class TestComingBack:
    def test_it_is_tried_again_after_5_10_20_minutes_and_given_up_after_eight_times(self, officer, settings):
        order(officer)
        waits, at = [], MONDAY
        with post_office(settings, "refuses") as office:
            for _time in range(actions.TRIES):
                actions.send_due(at=at)
                one = Sending.objects.get()
                waits.append(round((one.next_try_at - at).total_seconds() / 60))
                at = one.next_try_at + timedelta(seconds=1)
            actions.send_due(at=at + timedelta(days=1))
        assert waits[:-1] == [5, 10, 20, 40, 80, 160, 240]
        assert office.visits == actions.TRIES
        assert Sending.objects.get().state == SendingState.FAILED

    def test_when_the_server_is_back_all_that_waited_go_and_nobody_is_warned_any_more(
        self, officer, administrator, settings
    ):
        for what in ("board", "plan", "calls"):
            order(officer, what=what)
        with post_office(settings, "hangs"):
            actions.send_due(at=MONDAY)
        later = MONDAY + timedelta(minutes=6)
        with post_office(settings, "takes") as office:
            actions.send_due(at=later)
        assert len(office.mails) == 3
        assert "chưa gửi được" not in home(officer, later)
        assert checked(later) == (0, "0 trục trặc / troubles\n")

    def test_administrators_are_told_at_once_and_after_1_2_4_days(self, officer, administrator, settings):
        order(officer)
        with post_office(settings, "refuses"):
            actions.send_due(at=MONDAY)
        days = [day for day in range(7) if alarms.tell(at=MONDAY + timedelta(days=day, hours=1))]
        assert days == [0, 1, 2, 4]
        assert alarms.tell(at=MONDAY + timedelta(days=4, hours=2)) == 0


class TestWhatIsNoAlarm:
    def test_an_address_that_its_owner_took_off_is_said_to_the_owner_alone(self, officer, administrator):
        order(officer)
        MailAddress.objects.all().delete()
        actions.send_due(at=MONDAY)
        assert SAID in home(officer, MONDAY)
        assert alarms.tell(at=MONDAY) == 0
        assert checked(MONDAY)[0] == 0

    def test_a_reader_who_may_see_it_no_more_is_said_to_whoever_ordered_it(self, officer, administrator):
        chief = cast.staff("manager", cast.province(), "0987654327")
        actions.subscribe(
            user=officer, place=cast.commune(), what="board", every="week", way="mail", by=chief, at=cast.NOW
        )
        RoleAssignment.objects.filter(user=officer).update(place=cast.commune("Tân Tiến"))
        actions.send_due(at=MONDAY)
        assert SAID in home(chief, MONDAY)
        assert "chưa gửi được" not in home(administrator, MONDAY)
        with cast.on(MONDAY):
            assert "người nhận không còn quyền xem" in cast.client_of(chief).get(MONITOR).text
        assert alarms.tell(at=MONDAY) == 0

    def test_what_is_new_and_not_due_yet(self, officer):
        order(officer)
        assert alarms.troubles_of(officer, at=MONDAY - timedelta(hours=1)) == []


class TestTheCommand:
    def test_tells_of_the_outbox_and_of_reminders_too(self):
        messaging.enqueue(to="+84912345678", body="Chào", purpose="hello", at=MONDAY - timedelta(hours=2))
        listed = CallList.objects.create(place=cast.commune(), week=MONDAY.date(), drawn_at=MONDAY)
        Reminder.objects.create(
            list=listed, person=cast.person(), reason="stalled", code="A", parts=1, state="failed", at=MONDAY, settled_at=MONDAY
        )  # fmt: skip
        code, output = checked(MONDAY + timedelta(minutes=5))
        assert code == 1
        assert "outbox: 1 messages have been waiting" in output
        assert "reminders: 1 could not be sent" in output

    def test_no_name_no_number_and_no_address_in_the_log(self, officer, settings, caplog):
        order(officer)
        with post_office(settings, "refuses"), caplog.at_level("DEBUG"):
            actions.send_due(at=MONDAY)
        assert "was not sent: mail: SMTP 550" in caplog.text
        for trace in ("can.bo", "987654", "Lê Văn"):
            assert trace not in caplog.text


def test_a_mail_server_that_cannot_be_used_is_said_by_the_check(settings):
    settings.MAIL_FROM, settings.SMTP_HOST, settings.SMTP_SECURITY = "hoc@ocop.vn", "mail.ocop.vn", "starttls"
    assert mailing.mail_problem() == ""
    settings.SMTP_SECURITY = "none"
    assert "on this machine" in mailing.mail_problem()
    settings.SMTP_SECURITY = "ssl"
    assert "starttls, tls or none" in mailing.mail_problem()
    settings.SMTP_SECURITY, settings.MAIL_FROM = "tls", ""
    assert "MAIL_FROM" in mailing.mail_problem()

"""Reports that come regularly: who may order and get one, what a mail says, when it is due, and that it comes once."""

import io
from datetime import UTC, datetime, timedelta

import pytest
from python_calamine import CalamineWorkbook

from accounts import actions as accounts
from accounts.models import MailAddress, RoleAssignment
from lib.refusals import Refusal
from messaging import actions as messaging
from messaging.models import Message
from reports.sending import actions, content, periods
from reports.sending.models import Every, Sending, SendingState, Subscription
from tests import cast
from tests.reports.post_office import post_office

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_a_day")]
LIST, MONITOR = "/quan-tri/tien-do/gui-dinh-ky/", "/quan-tri/tien-do/gui-dinh-ky/tinh-hinh/"
MONDAY = datetime(2026, 11, 30, 0, 0, tzinfo=UTC)  # seven in Vietnam


def reader(place=None, phone="0987654321", role="manager", name="Lê Văn Cán Bộ"):
    user = cast.staff(role, place, phone, name)
    MailAddress.objects.create(user=user, address=f"{phone}@xa.gov.vn", confirmed_at=cast.NOW)
    return user


def order(user, place=None, *, by=None, what="board", every="week", way="mail"):
    return actions.subscribe(user=user, place=place, what=what, every=every, way=way, by=by or user, at=cast.NOW)


class TestWhenItIsDue:
    @pytest.mark.parametrize(
        ("every", "at", "latest", "following"),
        [
            ("week", "2026-11-29T23:59", "2026-11-23T00:00", "2026-11-30T00:00"),
            ("week", "2026-11-30T00:00", "2026-11-30T00:00", "2026-12-07T00:00"),
            ("week", "2026-12-02T15:00", "2026-11-30T00:00", "2026-12-07T00:00"),
            ("month", "2026-11-30T23:59", "2026-11-01T00:00", "2026-12-01T00:00"),
            ("month", "2026-12-01T00:00", "2026-12-01T00:00", "2027-01-01T00:00"),
            ("month", "2027-01-01T00:01", "2027-01-01T00:00", "2027-02-01T00:00"),
        ],
    )
    def test_at_seven_in_vietnam(self, every, at, latest, following):
        at, latest, following = (datetime.fromisoformat(one).replace(tzinfo=UTC) for one in (at, latest, following))
        assert periods.latest(every, at) == latest
        assert periods.following(every, at) == following

    @pytest.mark.parametrize("every", Every.values)
    @pytest.mark.parametrize("zone", ["UTC", "America/New_York"])
    def test_whatever_the_zone_of_the_server_s_own_clock(self, every, zone, monkeypatch):
        monkeypatch.setenv("TZ", zone)
        assert periods.latest(every, MONDAY + timedelta(days=2)).astimezone(UTC).hour == 0

    def test_nothing_before_the_first_monday_after_it_was_ordered(self, settings):
        with post_office(settings, "takes") as office:
            order(reader(cast.commune()), cast.commune())
            assert actions.send_due(at=MONDAY - timedelta(minutes=1)) == 0
            assert actions.send_due(at=MONDAY) == 1
        assert len(office.mails) == 1

    def test_once_however_often_the_job_runs_and_late_if_the_machine_was_off(self, settings):
        with post_office(settings, "takes") as office:
            order(reader(cast.commune()), cast.commune())
            for at in (MONDAY + timedelta(days=2), MONDAY + timedelta(days=2), MONDAY + timedelta(days=6)):
                actions.send_due(at=at)
            assert len(office.mails) == 1
            actions.send_due(at=MONDAY + timedelta(days=21))
        assert len(office.mails) == 2, "of three weeks in which the machine was off the last one"
        assert set(Sending.objects.values_list("state", flat=True)) == {SendingState.SENT}


class TestWhatAMailSays:
    def test_figures_of_the_place_and_a_workbook_and_nobody_s_name(self, course, settings):
        with post_office(settings, "takes") as office:
            order(reader(cast.province()), cast.province())
            actions.send_due(at=MONDAY)
        (mail,) = office.mails
        assert mail["To"] == "0987654321@xa.gov.vn"
        assert mail["Subject"] == "Học OCOP: tiến độ học, tỉnh Cà Mau"
        text = mail.get_body().get_content()
        assert "- Số người: 4" in text
        assert "- Tỷ lệ hoàn thành: 50%" in text
        assert "tính đến 07:00 30/11/2026" in text
        assert f"/quan-tri/tien-do/?dia-ban={cast.province().pk}" in text
        (attached,) = mail.iter_attachments()
        assert attached.get_filename().endswith(".xlsx")
        book = CalamineWorkbook.from_filelike(io.BytesIO(attached.get_content()))
        said = text + str([book.get_sheet_by_name(name).to_python() for name in book.sheet_names])
        for trace in ("Chim", "912223", "Lào Cai", "Sa Pa"):
            assert trace not in said

    def test_the_plan_and_the_calls_in_numbers_too(self, course, settings):
        user = reader(cast.province())
        with post_office(settings, "takes") as office:
            for what in ("plan", "calls"):
                order(user, cast.province(), what=what)
            actions.send_due(at=MONDAY)
        plan, calls = sorted(office.mails, key=lambda mail: "tuần này" in mail["Subject"])
        texts = [mail.get_body().get_content() for mail in (plan, calls)]
        assert "- Số người: 4" in texts[0]
        assert "/quan-tri/can-lien-he/?dia-ban=" in texts[1]
        assert "Danh sách tuần này đang được lập" in texts[1], "which is not the same as nobody"
        assert [len(list(mail.iter_attachments())) for mail in (plan, calls)] == [1, 0]
        assert not any("Chim" in one for one in texts)

    def test_a_message_is_the_link_alone(self):
        order(reader(cast.commune()), cast.commune(), way="message")
        actions.send_due(at=MONDAY)
        message = Message.objects.get(purpose="report")
        assert message.to == "+84987654321"
        assert message.body.isascii()
        assert message.body.startswith(
            "Hoc OCOP: bao cao tien do hoc, xa Phan Ngoc Hien, da co. Dang nhap de xem: http"
        )
        assert Sending.objects.get().state == SendingState.OUTBOX
        messaging.deliver_due(at=MONDAY + timedelta(minutes=1))
        actions.send_due(at=MONDAY + timedelta(minutes=1))
        assert Sending.objects.get().state == SendingState.SENT


class TestWhoGetsIt:
    def test_a_colleague_who_may_see_the_place_and_nobody_else(self):
        chief, officer = reader(cast.province()), reader(cast.commune(), "0987654322")
        elsewhere = reader(cast.province("Lào Cai"), "0987654323")
        assert order(officer, cast.commune(), by=chief).by == chief
        for user, place, by in (
            (officer, cast.province(), chief), (elsewhere, cast.commune(), chief), (chief, cast.province("Lào Cai"), elsewhere),
            (chief, None, chief), (elsewhere, cast.commune(), elsewhere),
        ):  # fmt: skip
            with pytest.raises(Refusal, match="ngoài địa bàn"):
                order(user, place, by=by)
        assert Subscription.objects.count() == 1

    def test_the_country_s_for_whoever_sees_all_of_it(self):
        assert order(reader(None), None).place is None

    def test_an_organiser_gets_the_board_and_not_the_calls(self):
        user = reader(cast.province(), role="organiser")
        assert order(user, cast.province())
        with pytest.raises(Refusal, match="ngoài địa bàn"):
            order(user, cast.province(), what="calls")

    def test_whose_role_ended_gets_nothing_from_then_on(self, settings):
        user = reader(cast.commune())
        order(user, cast.commune())
        with post_office(settings, "takes") as office, cast.on(MONDAY):
            RoleAssignment.objects.update(valid_until=MONDAY.date() - timedelta(days=1))
            actions.send_due(at=MONDAY)
        assert office.visits == 0
        assert Sending.objects.get().state == SendingState.SKIPPED

    def test_who_moved_to_another_place_gets_nothing_of_the_old_one(self, settings):
        order(reader(cast.commune()), cast.commune())
        RoleAssignment.objects.update(place=cast.commune("Tân Tiến"))
        with post_office(settings, "takes") as office, cast.on(MONDAY):
            actions.send_due(at=MONDAY)
        assert office.visits == 0

    @pytest.mark.parametrize("way", ["mail", "message"])
    def test_a_way_that_does_not_reach_somebody_is_refused(self, way):
        user = cast.staff("manager", cast.commune())
        user.phone = None
        user.save()
        with pytest.raises(Refusal, match="chưa có địa chỉ thư điện tử" if way == "mail" else "không có số điện thoại"):
            order(user, cast.commune(), way=way)

    def test_nothing_goes_by_mail_where_no_server_is_set_up(self, settings):
        settings.MAIL_IS_ON = False
        with pytest.raises(Refusal, match="chưa khai báo máy chủ thư"):
            order(reader(cast.commune()), cast.commune())

    def test_twenty_are_enough_for_one(self, monkeypatch):
        monkeypatch.setattr(actions, "MOST", 1)
        user = reader(cast.commune())
        assert order(user, cast.commune()) == order(user, cast.commune()), "the same twice is one"
        with pytest.raises(Refusal, match="đã nhận 1 báo cáo"):
            order(user, cast.commune(), what="plan")


class TestThePage:
    def test_one_orders_for_oneself_and_for_a_colleague_and_ends_it(self):
        chief, officer = reader(cast.province()), reader(cast.commune(), "0987654322", name="Phạm Thị Xã")
        client, address = cast.client_of(chief), f"{LIST}?dia-ban={cast.commune().pk}"
        page = client.get(address)
        assert [label for _pk, label in page.context["form"].fields["user"].choices] == ["tôi", "Phạm Thị Xã"]
        said = client.post(address, {"what": "board", "every": "week", "way": "mail", "user": officer.pk}, follow=True)
        assert "Lần đầu gửi lúc 07:00 30/11/2026" in said.text
        assert "Phạm Thị Xã nhận mỗi thứ Hai, 7 giờ, bằng thư" in said.text
        made = Subscription.objects.get()
        theirs = cast.client_of(officer)
        assert "Lê Văn Cán Bộ đặt" in theirs.get(LIST).text
        theirs.post(f"{LIST}{made.pk}/thoi/")
        made.refresh_from_db()
        assert made.ended_at == cast.NOW
        assert "đã thôi gửi từ trước" in theirs.post(f"{LIST}{made.pk}/thoi/", follow=True).text

    def test_a_forged_reader_or_place_is_refused_and_what_was_chosen_stays(self):
        elsewhere = reader(cast.province("Lào Cai"), "0987654323")
        client = cast.client_of(reader(cast.commune()))
        said = {"what": "plan", "every": "month", "way": "mail", "user": elsewhere.pk}
        answer = client.post(LIST, said)
        assert answer.status_code == 422
        assert '<option value="plan" selected>' in answer.text
        assert client.post(f"{LIST}?dia-ban={cast.province('Lào Cai').pk}", said).status_code == 404
        assert not Subscription.objects.exists()

    def test_another_s_is_not_there(self):
        made = order(reader(cast.province("Lào Cai"), "0987654323", name="Chim Lào Cai"), cast.province("Lào Cai"))
        sending = Sending.objects.create(subscription=made, due_at=MONDAY, next_try_at=MONDAY, state="failed")
        client = cast.client_of(reader(cast.commune()))
        for address in (LIST, MONITOR, f"{MONITOR}?p=9", f"{MONITOR}?p="):
            assert "Chim" not in client.get(address).text
            assert "Lào Cai" not in client.get(address).text
        assert client.post(f"{LIST}{made.pk}/thoi/").status_code == 404
        assert client.post(f"{LIST}lan/{sending.pk}/gui-lai/").status_code == 404
        made.refresh_from_db()
        assert made.ended_at is None

    def test_whoever_has_several_places_opens_one_first(self):
        user = reader(cast.commune())
        accounts.grant_role(user=user, role="manager", place=cast.commune("Tân Tiến"), by=None, at=cast.NOW)
        assert "hãy mở trang Tiến độ của một nơi" in cast.client_of(user).get(LIST).text

    def test_what_ended_is_not_sent_though_it_waited(self, settings):
        user = reader(cast.commune())
        made = order(user, cast.commune())
        with post_office(settings, "refuses"):
            actions.send_due(at=MONDAY)
        actions.unsubscribe(subscription=made, by=user, at=MONDAY)
        with post_office(settings, "takes") as office:
            actions.send_due(at=MONDAY + timedelta(hours=1))
        assert office.visits == 0

    def test_nor_a_message_that_the_outbox_has(self):
        user = reader(cast.commune())
        made = order(user, cast.commune(), way="message")
        actions.send_due(at=MONDAY)
        actions.unsubscribe(subscription=made, by=user, at=MONDAY)
        assert messaging.deliver_due(at=MONDAY + timedelta(minutes=1)) == 0

    def test_old_ones_go(self, settings):
        made = order(reader(cast.commune()), cast.commune())
        Sending.objects.create(subscription=made, due_at=cast.NOW, next_try_at=cast.NOW, state="sent")
        assert actions.forget_old(at=cast.NOW + timedelta(days=390)) == 0
        assert actions.forget_old(at=cast.NOW + timedelta(days=410)) == 1


def test_content_of_every_report_can_be_made_where_there_is_nothing_yet():
    user = reader(cast.commune())
    for what in ("board", "plan", "calls"):
        made = order(user, cast.commune(), what=what)
        subject, body, _attached = content.mail(made, MONDAY)
        assert "xã Phan Ngọc Hiển" in subject
        assert "cần đăng nhập" in body

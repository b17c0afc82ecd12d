"""An offer of a seat that no message tells: noted, listed for the office to call, and called by its name once it ran out."""

from copy import deepcopy
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actions import merge_people
from accounts.rights.erasing import erase_person
from messaging.models import Message
from tests import cast
from tests.conftest import made_for_a_file
from workshops import actions, personal, queries
from workshops.inviting import unreached
from workshops.models import Notice, NoticeKind, Registration, RegistrationSource, Workshop

from .conftest import main
from .test_roster_import import UT, verdicts

pytestmark = [pytest.mark.django_db, pytest.mark.once]
PHONE = "+84912345678"
ROOM = "/quan-tri/tap-huan/"
SELF, NOMINATED = RegistrationSource.SELF, RegistrationSource.NOMINATED
LATER = cast.NOW + timedelta(hours=25)

made_workshop = made_for_a_file(lambda: cast.workshop(capacity=1))


@pytest.fixture
def workshop(made_workshop, db) -> Workshop:
    return deepcopy(made_workshop)


@pytest.fixture
def client(organiser):
    return cast.client_of(organiser)


def coming(workshop, name="Lê Văn Bé", phone="", source=NOMINATED) -> Registration:
    person = cast.person(name, contact_phone=phone)
    return actions.register(workshop=workshop, person=person, source=source, at=cast.NOW, unit="HTX Muối")


def offered(workshop, phone="", *, muted=False) -> Registration:
    """Somebody who waited for the only seat, which came free."""
    first, one = coming(workshop, "Trần Thị Út"), coming(workshop, phone=phone)
    if muted:
        actions.mute(registration=one, is_muted=True)
    actions.cancel(registration=first, at=cast.NOW)
    one.refresh_from_db()
    assert one.state == "offered"
    return one


def panel(client, workshop) -> str:
    page = client.get(f"{ROOM}{workshop.pk}/").text
    return page.partition('class="plan__next"')[2].partition("</section>")[0]


def notices() -> list[tuple[str, str]]:
    return list(Notice.objects.order_by("pk").values_list("kind", "state"))


class TestWhomNoMessageReaches:
    @pytest.mark.parametrize(
        ("phone", "muted", "state", "why"),
        [("", False, "no-phone", "không có số điện thoại"), (PHONE, True, "muted", "đã tắt tin nhắn")],
    )
    def test_is_to_be_called_until_the_office_confirms(self, workshop, client, phone, muted, state, why):
        one = offered(workshop, phone, muted=muted)
        assert (notices(), Message.objects.count()) == ([("offer", state)], 0)
        said = panel(client, workshop)
        for words in ("Gọi ngay 1 người", "<b>Lê Văn Bé</b>, HTX Muối", why, "giữ đến 10:00 24/11/2026"):
            assert words in said
        assert (f"tel:{PHONE}" in said, "báo qua đơn vị hoặc xã" in said) == (bool(phone), not phone)
        with cast.on(cast.NOW):
            client.post(f"{ROOM}dai-bieu/{one.pk}/co-cho/")
        one.refresh_from_db()
        assert one.state == "held"
        assert "Gọi ngay" not in panel(client, workshop)

    @pytest.mark.parametrize("is_noted", [False, True])
    def test_so_is_whose_message_a_provider_refused(self, workshop, client, is_noted):
        offered(workshop, PHONE)
        assert "Gọi ngay" not in panel(client, workshop)
        Message.objects.update(failed_at=cast.NOW)
        if is_noted:
            actions.note_outcomes(at=cast.NOW)
        said = panel(client, workshop)
        assert "Gọi ngay 1 người" in said
        assert "chưa gửi được" in said

    def test_who_was_told_is_not(self, workshop):
        offered(workshop, PHONE)
        assert unreached.of(workshop, cast.NOW) == []
        Message.objects.update(sent_at=cast.NOW)
        actions.note_outcomes(at=cast.NOW)
        assert (notices(), unreached.of(workshop, cast.NOW)) == ([("offer", "sent")], [])

    def test_who_merely_looks_calls_nobody(self, workshop):
        offered(workshop)
        looks = cast.client_of(cast.staff("manager", cast.province(), phone="0987654300"))
        assert "Gọi ngay" not in looks.get(f"{ROOM}{workshop.pk}/").text


class TestWhoLostTheSeat:
    """By the organiser's hand; who is not told travels for nothing."""

    @pytest.fixture
    def remove(self, organiser):
        def act(one):
            return actions.remove(registration=one, why="Lớp chỉ dành cho chủ thể", by=organiser, at=cast.NOW)

        return act

    def test_is_told_by_a_message_that_stands_in_the_log(self, workshop, client, remove):
        one = coming(workshop, phone=PHONE)
        assert remove(one)
        assert notices() == [("removal", "waiting")]
        page = client.get(f"{ROOM}{workshop.pk}/tin-nhan/").text
        assert "Đã nhắn (1)" in page
        assert page.count("<td>báo hủy đăng ký</td>") == 1
        assert "Gọi ngay" not in panel(client, workshop)
        Message.objects.update(sent_at=cast.NOW)
        actions.note_outcomes(at=cast.NOW)
        assert (notices(), unreached.of(workshop, cast.NOW)) == ([("removal", "sent")], [])

    @pytest.mark.parametrize("is_noted", [False, True])
    def test_is_to_be_called_where_the_provider_refused_it(self, workshop, client, remove, is_noted):
        one = coming(workshop, phone=PHONE)
        remove(one)
        Message.objects.update(failed_at=cast.NOW)
        if is_noted:
            actions.note_outcomes(at=cast.NOW)
        said = panel(client, workshop)
        for words in ("Gọi ngay 1 người bị hủy đăng ký", "<b>Lê Văn Bé</b>, HTX Muối", "chưa gửi được", f"tel:{PHONE}"):
            assert words in said
        answer = client.post(f"{ROOM}dai-bieu/{one.pk}/da-bao/", follow=True).text
        assert "Đã ghi: đã báo cho Lê Văn Bé." in answer
        assert "Gọi ngay" not in panel(client, workshop)
        assert notices() == [("removal", "called")]
        assert "<td>đã báo cách khác</td>" in client.get(f"{ROOM}{workshop.pk}/tin-nhan/").text

    @pytest.mark.parametrize(("phone", "why"), [("", "không có số điện thoại"), (PHONE, "đã tắt tin nhắn")])
    def test_so_is_whom_no_message_reaches(self, workshop, client, remove, phone, why):
        one = coming(workshop, phone=phone)
        actions.mute(registration=one, is_muted=bool(phone))
        one.refresh_from_db()
        remove(one)
        assert Message.objects.count() == 0
        said = panel(client, workshop)
        assert ("Gọi ngay 1 người bị hủy đăng ký" in said, why in said) == (True, True)

    def test_is_told_once_more_with_the_reason(self, workshop, organiser, remove):
        remove(coming(workshop, phone=PHONE))
        Message.objects.update(failed_at=cast.NOW)
        actions.note_outcomes(at=cast.NOW)
        assert actions.tell_again(workshop=workshop, by=organiser, at=cast.NOW) == 1
        first, second = Message.objects.order_by("pk").values_list("body", flat=True)
        assert first == second
        assert "Lop chi danh cho chu the" in first

    def test_is_not_called_once_there_is_a_seat_again_or_after_an_own_cancellation(self, workshop, organiser, remove):
        one = coming(workshop)
        remove(one)
        assert len(unreached.of(workshop, cast.NOW)) == 1
        one = actions.give_seat(registration=one, by=organiser, at=cast.NOW)
        assert (one.state, unreached.of(workshop, cast.NOW)) == ("held", [])
        actions.cancel(registration=one, at=cast.NOW + timedelta(hours=1))
        assert unreached.of(workshop, cast.NOW) == []

    def test_is_not_called_once_the_workshop_has_begun_or_is_cancelled(self, workshop, remove):
        remove(coming(workshop))
        assert unreached.of(workshop, queries.begins_at(workshop)) == []
        Workshop.objects.update(cancelled_at=cast.NOW)
        assert unreached.of(workshop, cast.NOW) == []

    def test_who_has_the_seat_under_the_record_they_were_joined_to_is_not_told_to_stay_at_home(
        self, workshop, organiser, remove
    ):
        one = coming(workshop)
        remove(one)
        twin = coming(workshop, phone=PHONE)
        assert [told.held for told in unreached.of(workshop, cast.NOW)] == [one]
        merge_people(person=one.person, into=twin.person, by=organiser, reason="cùng một người", at=cast.NOW)
        twin.refresh_from_db()
        assert (twin.state, unreached.of(workshop, cast.NOW)) == ("held", [])

    def test_who_had_no_other_row_is_called_under_the_record_they_were_joined_to(self, workshop, organiser, remove):
        one, into = coming(workshop), cast.person("Lê Văn Bé", contact_phone=PHONE)
        remove(one)
        merge_people(person=one.person, into=into, by=organiser, reason="cùng một người", at=cast.NOW)
        assert [told.phone for told in unreached.of(workshop, cast.NOW)] == [PHONE]

    def test_who_was_erased_is_called_no_more(self, workshop, organiser, remove):
        one = coming(workshop)
        remove(one)
        assert len(unreached.of(workshop, cast.NOW)) == 1
        erase_person(person=one.person, by=organiser, at=cast.NOW)
        assert unreached.of(workshop, cast.NOW) == []

    def test_who_cancelled_alone_is_told_by_nobody(self, workshop, organiser):
        one = coming(workshop)
        actions.cancel(registration=one, at=cast.NOW)
        assert not actions.note_told(registration=one, by=organiser, at=cast.NOW)
        assert (notices(), unreached.of(workshop, cast.NOW)) == ([], [])


class TestWhereTheOrganiserLooks:
    """Who opens another class, or the first page alone, is told as well."""

    def first_page(self, client) -> str:
        with cast.on(cast.NOW):
            page = client.get("/quan-tri/").text
        return page.partition('class="plan plan--panel"')[2].partition("</section>")[0]

    def listed(self, client) -> str:
        with cast.on(cast.NOW):
            return client.get(ROOM).text

    def test_the_first_page_and_the_list_lead_to_whom_to_call(self, workshop, client):
        offered(workshop)
        address = f'href="{ROOM}{workshop.pk}/#goi-ngay"'
        for page in (self.first_page(client), self.listed(client)):
            assert address in page
            assert "Gọi ngay 1 người" in page
        assert 'id="goi-ngay"' in panel(client, workshop)

    def test_also_of_one_that_begins_much_later(self, workshop, client):
        for one in workshop.sessions.all():
            away = timedelta(days=60)
            type(one).objects.filter(pk=one.pk).update(starts_at=one.starts_at + away, ends_at=one.ends_at + away)
        offered(workshop)
        assert "Gọi ngay 1 người" in self.first_page(client)

    def test_of_several_each_says_its_own_in_as_many_queries(self, workshop, client):
        offered(workshop)
        with cast.on(cast.NOW), CaptureQueriesContext(connection) as alone:
            client.get(ROOM)
        for n in range(2):
            other = cast.workshop(cast.course(lessons=0, slug=f"k{n}", title=f"K{n}"), slug=f"k{n}", capacity=1)
            first = coming(other, f"Người Đầu {n}")
            coming(other, f"Người Sau {n}")
            actions.cancel(registration=first, at=cast.NOW)
        with cast.on(cast.NOW), CaptureQueriesContext(connection) as several:
            page = client.get(ROOM).text
        assert page.count("Gọi ngay 1 người") == 3
        assert len(several) <= len(alone)

    def test_nobody_else_and_nothing_where_nobody_is_to_be_called(self, workshop, client):
        looks = cast.client_of(cast.staff("manager", cast.province(), phone="0987654300"))
        elsewhere = cast.client_of(cast.staff("organiser", cast.province("Lào Cai"), phone="0987654301"))
        assert "Gọi ngay" not in self.first_page(client) + self.listed(client)
        offered(workshop)
        for other in (looks, elsewhere):
            assert "Gọi ngay" not in self.first_page(other) + self.listed(other)


class TestLog:
    def test_answers_and_offers_stand_in_it(self, workshop, client):
        coming(workshop, "Trần Thị Út", PHONE, SELF)
        actions.cancel(registration=Registration.objects.get(), at=cast.NOW)
        coming(workshop, "Thạch Thị Hồng", source=SELF)
        assert notices() == [("reply", "waiting"), ("reply", "no-phone")]
        page = client.get(f"{ROOM}{workshop.pk}/tin-nhan/").text
        assert "Đã nhắn (2)" in page
        assert page.count("<td>trả lời đăng ký</td>") == 2

    def test_an_offer_that_failed_is_sent_again_while_it_holds(self, workshop, organiser):
        offered(workshop, PHONE)
        Message.objects.update(failed_at=cast.NOW)
        actions.note_outcomes(at=cast.NOW)
        soon = cast.NOW + timedelta(hours=1)
        assert actions.tell_again(workshop=workshop, by=organiser, at=soon) == 1
        first, second = Message.objects.order_by("pk").values_list("body", flat=True)
        assert first == second
        Message.objects.update(failed_at=cast.NOW)
        actions.note_outcomes(at=soon)
        assert actions.tell_again(workshop=workshop, by=organiser, at=LATER) == 0

    def test_a_second_offer_that_ends_with_the_same_beginning_is_told_as_well(self, workshop):
        soon = queries.begins_at(workshop) - timedelta(hours=10)
        first = actions.register(workshop=workshop, person=cast.person("Trần Thị Út"), source=NOMINATED, at=soon)
        who = cast.person("Lê Văn Bé", contact_phone=PHONE)
        for hour in range(0, 6, 3):
            at = soon + timedelta(hours=hour)
            one = actions.register(workshop=workshop, person=who, source=NOMINATED, at=at)
            actions.cancel(registration=first, at=at)
            one.refresh_from_db()
            assert one.state == "offered"
            actions.cancel(registration=one, at=at + timedelta(hours=1))
            first = actions.register(
                workshop=workshop, person=first.person, source=NOMINATED, at=at + timedelta(hours=2)
            )
        assert Message.objects.filter(body__contains="da toi luot").count() == 2

    def test_an_answer_that_is_true_no_more_is_not_sent_again(self, workshop, organiser):
        one = coming(workshop, phone=PHONE, source=SELF)
        Message.objects.update(failed_at=cast.NOW)
        actions.note_outcomes(at=cast.NOW)
        actions.cancel(registration=one, at=cast.NOW)
        assert actions.tell_again(workshop=workshop, by=organiser, at=cast.NOW) == 0

    def test_a_number_that_is_found_is_used_the_next_time(self, workshop):
        one = coming(workshop, source=SELF)
        actions.cancel(registration=one, at=cast.NOW)
        type(one.person).objects.update(contact_phone=PHONE)
        one.person.refresh_from_db()
        actions.register(workshop=workshop, person=one.person, source=SELF, at=cast.NOW)
        assert (notices(), Message.objects.count()) == ([("reply", "waiting")], 1)


class TestTicket:
    @pytest.mark.parametrize(
        ("phone", "muted", "said"),
        [
            (PHONE, False, "anh/chị nhận được tin nhắn"),
            (PHONE, True, "Tin nhắn của anh/chị đang tắt, nên tới lượt chúng tôi không nhắn được"),
            ("", False, "Chúng tôi không có số điện thoại của anh/chị để nhắn"),
        ],
    )
    def test_it_promises_a_message_to_those_alone_whom_one_reaches(self, workshop, anybody, phone, muted, said):
        coming(workshop, "Trần Thị Út")
        one = coming(workshop, phone=phone)
        actions.mute(registration=one, is_muted=muted)
        text = main(anybody.get(f"/tap-huan/ve/{one.code}/"))
        assert said in text
        assert ("nhận được tin nhắn" in text) == (said == "anh/chị nhận được tin nhắn")


class TestOnceItRanOut:
    @pytest.fixture
    def one(self, workshop):
        found = offered(workshop)
        actions.expire_offers(at=LATER)
        found.refresh_from_db()
        assert (found.state, found.get_state_display()) == ("expired", "hết hạn giữ chỗ")
        return found

    def test_nobody_is_said_to_have_cancelled(self, workshop, one, client, anybody):
        text = main(anybody.get(f"/tap-huan/ve/{one.code}/"))
        assert "Hết hạn giữ chỗ" in text
        assert "Đã hủy" not in text
        assert "Đăng ký lại" in text
        page = client.get(f"{ROOM}{workshop.pk}/?state=expired").text
        assert "<b>Lê Văn Bé</b>" in page
        assert "<td>hết hạn giữ chỗ" in page
        assert f"dai-bieu/{one.pk}/huy/" not in page

    def test_the_office_can_give_a_free_seat_all_the_same(self, one, client):
        client.post(f"{ROOM}dai-bieu/{one.pk}/co-cho/")
        one.refresh_from_db()
        assert one.state == "held"
        assert personal.violations() == []

    def test_a_list_that_names_them_is_asked_about(self, workshop, one):
        type(one.person).objects.filter(pk=one.person_id).update(name=UT[1], search="tran thi ut", contact_phone=PHONE)
        Registration.objects.exclude(pk=one.pk).delete()
        assert verdicts(workshop, UT) == ["ask"]

    def test_it_is_kind_by_kind_another_word_than_a_cancellation(self, workshop, one):
        assert NoticeKind.OFFER in {notice.kind for notice in one.notices.all()}
        cancelled = Registration.objects.get(person__name="Trần Thị Út")
        assert cancelled.get_state_display() == "đã hủy"


@pytest.mark.parametrize("muted", [True, False])
def test_who_registers_for_a_turn_is_promised_a_message_only_where_one_comes(workshop, muted):
    coming(workshop)
    user = cast.trainee("Trần Thị Út", "0912345678")
    if muted:
        elsewhere = cast.workshop(cast.course(lessons=0, slug="khac", title="Khác"), slug="lop-khac")
        seat = actions.register(workshop=elsewhere, person=user.person, source=SELF, at=cast.NOW)
        actions.mute(registration=seat, is_muted=True)
    page = cast.client_of(user).get(f"/tap-huan/{workshop.slug}/dang-ky/").text
    assert ("Tới lượt, chúng tôi nhắn tin để anh/chị xác nhận." in page) is not muted
    assert ("Tin nhắn của anh/chị đang tắt, nên tới lượt chúng tôi không nhắn được" in page) is muted
    answer = cast.client_of(user).post(f"/tap-huan/{workshop.slug}/dang-ky/", {"unit": "HTX", "post": ""}, follow=True)
    assert "Đã ghi anh/chị vào danh sách dự bị." in answer.text
    assert ("chúng tôi nhắn tin ngay" in answer.text) is not muted


def test_who_has_no_number_is_told_before_registering_that_no_message_comes(workshop):
    coming(workshop)
    user = cast.trainee("Trần Thị Út", "0912345678")
    type(user.person).objects.filter(pk=user.person.pk).update(contact_phone="")
    page = cast.client_of(user).get(f"/tap-huan/{workshop.slug}/dang-ky/").text
    assert "Chúng tôi không có số điện thoại của anh/chị để nhắn" in page
    assert "chúng tôi nhắn tin để" not in page


def test_the_page_for_everybody_says_who_is_sent_a_message(workshop, anybody):
    coming(workshop)
    with cast.on(cast.NOW):
        page = main(anybody.get(f"/tap-huan/{workshop.slug}/"))
    assert "ai có số điện thoại và không tắt tin nhắn thì được nhắn tin" in page
    assert "anh/chị nhận được tin nhắn" not in page

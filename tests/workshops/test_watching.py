"""The list of workshops, a workshop's own page, and what is done for its delegates in one tap."""

import re
from copy import deepcopy
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import ModelLogEntry

from messaging.models import Message
from provinces.models import Place
from tests import cast
from tests.conftest import made_for_a_file
from workshops import actions
from workshops.models import Quota, Registration, RegistrationSource, Session, Workshop

pytestmark = pytest.mark.django_db
ROOM = "/quan-tri/tap-huan/"
NOMINATED = RegistrationSource.NOMINATED


made_workshop = made_for_a_file(lambda: cast.workshop(capacity=1))


@pytest.fixture
def workshop(made_workshop, db) -> Workshop:
    return deepcopy(made_workshop)


def coming(workshop, name="Trần Thị Út", place=None, contact_phone="", **more):
    said = {"source": NOMINATED, "at": timezone.now()} | more
    return actions.register(workshop=workshop, person=cast.person(name, place, contact_phone=contact_phone), **said)


def own_page(client, workshop, query="") -> str:
    return client.get(f"{ROOM}{workshop.pk}/{query}").text


class TestWomenAndMen:
    def test_of_those_who_have_a_seat_are_counted_as_far_as_a_list_said_it(self, organiser, workshop):
        Workshop.objects.update(capacity=3)
        assert "nữ," not in own_page(cast.client_of(organiser), workshop)
        for name, gender in (
            ("Lê Thị An", "female"),
            ("Lê Văn Bảy", "male"),
            ("Kim Sa Rây", ""),
            ("Lê Thị Dự Bị", "female"),
        ):
            Registration.objects.filter(pk=coming(workshop, name).pk).update(gender=gender)
        assert "Trong số đã giữ chỗ: 1 nữ, 1 nam, 1 chưa rõ." in own_page(cast.client_of(organiser), workshop)


class TestList:
    def test_what_is_to_come_and_what_is_over_with_seats_and_who_waits(self, organiser, workshop):
        coming(workshop, "Lê Văn Bé")
        coming(workshop, "Thạch Thị Hồng")
        client = cast.client_of(organiser)
        with cast.on(cast.NOW):
            page, past = client.get(ROOM).text, client.get(ROOM + "?truoc=1").text
        assert "Bộ tiêu chí mới" in page
        assert re.search(r'data-label="Chỗ đã giữ">1/1</td>\s*<td[^>]*data-label="Dự bị">1</td>', page)
        assert "Bộ tiêu chí mới" not in past
        with cast.on(cast.NOW + timedelta(days=9)):
            client = cast.client_of(organiser)  # the session of a working day is over
            page, past = client.get(ROOM).text, client.get(ROOM + "?truoc=1").text
        assert ("Bộ tiêu chí mới" in page, "Bộ tiêu chí mới" in past) == (False, True)

    def test_a_cancelled_one_is_over(self, organiser, workshop):
        actions.cancel_workshop(workshop=workshop, reason="Bão", by=organiser, at=cast.NOW)
        with cast.on(cast.NOW):
            assert "Đã hủy: Bão" in cast.client_of(organiser).get(ROOM + "?truoc=1").text

    def test_of_two_days_the_second_is_still_to_come(self, organiser, workshop):
        first = workshop.sessions.get()
        Session.objects.create(
            workshop=workshop, name="Sau", starts_at=first.starts_at + timedelta(days=3), ends_at=first.ends_at + timedelta(days=3)
        )  # fmt: skip
        with cast.on(first.ends_at + timedelta(days=1)):
            assert "Bộ tiêu chí mới" in cast.client_of(organiser).get(ROOM).text

    def test_it_is_found_without_diacritics(self, organiser, workshop):
        client = cast.client_of(organiser)
        with cast.on(cast.NOW):
            assert "Bộ tiêu chí mới" in client.get(ROOM + "?q=tieu+chi+hoi+truong").text
            assert "Không có lớp nào khớp." in client.get(ROOM + "?q=khac").text

    def test_of_other_places_nothing(self, workshop):
        other = cast.client_of(cast.staff("organiser", cast.province("Lào Cai")))
        for query in ("", "?truoc=1"):
            assert "Bộ tiêu chí mới" not in other.get(ROOM + query).text
        assert other.get(f"{ROOM}{workshop.pk}/").status_code == 404

    def test_it_is_in_the_menu_of_whoever_may_look(self, organiser):
        assert ROOM in cast.client_of(organiser).get("/quan-tri/").text
        assert ROOM not in cast.client_of(cast.staff("editor", phone="0987654322")).get("/quan-tri/").text

    def test_the_number_of_queries_does_not_grow(self, organiser, workshop, django_assert_max_num_queries):
        client = cast.client_of(organiser)
        client.get(ROOM)
        for number in range(3):
            cast.workshop(cast.course(lessons=0, slug=f"k{number}", title=f"K{number}"), slug=f"lop-{number}")
        with cast.on(cast.NOW), django_assert_max_num_queries(27):
            client.get(ROOM)


class TestDelegates:
    def test_they_stand_with_number_unit_place_state_and_source(self, organiser, workshop):
        coming(workshop, unit="HTX Rạch Gốc", post="Giám đốc")
        page = own_page(cast.client_of(organiser), workshop)
        for said in ("Trần Thị Út", "HTX Rạch Gốc", "Giám đốc", "xã Phan Ngọc Hiển, tỉnh Cà Mau", "có chỗ", "được cử"):
            assert said in page

    @pytest.mark.parametrize(
        ("query", "names"),
        [
            ("?q=rach+goc", {"Trần Thị Út"}),
            ("?q=be", {"Lê Văn Bé"}),
            ("?q=2", {"Lê Văn Bé"}),
            ("?state=waiting", {"Lê Văn Bé"}),
            ("?source=nominated&state=held", {"Trần Thị Út"}),
            ("?state=khong-co", {"Trần Thị Út", "Lê Văn Bé"}),
            ("?q=" + "x" * 200, {"Trần Thị Út", "Lê Văn Bé"}),
            ("?p=x", {"Trần Thị Út", "Lê Văn Bé"}),
        ],
    )
    def test_they_are_found_and_narrowed(self, organiser, workshop, query, names):
        coming(workshop, unit="HTX Rạch Gốc")
        coming(workshop, "Lê Văn Bé")
        page = own_page(cast.client_of(organiser), workshop, query)
        assert {name for name in ("Trần Thị Út", "Lê Văn Bé") if f"<b>{name}</b>" in page} == names

    def test_many_quotas_are_counted_as_fast_as_one(self, organiser, workshop):
        client, counts = cast.client_of(organiser), []
        for number in range(4):
            Quota.objects.create(workshop=workshop, unit=f"HTX {number}", seats=2)
            with CaptureQueriesContext(connection) as caught:
                own_page(client, workshop)
            counts.append(len(caught))
        assert counts[-1] <= counts[0]

    def test_who_only_looks_sees_those_of_the_own_places_and_changes_nothing(self, workshop):
        coming(workshop)
        one = coming(workshop, "Lê Văn Bé", cast.commune("Bảo Nhai", "Lào Cai"))
        client = cast.client_of(cast.staff("manager", cast.province()))
        page = own_page(client, workshop)
        assert "Trần Thị Út" in page
        assert "Lê Văn Bé" not in page
        assert "Có 1 người ở địa bàn khác" in page
        assert "/huy/" not in page
        for tap in ("huy", "co-cho", "di-thay"):
            assert client.post(f"{ROOM}dai-bieu/{one.pk}/{tap}/").status_code in (302, 403)
        assert Registration.objects.get(pk=one.pk).state == one.state


class TestTaps:
    @pytest.fixture
    def client(self, organiser):
        return cast.client_of(organiser)

    def tap(self, client, one, what, **sent):
        answer = client.post(f"{ROOM}dai-bieu/{one.pk}/{what}/?q=ut", sent)
        one.refresh_from_db()
        return answer

    def test_a_seat_that_is_given_back_is_offered_and_confirmed(self, client, workshop):
        with cast.on(cast.NOW):
            held, waiting = coming(workshop), coming(workshop, "Lê Văn Bé")
            answer = self.tap(client, held, "huy", why="Xã cử nhầm")
            assert answer.url == f"{ROOM}{workshop.pk}/?q=ut#dai-bieu"
            waiting.refresh_from_db()
            assert (held.state, waiting.state) == ("cancelled", "offered")
            self.tap(client, waiting, "co-cho")
        assert waiting.state == "held"

    def test_a_seat_is_not_taken_away_without_being_asked_first_and_a_reason(self, client, workshop):
        one = coming(workshop)
        page = client.get(f"{ROOM}dai-bieu/{one.pk}/huy/").text
        assert "Hủy đăng ký của Trần Thị Út" in page
        assert "anh/chị phải tự báo" in page
        answer = self.tap(client, one, "huy", why=" ")
        assert (answer.status_code, one.state) == (422, "held")
        assert "Hãy ghi lý do" in answer.text

    def test_who_lost_the_seat_is_told_once_with_the_reason(self, client, workshop):
        one = coming(workshop, contact_phone="+84912345670")
        assert "được báo bằng tin nhắn" in client.get(f"{ROOM}dai-bieu/{one.pk}/huy/").text
        for _press in range(2):
            self.tap(client, one, "huy", why="Xã cử nhầm người")
        message = Message.objects.get()
        assert "Xa cu nham nguoi. Anh/chi khong can den." in message.body
        assert len(message.body) <= 160

    def test_a_long_reason_is_shortened_to_one_message(self, client, workshop):
        one = coming(workshop, contact_phone="+84912345670")
        self.tap(client, one, "huy", why="dài " * 50)
        assert len(Message.objects.get().body) <= 160

    def test_who_switched_messages_off_is_told_by_the_organiser(self, client, workshop):
        one = coming(workshop, contact_phone="+84912345670")
        actions.mute(registration=one, is_muted=True)
        assert "phải tự báo" in client.get(f"{ROOM}dai-bieu/{one.pk}/huy/").text
        self.tap(client, one, "huy", why="Xã cử nhầm")
        assert (one.state, Message.objects.count()) == ("cancelled", 0)

    def test_the_log_says_who_took_gave_and_changed_seats(self, client, organiser, workshop):
        with cast.on(cast.NOW):
            first, second = coming(workshop), coming(workshop, "Lê Văn Bé")
            self.tap(client, first, "huy", why="Xã cử nhầm")
            self.tap(client, second, "co-cho")
            self.tap(client, second, "di-thay", person=cast.person("Kim Sa").pk)
        entries = ModelLogEntry.objects.filter(user=organiser).order_by("pk")
        assert list(entries.values_list("action", "data")) == [
            ("workshops.delegate_removed", {"number": 1, "reason": "Xã cử nhầm"}),
            ("workshops.seat_given", {"number": 2}),
            ("workshops.delegate_replaced", {"number": 3, "instead_of": 2}),
        ]

    def test_without_a_free_seat_one_waits_on(self, client, workshop):
        coming(workshop)
        waiting = coming(workshop, "Lê Văn Bé", unit="HTX", note="Ăn chay")
        self.tap(client, waiting, "co-cho")
        assert (waiting.state, waiting.unit, waiting.note) == ("waiting", "HTX", "Ăn chay")

    def test_somebody_comes_instead(self, client, workshop):
        one, other = coming(workshop, unit="HTX"), cast.person("Lê Văn Bé")
        page = client.get(f"{ROOM}dai-bieu/{one.pk}/di-thay/?q=van+be")
        assert f'value="{other.pk}"' in page.text
        assert self.tap(client, one, "di-thay", person=other.pk, unit="HTX").status_code == 302
        assert (one.state, one.replaced_by.person) == ("replaced", other)
        assert "đi thay Trần Thị Út" in own_page(client, workshop)
        assert self.tap(client, one, "di-thay", person=other.pk, unit="HTX").status_code == 302
        assert ModelLogEntry.objects.filter(action="workshops.delegate_replaced").count() == 1
        assert self.tap(client, one, "di-thay", person=cast.person("Kim Sa").pk).status_code == 422

    def test_whoever_comes_instead_is_found_by_the_last_digits_of_a_number(self, client, workshop):
        one, other = coming(workshop), cast.person("Lê Văn Bé", contact_phone="+84912345678")
        assert f'value="{other.pk}"' in client.get(f"{ROOM}dai-bieu/{one.pk}/di-thay/?q=678").text

    def test_of_a_closed_workshop_nobody_is_taken_off_the_list(self, client, workshop):
        one = coming(workshop)
        Workshop.objects.update(closed_at=timezone.now())
        answer = self.tap(client, one, "huy", why="Xã cử nhầm")
        assert (answer.status_code, one.state) == (422, "held")
        assert "đã kết thúc" in answer.text

    def test_who_gets_the_seat_back_keeps_the_place_of_that_day(self, client, workshop):
        former = Place.objects.former().communes().get(name="Rạch Gốc")
        one = coming(workshop)
        Registration.objects.filter(pk=one.pk).update(state="cancelled", place=former)
        self.tap(client, one, "co-cho")
        assert (one.state, one.place) == ("held", former)

    @pytest.mark.parametrize("key", ["", "x", "0", "999999999999999999999999"])
    def test_by_nobody(self, client, workshop, key):
        one = coming(workshop)
        answer = self.tap(client, one, "di-thay", person=key)
        assert (answer.status_code, one.state) == (422, "held")
        assert "Hãy tìm rồi chọn người đi thay." in answer.text

    def test_nor_by_somebody_of_other_places(self, client, workshop):
        one, other = coming(workshop), cast.person("Lê Văn Bé", cast.commune("Bảo Nhai", "Lào Cai"))
        assert self.tap(client, one, "di-thay", person=other.pk).status_code == 422
        assert one.state == "held"

    def test_who_has_a_seat_already_takes_no_other(self, client, workshop):
        Workshop.objects.update(capacity=5)
        one, other = coming(workshop), coming(workshop, "Lê Văn Bé")
        answer = self.tap(client, one, "di-thay", person=other.person_id)
        assert "Người này đã có chỗ trong lớp" in answer.text

    @pytest.mark.parametrize("what", ["huy", "co-cho", "di-thay"])
    def test_of_another_provinces_workshop_nothing(self, workshop, what):
        one = coming(workshop)
        other = cast.client_of(cast.staff("organiser", cast.province("Lào Cai"), phone="0987654322"))
        assert self.tap(other, one, what).status_code == 404
        assert one.state == "held"

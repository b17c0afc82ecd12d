"""Three months later a few delegates of each commune are called; officers of their places type what was said."""

from copy import deepcopy
from datetime import timedelta

import pytest
from django.utils import timezone
from wagtail.models import ModelLogEntry

from accounts.models import Person
from lib import dates
from lib.refusals import Refusal
from tests import cast
from tests.conftest import made_for_a_file
from workshops import actions, personal
from workshops.following import results
from workshops.models import FollowUp, Session, Workshop

pytestmark = [pytest.mark.django_db, pytest.mark.once]
LATER = cast.NOW + timedelta(days=2 + 90, hours=4)
LIST = "/quan-tri/tap-huan/goi-lai/"


made_workshop = made_for_a_file(cast.workshop)


@pytest.fixture
def workshop(made_workshop, db) -> Workshop:
    return deepcopy(made_workshop)


@pytest.fixture
def officer(db):
    return cast.staff("manager", cast.commune())


@pytest.fixture
def organiser(db):
    return cast.staff("organiser", cast.province(), phone="0987000120")


def somebody_there(workshop, name="Lê Văn Bé", **fields):
    one = cast.delegate(workshop, name, **{"contact_phone": "+84912345678"} | fields)
    cast.present(one)
    return one


@pytest.fixture
def call(workshop):
    somebody_there(workshop)
    (drawn,) = actions.draw(workshop=workshop, at=LATER)
    return drawn


def answered(call, by, **said):
    usual = {"outcome": "answered", "used": "done", "what": "Đã đổi nhãn, bán thêm được"}
    return actions.record_call(follow_up=call, by=by, at=LATER, **usual | said)


class TestDrawing:
    def test_takes_ten_of_a_commune_and_all_of_a_smaller_one(self, workshop):
        for n in range(12):
            somebody_there(workshop, f"Người Đông {n}")
        for n in range(3):
            somebody_there(workshop, f"Người Ít {n}", place=cast.commune("Đất Mũi"))
        drawn = actions.draw(workshop=workshop, at=LATER)
        places = [one.registration.place.name for one in drawn]
        assert (places.count("Phan Ngọc Hiển"), places.count("Đất Mũi")) == (10, 3)

    def test_takes_only_who_was_there_can_be_called_and_agreed(self, workshop):
        cast.delegate(workshop, "Vắng Mặt", contact_phone="+84912345678")
        somebody_there(workshop, "Không Có Số", contact_phone="")
        refused = somebody_there(workshop, "Đã Rút Lại")
        Person.objects.filter(pk=refused.person_id).update(has_consented=False)
        back = somebody_there(workshop, "Ghi Nhầm")
        back.attendances.update(taken_back_at=LATER)
        assert actions.draw(workshop=workshop, at=LATER) == []

    def test_twice_is_as_good_as_once(self, workshop):
        for n in range(12):
            somebody_there(workshop, f"Người {n}")
        assert len(actions.draw(workshop=workshop, at=LATER)) == 10
        assert actions.draw(workshop=workshop, at=LATER) == []
        assert actions.draw_due(at=LATER + timedelta(days=9)) == 0

    def test_is_done_by_itself_when_its_day_comes_and_not_a_day_before(self, workshop):
        somebody_there(workshop)
        assert actions.draw_due(at=LATER - timedelta(days=1)) == 0
        assert actions.draw_due(at=LATER) == 1

    def test_counts_from_the_last_session_and_leaves_out_a_cancelled_workshop(self, workshop):
        first = workshop.sessions.get()
        Session.objects.create(
            workshop=workshop,
            name="Sau",
            starts_at=first.starts_at + timedelta(days=9),
            ends_at=first.ends_at + timedelta(days=9),
        )
        somebody_there(workshop)
        assert actions.draw_due(at=LATER) == 0
        Workshop.objects.update(cancelled_at=LATER)
        assert actions.draw_due(at=LATER + timedelta(days=10)) == 0

    def test_of_former_places_counts_by_the_commune_of_today(self, workshop):
        """Two communes of before that are one today send ten, not twenty."""
        from provinces.models import Place

        former = Place.objects.filter(succession_out__successor=cast.commune(), succession_out__is_main=True)
        assert former.count() > 1
        for place in former[:2]:
            for n in range(8):
                one = somebody_there(workshop, f"Người {place.pk} {n}")
                type(one).objects.filter(pk=one.pk).update(place=place)
        assert len(actions.draw(workshop=workshop, at=LATER)) == 10


class TestHistory:
    """A workshop that is written down long after it was held, or whose signed list comes late."""

    def test_who_was_there_is_called_once_the_signed_list_has_come(self, workshop):
        assert actions.draw_due(at=LATER) == 0
        somebody_there(workshop)
        assert actions.draw_due(at=LATER + timedelta(days=1)) == 1

    def test_nobody_is_called_unasked_of_one_that_was_entered_long_after_its_own_day(self, workshop):
        somebody_there(workshop)
        ended = workshop.sessions.get().ends_at
        Workshop.objects.update(created_at=ended + timedelta(days=90 + 30, seconds=1))
        assert actions.draw_due(at=LATER + timedelta(days=99)) == 0
        Workshop.objects.update(created_at=ended + timedelta(days=90 + 30))
        assert actions.draw_due(at=LATER + timedelta(days=99)) == 1

    def test_its_organiser_asks_for_the_calls(self, workshop, organiser):
        somebody_there(workshop)
        Workshop.objects.update(created_at=LATER + timedelta(days=99))
        at = LATER + timedelta(days=100)
        assert len(actions.ask_for_calls(workshop=workshop, by=organiser, at=at)) == 1
        assert actions.ask_for_calls(workshop=workshop, by=organiser, at=at) == []
        assert FollowUp.objects.count() == 1
        assert ModelLogEntry.objects.filter(action="workshops.calls_asked").count() == 1

    def test_where_the_day_found_nobody_it_can_be_asked_again(self, workshop, organiser):
        one = somebody_there(workshop, contact_phone="")
        assert actions.draw_due(at=LATER) == 0
        with pytest.raises(Refusal, match="không ai có số điện thoại"):
            actions.ask_for_calls(workshop=workshop, by=organiser, at=LATER)
        Person.objects.filter(pk=one.person_id).update(contact_phone="+84912345678")
        assert len(actions.ask_for_calls(workshop=workshop, by=organiser, at=LATER)) == 1

    def test_not_before_its_day_not_without_anybody_there_and_not_of_a_cancelled_one(self, workshop, organiser):
        with pytest.raises(Refusal, match="chưa ghi ai có mặt"):
            actions.ask_for_calls(workshop=workshop, by=organiser, at=LATER)
        somebody_there(workshop)
        with pytest.raises(Refusal, match="chưa học xong được ba tháng"):
            actions.ask_for_calls(workshop=workshop, by=organiser, at=LATER - timedelta(days=1))
        Workshop.objects.update(cancelled_at=LATER)
        with pytest.raises(Refusal, match="lớp đã hủy"):
            actions.ask_for_calls(workshop=workshop, by=organiser, at=LATER)
        assert not FollowUp.objects.exists()

    def test_by_the_page_which_says_why_there_is_no_list(self, workshop, organiser):
        held = workshop.sessions.get()
        long_ago = timedelta(days=3 * 365)
        Session.objects.update(starts_at=held.starts_at - long_ago, ends_at=held.ends_at - long_ago)
        client, page, button = cast.client_of(organiser), f"{LIST}?lop={workshop.pk}", "Lập danh sách gọi"
        told = client.get(page).text
        assert "không ai bị gọi khi anh/chị chưa yêu cầu. Muốn gọi thì nhập danh sách ký tên trước." in told
        assert button not in told
        somebody_there(workshop)
        assert button in client.get(page).text
        told = client.post(f"{LIST}lop/{workshop.pk}/", follow=True).text
        assert "Đã chọn 1 người để gọi." in told
        assert "Lê Văn Bé" in told

    def test_who_merely_looks_or_runs_others_cannot_ask(self, workshop):
        somebody_there(workshop)
        for other in (
            cast.staff("manager", cast.province(), phone="0987000114"),
            cast.staff("organiser", cast.province("Lào Cai"), phone="0987000115"),
        ):
            assert cast.client_of(other).post(f"{LIST}lop/{workshop.pk}/").status_code in (302, 404)
        assert not FollowUp.objects.exists()


class TestSignedListsOneAfterTheOther:
    """Ninety days and more later the lists of two sessions are typed, some minutes apart."""

    @pytest.fixture
    def second(self, workshop):
        first = workshop.sessions.get()
        next_day = timedelta(days=1)
        return Session.objects.create(
            workshop=workshop, name="Hôm sau", starts_at=first.starts_at + next_day, ends_at=first.ends_at + next_day
        )

    @pytest.fixture
    def signed(self, workshop, organiser):
        """The list of a session is typed; who stands on it."""

        def sign(session, name, at, **fields):
            one = cast.delegate(workshop, name, **{"contact_phone": "+84912345678"} | fields)
            actions.sign_sheet(session=session, registrations=[one], by=organiser, at=at)
            return one

        return sign

    def test_nobody_is_drawn_before_a_day_has_gone_by_so_that_both_lists_count(self, workshop, second, signed):
        typed = LATER + timedelta(days=1)
        signed(workshop.sessions.earliest("starts_at"), "Người Một", typed)
        assert actions.draw_due(at=typed + timedelta(seconds=30)) == 0
        signed(second, "Người Hai", typed + timedelta(minutes=5))
        assert actions.draw_due(at=typed + timedelta(days=1)) == 0
        assert actions.draw_due(at=typed + timedelta(days=1, minutes=5)) == 2

    def test_who_is_recorded_after_the_draw_is_added_and_the_others_stay(self, workshop, second, signed, officer):
        typed = LATER + timedelta(days=1)
        signed(workshop.sessions.earliest("starts_at"), "Người Một", typed)
        assert actions.draw_due(at=typed + timedelta(days=1)) == 1
        answered(FollowUp.objects.get(), officer)
        signed(second, "Người Hai", typed + timedelta(days=1, minutes=5))
        assert actions.draw_due(at=typed + timedelta(days=2)) == 0
        assert actions.draw_due(at=typed + timedelta(days=2, minutes=5)) == 1
        assert actions.draw_due(at=typed + timedelta(days=9)) == 0
        said = FollowUp.objects.order_by("pk").values_list("registration__person__name", "outcome", "drawn_at")
        assert list(said) == [
            ("Người Một", "answered", typed + timedelta(days=1)),
            ("Người Hai", "to-call", typed + timedelta(days=2, minutes=5)),
        ]

    def test_who_was_recorded_while_others_were_drawn_is_added_too(self, workshop, second, signed):
        """The moment at which a list is typed is set before it is written."""
        drawn = LATER + timedelta(days=1)
        somebody_there(workshop)
        assert actions.draw_due(at=drawn) == 1
        signed(second, "Người Hai", drawn - timedelta(seconds=1))
        assert actions.draw_due(at=drawn + timedelta(days=1)) == 1

    def test_a_closed_workshop_is_looked_through_for_those_who_came_in_before_it_was_closed(
        self, workshop, second, signed
    ):
        drawn = LATER + timedelta(days=1)
        somebody_there(workshop)
        assert actions.draw_due(at=drawn) == 1
        signed(second, "Người Hai", drawn + timedelta(hours=1))
        Workshop.objects.update(closed_at=drawn + timedelta(hours=2))
        assert actions.draw_due(at=drawn + timedelta(days=2)) == 1

    def test_a_commune_has_ten_in_all(self, workshop, second, signed):
        for n in range(9):
            somebody_there(workshop, f"Người {n}")
        assert len(actions.draw(workshop=workshop, at=LATER)) == 9
        for n in range(3):
            signed(second, f"Người Sau {n}", LATER)
        signed(second, "Người Nơi Khác", LATER, place=cast.commune("Đất Mũi"))
        places = [one.registration.place.name for one in actions.draw(workshop=workshop, at=LATER)]
        assert sorted(places) == ["Phan Ngọc Hiển", "Đất Mũi"]

    def test_who_was_called_under_a_record_that_was_joined_is_not_called_again(self, workshop):
        one = somebody_there(workshop)
        actions.draw(workshop=workshop, at=LATER)
        other = somebody_there(workshop, "Lê Văn Bé")
        Person.objects.filter(pk=one.person_id).update(merged_into=other.person_id)
        assert actions.draw(workshop=workshop, at=LATER) == []

    def test_at_a_session_that_was_cancelled_nobody_was(self, workshop, second, signed):
        signed(second, "Người Hai", LATER)
        second.cancelled_at = LATER
        second.save()
        assert actions.draw(workshop=workshop, at=LATER) == []
        somebody_there(workshop)
        assert [one.registration.person.name for one in actions.draw(workshop=workshop, at=LATER)] == ["Lê Văn Bé"]

    def test_the_organiser_asks_for_who_is_missing(self, workshop, second, signed, organiser):
        """Also of a workshop of before, of which nobody is called unasked."""
        Workshop.objects.update(created_at=LATER + timedelta(days=99))
        at = LATER + timedelta(days=100)
        signed(workshop.sessions.earliest("starts_at"), "Người Một", at)
        assert len(actions.ask_for_calls(workshop=workshop, by=organiser, at=at)) == 1
        signed(second, "Người Hai", at + timedelta(minutes=5))
        assert actions.draw_due(at=at + timedelta(days=9)) == 0
        added = actions.ask_for_calls(workshop=workshop, by=organiser, at=at + timedelta(hours=1))
        assert [one.registration.person.name for one in added] == ["Người Hai"]
        assert actions.ask_for_calls(workshop=workshop, by=organiser, at=at + timedelta(hours=2)) == []
        assert ModelLogEntry.objects.filter(action="workshops.calls_asked").count() == 2

    @pytest.fixture
    def recent(self, workshop, second):
        """Both sessions were three months ago, so that the page, which has the clock of now, says what is due."""
        ago = timezone.now() - timedelta(days=95) - second.ends_at
        for one in workshop.sessions.all():
            Session.objects.filter(pk=one.pk).update(starts_at=one.starts_at + ago, ends_at=one.ends_at + ago)
        Workshop.objects.update(created_at=timezone.now() - timedelta(days=120))
        return workshop

    def test_the_page_says_when_it_will_be_drawn(self, recent, signed, organiser):
        client, page = cast.client_of(organiser), f"{LIST}?lop={recent.pk}"
        assert "Một ngày sau khi nhập xong các danh sách ký tên" in client.get(page).text
        typed = timezone.now() - timedelta(hours=1)
        signed(recent.sessions.earliest("starts_at"), "Người Một", typed)
        until = dates.moment(typed + timedelta(days=1))
        told = client.get(page).text
        assert f"danh sách gọi tự hiện ở đây từ {until}, một ngày sau lần ghi có mặt gần nhất" in told
        assert "Lập danh sách gọi" in told

    def test_the_page_says_who_is_missing_and_adds_them(self, recent, second, signed, organiser, officer):
        client, page, button = cast.client_of(organiser), f"{LIST}?lop={recent.pk}", "Thêm vào danh sách gọi"
        typed = timezone.now() - timedelta(hours=1)
        signed(recent.sessions.earliest("starts_at"), "Người Một", typed - timedelta(days=2))
        assert actions.draw_due(at=typed) == 1
        assert button not in client.get(page).text
        signed(Session.objects.get(pk=second.pk), "Người Hai", typed)
        told = client.get(page).text
        assert "1 người có mặt chưa có trong danh sách gọi." in told
        assert f"Hệ thống tự thêm từ {dates.moment(typed + timedelta(days=1))}" in told
        assert button in told
        assert button not in cast.client_of(officer).get(page).text
        told = client.post(f"{LIST}lop/{recent.pk}/", follow=True).text
        assert "Đã chọn 1 người để gọi." in told
        assert "Người Hai" in told
        assert button not in told
        assert "Danh sách gọi đã đủ, không thêm ai." in client.post(f"{LIST}lop/{recent.pk}/", follow=True).text

    def test_of_a_list_of_people_who_live_elsewhere_it_is_not_said_that_nobody_can_be_called(
        self, workshop, call, organiser
    ):
        Person.objects.filter(pk=call.registration.person_id).update(place=cast.commune("Bảo Nhai", "Lào Cai"))
        told = cast.client_of(organiser).get(f"{LIST}?lop={workshop.pk}").text
        assert "không ai có số điện thoại" not in told
        assert "không có ai cần gọi ở nơi anh/chị phụ trách" in told


class TestAnswer:
    def test_is_kept_and_adds_up(self, call, officer):
        found = answered(call, officer, hindrance="Thiếu vốn")
        assert (found.what, found.hindrance) == ("Đã đổi nhãn, bán thêm được", "Thiếu vốn")
        counted = results.of(FollowUp.objects.all())
        assert counted.answered == 1
        assert dict(counted.used) == {"đã làm được": 1, "đang làm": 0, "chưa làm": 0}

    def test_says_whether_anything_was_used(self, call, officer):
        with pytest.raises(Refusal, match="câu 1 chưa chọn"):
            answered(call, officer, used="")

    def test_of_who_was_not_reached_holds_no_words(self, call, officer):
        answered(call, officer, outcome="unreached")
        call.refresh_from_db()
        assert (call.used, call.what) == ("", "")

    def test_of_people_elsewhere_is_refused(self, call):
        other = cast.staff("manager", cast.commune("Đất Mũi"), phone="0987000113")
        with pytest.raises(Refusal, match="ngoài địa bàn"):
            answered(call, other)

    def test_is_in_a_persons_own_copy_and_its_words_go_when_they_are_erased(self, call, officer):
        answered(call, officer)
        person = call.registration.person_id
        assert "Đã đổi nhãn, bán thêm được" in personal.REGISTRATIONS.export(person)[0]["call"]
        personal.REGISTRATIONS.erase(person)
        call.refresh_from_db()
        assert (call.what, call.used) == ("", "done")


class TestPages:
    def test_an_officer_finds_whom_to_call_and_types_what_was_said(self, call, officer):
        client = cast.client_of(officer)
        page = client.get(LIST).text
        assert "Còn <b>1</b> trong 1 người chưa gọi" in page
        assert "tel:+84912345678" in page
        assert 'href="tel:+84912345678">Gọi 0912 345 678</a>' in client.get(f"{LIST}{call.pk}/").text  # whatever calls
        said = {"outcome": "answered", "used": "begun", "what": "Đang xin mã truy xuất", "hindrance": ""}
        page = client.post(f"{LIST}{call.pk}/", said, follow=True).text
        assert "Đã ghi cuộc gọi với Lê Văn Bé" in page
        call.refresh_from_db()
        assert (call.used, call.what, call.called_by) == ("begun", "Đang xin mã truy xuất", officer)

    def test_an_answer_without_a_choice_comes_back_with_what_was_typed(self, call, officer):
        response = cast.client_of(officer).post(f"{LIST}{call.pk}/", {"outcome": "answered", "what": "Đang xin mã"})
        assert response.status_code == 422
        assert "Hãy chọn một câu trả lời" in response.text
        assert "Đang xin mã" in response.text
        call.refresh_from_db()
        assert call.outcome == "to-call"

    def test_the_list_of_a_workshop_says_what_came_of_it(self, workshop, call, officer):
        answered(call, officer)
        page = cast.client_of(officer).get(f"{LIST}?lop={workshop.pk}").text
        assert "<b>1</b> đã làm được" in page

    def test_what_was_answered_elsewhere_does_not_count_for_an_officer_of_one_commune(self, workshop, officer):
        somebody_there(workshop)
        somebody_there(workshop, "Người Nơi Khác", place=cast.commune("Đất Mũi"))
        manager = cast.staff("manager", cast.province(), phone="0987000114")
        for drawn in actions.draw(workshop=workshop, at=LATER):
            answered(drawn, manager)
        assert "<b>1</b> đã làm được" in cast.client_of(officer).get(f"{LIST}?lop={workshop.pk}").text
        assert "<b>2</b> đã làm được" in cast.client_of(manager).get(f"{LIST}?lop={workshop.pk}").text

    def test_people_of_other_places_are_neither_listed_nor_found(self, call):
        other = cast.client_of(cast.staff("manager", cast.commune("Đất Mũi"), phone="0987000113"))
        assert "Lê Văn Bé" not in other.get(LIST).text
        assert other.get(f"{LIST}{call.pk}/").status_code == 404

    def test_a_workshop_of_another_province_narrows_nothing(self, workshop, call):
        other = cast.client_of(cast.staff("manager", cast.province("Lào Cai"), phone="0987000113"))
        page = other.get(f"{LIST}?lop={workshop.pk}").text
        assert workshop.title not in page

    def test_of_a_workshop_that_has_no_list_yet_it_says_from_when_and_shows_nobody_of_another(self, workshop, call):
        other = cast.workshop(cast.course(lessons=0, slug="khac", title="Khác"), slug="lop-khac")
        client = cast.client_of(cast.staff("organiser", cast.province()))
        assert "Lê Văn Bé" in client.get(LIST).text
        page = client.get(f"{LIST}?lop={other.pk}").text
        assert "Lê Văn Bé" not in page
        assert f"từ {dates.localised(dates.local_day(other.sessions.get().ends_at + timedelta(days=90)))}" in page
        somebody_there(other, "Không Có Số", contact_phone="")
        actions.draw(workshop=other, at=LATER)
        assert "không có ai cần gọi: trong những người có mặt" in client.get(f"{LIST}?lop={other.pk}").text

    def test_nobody_to_call_is_said_and_stands_in_no_menu(self, officer):
        client = cast.client_of(officer)
        assert "Chưa có ai cần gọi" in client.get(LIST).text
        assert LIST not in client.get("/quan-tri/").text

    def test_whoever_has_somebody_to_call_finds_it_in_the_menu(self, call, officer):
        assert LIST in cast.client_of(officer).get("/quan-tri/").text

    def test_the_page_of_a_call_names_no_session_at_which_only_others_were(self, workshop, call, officer):
        one = call.registration
        first = workshop.sessions.get()
        later = first.starts_at + timedelta(days=1)
        second = Session.objects.create(
            workshop=workshop, name="Hôm sau", starts_at=later, ends_at=later + timedelta(hours=3)
        )
        cast.present(one, second)
        one.attendances.filter(session=first).update(taken_back_at=LATER)
        somebody_there(workshop, "Người Khác")
        page = cast.client_of(officer).get(f"{LIST}{call.pk}/")
        assert page.context["there"] == [second]

    def test_is_reached_from_the_workshop(self, workshop, call, officer):
        assert FollowUp.objects.exists()
        client = cast.client_of(cast.staff("manager", cast.province(), phone="0987000114"))
        assert (
            client.get(f"/quan-tri/tap-huan/{workshop.pk}/goi-lai/").headers["Location"] == f"{LIST}?lop={workshop.pk}"
        )

    def test_the_list_shows_all_that_was_answered(self, call, officer):
        answered(call, officer, hindrance="Thiếu vốn")
        page = cast.client_of(officer).get(LIST).text
        assert "Đã đổi nhãn, bán thêm được" in page
        assert "Thiếu vốn" in page

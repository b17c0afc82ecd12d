"""Somebody at the door with the name and commune of somebody who is on the list already; and who took the agreement back."""

import json
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from accounts import actions as people
from lib.refusals import Refusal
from tests import cast
from workshops import actions, personal, queries
from workshops.models import Attendance, Registration, Scan

from .conftest import main
from .desks import DOOR
from .rooms import beside

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.usefixtures("_at_the_door")]
ADDRESS = "/diem-danh/ban/bo-sung/"


@pytest.fixture
def phone(here):
    client = Client()
    client.post("/diem-danh/", {"code": here.code})
    return client


def said(here, **more):
    known = {"name": "Đỗ Hữu Đức", "phone": "", "unit": "HTX Muối", "place": cast.commune().pk, "consent": "on"}
    return known | {"buoi": here.session.pk, "nonce": str(uuid4())} | more


def newcomer(name="Đỗ Hữu Đức", **fields):
    known = {"name": name, "place": cast.commune(), "consents": tuple(cast.texts())} | fields
    return actions.Newcomer(**known)


def report(here, **who):
    return actions.Report(nonce=uuid4(), desk=here.desk, session=here.session, occurred_at=DOOR, **who)


def came(here, *names, **fields):
    return [
        actions.walk_in(report=report(here, number=0), newcomer=newcomer(name, **fields), at=DOOR).registration
        for name in names
    ]


def present():
    rows = Attendance.objects.filter(taken_back_at=None)
    return sorted(rows.values_list("registration__number", flat=True))


class TestThePageWithoutAScript:
    def test_asks_before_it_writes_down_a_second_one(self, here, phone):
        page = main(phone.post(ADDRESS, said(here, name="do huu  duc")))
        assert "Có thể là <b>Đỗ Hữu Đức</b>, số thẻ 3" in page
        assert 'name="same" value="3"' in page
        assert 'value="HTX Muối"' in page
        assert (Registration.objects.count(), present()) == (3, [])

    def test_checks_in_who_is_that_one(self, here, phone):
        answer = main(phone.post(ADDRESS, said(here, same="3"), follow=True))
        assert "Số thẻ <b>3</b>" in answer
        assert (Registration.objects.count(), present()) == (3, [3])

    def test_lets_in_who_is_that_one_and_had_cancelled(self, here, phone):
        actions.cancel(registration=here.held[2], at=cast.NOW)
        assert "số thẻ 3" in main(phone.post(ADDRESS, said(here)))
        phone.post(ADDRESS, said(here, same="3"))
        assert present() == [3]

    def test_writes_down_another_one_when_told_so(self, here, phone):
        page = main(phone.post(ADDRESS, said(here)))
        distinct = re.search(r'name="distinct" value="([^"]+)"', page)[1]
        assert "Số thẻ <b>4</b>" in main(phone.post(ADDRESS, said(here, distinct=distinct), follow=True))
        assert present() == [4]

    def test_asks_anew_where_somebody_else_is_typed_meanwhile(self, here, phone):
        assert "số thẻ 1" in main(phone.post(ADDRESS, said(here, name="Nguyễn Văn Út", distinct="3")))
        assert present() == []

    @pytest.mark.parametrize("more", [{"name": "Đỗ Hữu Đức Anh"}, {"name": "Lâm Thị Út", "phone": "0912999888"}])
    def test_asks_nothing_of_another_name_or_number(self, here, phone, more):
        assert "Số thẻ <b>4</b>" in main(phone.post(ADDRESS, said(here, **more), follow=True))

    def test_asks_by_three_digits_of_the_number_as_the_phones_script_does(self, here, phone):
        assert "số thẻ 2" in main(phone.post(ADDRESS, said(here, name="Lâm Thị Út", phone="0988777907")))

    def test_asks_whatever_the_commune_of_whom_the_desk_knows_no_more_than_it_typed(self, here, phone):
        cast.person("Lê Thị Xa", cast.commune("Đông Anh", "Hà Nội"), contact_phone="+84912555777")
        came(here, "Lê Thị Xa", phone="+84912555777", place=cast.commune("Đông Anh", "Hà Nội"))
        assert "số thẻ 4" in main(phone.post(ADDRESS, said(here, name="Lê Thị Xa")))

    def test_asks_nothing_of_another_commune_nor_of_who_was_replaced(self, here, phone):
        other = said(here, place="other", elsewhere="bao nhai, lao cai")
        assert "Số thẻ <b>4</b>" in main(phone.post(ADDRESS, other, follow=True))
        actions.replace(registration=here.held[0], person=cast.person("Lê Văn Hai"), at=DOOR)
        page = main(phone.post(ADDRESS, said(here, name="Nguyễn Văn Út"), follow=True))
        assert "Có mặt lúc" in page

    @pytest.mark.parametrize("same", ["1", "99", "x"])
    def test_somebody_of_whom_nothing_was_asked_is_checked_in_by_no_answer(self, here, phone, same):
        assert "số thẻ 3" in main(phone.post(ADDRESS, said(here, same=same), follow=True))
        assert (Registration.objects.count(), present()) == (3, [])

    def test_whose_name_was_corrected_is_written_down_and_the_namesake_is_not_checked_in(self, here, phone):
        answer = main(phone.post(ADDRESS, said(here, name="Hoàng Thị Khác", same="3"), follow=True))
        assert "Số thẻ <b>4</b>" in answer
        assert present() == [4]

    def test_asks_too_who_comes_instead_of_somebody_and_says_that_the_seat_stays(self, here, phone):
        page = main(phone.post(ADDRESS, said(here, thay="1")))
        assert "Có thể là <b>Đỗ Hữu Đức</b>, số thẻ 3" in page
        assert "chỗ của Nguyễn Văn Út giữ nguyên" in page
        assert (Registration.objects.count(), present()) == (3, [])
        assert "giữ nguyên" not in main(phone.post(ADDRESS, said(here)))

    def test_who_is_on_the_list_comes_instead_of_nobody(self, here, phone):
        answer = main(phone.post(ADDRESS, said(here, thay="1", same="3"), follow=True))
        assert "Số thẻ <b>3</b>" in answer
        assert present() == [3]
        assert sorted(Registration.objects.values_list("state", flat=True)) == ["held"] * 3

    def test_somebody_else_of_that_name_comes_instead_when_told_so(self, here, phone):
        phone.post(ADDRESS, said(here, thay="1", distinct="3"))
        assert present() == [4]
        assert Registration.objects.get(number=4).replaces.number == 1

    def test_the_delegate_who_was_to_be_replaced_may_have_come_after_all(self, here, phone):
        assert "số thẻ 1" in main(phone.post(ADDRESS, said(here, thay="1", name="nguyễn văn út")))
        phone.post(ADDRESS, said(here, thay="1", name="nguyễn văn út", same="1"))
        assert present() == [1]

    def test_enter_in_a_field_answers_nothing(self, here, phone):
        form = main(phone.post(ADDRESS, said(here))).partition("<form")[2]
        first = re.search(r"<button([^>]*)>", form)[1]
        assert "name=" not in first


class TestWhatTheOrganiserLooksAt:
    @pytest.fixture
    def organiser(self, here):
        return cast.client_of(cast.staff("organiser", cast.province()))

    def address(self, here):
        return f"/quan-tri/diem-danh/{here.workshop.pk}/xem-lai/"

    def test_lists_who_may_have_been_written_down_twice(self, here, organiser):
        came(here, "Đỗ Hữu Đức", "Lâm Văn Mới", "lâm văn mới", "Lê Văn Khác")
        assert [(scan.registration.number, other.number) for scan, other in queries.doubles(here.workshop)] == [
            (6, 5),
            (4, 3),
        ]
        page = organiser.get(self.address(here)).text
        assert "Có thể là một người ghi hai lần" in page
        assert "Một người: giữ thẻ 5, bỏ thẻ 6" in page
        assert "2 lượt cần xem lại" in organiser.get(f"/quan-tri/diem-danh/{here.workshop.pk}/co-mat/").text

    def test_leaves_alone_two_who_are_known_by_two_numbers(self, here):
        came(here, "Lâm Thị Út", phone="+84912999888")
        assert queries.doubles(here.workshop) == []

    def answered(self, here, organiser, scan, other, answer):
        said = {"scan": scan.pk, "other": other.pk, "as": answer}
        return organiser.post(self.address(here), said, follow=True).text

    def test_two_are_two_once_somebody_has_said_so(self, here, organiser):
        came(here, "Đỗ Hữu Đức")
        self.answered(here, organiser, Scan.objects.get(), here.held[2], "two")
        assert queries.doubles(here.workshop) == []
        assert present() == [4]
        assert "Không còn lượt nào" in organiser.get(self.address(here)).text

    def test_an_answer_is_of_one_pair_and_so_is_having_looked_at_a_scan(self, here, organiser):
        came(here, "Lâm Văn Mới", "lâm văn mới", "LÂM VĂN MỚI")
        first, second, third = Registration.objects.filter(number__gte=4).order_by("number")
        of_the_third = Scan.objects.get(registration=third)
        self.answered(here, organiser, of_the_third, first, "two")
        pairs = {(scan.registration.number, other.number) for scan, other in queries.doubles(here.workshop)}
        assert pairs == {(5, 4), (6, 5)}
        organiser.post(self.address(here), {"scan": of_the_third.pk, "as": "seen"})
        assert len(queries.doubles(here.workshop)) == 2
        self.answered(here, organiser, of_the_third, second, "one")
        assert present() == [4, 5]

    def test_one_who_was_written_down_twice_is_present_by_the_badge_of_the_list(self, here, organiser):
        came(here, "Đỗ Hữu Đức")
        answer = self.answered(here, organiser, Scan.objects.get(), here.held[2], "one")
        assert "Đỗ Hữu Đức có mặt theo thẻ 3. Thẻ 4 đã bỏ khỏi danh sách" in answer
        assert (queries.doubles(here.workshop), present()) == ([], [3])
        extra, kept = Registration.objects.get(number=4), Attendance.objects.get(taken_back_at=None)
        assert extra.state == "cancelled"
        assert extra.attendances.get().taken_back_why == "là một người với thẻ 3"
        assert (kept.desk, kept.occurred_at) == (here.desk, DOOR)
        assert personal.violations() == []
        again = self.answered(here, organiser, Scan.objects.get(), here.held[2], "one")
        assert "Cặp này đã được xem rồi" in again

    def test_one_who_had_cancelled_and_was_written_down_has_a_seat_again(self, here, organiser):
        actions.cancel(registration=here.held[2], at=cast.NOW)
        came(here, "Đỗ Hữu Đức")
        self.answered(here, organiser, Scan.objects.get(), here.held[2], "one")
        assert present() == [3]
        assert personal.violations() == []

    @pytest.mark.parametrize(("minutes", "stays"), [(-5, "Phòng 1"), (5, "Phòng 2")])
    def test_one_who_was_in_two_rooms_at_one_hour_was_where_they_came_last(self, here, organiser, minutes, stays):
        _first, second = beside(here.workshop)
        came(here, "Đỗ Hữu Đức")
        at = DOOR + timedelta(minutes=minutes)
        told = actions.Report(nonce=uuid4(), desk=here.desk, session=second, occurred_at=at, number=3)
        assert actions.scan(report=told, at=DOOR).outcome == "present"
        self.answered(here, organiser, Scan.objects.get(registration__number=4), here.held[2], "one")
        assert present() == [3]
        assert Attendance.objects.get(taken_back_at=None).session.room == stays
        assert personal.violations() == []

    def test_once_a_session_is_closed_its_presence_moves_to_no_other_badge(self, here, organiser):
        came(here, "Đỗ Hữu Đức")
        here.workshop.sessions.update(closed_at=DOOR)
        assert "đã chốt điểm danh" in self.answered(here, organiser, Scan.objects.get(), here.held[2], "one")
        assert present() == [4]

    def test_pages_through_what_is_to_be_looked_at(self, here, organiser):
        for number in range(53):
            actions.scan(report=report(here, code=f"KHONGCO{number}"), at=DOOR)
        first, second = organiser.get(self.address(here)).text, organiser.get(self.address(here), {"p": 2}).text
        assert "Trang 1/2" in first
        assert (first.count('name="scan"'), second.count('name="scan"')) == (50, 3)
        assert "p=2" in first


class TestWhoTookTheAgreementBack:
    NUMBER = "+84912555777"

    def known(self, place=None):
        person = cast.person("Lê Thị Rút", place or cast.commune(), contact_phone=self.NUMBER)
        people.give_consents(person=person, texts=cast.texts(), at=cast.NOW)
        row = person.consents.filter(withdrawn_at=None, text__purpose="learning-record").first()
        assert people.withdraw_consent(person=person, consent_id=row.pk, at=cast.NOW)
        person.refresh_from_db()
        assert not person.has_consented
        return person

    def walked_in(self, here):
        told = report(here, number=0)
        return actions.walk_in(report=told, newcomer=newcomer("lê thị rút", phone=self.NUMBER), at=DOOR)

    def test_is_not_written_down_by_a_desk_and_told_how_to_agree_again(self, here):
        person = self.known()
        with pytest.raises(Refusal, match="đồng ý lại rồi đăng ký"):
            self.walked_in(here)
        assert not person.registrations.exists()
        person.refresh_from_db()
        assert not person.has_consented

    def test_stays_on_the_phone_that_wrote_it_with_the_reason(self, here):
        self.known()
        opened = Client().post("/diem-danh/mo.json", json.dumps({"code": here.code}), content_type="application/json")
        item = {"nonce": str(uuid4()), "kind": "new", "session": here.session.pk, "age": 0, "number": 0}
        item |= said(here, name="Lê Thị Rút", phone="0912555777")
        answer = Client().post(
            "/diem-danh/gui.json", json.dumps({"items": [item]}), content_type="application/json",
            headers={"X-Desk": opened.json()["token"]},
        ).json()["outcomes"][0]  # fmt: skip
        assert (answer["outcome"], "đồng ý lại" in answer["why"]) == ("refused", True)

    def test_is_told_of_nobody_elsewhere_who_is_written_down_as_new(self, here):
        person = self.known(cast.commune("Đông Anh", "Hà Nội"))
        made = self.walked_in(here)
        assert made.outcome == "present"
        assert made.registration.person != person
        assert made.registration.person.has_consented
        assert not person.registrations.exists()
        assert personal.violations() == []

    def test_is_not_let_in_by_a_tap_after_having_cancelled(self, here):
        person = self.known()
        held = actions.register(workshop=here.workshop, person=person, source="nominated", at=cast.NOW)
        actions.cancel(registration=held, at=cast.NOW)
        with pytest.raises(Refusal, match="đồng ý lại"):
            actions.take_in(report=report(here, number=held.number), at=DOOR)
        assert present() == []

    def test_comes_in_on_the_seat_that_was_promised(self, here):
        person = self.known()
        actions.register(workshop=here.workshop, person=person, source="nominated", at=cast.NOW)
        assert self.walked_in(here).outcome == "present"

    def test_of_two_with_one_number_who_agrees_is_meant(self, here):
        self.known()
        other = cast.person("Lê Thị Rút", contact_phone=self.NUMBER)
        assert self.walked_in(here).registration.person == other

"""What a desk typed of somebody: it is found for the own copy and for erasure whatever number was given, and goes when nobody looks at it."""

from datetime import timedelta
from uuid import uuid4

import pytest

from lib import registries
from lib.refusals import Refusal
from tests import cast
from workshops import actions, personal, queries
from workshops.models import Attendance, Scan

from .desks import DOOR

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.usefixtures("_at_the_door")]
NUMBER = "+84912555777"


def walked_in(here, name="lê thị xa", *, place=None, number=None, kind=actions.walk_in, **typed):
    told = actions.Report(nonce=uuid4(), desk=here.desk, session=here.session, occurred_at=DOOR, number=number)
    known = {"name": name, "place": place or cast.commune(), "consents": tuple(cast.texts())} | typed
    return kind(report=told, newcomer=actions.Newcomer(**known), at=DOOR)


def shut(here):
    """From now on nobody is let in: what a desk reports is the organiser's to look at."""
    here.workshop.sessions.update(closed_at=DOOR)


def typed_in_own_copy(person):
    return [one["name"] for row in personal.REGISTRATIONS.export(person.pk) for one in row["typed_at_the_door"]]


def kept():
    return sorted(one.newcomer["name"] for one in Scan.objects.exclude(newcomer={}))


class TestWhoseItIs:
    def test_somebody_without_a_number_is_known_by_name_and_commune(self, here):
        person = cast.person("Lê Thị Xa")
        shut(here)
        walked_in(here, unit="HTX Mới")
        walked_in(here, "Lê Thị Gần")
        walked_in(here, "LÊ THỊ XA", place=cast.commune("Đông Anh", "Hà Nội"))
        assert typed_in_own_copy(person) == ["lê thị xa"]
        personal.REGISTRATIONS.erase(person.pk)
        assert kept() == ["LÊ THỊ XA", "Lê Thị Gần"]

    def test_so_is_one_who_gave_the_desk_none_or_whose_number_only_the_desk_knows(self, here):
        with_number, without = cast.person("Lê Thị Xa", contact_phone=NUMBER), cast.person("Trần Văn Hai")
        shut(here)
        walked_in(here)
        walked_in(here, "trần văn hai", phone=NUMBER)
        assert (typed_in_own_copy(with_number), typed_in_own_copy(without)) == (["lê thị xa"], ["trần văn hai"])

    def test_another_number_is_another_person(self, here):
        person = cast.person("Lê Thị Xa", contact_phone=NUMBER)
        shut(here)
        walked_in(here, phone="+84912555778")
        assert typed_in_own_copy(person) == []
        personal.REGISTRATIONS.erase(person.pk)
        assert kept() == ["lê thị xa"]

    def test_who_came_instead_of_somebody_is_not_that_one(self, here):
        person, given = cast.person("Lê Thị Xa"), here.held[0].person
        shut(here)
        walked_in(here, kind=actions.stand_in, number=1)
        assert (typed_in_own_copy(person), typed_in_own_copy(given)) == (["lê thị xa"], [])
        personal.REGISTRATIONS.erase(given.pk)
        assert kept() == ["lê thị xa"]

    def test_who_was_let_in_without_a_number_is_known_by_the_registration(self, here):
        made = walked_in(here, place=cast.commune("Đông Anh", "Hà Nội"))
        assert kept() == ["lê thị xa"]
        assert typed_in_own_copy(made.registration.person) == ["lê thị xa"]
        personal.REGISTRATIONS.erase(made.registration.person_id)
        assert kept() == []

    def test_two_records_that_were_joined_are_one_person(self, here):
        far = cast.commune("Đông Anh", "Hà Nội")
        made, person = walked_in(here, place=far).registration, here.held[0].person
        personal.REGISTRATIONS.repoint(made.person_id, person.pk)
        made.person.merged_into = person
        made.person.save()
        shut(here)
        walked_in(here, "Lê Thị  Xa", place=far)
        assert typed_in_own_copy(person) == ["lê thị xa", "Lê Thị  Xa"]
        personal.REGISTRATIONS.erase(person.pk)
        assert kept() == []

    def test_one_who_was_written_down_twice_leaves_nothing_once_that_is_said(self, here):
        far = cast.commune("Đông Anh", "Hà Nội")
        first, second = walked_in(here, place=far), walked_in(here, place=far)
        actions.join(scan=second, other=first.registration, by=cast.staff("organiser"), at=DOOR)
        assert list(Scan.objects.exclude(newcomer={})) == [first]


class TestWhatNobodyLooksAt:
    @pytest.fixture
    def end(self, here):
        return here.session.ends_at

    def forget(self, at):
        return registries.jobs["workshops.forget_scans"](at=at)

    @pytest.fixture
    def scans(self, here):
        """Of who is known from another province and was let in, and of two who came once the session was closed, one of them instead of the first delegate."""
        there = walked_in(here, place=cast.commune("Đông Anh", "Hà Nội"), phone=NUMBER, unit="HTX Cốm")
        shut(here)
        return (
            there,
            walked_in(here, "Trần Văn Muộn", phone="+84912555778"),
            walked_in(here, "Lê Văn Thay", kind=actions.stand_in, number=1),
        )

    def test_is_cleared_ninety_days_after_the_last_session_and_no_sooner(self, here, scans, end):
        assert self.forget(end + timedelta(days=90, seconds=-1)) == 0
        assert len(kept()) == 3
        assert self.forget(end + timedelta(days=90)) == 3
        assert kept() == []
        assert self.forget(end + timedelta(days=91)) == 0

    def test_is_kept_as_long_as_the_operator_says(self, here, scans, end, settings):
        settings.DOOR_NOTES_DAYS = 7
        assert self.forget(end + timedelta(days=7)) == 3

    def test_leaves_presence_and_registrations_as_they_were(self, here, scans, end):
        there = scans[0].registration
        self.forget(end + timedelta(days=90))
        assert Attendance.objects.get(taken_back_at=None).registration == there
        there.refresh_from_db()
        assert (there.person.name, there.unit) == ("lê thị xa", "HTX Cốm")
        assert personal.violations() == []

    def test_is_asked_of_nobody_any_more_and_makes_nobody_present(self, here, scans, end):
        self.forget(end + timedelta(days=90))
        assert list(queries.to_look_at(here.workshop)) == []
        here.workshop.sessions.update(closed_at=None)
        officer = cast.staff("organiser")
        for one in scans[1:]:
            with pytest.raises(Refusal, match="đã có người xem"):
                actions.settle(scan=one, accept=True, by=officer, at=end)
        assert Attendance.objects.count() == 1

    def test_of_a_workshop_of_yesterday_all_stays(self, here, scans, end):
        other = cast.workshop(cast.course(lessons=0, slug="khac", title="Khác"), slug="lop-khac")
        other.sessions.update(starts_at=end - timedelta(days=300), ends_at=end - timedelta(days=299))
        assert self.forget(end + timedelta(days=1)) == 0

    def test_the_organiser_is_told_when_it_goes(self, here, scans):
        client, address = (
            cast.client_of(cast.staff("organiser", cast.province())),
            f"/quan-tri/diem-danh/{here.workshop.pk}/xem-lai/",
        )
        page = client.get(address).text
        assert "tự xóa 90 ngày sau buổi cuối" in page
        assert "Trần Văn Muộn" in page
        self.forget(here.session.ends_at + timedelta(days=90))
        page = client.get(address).text
        assert "Không còn lượt nào cần xem" in page
        assert "người ngoài danh sách: buổi đã chốt điểm danh" in page
        assert "Trần Văn Muộn" not in page


def test_who_came_instead_is_not_mixed_up_with_the_delegate_by_a_second_answer(here):
    """One organiser leaves it, and another, whose page is older, presses "present"."""
    officer = cast.staff("organiser")
    shut(here)
    made = walked_in(here, "Lê Văn Thay", kind=actions.stand_in, number=1)
    assert not actions.settle(scan=made, accept=False, by=officer, at=DOOR)
    here.workshop.sessions.update(closed_at=None)
    with pytest.raises(Refusal, match="đã có người xem"):
        actions.settle(scan=made, accept=True, by=officer, at=DOOR)
    assert not Attendance.objects.exists()

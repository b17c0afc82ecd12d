"""Cohorts: opened, changed and closed by officers of their place; who is in one, and who moves to another."""

from copy import deepcopy
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from wagtail.models import ModelLogEntry

from accounts.models import User
from courses import access, actions, personal
from courses.models import Cohort, Course, Enrolment
from lib.refusals import Refusal
from tests import cast
from tests.conftest import made_for_a_file


@dataclass
class Hall:
    """A cohort of xã Phan Ngọc Hiển, its officer, and somebody who is enrolled in its course and not in it."""

    course: Course
    officer: User
    cohort: Cohort
    enrolment: Enrolment

    def join(self, *enrolments: Enrolment, **otherwise) -> int:
        how = {"cohort": self.cohort, "by": self.officer, "at": cast.NOW} | otherwise
        return actions.join_cohort(enrolments=enrolments or [self.enrolment], **how)

    def another(self, name: str = "Nhóm sáng", **fields) -> Cohort:
        return cast.cohort(self.course, self.officer, name, **fields)

    def move(self, out_of: Cohort, into: Cohort, **otherwise) -> None:
        how = {"enrolment": self.enrolment, "by": self.officer, "at": cast.NOW} | otherwise
        actions.move_to_cohort(cohort=into, out_of=out_of, **how)

    def leave(self, **otherwise) -> None:
        how = {"cohort": self.cohort, "enrolment": self.enrolment, "by": self.officer, "at": cast.NOW} | otherwise
        actions.leave_cohort(**how)

    @property
    def now_in(self) -> Cohort | None:
        return Enrolment.objects.get(pk=self.enrolment.pk).cohort


@pytest.fixture
def hall(made_hall: Hall, db: None) -> Hall:
    return deepcopy(made_hall)


def _gather() -> Hall:
    course = cast.course(lessons=1)
    officer = cast.staff("organiser", cast.commune())
    return Hall(course, officer, cast.cohort(course, officer), cast.enrolment(cast.person("Lê Thị Đào"), course))


made_hall = made_for_a_file(_gather)


def entries(action: str) -> list[dict]:
    return [entry.data for entry in ModelLogEntry.objects.filter(action=f"courses.{action}").order_by("pk")]


class TestOpening:
    def test_it_is_of_a_place_and_the_log_says_who_opened_it(self, hall):
        assert (hall.cohort.place, hall.cohort.created_by, hall.cohort.closed_at) == (
            cast.commune(),
            hall.officer,
            None,
        )
        assert entries("cohort_opened")[0]["name"] == "Nhóm chiều"

    def test_a_name_is_there_once_in_a_course_and_may_come_back_in_another(self, hall):
        with pytest.raises(Refusal, match="đã có một nhóm tên như vậy"):
            hall.another(" Nhóm  chiều ")
        assert cast.cohort(cast.course(slug="khac", title="Khác"), hall.officer, "Nhóm chiều")

    def test_it_does_not_end_before_it_starts(self, hall):
        with pytest.raises(Refusal, match="đang đứng trước ngày bắt đầu"):
            hall.another(ends_on=cast.NOW.date() - timedelta(days=1))
        assert hall.another(ends_on=cast.NOW.date())

    def test_an_officer_opens_it_in_the_own_places_and_nowhere_else(self, hall):
        for place in (cast.province(), cast.commune("Bảo Thắng", "Lào Cai")):
            with pytest.raises(Refusal, match="ngoài địa bàn của anh/chị"):
                hall.another(place=place)
        with pytest.raises(Refusal, match="ghi địa bàn"):
            hall.another(place=None)
        centre = cast.staff("manager", phone="0987654322")
        assert cast.cohort(hall.course, centre, "Cả nước", place=None).place is None

    def test_not_of_a_course_that_is_not_offered(self, hall):
        Course.objects.update(retired_at=cast.NOW)
        hall.course.refresh_from_db()
        with pytest.raises(Refusal, match="khóa học này không mở"):
            hall.another()

    @pytest.mark.parametrize("wrong", [{"name": "Nhóm chiều"}, {"ends_on": cast.NOW.date() - timedelta(days=1)}])
    def test_the_database_refuses_both_too(self, hall, wrong):
        fields = {"course": hall.course, "name": "Nhóm tối", "starts_on": cast.NOW.date(), "created_at": cast.NOW}
        with pytest.raises(IntegrityError), transaction.atomic():
            Cohort.objects.create(**fields | wrong)


class TestChanging:
    def change(self, hall, **otherwise):
        how = {"cohort": hall.cohort, "name": "Nhóm chiều", "starts_on": cast.NOW.date(), "place": cast.commune()}
        return actions.change_cohort(**(how | {"by": hall.officer, "at": cast.NOW} | otherwise))

    def test_the_log_has_what_it_was_and_what_it_is(self, hall):
        assert self.change(hall, name="Nhóm tối").name == "Nhóm tối"
        assert entries("cohort_changed") == [{"name": ["Nhóm chiều", "Nhóm tối"]}]
        self.change(hall, name="Nhóm tối")
        assert len(entries("cohort_changed")) == 1, "nothing changed the second time"

    def test_not_to_a_name_that_another_has(self, hall):
        hall.another("Nhóm tối")
        with pytest.raises(Refusal, match="đã có một nhóm tên như vậy"):
            self.change(hall, name="Nhóm tối")

    def test_not_out_of_the_own_places_and_not_by_others(self, hall):
        with pytest.raises(Refusal, match="ngoài địa bàn của anh/chị"):
            self.change(hall, place=cast.province())
        for place in (cast.province("Lào Cai"), cast.commune("Đất Mũi")):
            other = cast.staff("organiser", place, f"09876543{place.pk % 90 + 10}")
            with pytest.raises(Refusal, match="nhóm học này ngoài địa bàn"):
                self.change(hall, by=other)


class TestMembers:
    def test_several_join_at_once_and_a_second_press_is_harmless(self, hall):
        neighbour = cast.enrolment(cast.person("Phan Văn Rạch"), hall.course)
        assert hall.join(hall.enrolment, neighbour) == 2
        assert hall.join(hall.enrolment, neighbour) == 0
        assert entries("cohort_joined") == [{"enrolments": [hall.enrolment.pk, neighbour.pk]}]

    def refused(self, hall, match, *enrolments, **otherwise):
        with pytest.raises(Refusal, match=match):
            hall.join(*enrolments, **otherwise)
        assert not Enrolment.objects.exclude(cohort=None).filter(cohort=hall.cohort).exists(), "all or none"

    def test_not_from_another_course(self, hall):
        stranger = cast.enrolment(hall.enrolment.person, cast.course(slug="khac", title="Khác"))
        self.refused(hall, "không ghi danh khóa học", hall.enrolment, stranger)

    def test_not_from_outside_the_officer_s_places(self, hall):
        stranger = cast.enrolment(cast.person("Danh Sà Mây", cast.commune("Đất Mũi")), hall.course)
        self.refused(hall, "người ngoài địa bàn", hall.enrolment, stranger)

    def test_not_into_a_cohort_of_another_place(self, hall):
        self.refused(
            hall, "nhóm học này ngoài địa bàn", by=cast.staff("manager", cast.commune("Đất Mũi"), "0987654322")
        )

    def test_not_into_a_closed_one_and_nobody_leaves_that(self, hall):
        hall.join()
        neighbour = cast.enrolment(cast.person("Phan Văn Rạch"), hall.course)
        actions.close_cohort(cohort=hall.cohort, by=hall.officer, at=cast.NOW)
        for act in (lambda: hall.join(neighbour), hall.leave, lambda: hall.move(hall.cohort, hall.another())):
            with pytest.raises(Refusal, match="đã đóng"):
                act()
            Cohort.objects.exclude(pk=hall.cohort.pk).delete()
        actions.reopen_cohort(cohort=hall.cohort, by=hall.officer, at=cast.NOW)
        assert hall.join(neighbour) == 1
        assert [len(entries(f"cohort_{what}")) for what in ("closed", "reopened")] == [1, 1]

    def test_not_oneself(self, hall):
        hall.officer.person = hall.enrolment.person
        self.refused(hall, "trong đó có anh/chị")

    def test_who_is_in_another_one_is_named_with_it(self, hall):
        hall.join()
        neighbour = cast.enrolment(cast.person("Phan Văn Rạch"), hall.course)
        with pytest.raises(Refusal, match="Lê Thị Đào đang ở nhóm “Nhóm chiều”"):
            hall.join(neighbour, hall.enrolment, cohort=hall.another())
        assert Enrolment.objects.get(pk=neighbour.pk).cohort is None

    def test_moving_says_from_where_and_both_logs_have_it(self, hall):
        hall.join()
        morning = hall.another()
        hall.move(hall.cohort, morning)
        assert hall.now_in == morning
        assert entries("cohort_left") == [{"enrolments": [hall.enrolment.pk], "into": morning.pk}]
        assert entries("cohort_joined")[1] == {"enrolments": [hall.enrolment.pk], "out_of": hall.cohort.pk}
        with pytest.raises(Refusal, match="không còn ở nhóm “Nhóm chiều”"):
            hall.move(hall.cohort, morning)

    def test_not_out_of_a_cohort_into_itself(self, hall):
        hall.join()
        with pytest.raises(Refusal, match="cũng là nhóm chuyển đi"):
            hall.move(hall.cohort, hall.cohort)
        assert hall.now_in == hall.cohort
        assert not entries("cohort_left")

    def test_nobody_takes_people_out_of_the_cohort_of_another_place(self, hall):
        centre = cast.staff("manager", phone="0987654322")
        whole = cast.cohort(hall.course, centre, "Cả nước", place=None)
        hall.join(cohort=whole, by=centre)
        with pytest.raises(Refusal, match="nhóm học này ngoài địa bàn"):
            hall.move(whole, hall.cohort)
        assert hall.now_in == whole

    def test_who_leaves_stays_enrolled(self, hall):
        hall.join()
        hall.leave()
        assert hall.now_in is None
        assert entries("cohort_left") == [{"enrolments": [hall.enrolment.pk]}]
        with pytest.raises(Refusal, match="không còn ở nhóm"):
            hall.leave()


class TestWhoSees:
    def seen(self, role, place, phone="0987654322"):
        return set(access.cohorts_visible_to(cast.staff(role, place, phone), "courses.view_cohort"))

    def test_officers_whose_places_hold_its_place(self, hall):
        assert self.seen("manager", cast.province()) == {hall.cohort}
        assert self.seen("manager", cast.commune("Đất Mũi"), "0987654323") == set()
        assert self.seen("organiser", cast.province("Lào Cai"), "0987654324") == set()

    def test_the_whole_country_s_are_for_who_may_everywhere(self, hall):
        Cohort.objects.update(place=None)
        assert self.seen("manager", cast.province()) == set()
        assert self.seen("manager", None, "0987654323") == {hall.cohort}
        assert self.seen("editor", None, "0987654324") == {hall.cohort}

    def test_wholly_only_without_members_of_other_places(self, hall):
        wholly = access.cohorts_wholly_visible_to
        hall.join()
        assert hall.cohort in wholly(hall.officer, access.TO_CHANGE_COHORTS)
        centre = cast.staff("manager", phone="0987654322")
        hall.join(cast.enrolment(cast.person("Danh Sà Mây", cast.commune("Đất Mũi")), hall.course), by=centre)
        assert hall.cohort not in wholly(hall.officer, access.TO_CHANGE_COHORTS)
        assert hall.cohort in wholly(centre, access.TO_CHANGE_COHORTS)


def test_the_log_has_the_moment_at_which_it_was_done(hall):
    moments = [cast.NOW + timedelta(hours=hour) for hour in range(6)]
    morning = hall.another()
    hall.join(at=moments[0])
    hall.move(hall.cohort, morning, at=moments[1])
    hall.leave(cohort=morning, at=moments[2])
    known = {"cohort": morning, "by": hall.officer}
    actions.change_cohort(**known, name="Tối", starts_on=morning.starts_on, place=morning.place, at=moments[3])
    actions.close_cohort(**known, at=moments[4])
    actions.reopen_cohort(**known, at=moments[5])
    logged = ModelLogEntry.objects.filter(action__startswith="courses.cohort_").exclude(action="courses.cohort_opened")
    assert sorted({entry.timestamp for entry in logged}) == moments


def test_one_s_own_export_names_the_cohort(hall):
    def told():
        return [row["cohort"] for row in personal.ENROLMENTS.export(hall.enrolment.person_id)]

    assert told() == [None]
    hall.join()
    assert told() == ["Nhóm chiều"]


class TestMerging:
    """Two rows of one person, both enrolled; the second is the one that remains."""

    def merged(self, hall, twin):
        personal.ENROLMENTS.repoint(hall.enrolment.person_id, twin.person_id)
        twin.refresh_from_db()
        return twin.cohort

    @pytest.fixture
    def twin(self, hall):
        return cast.enrolment(cast.person("Lê Thị Đào Hai"), hall.course)

    def test_who_remains_is_in_the_cohort_of_who_goes(self, hall, twin):
        hall.join()
        assert self.merged(hall, twin) == hall.cohort

    def test_and_stays_where_there_is_one_already(self, hall, twin):
        hall.join()
        morning = hall.another()
        hall.join(twin, cohort=morning)
        assert self.merged(hall, twin) == morning

    def test_also_where_who_goes_has_none(self, hall, twin):
        hall.join(twin)
        assert self.merged(hall, twin) == hall.cohort


def test_the_audit_finds_who_is_in_a_cohort_of_another_course(hall):
    hall.join()
    assert personal.violations() == []
    other = cast.course(slug="khac", title="Khác")
    Cohort.objects.update(course=other)
    assert personal.violations() == [f"enrolment {hall.enrolment.pk} is in a cohort of another course"]

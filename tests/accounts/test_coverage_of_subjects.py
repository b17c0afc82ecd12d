"""How many subjects are headed by somebody who has learnt: counted as it says, per place, for whoever sees the place."""

import pytest

from accounts import actions
from accounts.models import Subject
from accounts.queries import coverage
from tests import cast
from tests.accounts.test_register_of_subjects import manager, subject

pytestmark = [pytest.mark.django_db, pytest.mark.once]
PAGE = "/quan-tri/chu-the/bao-phu/"


@pytest.fixture
def course():
    return cast.course(lessons=1)


def learnt(name: str, course, **more):
    person = cast.person(name, **more)
    cast.finish(cast.enrolment(person, course))
    return person


def test_a_subject_counts_once_however_many_head_it_or_courses_they_finish(course):
    learnt("Một", course, subject_name="HTX Mắm"), learnt("Hai", course, subject_name="HTX Mắm")
    whole, (unit,) = coverage(None, by="commune")
    assert (whole.subjects, whole.led, whole.percent) == (1, 1, 100)
    assert (unit.place, unit.subjects, unit.led) == (cast.commune(), 1, 1)


def test_neither_workers_nor_who_has_only_begun_nor_closed_subjects_count(course):
    learnt("Một", course, subject_name="HTX Mắm", subject_role="worker")
    cast.enrolment(cast.person("Hai", subject_name="HTX Tôm"), course)
    closed = learnt("Ba", course, subject_name="HTX Cá").subject
    actions.close_subject(subject=closed, by=None, reason="x", at=cast.NOW)
    whole, _units = coverage(None, by="commune")
    assert (whole.subjects, whole.led, whole.percent) == (2, 0, 0)


def test_two_that_were_joined_count_as_one(course):
    led, other = learnt("Một", course, subject_name="HTX Mắm").subject, subject("Mắm Rạch Gốc")
    actions.join_subjects(subject=led, into=other, by=None, reason="x")
    whole, _units = coverage(None, by="commune")
    assert (whole.subjects, whole.led) == (1, 1)


def test_a_former_commune_counts_for_the_one_of_today(course):
    from provinces.models import Place

    former = Place.objects.former().get(name="Rạch Gốc", level="commune")
    Subject.objects.filter(pk=learnt("Một", course).subject_id).update(place=former)
    _whole, (unit,) = coverage(None, by="commune")
    assert unit.place == cast.commune()


def test_the_percentage_leaves_the_rest_out(course):
    learnt("Một", course, subject_name="HTX Mắm"), subject("Hai"), subject("Ba")
    assert coverage(None, by="commune")[0].percent == 33


class TestOnThePage:
    def test_a_manager_sees_the_own_place_and_the_list_says_the_same(self, course):
        learnt("Một", course, subject_name="HTX Mắm"), subject("Cơ sở Lào Cai", cast.commune("Bảo Thắng", "Lào Cai"))
        client = manager(cast.province())
        page = client.get(PAGE).text
        assert "1 trên 1 chủ thể (100%)" in page
        assert "Bảo Thắng" not in page
        assert "1 trên 1 chủ thể đang hoạt động" in client.get("/quan-tri/subject/").text

    def test_the_centre_goes_down_by_province(self, course):
        learnt("Một", course), subject("Cơ sở Lào Cai", cast.commune("Bảo Thắng", "Lào Cai"))
        client = cast.client_of(cast.staff("manager", None))
        assert [one.place.name for one in client.get(PAGE).context["units"]] == ["Cà Mau", "Lào Cai"]
        below = client.get(f"{PAGE}?dia-ban={cast.province('Lào Cai').pk}")
        assert [one.place.name for one in below.context["units"]] == ["Bảo Thắng"]

    def test_a_foreign_place_and_none_look_the_same(self):
        client = manager(cast.province())
        for asked in (cast.province("Lào Cai").pk, 0, "x", 10**19, "-1"):
            assert client.get(f"{PAGE}?dia-ban={asked}").status_code == 404

    def test_an_empty_register_says_so(self):
        assert "chưa có chủ thể nào" in manager().get(PAGE).text

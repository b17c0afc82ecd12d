"""The first page of the admin tells of workshops that are on or begin soon, and of seats that wait for names."""

from datetime import timedelta

import pytest

from tests import cast
from workshops import actions
from workshops.models import Quota, RegistrationSource, Workshop

pytestmark = pytest.mark.django_db
BEGINS = cast.NOW + timedelta(days=2)


@pytest.fixture
def workshop(db) -> Workshop:
    return cast.workshop(capacity=20)


def home(user, at=cast.NOW) -> str:
    with cast.on(at):
        page = cast.client_of(user).get("/quan-tri/").text
    return page.partition('class="plan plan--panel"')[2].partition("</section>")[0]


@pytest.fixture
def officer(db):
    return cast.staff("manager", cast.commune(), phone="0987654322")


def test_one_that_begins_soon_is_there_with_its_seats(organiser, workshop):
    cast.delegate(workshop)
    panel = home(organiser)
    assert f"/quan-tri/tap-huan/{workshop.pk}/" in panel
    assert "<b>1/20</b> chỗ đã giữ" in panel
    assert home(organiser, BEGINS - timedelta(days=15)) == ""


def test_while_it_is_on_who_is_there_is_counted(organiser, workshop):
    one = cast.delegate(workshop)
    cast.delegate(workshop, "Trần Thị Út")
    cast.present(one)
    assert "<b>1/2</b> có mặt" in home(organiser, BEGINS + timedelta(hours=1))
    assert home(organiser, BEGINS + timedelta(hours=4)) == ""


@pytest.mark.parametrize("field", ["cancelled_at", "closed_at"])
def test_not_one_that_is_cancelled_or_closed(organiser, workshop, field):
    assert home(organiser)
    Workshop.objects.update(**{field: cast.NOW})
    assert home(organiser) == ""


def test_an_officer_is_told_of_open_quotas_until_it_begins(officer, workshop):
    Workshop.objects.update(place=cast.commune("Bảo Nhai", "Lào Cai"))
    quota = Quota.objects.create(workshop=workshop, place=cast.commune(), seats=2)
    person = cast.person("Lê Văn Bé")
    actions.register(workshop=workshop, person=person, source=RegistrationSource.NOMINATED, at=cast.NOW, quota=quota)
    panel = home(officer)
    assert f"/quan-tri/tap-huan/cu-nguoi/{quota.pk}/" in panel
    assert "đã cử <b>1/2</b>" in panel
    assert f"/quan-tri/tap-huan/{workshop.pk}/" not in panel
    assert home(officer, BEGINS) == ""


def test_not_of_a_full_one_nor_of_another_commune(officer, workshop):
    Workshop.objects.update(place=cast.commune("Bảo Nhai", "Lào Cai"))
    Quota.objects.create(workshop=workshop, place=cast.commune("Đất Mũi"), seats=2)
    quota = Quota.objects.create(workshop=workshop, place=cast.commune(), seats=1)
    assert home(officer).count("đã cử") == 1
    person = cast.person("Lê Văn Bé")
    actions.register(workshop=workshop, person=person, source=RegistrationSource.NOMINATED, at=cast.NOW, quota=quota)
    assert home(officer) == ""


def test_whoever_runs_it_is_not_asked_to_fill_its_quotas(organiser, workshop):
    Quota.objects.create(workshop=workshop, place=cast.commune(), seats=2)
    assert "đã cử" not in home(organiser)


def test_nothing_to_whoever_may_see_nothing(workshop):
    Quota.objects.create(workshop=workshop, place=cast.commune(), seats=2)
    assert home(cast.staff("editor")) == ""
    assert home(cast.staff("organiser", cast.province("Lào Cai"), phone="0987654323")) == ""


def test_the_number_of_queries_does_not_grow(officer, workshop, django_assert_max_num_queries):
    Quota.objects.create(workshop=workshop, place=cast.commune(), seats=2)
    client = cast.client_of(officer)
    with cast.on(cast.NOW):
        client.get("/quan-tri/")
        with django_assert_max_num_queries(60) as few:
            client.get("/quan-tri/")
    for number in range(3):
        other = cast.workshop(cast.course(lessons=0, slug=f"k{number}", title=f"K{number}"), slug=f"lop-{number}")
        Quota.objects.create(workshop=other, place=cast.commune(), seats=2)
    with cast.on(cast.NOW), django_assert_max_num_queries(len(few)):
        client.get("/quan-tri/")

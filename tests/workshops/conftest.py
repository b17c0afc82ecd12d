"""The workshop of most tests: tomorrow's afternoon in Cà Mau, with a programme, and three seats."""

from copy import deepcopy
from datetime import time, timedelta

import pytest
from django.test import Client

from lib import generation
from tests import cast
from tests.conftest import made_for_a_file
from workshops.models import AgendaItem, LegalBasis, Material, Session, Speaker, Workshop

from .desks import DOOR, hall

ADDRESS = "/tap-huan/bo-tieu-chi-moi/"


@pytest.fixture(autouse=True)
def _on_the_day(request):
    """These pages ask what time it is."""
    if request.node.get_closest_marker("postgres"):
        yield
        return
    with cast.on(cast.NOW):
        yield


@pytest.fixture
def _at_the_door(_on_the_day):
    """Twenty minutes before it begins."""
    with cast.on(DOOR):
        yield


made_here = made_for_a_file(hall)


@pytest.fixture
def here(made_here, db):
    return deepcopy(made_here)


def _plan() -> Workshop:
    workshop = cast.workshop(
        capacity=3, map_link="https://example.org/map", contact="0290 300 0000", audience="Chủ thể OCOP"
    )
    session = workshop.sessions.get()
    speaker = Speaker.objects.create(workshop=workshop, degree="TS.", name="Báo Cáo Mẫu", post="Trưởng phòng")
    item = AgendaItem.objects.create(session=session, starts_at=time(13, 30), topic="Bộ tiêu chí: khác gì trước?")
    item.speakers.add(speaker)
    LegalBasis.objects.create(workshop=workshop, kind="KH", number="170/KH-UBND", issued_by="UBND tỉnh")
    Material.objects.create(session=session, title="Bài trình bày", link="https://example.org/bai.pdf")
    return workshop


made_planned = made_for_a_file(_plan)


@pytest.fixture
def planned(made_planned, db):
    return deepcopy(made_planned)


@pytest.fixture
def change(planned, django_capture_on_commit_callbacks):
    """Changes the plan as its form does, which tells every page."""

    def act(**fields):
        with django_capture_on_commit_callbacks(execute=True):
            Workshop.objects.filter(pk=planned.pk).update(**fields)
            generation.bump()

    return act


@pytest.fixture
def held_on(planned, django_capture_on_commit_callbacks):
    def act(moment):
        with django_capture_on_commit_callbacks(execute=True):
            Session.objects.filter(workshop=planned).update(starts_at=moment, ends_at=moment + timedelta(hours=3))
            generation.bump()

    return act


@pytest.fixture
def organiser(db):
    """Of the province in which the workshop is held."""
    return cast.staff("organiser", cast.province())


@pytest.fixture
def trainee(db):
    return cast.trainee()


@pytest.fixture
def own(trainee):
    return cast.client_of(trainee)


@pytest.fixture
def anybody():
    return Client()


def main(response) -> str:
    return response.text.partition("<main")[2].partition("</main>")[0]

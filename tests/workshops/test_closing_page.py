"""The page on which a workshop is closed: who gets what, who not and why, and one tap."""

from copy import deepcopy
from datetime import timedelta

import pytest

from courses.models import Completion
from tests import cast
from tests.conftest import made_for_a_file
from workshops.models import Workshop

pytestmark = [pytest.mark.django_db, pytest.mark.once]
EVENING = cast.NOW + timedelta(days=2, hours=4)


made_workshop = made_for_a_file(cast.workshop)


@pytest.fixture
def workshop(made_workshop, db) -> Workshop:
    return deepcopy(made_workshop)


@pytest.fixture
def client(db):
    return cast.client_of(cast.staff("organiser", cast.province()))


@pytest.fixture
def address(workshop) -> str:
    return f"/quan-tri/tap-huan/{workshop.pk}/chot/"


@pytest.fixture(autouse=True)
def _evening():
    with cast.on(EVENING):
        yield


def test_tells_who_gets_a_certificate_and_why_somebody_does_not(client, workshop, address):
    cast.award(workshop.activity.course)
    cast.present(cast.delegate(workshop))
    cast.delegate(workshop, "Thạch Thị Hồng")
    page = client.get(address).text
    assert "<b>1</b> được cấp giấy chứng nhận" in page
    assert "Chưa được: vắng mặt" in page


def test_looking_writes_nothing(client, workshop, address):
    cast.present(cast.delegate(workshop))
    client.get(address)
    assert not Completion.objects.exists()


def test_one_tap_closes_what_has_begun(client, workshop, address):
    cast.present(cast.delegate(workshop))
    page = client.post(address, {"sessions": [workshop.sessions.get().pk]}, follow=True).text
    assert "Đã ghi hoàn thành cho 1 đại biểu" in page
    assert "Lớp đã chốt lúc" in page
    workshop.refresh_from_db()
    assert workshop.closed_at


def test_a_session_of_another_workshop_is_no_choice(client, workshop, address):
    assert client.post(address, {"sessions": [workshop.sessions.get().pk + 100]}).status_code == 422


def test_is_opened_again_with_a_reason_alone(client, workshop, address):
    client.post(address, {"sessions": [workshop.sessions.get().pk]})
    refused = client.post(address + "mo-lai/", {"reason": ""})
    assert refused.status_code == 422
    workshop.refresh_from_db()
    assert workshop.closed_at
    assert "Lớp mở lại" in client.post(address + "mo-lai/", {"reason": "Sót một bàn"}, follow=True).text
    workshop.refresh_from_db()
    assert workshop.closed_at is None


def test_a_closed_workshop_is_still_reached_from_its_page(client, workshop, address):
    client.post(address, {"sessions": [workshop.sessions.get().pk]})
    assert address in client.get(f"/quan-tri/tap-huan/{workshop.pk}/").text


def test_of_another_province_does_not_exist(workshop, address):
    other = cast.client_of(cast.staff("organiser", cast.province("Lào Cai"), phone="0987000111"))
    assert other.get(address).status_code == 404


def test_who_merely_looks_does_not_close(workshop, address):
    manager = cast.client_of(cast.staff("manager", cast.province(), phone="0987000112"))
    assert manager.get(address).status_code in (302, 403, 404)
    assert manager.post(address, {}).status_code in (302, 403, 404)

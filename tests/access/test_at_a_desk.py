"""Whoever holds an opened desk and nothing else: sees the names of its workshop, writes at its door, and nowhere else. What each page answers
such a phone stands in the matrix."""

import json
from uuid import uuid4

import pytest

from tests import cast
from workshops import actions
from workshops.access import token_of
from workshops.models import Attendance, Scan

from . import routes
from .conftest import KEPT_ABOUT_LOOKING, NAME, TRACES, World, leaks, written
from .test_matrix import ROUTES, address

pytestmark = [pytest.mark.once, pytest.mark.long]
LIST = "/diem-danh/ban/?tim=canary"
PHONE = TRACES[1]
AT_ITS_DOOR = {"desk:record", "desk:newcomer", "desk:received"}
OF_WHOEVER_HOLDS_A_TICKET = {"workshops:ticket_mute"}  # its code stands in the address, and no desk has that


def test_sees_the_names_of_its_workshop_and_no_number(world: World):
    client = world.client("at_a_desk")
    page = client.get(LIST)
    assert NAME in page.text
    assert PHONE not in page.text
    told = client.post("/diem-danh/gui.json", {"items": [], "version": ""}, content_type="application/json").json()
    assert NAME in json.dumps(told, ensure_ascii=False)
    assert PHONE not in json.dumps(told)


def test_sees_nobody_of_another_workshop_and_records_nobody_there(world: World):
    course = cast.course(slug="lop-hai", title="Lớp hai")
    another, _code = actions.make_desk(
        workshop=cast.workshop(course, slug="lop-hai"), name="", hours=72, by=None, at=cast.NOW
    )
    own = world.ids["desk_token"]
    world.ids["desk_token"] = token_of(another)
    client = world.client("at_a_desk")
    assert NAME not in client.get(LIST).text
    said = {"nonce": str(uuid4()), "kind": "scan", "session": str(world.ids["session"]), "number": 1, "age": 0}
    for token, outcome in ((world.ids["desk_token"], "refused"), (own, "again")):
        answer = client.post(
            "/diem-danh/gui.json", {"items": [said]}, content_type="application/json", headers={"X-Desk": token}
        )
        assert [one["outcome"] for one in answer.json()["outcomes"]] == [outcome]
    assert NAME not in client.get("/diem-danh/ban/bo-sung/?thay=1").text


def test_changes_nothing_by_what_is_sent_anywhere_but_at_its_door(world: World):
    client, wrong = world.client("at_a_desk"), []
    for pattern, name, arguments in ROUTES:
        if name in AT_ITS_DOOR | OF_WHOEVER_HOLDS_A_TICKET:
            continue
        with written() as tables:
            answer = client.post(address(world, pattern, name, arguments), {})
        if tables - KEPT_ABOUT_LOOKING or answer.status_code >= 500 or (leaks(answer) and name not in routes.OPEN):
            wrong.append((name, answer.status_code, tables - KEPT_ABOUT_LOOKING))
        client.cookies["desk"] = world.ids["desk_token"]  # "Rời bàn" takes it away
    assert wrong == []


@pytest.mark.parametrize("held", ["", "khac", "token of nobody"])
def test_without_its_token_the_door_is_shut(world: World, held: str):
    world.ids["desk_token"] = held
    client = world.client("at_a_desk")
    assert client.get(LIST).status_code == 302
    for address_, said in (("/diem-danh/ban/ghi/", {"number": 1}), ("/diem-danh/ban/bo-sung/", {"name": "Ai"})):
        assert client.post(address_, said).url == "/diem-danh/"
    assert client.post("/diem-danh/gui.json", {"items": []}, content_type="application/json").status_code == 404
    assert not Scan.objects.exists()
    assert Attendance.objects.count() == 1

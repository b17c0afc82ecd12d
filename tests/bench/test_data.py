"""What `make bench` measures on goes past the actions, in bulk: it must still fit the tables."""

from itertools import islice
from uuid import uuid4

import pytest

from accounts.models import Person
from bench import data, importing, opening
from certificates.models import Credential
from courses.models import Enrolment
from demo import content
from quizzes import personal
from tests import cast

pytestmark = pytest.mark.django_db


def test_people_of_the_benchmarks_start_the_quiz_and_read_their_certificate(settings, tmp_path, client):
    settings.MEDIA_ROOT, settings.DEMO = tmp_path, False
    list(islice(content.load_all(at=cast.NOW), 2))  # the one whose quiz they take, and another
    made = data.people(2)
    client.cookies["sessionid"] = made["takers"][1]
    assert "/luot/" in client.post(made["start"]).url
    client.cookies["sessionid"] = made["holder"]
    assert client.get(made["paper"]).content.startswith(b"%PDF")


def test_enrolments_in_bulk_fit_the_tables():
    cast.course()
    assert data.enrolments(40)["count"] == 40
    assert Enrolment.objects.filter(completed_at=None).exists()
    assert not Person.objects.filter(is_demo=True).exists()
    assert Credential.objects.exists()
    assert Person.objects.filter(has_consented=True).exists()


def test_a_door_of_the_benchmarks_is_open(client):
    cast.course()
    made = opening.door(3, 2)
    said = {"items": [{"nonce": str(uuid4()), "session": made["session"], "number": 2, "age": 0}]}
    answer = client.post(
        "/diem-danh/gui.json", said, content_type="application/json", headers={"X-Desk": made["desks"][1]}
    )
    assert answer.json()["outcomes"][0]["outcome"] == "present"


def test_attempts_in_bulk_are_analysed(client):
    cast.course(with_quiz=True)
    made = data.attempts(20)
    assert made["count"] == 20
    assert personal.violations() == []
    client.cookies["sessionid"] = made["editor"]
    page = client.get(made["path"])
    assert page.status_code == 200
    assert page.context["report"].totals.n == 20
    assert {row.n > 0 for line in page.context["report"].lines for row in line.responses if row.words} == {True}


def test_a_list_of_delegates_is_read_looked_at_and_written():
    cast.course()
    assert set(importing.read(3)) == {"seconds", "peak"}
    found = importing.roster(3)
    assert found["queries"] > 0
    assert found["writes"] > 0
    assert {what: number > 0 for what, number in importing.people(3).items() if "q" in what or "writes" in what} == {
        "queries": True, "writes": True,
    }  # fmt: skip

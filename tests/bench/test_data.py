"""What `make bench` measures on goes past the actions, in bulk: it must still fit the tables."""

import pytest

from accounts.models import Person
from bench import data
from certificates.models import Credential
from courses.models import Enrolment
from demo import content
from tests import cast

pytestmark = pytest.mark.django_db


def test_people_of_the_benchmarks_start_the_quiz_and_read_their_certificate(settings, tmp_path, client):
    settings.MEDIA_ROOT, settings.DEMO = tmp_path, False
    list(content.load_all(at=cast.NOW))
    made = data.people(2)
    client.cookies["sessionid"] = made["takers"][1]
    assert "/luot/" in client.post(made["start"]).url
    client.cookies["sessionid"] = made["holder"]
    assert client.get(made["paper"]).content.startswith(b"%PDF")


def test_enrolments_in_bulk_fit_the_tables():
    cast.course()
    assert data.enrolments(40)["count"] == 40
    assert Enrolment.objects.filter(completed_at=None).exists()
    assert Credential.objects.exists()
    assert Person.objects.filter(has_consented=True).exists()

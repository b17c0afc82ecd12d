"""Two officers write the same neighbour down in the same instant, proved on real connections, with a control that the race does happen."""

import threading

import pytest
from django.db import connections, transaction

from accounts.models import Person
from tests import cast
from tests.racing import overlapping, without_locks

from .test_officers_register_people import REGISTER, form

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


@pytest.fixture
def two_officers():
    """Each with a form of their own."""
    clients = [cast.client_of(cast.staff("manager", cast.commune(), phone)) for phone in ("0987654331", "0987654332")]
    return [lambda client=client: client.post(REGISTER, form()) for client in clients]


def test_the_second_is_told_as_a_second_later(two_officers):
    first, second = overlapping(*two_officers)
    assert first.status_code == 302
    assert second.context["twins"] == [Person.objects.get()]


def test_without_the_lock_they_would_make_two_people(two_officers, monkeypatch):
    """The control: neither sees the person of the other."""
    without_locks(monkeypatch)
    overlapping(*two_officers)
    assert Person.objects.count() == 2


def test_who_signs_up_in_the_commune_meanwhile_does_not_wait(two_officers):
    """Their rows name the place as well."""

    def sign_up():
        cast.person("Lê Thị Khác", subject_name="Mắm Lê")
        connections.close_all()

    neighbour = threading.Thread(target=sign_up)
    with transaction.atomic():
        two_officers[0]()
        neighbour.start()
        neighbour.join(20)
        assert not neighbour.is_alive()
    assert Person.objects.count() == 2

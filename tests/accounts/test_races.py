"""What happens in the same instant, proved on real connections, each with a control that the race does happen."""

import threading
from uuid import uuid4

import pytest
from django.db import transaction

from accounts import actions
from accounts.models import Consent, Person
from tests import cast
from tests.racing import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


@pytest.fixture
def someone():
    officer = cast.staff("manager", cast.commune())
    return {
        "name": "Danh Sà Mây", "birth_year": 1961, "place": cast.commune(), "kind": "subject", "how": "paper",
        "subject_name": "Ba khía", "subject_kind": "household", "subject_role": "head", "consents": cast.texts(),
        "by": officer, "at": cast.NOW,
    }  # fmt: skip


@pytest.mark.parametrize("phone", ["", "+84912000111"])
def test_one_form_sent_many_times_at_once_makes_one_person(someone, phone):
    token = uuid4()
    results = at_once(*[lambda: actions.register_for(form_token=token, phone=phone, **someone).pk] * 6)
    assert len(set(results)) == 1, results
    assert Person.objects.count() == 1
    assert Consent.objects.count() == len(cast.texts())


def test_looking_first_would_not_be_enough(someone):
    """The control: two that both saw nobody both write."""
    fields = {name: someone[name] for name in ("name", "birth_year", "place", "kind")}
    meet = threading.Barrier(2)

    def careless():
        with transaction.atomic():
            assert not Person.objects.filter(search="danh sa may").exists()
            meet.wait(10)
            return Person.objects.create(**fields).pk

    assert len(set(at_once(careless, careless))) == 2
    assert Person.objects.count() == 2

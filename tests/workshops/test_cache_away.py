"""Check-in goes on while the cache is away; what a phone was told is recorded."""

from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client

from workshops import access
from workshops.models import Attendance

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.usefixtures("_at_the_door")]
NOBODY = "redis://127.0.0.1:1"


def test_a_desk_that_is_open_records_and_gets_its_list(here, settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": NOBODY}}
    with pytest.raises(Exception, match="connect"):
        cache.get("anything")
    told = {"nonce": str(uuid4()), "session": str(here.session.pk), "number": here.held[0].number, "age": 0}
    answer = Client().post(
        "/diem-danh/gui.json", {"items": [told], "version": ""}, content_type="application/json",
        headers={"X-Desk": access.token_of(here.desk)},
    ).json()  # fmt: skip
    assert [one["outcome"] for one in answer["outcomes"]] == ["present"]
    assert len(answer["rows"]) == len(here.held)
    assert Attendance.objects.get().registration == here.held[0]

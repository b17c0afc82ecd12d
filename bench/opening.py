"""The inside of `bench.door`: a workshop whose door is open, with its desks, JSON in and JSON out."""

import json
import sys
from datetime import timedelta
from typing import Any

import django


def door(count: int, desks: int) -> dict[str, Any]:
    """{desks: tokens, session}. So many delegates have a seat, badges 1 to `count`; nobody is there yet."""
    from django.utils import timezone

    from accounts.models import Person
    from provinces.models import Place
    from workshops import access, actions
    from workshops.models import Registration, Session

    from .importing import workshop_to_measure

    now, places = timezone.now(), list(Place.objects.current().communes()[:40])
    workshop = workshop_to_measure()
    session = Session.objects.create(workshop=workshop, name="Đo", starts_at=now, ends_at=now + timedelta(hours=3))
    people = Person.objects.bulk_create(
        Person(
            name=f"Nguyễn Thị Đo {at}", sort_key=f"{at:05}", search="do", kind="subject", place=places[at % 40],
            contact_phone=f"+84912{at:06}",
        )
        for at in range(count)
    )  # fmt: skip
    Registration.objects.bulk_create(
        Registration(
            workshop=workshop, person=one, place=one.place, person_kind="subject", unit="HTX Tôm khô Rạch Gốc", state="held",
            source="import", number=at, code=f"CUA{at}", registered_at=now,
        )
        for at, one in enumerate(people, 1)
    )  # fmt: skip
    made = [actions.make_desk(workshop=workshop, name="", hours=2, by=None, at=now)[0] for _one in range(desks)]
    return {"desks": [access.token_of(one) for one in made], "session": str(session.pk)}


if __name__ == "__main__":
    question = json.load(sys.stdin)
    django.setup()
    print(json.dumps(door(**question)))  # noqa: T201 (its answer)

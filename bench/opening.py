"""The inside of `bench.door`: a workshop whose door is open, with its desks, JSON in and JSON out."""

import json
import sys
from typing import Any

import django


def door(count: int, desks: int) -> dict[str, Any]:
    """{desks: tokens, session}: of a workshop that is under way."""
    from django.utils import timezone

    from workshops import access, actions

    from .importing import under_way

    now, (workshop, session) = timezone.now(), under_way(count)
    made = [actions.make_desk(workshop=workshop, name="", hours=2, by=None, at=now)[0] for _one in range(desks)]
    return {"desks": [access.token_of(one) for one in made], "session": str(session.pk)}


if __name__ == "__main__":
    question = json.load(sys.stdin)
    django.setup()
    print(json.dumps(door(**question)))  # noqa: T201 (its answer)

"""The inside of `bench.grid`: a workshop whose paper tests wait to be typed in, and a colleague who is logged in; JSON in and JSON out."""

import json
import sys
from typing import Any

import django

QUESTIONS = 10


def grid(count: int) -> dict[str, Any]:
    """{path: of the grid, session, sheets: [[badge, letters]]} in no order of badges, as sheets lie on a pile; some leave a question blank."""
    import random

    from django.utils import timezone
    from django.utils.crypto import get_random_string

    from accounts import actions as accounts
    from quizzes.models import QuestionBank
    from workshops import actions
    from workshops.hall.dealing import forms_of
    from workshops.hall.items import Paper

    from .data import _session
    from .importing import under_way

    now, (workshop, _of_now) = timezone.now(), under_way(count)
    typist = accounts.create_staff(
        phone="0987000009",
        name="Cán bộ nhập",
        password=get_random_string(20),
        roles=[("organiser", None)],
        by=None,
        at=now,
    )
    bank = max(QuestionBank.objects.all(), key=lambda one: forms_of(one).most)
    said: dict[str, Any] = {"questions": min(QUESTIONS, forms_of(bank).most), "pass_percent": 60, "is_anonymous": False}
    before, _after = actions.make_tests(workshop=workshop, bank=bank, by=typist, at=now, **said)
    paper, chance = Paper(before), random.Random(117)  # noqa: S311 (a pile of sheets)
    badges = list(range(1, count + 1))
    chance.shuffle(badges)
    letters = [
        "".join("-" if chance.random() < 0.03 else chance.choice(paper.letters(one.number)) for one in paper.items)
        for _badge in badges
    ]
    path = f"/quan-tri/tap-huan/{workshop.pk}/trong-lop/dau-vao/nhap-phieu/"
    return {"path": path, "session": _session(typist), "sheets": list(zip(badges, letters, strict=True))}


if __name__ == "__main__":
    question = json.load(sys.stdin)
    django.setup()
    print(json.dumps(grid(**question)))  # noqa: T201 (its answer)

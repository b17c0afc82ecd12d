"""The inside of the phone rows of `bench.phone`: a workshop with its page and an open desk, JSON in and JSON out.

python -m bench.hall < {"task": "workshop"} or {"task": "wall", "session": 1}
"""

import json
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import django
from django.utils import timezone


def workshop() -> dict[str, Any]:
    """{page: address, desk: token, session}: planned by its organiser, with a programme, and under way."""
    from django.utils.crypto import get_random_string

    from accounts import actions as accounts
    from courses.models import Topic
    from provinces.models import Place
    from workshops import access, actions
    from workshops.actions import parts

    now = timezone.now()
    place = Place.objects.current().communes().get(name="Phan Ngọc Hiển")
    by = accounts.create_staff(
        phone="0987000003",
        name="Đơn vị đo",
        password=get_random_string(20),
        roles=[("organiser", None)],
        by=None,
        at=now,
    )
    begins = timezone.localtime(now)
    topics = ["Bộ tiêu chí mới: khác gì trước?", "Kể chuyện sản phẩm", "Bao bì và nhãn", "Hồ sơ dự thi", "Hỏi đáp"]
    planned = actions.plan_workshop(
        title="Tập huấn đo tốc độ trang", summary="Một buổi chiều cho chủ thể OCOP", place=place, topic=Topic.objects.all()[0], by=by, at=now,
        details={"organiser": "Văn phòng Đo", "venue": "Nhà văn hóa", "audience": "Chủ thể OCOP", "closes_at": now + timedelta(hours=1)},
        sessions=[parts.SessionSpec(name="Buổi chiều", room="Hội trường", starts_at=now, ends_at=now + timedelta(hours=3))],
        speakers=[parts.SpeakerSpec(name=f"Báo Cáo Viên {one}", degree="TS.", post="Trưởng phòng") for one in (1, 2)],
        agenda=[parts.AgendaSpec(session=0, starts_at=begins.time(), topic=one, speakers=["Báo Cáo Viên 1"]) for one in topics],
    )  # fmt: skip
    desk, _code = actions.make_desk(workshop=planned, name="", hours=2, by=by, at=now)
    session = planned.sessions.get()
    return {"page": f"/tap-huan/{planned.slug}/", "desk": access.token_of(desk), "session": session.pk}


def wall(session: int) -> dict[str, str]:
    """Where the QR on the wall leads at this moment."""
    from django.urls import reverse

    from workshops.desk.self_check import digits_of
    from workshops.models import Session

    digits = digits_of(Session.objects.get(pk=session), timezone.now())
    return {"address": reverse("desk:self", args=[session, digits])}


TASKS: dict[str, Callable[..., dict[str, Any]]] = {"workshop": workshop, "wall": wall}

if __name__ == "__main__":
    question = json.load(sys.stdin)
    django.setup()
    print(json.dumps(TASKS[question.pop("task")](**question)))  # noqa: T201 (its answer)

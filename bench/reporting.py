"""The inside of `bench.report`: the report, badges and letters of a workshop, made in this process, JSON in and JSON out."""

import json
import os
import sys
from collections.abc import Callable
from typing import Any

import django


def _cpu(job: Callable[[], Any]) -> tuple[float, Any]:
    begun = sum(os.times()[:4])
    made = job()
    return sum(os.times()[:4]) - begun, made


def _delegates(workshop: Any, count: int) -> None:
    """Who was there and did both tests."""
    from datetime import timedelta

    from django.utils import timezone

    from accounts.models import Person
    from provinces.models import Place
    from workshops.models import Attendance, HallTest, Registration, Session, TestSheet

    now, places = timezone.now(), list(Place.objects.current().communes()[:40])
    session = Session.objects.create(workshop=workshop, name="Đo", starts_at=now, ends_at=now + timedelta(hours=3))
    people = [
        Person(name=f"Nguyễn Thị Đo {at}", sort_key=f"{at:05}", search="do", kind="subject", place=places[at % 40])
        for at in range(count)
    ]
    Person.objects.bulk_create(people)
    registered = Registration.objects.bulk_create(
        Registration(
            workshop=workshop, person=one, place=one.place, person_kind="subject", unit="HTX Tôm khô Rạch Gốc", state="held",
            source="import", number=at, code=f"DO{at}", registered_at=now,
        )
        for at, one in enumerate(people, 1)
    )  # fmt: skip
    Attendance.objects.bulk_create(
        Attendance(session=session, registration=one, way="scan", occurred_at=now, recorded_at=now)
        for one in registered
    )
    for moment in ("before", "after"):
        test = HallTest.objects.create(workshop=workshop, moment=moment, made_at=now)
        TestSheet.objects.bulk_create(
            TestSheet(
                test=test, registration=one, badge=one.number, right=one.number % 10, questions=10, source="paper", handed_in_at=now
            )
            for one in registered
        )  # fmt: skip


def report(count: int) -> dict[str, float]:
    """Nothing of it stays."""
    from django.db import connection, transaction
    from django.test.utils import CaptureQueriesContext

    from workshops.rendering import reports
    from workshops.reporting import composing, documents, facts

    from .importing import workshop_to_measure

    with transaction.atomic():
        workshop = workshop_to_measure()
        _delegates(workshop, count)
        facts.gather(workshop)
        with CaptureQueriesContext(connection) as caught:
            gathering, found = _cpu(lambda: facts.gather(workshop))
        composed = composing.compose(found, None)
        writing, _docx = _cpu(lambda: documents.docx(composed))
        drawing, _pdf = _cpu(lambda: reports.report_pdf(composed))
        printed = {name: _paper(workshop, name) for name in ("badges", "invitations")}
        transaction.set_rollback(True)
    return {"gathering": gathering, "queries": len(caught), "docx": writing, "pdf": drawing} | printed


def _paper(workshop: Any, name: str) -> float:
    from django.http import QueryDict

    from workshops.papers.pages import PAPERS

    form = PAPERS[name].form(QueryDict(), workshop=workshop)
    form.full_clean()
    return _cpu(lambda: PAPERS[name].make(workshop, workshop.registrations.all(), form))[0]


if __name__ == "__main__":
    question = json.load(sys.stdin)
    django.setup()
    print(json.dumps(report(**question)))  # noqa: T201 (its answer)

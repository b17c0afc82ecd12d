"""The inside of `bench.report`: the report, badges and letters of a workshop, made in this process, JSON in and JSON out."""

import io
import json
import os
import sys
from collections.abc import Callable
from html import escape
from typing import Any

import django

BADGES_ON_A_PAGE = 4
AGAIN = 5  # what takes less than a few ticks of the clock


def _cpu(job: Callable[[], Any], times: int = 1) -> float:
    """Seconds of this process and of those that it started, for one."""
    begun = sum(os.times()[:4])
    for _again in range(times):
        job()
    return (sum(os.times()[:4]) - begun) / times


def _read(workshop: Any) -> None:
    """The rows behind the numbers, and nothing else."""
    from workshops.models import Attendance, TestSheet

    list(workshop.registrations.select_related("person", "place__parent"))
    list(Attendance.objects.filter(session__workshop=workshop))
    list(TestSheet.objects.filter(test__workshop=workshop))


def _words(composed: Any) -> list[Any]:
    blocks = [*composed.blocks, *(block for annex in composed.annexes for block in annex.blocks)]
    return [block for block in blocks if block.kind != "photos"]


def _bare_docx(composed: Any) -> None:
    """The same words and tables by python-docx alone, in its own style."""
    from docx import Document

    document = Document()
    for block in _words(composed):
        if block.kind != "table":
            document.add_paragraph(block.text)
            continue
        table = document.add_table(rows=1 + len(block.rows), cols=len(block.heads))
        for row, said in zip(table.rows, [block.heads, *block.rows], strict=True):
            for cell, words in zip(row.cells, said, strict=True):
                cell.text = words
    document.save(io.BytesIO())


def _bare_pdf(composed: Any) -> None:
    """The same by WeasyPrint alone, archival and tagged as ours is."""
    said = []
    for block in _words(composed):
        if block.kind != "table":
            said.append(f"<p>{escape(block.text)}")
            continue
        rows = [block.heads, *block.rows]
        said.append(
            "<table>" + "".join("<tr>" + "".join(f"<td>{escape(one)}" for one in row) for row in rows) + "</table>"
        )
    _printed("".join(said))


def _bare_pages(count: int) -> None:
    """So many pages with a line each."""
    _printed('<p style="break-after: page">Một dòng chữ.' * count)


def _printed(words: str) -> None:
    from weasyprint import HTML

    from certificates import rendering

    page = f'<html lang="vi"><title>Đo</title><body>{words}'
    fetcher = rendering.Printer.shared().fetcher
    HTML(string=page, url_fetcher=fetcher).write_pdf(pdf_variant=rendering.VARIANT, pdf_tags=True)


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
        with CaptureQueriesContext(connection) as caught:
            found = facts.gather(workshop)
        composed = composing.compose(found, None)
        _bare_docx(composed)
        _bare_pages(1)
        spent = {
            "gathering": _cpu(lambda: facts.gather(workshop), AGAIN), "reading": _cpu(lambda: _read(workshop), AGAIN),
            "docx": _cpu(lambda: documents.docx(composed)), "bare_docx": _cpu(lambda: _bare_docx(composed)),
            "pdf": _cpu(lambda: reports.report_pdf(composed)), "bare_pdf": _cpu(lambda: _bare_pdf(composed)),
            "badges": _paper(workshop, "badges"), "sheets": _cpu(lambda: _bare_pages(-(-count // BADGES_ON_A_PAGE))),
            "invitations": _paper(workshop, "invitations"), "pages": _cpu(lambda: _bare_pages(count)),
        }  # fmt: skip
        transaction.set_rollback(True)
    return {"queries": len(caught)} | spent


def _paper(workshop: Any, name: str) -> float:
    from django.http import QueryDict

    from workshops.papers.pages import PAPERS

    form = PAPERS[name].form(QueryDict(), workshop=workshop)
    form.full_clean()
    return _cpu(lambda: PAPERS[name].make(workshop, workshop.registrations.all(), form))


if __name__ == "__main__":
    question = json.load(sys.stdin)
    django.setup()
    print(json.dumps(report(**question)))  # noqa: T201 (its answer)

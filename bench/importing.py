"""The inside of `bench.roster`: reads a workbook of delegates, or of people, in this process, JSON in and JSON out."""

import json
import os
import resource
import sys
from collections.abc import Callable
from typing import Any

import django

TIMES = 20


def _cpu(job: Callable[[], object]) -> float:
    begun = sum(os.times()[:4])
    job()
    return sum(os.times()[:4]) - begun


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _workbook(count: int) -> bytes:
    import io

    import xlsxwriter

    output, letters = io.BytesIO(), "abcdefghijklmnopqrst"
    with xlsxwriter.Workbook(output) as made:
        sheet = made.add_worksheet()
        sheet.write_row(0, 0, ["STT", "Họ và tên", "Năm sinh", "Số điện thoại", "Đơn vị", "Xã, phường"])
        for row in range(count):
            name = f"NGUYỄN VĂN {letters[row % 20]}{letters[row // 20 % 20]}{letters[row // 400 % 20]}"
            place = f"Ấp {row}, xã Phan Ngọc Hiển, Cà Mau" if row % 2 == 0 else "nt"
            sheet.write_row(row + 1, 0, [row, name, 1970, 912_000_000 + row, f"HTX Đo {row // 5}", place])
    return output.getvalue()


def bare(count: int) -> dict[str, float]:
    """The same cells read by python-calamine alone."""
    import io

    import python_calamine

    data = _workbook(count)

    def job() -> None:
        for _time in range(TIMES):  # once takes no longer than two ticks of the clock that counts it
            python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()

    return {"seconds": _cpu(job) / TIMES, "peak": _peak()}


def read(count: int) -> dict[str, float]:
    """As an upload is read: checked for what is hostile, old letters, merged and hidden cells, columns recognised."""
    from lib import lists
    from workshops import importing

    data = _workbook(count)
    lists.read(_workbook(2), "x.xlsx")
    return {"seconds": _cpu(lambda: [importing.detect(one) for one in lists.read(data, "x.xlsx")]), "peak": _peak()}


def under_way(count: int) -> tuple[Any, Any]:
    """Such a workshop as it is held now, and its session; so many delegates have a seat, badges 1 to `count`, and nobody is there yet."""
    from datetime import timedelta

    from django.utils import timezone

    from accounts.models import Person
    from provinces.models import Place
    from workshops.models import Registration, Session

    now, places, workshop = timezone.now(), list(Place.objects.current().communes()[:40]), workshop_to_measure()
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
            source="import", number=at, code=f"DO{at}", registered_at=now,
        )
        for at, one in enumerate(people, 1)
    )  # fmt: skip
    return workshop, session


def workshop_to_measure() -> Any:
    from django.utils import timezone

    from courses.models import Activity
    from provinces.models import Place
    from workshops.models import Workshop

    place = Place.objects.current().communes().get(name="Phan Ngọc Hiển")
    activity = Activity.objects.filter(workshop=None)[0]
    return Workshop.objects.create(
        activity=activity, slug="do", organiser="Đo", place=place, venue="Đo", created_at=timezone.now()
    )


def roster(count: int) -> dict[str, float]:
    """The verdicts on every row, and the writing of all; nothing of it stays."""
    from django.db import connection, transaction
    from django.test.utils import CaptureQueriesContext
    from django.utils import timezone

    from accounts.models import Person
    from accounts.queries import current_consent_texts
    from lib import lists
    from workshops import actions, importing

    sheets, at = lists.read(_workbook(count), "x.xlsx"), timezone.now()
    roster = importing.Roster(sheets, [importing.detect(one) for one in sheets])
    scope = importing.Scope(Person.objects.all(), None)
    consents = [one for one in current_consent_texts("vi") if one.is_required]
    with transaction.atomic():
        workshop = workshop_to_measure()

        def look() -> None:
            importing.plan(roster, workshop=workshop, scope=scope, this_year=at.year)

        def write() -> None:
            actions.import_roster(
                workshop=workshop, roster=roster, scope=scope, seen=None, consents=consents, by=None, at=at
            )

        with CaptureQueriesContext(connection) as looked:
            looking = _cpu(look)
        with transaction.atomic():
            writing = _cpu(write)
            transaction.set_rollback(True)
        with CaptureQueriesContext(connection) as written:
            write()
        transaction.set_rollback(True)
    return {"looking": looking, "queries": len(looked), "writing": writing, "writes": len(written)}


def people(count: int) -> dict[str, float]:
    """As `roster`, of a list of people without a workshop."""
    from django.db import connection, transaction
    from django.test.utils import CaptureQueriesContext
    from django.utils import timezone

    from accounts import actions, newcomers
    from accounts.models import Person
    from accounts.queries import current_consent_texts
    from lib import lists

    sheets, at = lists.read(_workbook(count), "x.xlsx"), timezone.now()
    listing = newcomers.Listing(sheets, [newcomers.detect(one) for one in sheets])
    scope = newcomers.Scope(Person.objects.all(), Person.objects.all(), None, None)
    consents = [one for one in current_consent_texts("vi") if one.is_required]

    def look() -> None:
        newcomers.plan(listing, scope=scope, this_year=at.year)

    def write() -> None:
        actions.import_people(listing=listing, scope=scope, seen=None, consents=consents, how="paper", by=None, at=at)

    with transaction.atomic():
        with CaptureQueriesContext(connection) as looked:
            looking = _cpu(look)
        with transaction.atomic():
            writing = _cpu(write)
            transaction.set_rollback(True)
        with CaptureQueriesContext(connection) as written:
            write()
        transaction.set_rollback(True)
    return {"looking": looking, "queries": len(looked), "writing": writing, "writes": len(written)}


TASKS: dict[str, Callable[..., dict[str, float]]] = {"bare": bare, "read": read, "roster": roster, "people": people}

if __name__ == "__main__":
    question = json.load(sys.stdin)
    django.setup()
    print(json.dumps(TASKS[question.pop("task")](**question)))  # noqa: T201 (its answer)

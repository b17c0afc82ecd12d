"""What `audit_invariants` says of workshops: of each kind one is planted, and that one is found and nothing else."""

import contextlib

import pytest
from django.core.management import call_command

from accounts.models import Person
from tests import cast
from workshops import actions, personal
from workshops.models import (
    Assignment,
    Attendance,
    FeedbackSheet,
    Notice,
    NoticeKind,
    Quota,
    Registration,
    RegistrationSource,
    Scan,
    TestSheet,
    Workshop,
)

from . import halls
from .desks import DOOR
from .rooms import beside, officer

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def another() -> Workshop:
    return cast.workshop(cast.course(lessons=0, slug="khac", title="Khác"), slug="lop-khac")


def waiting(workshop, name="Võ Văn Chờ"):
    workshop.refresh_from_db()
    made = actions.register(workshop=workshop, person=cast.person(name), source=RegistrationSource.SELF, at=cast.NOW)
    assert made.state == "waiting"
    return made


def seats_beyond_the_open_ones(workshop, held):
    Workshop.objects.filter(pk=workshop.pk).update(capacity=0)
    return f"workshop {workshop.pk}: 1 of 0 seats held (open seats)"


def seats_beyond_a_quota(workshop, held):
    quota = Quota.objects.create(workshop=workshop, unit="HTX", seats=0)
    Registration.objects.filter(pk=held.pk).update(quota=quota)
    return f"workshop {workshop.pk}: 1 of 0 seats held (quota {quota.pk})"


def somebody_who_waits_beside_a_free_seat(workshop, held):
    Workshop.objects.filter(pk=workshop.pk).update(capacity=1)
    waiting(workshop)
    Workshop.objects.filter(pk=workshop.pk).update(capacity=2)
    return f"workshop {workshop.pk}: somebody waits beside a free seat (open seats)"


def somebody_replaced_by_nobody(workshop, held):
    Registration.objects.filter(pk=held.pk).update(state="replaced")
    return f"registration {held.pk}: replaced by nobody"


def somebody_instead_of_one_who_kept_the_seat(workshop, held):
    made = actions.replace(registration=held, person=cast.person("Lê Thị Thay"), at=cast.NOW)
    Registration.objects.filter(pk=held.pk).update(state="held")
    return f"registration {made.pk}: instead of somebody who has not given the seat up"


def somebody_instead_of_one_of_another_workshop(workshop, held):
    other = cast.delegate(another(), "Lê Văn Hai")
    Registration.objects.filter(pk=other.pk).update(state="replaced")
    Registration.objects.filter(pk=held.pk).update(replaces=other)
    return f"registration {held.pk}: instead of somebody of another workshop"


def somebody_instead_of_themselves(workshop, held):
    Registration.objects.filter(pk=held.pk).update(state="replaced", replaces=held)
    return f"registration {held.pk}: instead of itself, by way of others"


def a_room_beyond_its_seats(workshop, held):
    _first, second = beside(workshop, seats=0)
    Assignment.objects.create(registration=held, session=second, made_at=cast.NOW)
    return f"workshop {workshop.pk}: 1 of 0 seats held (session {second.pk})"


def one_delegate_in_two_rooms(workshop, held):
    for room in beside(workshop):
        Assignment.objects.create(registration=held, session=room, made_at=cast.NOW)
    return f"registration {held.pk}: in two rooms at one hour"


def a_room_of_another_workshop(workshop, held):
    first, _second = beside(workshop)
    made = Assignment.objects.create(
        registration=cast.delegate(another(), "Lê Văn Hai"), session=first, made_at=cast.NOW
    )
    return f"assignment {made.pk}: of another workshop"


def sheet_of(workshop, held):
    by = officer()
    test = halls.papers(workshop, by)[0]
    actions.write_sheet(test=test, badge=held.number, letters="A" * 5, by=by, at=cast.NOW)
    return TestSheet.objects.get()


def a_sheet_of_nobody(workshop, held):
    sheet = sheet_of(workshop, held)
    TestSheet.objects.update(registration=None)
    return f"sheet {sheet.pk}: names somebody where the test does not, or nobody where it does"


def a_sheet_of_another_badge(workshop, held):
    sheet = sheet_of(workshop, held)
    TestSheet.objects.update(badge=held.number + 8)
    return f"sheet {sheet.pk}: another badge than its delegate's"


def a_sheet_of_another_workshop(workshop, held):
    sheet, other = sheet_of(workshop, held), cast.delegate(another(), "Lê Văn Hai")
    assert other.number == sheet.badge
    TestSheet.objects.update(registration=other)
    return f"sheet {sheet.pk}: another badge than its delegate's"


def a_sheet_of_fewer_questions(workshop, held):
    sheet = sheet_of(workshop, held)
    TestSheet.objects.update(questions=4, right=0)
    return f"sheet {sheet.pk}: 4 questions of 5"


def feedback_that_nobody_gave(workshop, held):
    FeedbackSheet.objects.create(workshop=workshop, answers={}, source="phone", given_on=cast.NOW.date())
    return f"workshop {workshop.pk}: 0 gave feedback, 1 sheets"


def presence_in_another_workshop(workshop, held):
    made = cast.present(held, another().sessions.get())
    return f"attendance {made.pk}: of another workshop"


def presence_of_who_only_waits(workshop, held):
    Workshop.objects.filter(pk=workshop.pk).update(capacity=1)
    made = cast.present(waiting(workshop))
    return f"attendance {made.pk}: of somebody without a seat"


def presence_after_the_seat_was_given_up(workshop, held):
    made = cast.present(held)
    Registration.objects.filter(pk=held.pk).update(state="cancelled", ended_at=cast.NOW)
    return f"attendance {made.pk}: of somebody without a seat"


def scanned(workshop, **who):
    desk, _code = actions.make_desk(workshop=workshop, name="", hours=4, by=None, at=DOOR)
    told = actions.Report(
        nonce="1d0f8e2e-3f1f-4f8e-9b6a-0c8d6b0e7a11", desk=desk, session=workshop.sessions.get(), occurred_at=DOOR, **who
    )  # fmt: skip
    return actions.scan(report=told, at=DOOR)


def a_scan_of_another_workshop(workshop, held):
    made, other = scanned(workshop, code="KHONGCO"), cast.delegate(another(), "Lê Văn Hai")
    Scan.objects.filter(pk=made.pk).update(registration=other)
    return f"scan {made.pk}: of another workshop"


def a_scan_that_left_nobody_present(workshop, held):
    made = scanned(workshop, code=held.code)
    Attendance.objects.all().delete()
    return f"scan {made.pk}: nobody is present by it"


def invited_to_a_room(workshop, held):
    Person.objects.filter(pk=held.person_id).update(contact_phone="+84912345678")
    first, second = beside(workshop)
    Assignment.objects.create(registration=held, session=second, made_at=cast.NOW)
    with cast.on(cast.NOW):
        actions.tell(workshop=workshop, kind=NoticeKind.INVITATION, at=cast.NOW, by=None)
    held.refresh_from_db()
    assert (held.told_rooms, personal.violations()) == ("Phong 2", [])
    return first


def a_room_that_nobody_told(workshop, held):
    invited_to_a_room(workshop, held)
    Notice.objects.update(state="failed")
    return f"registration {held.pk}: said to know a room that nobody told"


def a_room_that_another_message_names(workshop, held):
    invited_to_a_room(workshop, held)
    Registration.objects.filter(pk=held.pk).update(told_rooms="Phong 1")
    return f"registration {held.pk}: said to know another room than a message that waits will tell"


PLANTS = [
    seats_beyond_the_open_ones, seats_beyond_a_quota, somebody_who_waits_beside_a_free_seat, somebody_replaced_by_nobody,
    somebody_instead_of_one_who_kept_the_seat, somebody_instead_of_one_of_another_workshop, somebody_instead_of_themselves,
    a_room_beyond_its_seats, one_delegate_in_two_rooms, a_room_of_another_workshop, a_sheet_of_nobody,
    a_sheet_of_another_badge, a_sheet_of_another_workshop, a_sheet_of_fewer_questions, feedback_that_nobody_gave,
    presence_in_another_workshop, presence_of_who_only_waits, presence_after_the_seat_was_given_up,
    a_scan_of_another_workshop, a_scan_that_left_nobody_present, a_room_that_nobody_told, a_room_that_another_message_names,
]  # fmt: skip


def audit(capsys) -> list[str]:
    """What the command found, without what it says of their number."""
    capsys.readouterr()
    with contextlib.suppress(SystemExit):
        call_command("audit_invariants")
    return [line for line in capsys.readouterr().out.splitlines() if "violations" not in line]


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.__name__)
def test_what_is_planted_is_found_and_nothing_else(plant, capsys):
    workshop = cast.workshop(capacity=20)
    held = cast.delegate(workshop)
    assert audit(capsys) == []
    planted = plant(workshop, held)
    assert audit(capsys) == [f"workshops: {planted}"]

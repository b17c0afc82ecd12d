"""Whoever waits and gets a seat by others keeps what was said before: the unit, the post, the note, the answers and the place of the day."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from provinces.queries import named_on
from tests import cast
from tests.workshops import rosters
from tests.workshops.test_rosters import everywhere, roster_of
from workshops import actions
from workshops.models import Quota, RegistrationSource, RegistrationState

pytestmark = pytest.mark.django_db
DOOR = cast.NOW + timedelta(days=2) - timedelta(minutes=20)
PHONE = "0912345678"
ANSWERS = {"san-pham": "Tôm khô"}


@pytest.fixture
def workshop(db):
    return cast.workshop(capacity=2)


@pytest.fixture
def organiser(db):
    return cast.staff("organiser", cast.province(), phone="0987000120")


@pytest.fixture
def then(db):
    """A place that is no more."""
    return named_on(date(2023, 12, 11), "thị trấn Rạch Gốc, huyện Ngọc Hiển, tỉnh Cà Mau")[0]


@pytest.fixture
def waiting(workshop, then):
    held = [cast.delegate(workshop, name) for name in ("Lê Văn Bé", "Lê Văn Ba")]
    one = actions.register(
        workshop=workshop, person=cast.person("Trần Thị Út", kind="official", official_level="commune", contact_phone=PHONE),
        source=RegistrationSource.SELF, at=cast.NOW, unit="Phòng NN&PTNT huyện Ngọc Hiển", post="Phó phòng", note="ăn chay",
        gender="female", answers=ANSWERS, place=then, level="district",
    )  # fmt: skip
    assert one.state == RegistrationState.WAITING
    held[0].delete()
    return one


def nominated(one, by):
    quota = Quota.objects.create(workshop=one.workshop, place=cast.commune(), seats=1)
    actions.nominate(quota=quota, person=one.person, by=by, at=cast.NOW)


def nominated_instead(one, by):
    quota = Quota.objects.create(workshop=one.workshop, place=cast.commune(), seats=1)
    given = one.workshop.registrations.get(person__name="Lê Văn Ba")
    actions.nominate(quota=quota, person=one.person, by=by, at=cast.NOW, instead_of=given)


def added(one, by):
    actions.add_delegate(workshop=one.workshop, person=one.person, by=by, at=cast.NOW)


def signed_on_an_empty_row(one, by):
    actions.add_delegate(
        workshop=one.workshop, person=one.person, by=by, at=DOOR + timedelta(hours=1), signed=one.workshop.sessions.get()
    )  # fmt: skip


def imported(one, by):
    table = rosters.book([["Họ và tên", "Điện thoại", "Xã"], [one.person.name, PHONE, rosters.HERE]])
    actions.import_roster(
        workshop=one.workshop, roster=roster_of(table), scope=everywhere(), seen=None, consents=cast.texts()[:1], by=by, at=cast.NOW
    )  # fmt: skip


def report(one):
    desk, _code = actions.make_desk(workshop=one.workshop, name="Bàn 1", hours=4, by=None, at=DOOR)
    return {"desk": desk, "session": one.workshop.sessions.get(), "occurred_at": DOOR, "nonce": uuid4()}


def walked_in(one, by):
    newcomer = actions.Newcomer(name=one.person.name, phone=PHONE, place=cast.commune(), consents=tuple(cast.texts()))
    actions.walk_in(report=actions.Report(**report(one), number=0), newcomer=newcomer, at=DOOR)


def taken_in(one, by):
    actions.take_in(report=actions.Report(**report(one), number=one.number), at=DOOR)


def given_a_seat(one, by):
    actions.give_seat(registration=one, by=by, at=cast.NOW)


WAYS = [
    nominated, nominated_instead, added, signed_on_an_empty_row, imported, walked_in, taken_in, given_a_seat,
]  # fmt: skip


def said(one) -> tuple:
    one.refresh_from_db()
    return one.unit, one.post, one.note, one.answers, one.gender, one.place, one.official_level


@pytest.mark.parametrize("way", WAYS)
def test_nothing_of_it_is_lost(waiting, organiser, way):
    before = said(waiting)
    way(waiting, organiser)
    assert said(waiting) == before
    assert waiting.state == RegistrationState.HELD
    assert waiting.workshop.registrations.filter(person__name="Trần Thị Út").count() == 1


@pytest.mark.parametrize("way", [way for way in WAYS if way is not imported])  # no list seats who cancelled
def test_nor_of_who_had_cancelled(waiting, organiser, way):
    before = said(waiting)
    actions.cancel(registration=waiting, at=cast.NOW)
    way(waiting, organiser)
    assert said(waiting) == before
    assert waiting.state == RegistrationState.HELD


def test_what_is_said_anew_is_written_over_it_and_the_rest_stays(waiting, organiser):
    actions.add_delegate(
        workshop=waiting.workshop, person=waiting.person, by=organiser, at=cast.NOW, unit="Sở NN&PTNT", place=cast.commune()
    )  # fmt: skip
    assert said(waiting) == ("Sở NN&PTNT", "Phó phòng", "ăn chay", ANSWERS, "female", cast.commune(), "commune")


def test_who_registers_alone_again_may_empty_what_the_form_showed(waiting):
    actions.cancel(registration=waiting, at=cast.NOW)
    actions.register(
        workshop=waiting.workshop, person=waiting.person, source=RegistrationSource.SELF, at=cast.NOW, unit="Hộ Út"
    )
    assert (said(waiting)[:4], waiting.place) == (("Hộ Út", "", "ăn chay", {}), waiting.person.place)


def test_a_note_of_a_list_is_added_to_what_was_noted(workshop, waiting):
    said = {"workshop": workshop, "person": waiting.person, "source": RegistrationSource.NOMINATED}
    for note in ("đi xe máy", "ăn chay"):
        actions.register(**said, at=cast.NOW, note=note)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.note) == ("held", "ăn chay; đi xe máy")

"""A workshop of the afternoon with three delegates and a desk, for the tests of the door."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from tests import cast
from workshops import actions
from workshops.models import Desk, Registration, RegistrationSource, Session, Workshop

DOOR = cast.NOW + timedelta(days=2) - timedelta(minutes=20)
PEOPLE = [
    ("Nguyễn Văn Út", "+84912000118", "UBND xã Đất Mũi"),
    ("Lâm Thị Út", "+84912000907", "HTX Tôm Khô"),
    ("Đỗ Hữu Đức", "", "Cơ sở Muối"),
]


@dataclass
class Hall:
    workshop: Workshop
    session: Session
    desk: Desk
    code: str
    held: list[Registration]


def hall(**fields: Any) -> Hall:
    workshop = cast.workshop(**fields)
    desk, code = actions.make_desk(workshop=workshop, name="Bàn 1", hours=4, by=None, at=DOOR - timedelta(minutes=10))
    held = [
        actions.register(
            workshop=workshop, person=cast.person(name, contact_phone=phone), source=RegistrationSource.NOMINATED,
            at=cast.NOW, unit=unit,
        )
        for name, phone, unit in PEOPLE
    ]  # fmt: skip
    return Hall(workshop, workshop.sessions.get(), desk, code, held)

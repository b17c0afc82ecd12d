"""Giấy mời in the layout of Decree 30/2020: a page for each delegate, or for each unit with those whom it sends. Each has its ticket on it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import override

from lib import dates, text
from workshops.models import AgendaItem, BasisKind, LegalBasis, Session, Workshop
from workshops.parallel import Rooms
from workshops.reporting.rolls import Delegate, Order, grouped
from workshops.reporting.words import basis_in_words, hours

from .drawing import OF_THE_DECREE, always, drawn
from .papers import qr

LONG = 90  # seconds of a processor: letters to 500 delegates are as many pages
OF_ITSELF = (BasisKind.INVITATION, BasisKind.PROGRAMME)  # no ground of an invitation


@dataclass(frozen=True)
class Letter:
    """`unit` is empty in a letter to one person. `times`: of parallel sessions that of the guest, or all of them where there are several
    guests, whose rooms stand beside their names."""

    unit: str
    guests: Sequence[tuple[Delegate, str]]  # with the picture of the ticket's code
    times: Sequence[str]
    lacking: int = 0  # guests who do not know yet to which of several rooms at one hour they go

    @property
    def has_rooms(self) -> bool:
        return any(guest.room for guest, _code in self.guests)


@override("vi")
def invitations(
    workshop: Workshop,
    delegates: Sequence[Delegate],
    *,
    by_unit: bool,
    rooms: Rooms,
    agenda: Iterable[AgendaItem],
    bases: Sequence[LegalBasis],
    post: str,
    signer: str,
) -> bytes:
    """Raises Refusal."""
    own = next((one for one in bases if one.kind == BasisKind.INVITATION), None)
    context = always(workshop) | {
        "own": own,
        "letters": _letters(delegates, rooms, by_unit=by_unit),
        "grounds": "; ".join(basis_in_words(one) for one in bases if one.kind not in OF_ITSELF),
        "topics": "; ".join(dict.fromkeys(item.topic for item in agenda if item.speakers.all())).rstrip(".?!"),
        "post": (post or "THỦ TRƯỞNG ĐƠN VỊ").upper(),
        "signer": signer,
    }
    if own and own.issued_on:
        context["day"] = dates.in_words(own.issued_on)
    return drawn("invitations", context, OF_THE_DECREE, seconds=LONG)


def _time(session: Session, *, is_alone: bool) -> str:
    when = f"{hours(session.starts_at, session.ends_at)}, {dates.in_words(dates.local_day(session.starts_at))}"
    room = f", {session.room}" if session.room else ""
    return f"{when}{room}" if is_alone else f"{session.name}: {when}{room}"


def _times(rooms: Rooms, guests: Sequence[Delegate]) -> list[str]:
    asked = {one.pk for guest in guests for one in rooms.possible(guest.pk)}
    sessions = [one for slot in rooms.slots for one in slot.sessions if one.pk in asked]
    return [_time(one, is_alone=len(sessions) == 1) for one in sessions]


def _letters(delegates: Sequence[Delegate], rooms: Rooms, *, by_unit: bool) -> list[Letter]:
    """By protocol, so that they can be put into envelopes in the order of the list."""
    ordered = [one for group in grouped(delegates, Order.PROTOCOL) for one in group.delegates]
    if not by_unit:
        return [_letter("", [one], rooms) for one in ordered]
    of: dict[tuple[Any, ...], list[Delegate]] = {}
    for one in ordered:
        of.setdefault(_unit(one), []).append(one)
    return [_letter(guests[0].unit, guests, rooms) for guests in of.values()]


def _letter(unit: str, guests: Sequence[Delegate], rooms: Rooms) -> Letter:
    lacking = sum(bool(rooms.lacks(one.pk)) for one in guests)
    return Letter(unit, [_guest(one) for one in guests], _times(rooms, guests), lacking)


def _unit(one: Delegate) -> tuple[Any, ...]:
    """Who has none is asked alone; of two of the same name in two communes each gets its own."""
    if not one.unit:
        return ("", one.pk)
    return text.fold(one.unit), one.place_id if one.is_of_place else 0


def _guest(one: Delegate) -> tuple[Delegate, str]:
    return one, qr(one.code)

"""Papers that everybody gets who sees a workshop or holds a ticket: the programme, the ticket."""

import io
from functools import partial
from typing import Any

from django.conf import settings
from django.utils import timezone
from PIL.Image import Palette

from certificates.rendering.lettering import fitted
from courses import reading
from lib import dates
from lib.qr import picture
from workshops import parallel
from workshops.models import BasisKind, LegalBasis, Registration, Session
from workshops.showing import Shown

from .drawing import OF_THE_DECREE, always, drawn

PICTURE_WIDE = 1080  # pixels, and as many of CSS; 1920 tall, as phones are
WORDS_WIDE = 960  # within its margins
NAME_SIZES, TITLE_SIZES = (88, 78, 68, 60, 52, 45, 38), (60, 52, 46, 40, 36, 32)
ROOM_SIZES, WHERE_SIZES = (56, 50, 44, 38, 32, 28), (46, 42, 38, 34, 30, 27)
ROOM_LINES, ROOMS_TALL = 4, 150
ROOM_OPEN = "Phòng: đơn vị tổ chức báo sau"


def programme(shown: Shown) -> bytes:
    """In the layout of Decree 30/2020; drawn once for what is published. Raises Refusal."""
    draw = partial(drawn, "programme", _programme(shown), OF_THE_DECREE)
    data: bytes = reading.shelf.remember(("programme", shown.workshop.pk), draw)
    return data


def _programme(shown: Shown) -> dict[str, Any]:
    of_kind = {basis.kind: basis for basis in reversed(shown.bases)}
    own: LegalBasis | None = of_kind.get(BasisKind.PROGRAMME)
    dated = {"day": dates.in_words(own.issued_on)} if own and own.issued_on else {}
    said = {"shown": shown, "own": own, "invitation": of_kind.get(BasisKind.INVITATION), "days": _days(shown)}
    return always(shown.workshop) | said | dated


def _days(shown: Shown) -> list[str]:
    return list(dict.fromkeys(dates.in_words(dates.local_day(session.starts_at)) for session in shown.held))


def ticket(held: Registration, shown: Shown) -> bytes:
    """A sheet to hold ready at the door. Raises Refusal."""
    rooms = _rooms(held, shown)
    said = {"shown": shown, "held": held, "qr": qr(held.code), "rooms": rooms, "is_room_open": _is_one_open(rooms)}
    return drawn("ticket", always(shown.workshop) | said, ("fonts.css",))


def _rooms(held: Registration, shown: Shown) -> list[tuple[parallel.Slot, Session | None]]:
    """Of parallel sessions the own one by the hour, None where none is chosen yet."""
    found = parallel.rooms(shown.workshop, slots=shown.slots, of_one=held)
    return [(slot, found.chosen(held.pk, slot)) for slot in found.parallel]


def _is_one_open(rooms: list[tuple[parallel.Slot, Session | None]]) -> bool:
    return any(one is None for _slot, one in rooms)


def ticket_picture(held: Registration, shown: Shown) -> bytes:
    """PNG, upright and with a code as wide as a phone can show it, for an album or Zalo. Raises Refusal."""
    import pypdfium2

    page = pypdfium2.PdfDocument(drawn("ticket_picture", _pictured(held, shown), ("fonts.css",)))[0]
    bitmap, data = page.render(scale=PICTURE_WIDE / page.get_width(), rev_byteorder=True), io.BytesIO()
    bitmap.to_pil().convert("P", palette=Palette.ADAPTIVE, colors=16).save(data, "PNG", optimize=True)
    return data.getvalue()


def _pictured(held: Registration, shown: Shown) -> dict[str, Any]:
    """All words have a size at which they have room: nobody turns the page of a picture. Where each room cannot have a line of its own they stand
    one behind the other."""
    workshop, own = shown.workshop, _rooms(held, shown)
    rooms = [f"{one.where if one else ROOM_OPEN}{_hours(one or slot.sessions[0], shown)}" for slot, one in own]
    lines = rooms if len(rooms) <= ROOM_LINES else ["; ".join(rooms)]
    placed = [fitted(one, ROOM_SIZES, wide=WORDS_WIDE, tall=ROOMS_TALL / len(lines)) for one in lines]
    return always(workshop) | {
        "held": held,
        "shown": shown,
        "qr": qr(held.code),
        "name": fitted(held.person.name, NAME_SIZES, wide=WORDS_WIDE, tall=200),
        "about": fitted(workshop.title, TITLE_SIZES, wide=WORDS_WIDE, tall=175),
        "rooms": placed,
        "is_room_open": _is_one_open(own),
        "where": fitted(f"{workshop.venue}, {workshop.place.full_name}", WHERE_SIZES, wide=WORDS_WIDE, tall=130),
    }


def _hours(session: Session, shown: Shown) -> str:
    """Where one room is not enough to know when."""
    if len(shown.choices) < 2:
        return ""
    begins = timezone.localtime(session.starts_at)
    return f", {begins:%H:%M}" if shown.is_one_day else f", {begins:%H:%M} {begins:%d/%m}"


def address_of(code: str) -> str:
    """Of the ticket with this code, as it is told in messages, whatever language somebody reads."""
    return f"{settings.BASE_URL}/tap-huan/ve/{code}/"


def qr(code: str) -> str:
    """A data: address with a PNG of the ticket's address."""
    return picture(address_of(code))

"""Papers that everybody gets who sees a workshop or holds a ticket: the programme, the ticket."""

import io
from functools import partial
from typing import Any

from django.conf import settings
from PIL.Image import Palette

from courses import reading
from lib import dates
from lib.qr import picture
from workshops import parallel
from workshops.models import BasisKind, LegalBasis, Registration
from workshops.showing import Shown

from .drawing import OF_THE_DECREE, always, drawn

TICKET_WIDE = 1184  # pixels: 8 a millimetre


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
    found = parallel.rooms(shown.workshop, slots=shown.slots, of_one=held)
    mine = [one for slot in found.parallel if (one := found.chosen(held.pk, slot))]
    said = {"shown": shown, "held": held, "qr": qr(held.code), "rooms": mine}
    return drawn("ticket", always(shown.workshop) | said, ("fonts.css",))


def ticket_picture(held: Registration, shown: Shown) -> bytes:
    """PNG of the same sheet, for a phone's album or Zalo. Raises Refusal."""
    import pypdfium2

    page, data = pypdfium2.PdfDocument(ticket(held, shown))[0], io.BytesIO()
    bitmap = page.render(scale=TICKET_WIDE / page.get_width(), rev_byteorder=True)
    bitmap.to_pil().convert("P", palette=Palette.ADAPTIVE, colors=32).save(data, "PNG", optimize=True)
    return data.getvalue()


def address_of(code: str) -> str:
    """Of the ticket with this code, as it is told in messages, whatever language somebody reads."""
    return f"{settings.BASE_URL}/tap-huan/ve/{code}/"


def qr(code: str) -> str:
    """A data: address with a PNG of the ticket's address."""
    return picture(address_of(code))

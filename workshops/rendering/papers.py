"""Papers of a workshop: drawn by the printer of certificates, with its fonts and its bounds, in sheets of our own."""

from functools import cache, partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import override

from certificates.rendering import papers
from certificates.rendering.printing import VARIANT, Printer
from certificates.rules import SPECIMEN_MARK
from courses import reading
from lib import apart, dates
from workshops.models import BasisKind, LegalBasis, Registration
from workshops.showing import Shown

DESIGNS = Path(__file__).parent.parent / "designs"


def programme(shown: Shown) -> bytes:
    """In the layout of Decree 30/2020; drawn once for what is published. Raises Refusal."""
    draw = partial(_drawn, "programme", _programme(shown), ("fonts-times.css", "decree30.css"))
    drawn: bytes = reading.shelf.remember(("programme", shown.workshop.pk), draw)
    return drawn


def _programme(shown: Shown) -> dict[str, Any]:
    workshop = shown.workshop
    of_kind = {basis.kind: basis for basis in reversed(shown.bases)}
    own: LegalBasis | None = of_kind.get(BasisKind.PROGRAMME)
    return _always(shown) | {
        "own": own,
        "day": dates.in_words(own.issued_on) if own and own.issued_on else "ngày …… tháng …… năm ……",
        "invitation": of_kind.get(BasisKind.INVITATION),
        "days": _days(shown),
        "province": workshop.place.province.name,
    }


def _days(shown: Shown) -> list[str]:
    return list(dict.fromkeys(dates.in_words(dates.local_day(session.starts_at)) for session in shown.held))


def ticket(held: Registration, shown: Shown) -> bytes:
    """A sheet to hold ready at the door. Raises Refusal."""
    return _drawn("ticket", _always(shown) | {"held": held, "qr": qr(held)}, ("fonts.css",))


def _always(shown: Shown) -> dict[str, Any]:
    is_specimen = shown.workshop.is_specimen or settings.DEMO
    return {"shown": shown, "workshop": shown.workshop, "specimen": SPECIMEN_MARK if is_specimen else ""}


def address_of(held: Registration) -> str:
    """As it is told in messages, whatever language somebody reads."""
    return f"{settings.BASE_URL}/tap-huan/ve/{held.code}/"


def qr(held: Registration) -> str:
    """A data: address with a PNG of the ticket's address."""
    return papers.qr(address_of(held))


def _drawn(name: str, context: dict[str, Any], shared: tuple[str, ...]) -> bytes:
    """Papers are Vietnamese, whatever language asks for them."""
    from weasyprint import HTML

    with override("vi"):
        content = render_to_string(f"workshops/print_{name}.html", context)
    printer = Printer.shared()
    sheets = [*map(printer.sheet, shared), _sheet(name)]
    html = HTML(string=content, base_url="print:", url_fetcher=printer.fetcher)
    write = partial(html.write_pdf, stylesheets=sheets, font_config=printer.fonts, pdf_variant=VARIANT, pdf_tags=True)
    return papers.result_of(apart.Running(write, seconds=papers.PATIENCE))


@cache
def _sheet(name: str) -> Any:
    from weasyprint import CSS

    printer = Printer.shared()
    css = (DESIGNS / f"{name}.css").read_text()
    return CSS(string=css, font_config=printer.fonts, url_fetcher=printer.fetcher)

"""Where papers of workshops are drawn: apart, by the printer of certificates, with its fonts and its bounds, in sheets of our own."""

from functools import cache, partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import override

from certificates.rendering import papers
from certificates.rendering.printing import VARIANT, Printer
from certificates.rules import SPECIMEN_MARK
from lib import apart
from workshops.models import Workshop
from workshops.reporting.heads import UNKNOWN_DAY, bound, heads_of

DESIGNS = Path(__file__).parent.parent / "designs"
OF_THE_DECREE = ("fonts-times.css", "decree30.css")


def specimen_of(workshop: Workshop) -> str:
    """The mark of what has no value; in the demo it cannot be taken off."""
    return SPECIMEN_MARK if workshop.is_specimen or settings.DEMO else ""


def always(workshop: Workshop) -> dict[str, Any]:
    """What every paper of a workshop says."""
    return {
        "workshop": workshop,
        "title": bound(workshop.title),
        "heads": heads_of(workshop),
        "specimen": specimen_of(workshop),
        "province": workshop.place.province.name,
        "day": UNKNOWN_DAY,
    }


def drawn(
    name: str,
    context: dict[str, Any],
    shared: tuple[str, ...],
    *,
    own: tuple[str, ...] = (),
    last: str = "",
    seconds: float = papers.PATIENCE,
) -> bytes:
    """Papers are Vietnamese, whatever language asks for them. `own`: sheets of workshops/designs before that of its name, or before
    `last`. Raises Refusal."""
    from weasyprint import HTML

    with override("vi"):
        content = render_to_string(f"workshops/print_{name}.html", context)
    printer = Printer.shared()
    sheets = [*map(printer.sheet, shared), *map(_sheet, own), _sheet(last or name)]
    html = HTML(string=content, base_url="print:", url_fetcher=printer.fetcher)
    write = partial(html.write_pdf, stylesheets=sheets, font_config=printer.fonts, pdf_variant=VARIANT, pdf_tags=True)
    return papers.result_of(apart.Running(write, seconds=seconds))


@cache
def _sheet(name: str) -> Any:
    from weasyprint import CSS

    printer = Printer.shared()
    css = (DESIGNS / f"{name}.css").read_text()
    return CSS(string=css, font_config=printer.fonts, url_fetcher=printer.fetcher)

"""The picture that Zalo and Facebook put beside the address of a workshop: what, when and where, drawn once for what is published."""

from functools import partial

from django.template.loader import render_to_string
from django.utils.translation import override

from certificates.rendering import lettering
from certificates.rendering.previews import SIZE, WIDE, jpeg
from certificates.rendering.rasters import drawn
from courses import reading
from lib import dates
from workshops.showing import Shown

from .drawing import specimen_of

TITLE_SIZES = (78, 70, 62, 55, 49, 43, 38, 33)


def preview(shown: Shown) -> bytes:
    """JPEG. Raises Refusal."""
    data: bytes = reading.shelf.remember(("workshop-preview", shown.workshop.pk), partial(_drawn, shown))
    return data


@override("vi")
def _drawn(shown: Shown) -> bytes:
    workshop = shown.workshop
    context = {
        "title": lettering.fitted(workshop.title, TITLE_SIZES, wide=WIDE, tall=250, font=lettering.SERIF),
        "when": _when(shown),
        "where": lettering.fitted(f"{workshop.venue}, {workshop.place.full_name}", (29, 26, 23), wide=WIDE, tall=80),
        "organiser": lettering.fitted(workshop.organiser, (25, 22, 20), wide=WIDE, tall=60),
        "specimen": specimen_of(workshop),
    }
    content = render_to_string("workshops/print_preview.html", context)
    return jpeg(drawn(content, "preview.css", width=SIZE[0]).convert("RGB"))


def _when(shown: Shown) -> str:
    if shown.begins_at is None or shown.ends_at is None:
        return ""
    first, last = dates.local_day(shown.begins_at), dates.local_day(shown.ends_at)
    return dates.in_words(first) if first == last else f"từ {dates.short(first)} đến {dates.short(last)}"

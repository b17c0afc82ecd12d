"""The report on paper, and the photos that go into it."""

import logging

from wagtail.images import get_image_model
from wagtail.models import Collection

from workshops.reporting.blocks import Report

from .drawing import OF_THE_DECREE, drawn
from .sheets import LONG

logger = logging.getLogger(__name__)
MOST_PHOTOS = 6
PHOTO = "max-1000x1000|format-jpeg|jpegquality-80"


def report_pdf(report: Report) -> bytes:
    """Raises Refusal."""
    said = {"report": report, "heads": report.heads, "specimen": report.specimen}
    return drawn("report", said, OF_THE_DECREE, own=("list",), seconds=LONG)


def photos_of(collection: Collection | None) -> list[bytes]:
    """The newest, as JPEG; one whose file is gone is left out, as a report without it is better than none."""
    if collection is None:
        return []
    found = get_image_model().objects.filter(collection=collection).order_by("-created_at", "-pk")[:MOST_PHOTOS]
    made = (_jpeg(image) for image in reversed(found))
    return [photo for photo in made if photo]


def _jpeg(image: object) -> bytes:
    try:
        with image.get_rendition(PHOTO).file.open("rb") as file:  # type: ignore[attr-defined]
            data: bytes = file.read()
            return data
    except Exception:  # whatever a decoder or a storage raises
        logger.exception("a photo of a report could not be drawn")
        return b""

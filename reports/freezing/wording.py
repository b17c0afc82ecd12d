"""What the document and the slides of a snapshot have in common: words, numbers, and what is told of the file itself."""

from datetime import UTC
from typing import Any

from django.conf import settings
from django.utils import timezone
from wagtail.models import Site

from lib import text
from lib.dates import grouped
from reports.models import Snapshot

from .content import Content, begun

GREEN, LANGUAGE = "0B6B4F", "vi-VN"


def moment_of(snapshot: Snapshot) -> str:
    return f"Số liệu chốt lúc {timezone.localtime(snapshot.taken_at):%H:%M ngày %d/%m/%Y}"


def title_of(snapshot: Snapshot, said: Content) -> str:
    return plain(f"{snapshot.name}: {said.place}")


def over_chart(snapshot: Snapshot, said: Content) -> str:
    """Says when there are units that the chart leaves out."""
    chosen = f", {len(said.chart)} nơi nhiều người nhất" if len(said.chart) < len(begun(said.units.lines)) else ""
    return f"Số người năm {snapshot.year}{chosen}"


def number(value: int | None) -> str:
    return "" if value is None else grouped(value)


def plain(words: str) -> str:
    """Without what XML forbids."""
    return text.nfc(words).translate({0xFFFE: None, 0xFFFF: None})


def tell(properties: Any, snapshot: Snapshot, said: Content) -> None:
    """Their libraries sign each file with their own name, and date it to 2013."""
    site = Site.objects.filter(is_default_site=True).first()
    own = site.site_name if site else ""
    properties.title, properties.language = title_of(snapshot, said)[:255], LANGUAGE
    properties.author = properties.last_modified_by = plain(own or settings.WAGTAIL_SITE_NAME)[:255]
    properties.comments = ""
    properties.created = properties.modified = snapshot.taken_at.astimezone(UTC).replace(tzinfo=None)

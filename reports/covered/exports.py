"""How far training has reached, as a table that matches the screen."""

from collections.abc import Iterator
from typing import Any

from django.utils import timezone

from lib import sheets

from .queries import Overview, Reached

HEADS = [
    ("Địa bàn", 44), ("Số chủ thể", 14), ("Có người đứng đầu đã học xong", 26), ("Tỷ lệ (%)", 12), ("Cán bộ đã được cấp giấy", 26),
    ("Số vị trí phụ trách", 22), ("Trong đó đã được cấp giấy", 26), ("Tỷ lệ (%)", 12),
]  # fmt: skip


OF_KINDS = [
    ("Loại hình", 24), ("Số chủ thể", 14), ("Có người học", 16), ("Tỷ lệ (%)", 12), ("Có người đứng đầu đã học xong", 26), ("Tỷ lệ (%)", 12),
]  # fmt: skip


def of_kinds(shown: Overview) -> sheets.Table:
    rows = (
        [
            one.label,
            one.subjects,
            one.learning,
            one.learning_percent,
            one.led,
            one.led_percent,
        ]
        for one in shown.kinds
    )
    return sheets.Table("Theo loại hình", OF_KINDS, rows, title=f"Theo loại hình: {shown.name}")


def table(shown: Overview) -> sheets.Table:
    when = f"tính đến {timezone.localtime(shown.counted_at):%H:%M %d/%m/%Y}"
    return sheets.Table("Bao phủ", HEADS, _rows(shown), title=f"Bao phủ: {shown.name}, {when}")


def _rows(shown: Overview) -> Iterator[list[Any]]:
    for row in shown.rows:
        yield cells(row.label, row.reached)
    yield cells(shown.name, shown.total)


def cells(label: str, one: Reached) -> list[Any]:
    """Empty where nobody has said how many posts there are."""
    posts = [one.posts, one.in_posts, one.posts_percent] if one.posts else [None, None, None]
    return [label, one.subjects, one.led, one.led_percent, one.certified, *posts]

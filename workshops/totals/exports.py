"""The same totals as a workbook, and as plain values for whoever asks on the command line."""

import io
from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import override

from lib import dates, sheets, text

from .counting import Line, Period, Sums, Totals

HEADS = {
    "held": "Lớp tổ chức tại đây",
    "classes": "Lớp có người dự",
    "delegates": "Lượt đại biểu",
    "present": "Có mặt",
    "women": "Nữ có mặt",
    "unknown": "Chưa rõ nam, nữ",
    "certified": "Được cấp giấy",
}
WIDE, MIDDLE, NARROW = 44, 24, 12
MOMENTS = "dd/mm/yyyy hh:mm"


def in_words(period: Period) -> str:
    if period.is_a_year:
        return _("năm %(year)s") % {"year": period.first.year}
    return _("từ %(first)s đến %(last)s") % {"first": dates.short(period.first), "last": dates.short(period.last)}


@override("vi")
def workbook(found: Totals) -> bytes:
    """What was counted stands on the first sheet: one that is passed on has lost the screen that it came from."""
    output = io.BytesIO()
    about = [
        ("Nơi", found.name),
        ("Thời gian", in_words(found.period)),
        ("Tính đến", timezone.make_naive(found.counted_at)),
        *zip(HEADS.values(), found.total.numbers, strict=True),
    ]
    tables = [
        sheets.Table("Tổng hợp", [("Nội dung", WIDE), ("Số", MIDDLE)], about),
        _table("Địa bàn", found.places, found.total),
        _table("Chuyên đề", found.topics, found.total),
        sheets.Table(
            "Lớp",
            [("Lớp", WIDE), ("Bắt đầu", MIDDLE), ("Nơi tổ chức", WIDE), *((head, NARROW) for head in list(HEADS.values())[2:])],
            (
                [one.workshop.title, timezone.make_naive(one.workshop.begins), one.workshop.place.full_name, *one.sums.numbers[2:]]
                for one in found.classes
            ),
        ),
    ]  # fmt: skip
    sheets.write_tables(output, tables, moments=MOMENTS)
    return output.getvalue()


def _table(name: str, lines: Sequence[Line], total: Sums) -> sheets.Table:
    rows = [[one.label, *one.sums.numbers] for one in lines]
    heads = [(name, WIDE), *((head, NARROW) for head in HEADS.values())]
    return sheets.Table(name, heads, [*rows, ["Tổng cộng", *total.numbers]])


def plain(found: Totals) -> dict[str, Any]:
    return {
        "place": found.name,
        "first": found.period.first.isoformat(),
        "last": found.period.last.isoformat(),
        "total": _named(found.total),
        "places": [{"name": one.label} | _named(one.sums) for one in found.places],
        "topics": [{"name": one.label} | _named(one.sums) for one in found.topics],
        "classes": [
            {"title": one.workshop.title, "slug": one.workshop.slug, "begins": one.workshop.begins.isoformat()} | _named(one.sums)
            for one in found.classes
        ],
    }  # fmt: skip


def _named(sums: Sums) -> dict[str, int]:
    return dict(zip(HEADS, sums.numbers, strict=True))


@override("vi")
def file_name(found: Totals) -> str:
    """Place, time and day of counting, so that several can be told apart."""
    where = text.fold(found.place.full_name if found.place else found.name)
    day = dates.local_day(found.counted_at)
    return f"{slugify(f'tong hop lop tap huan {where} {text.fold(in_words(found.period))} {day:%Y-%m-%d}')}.xlsx"

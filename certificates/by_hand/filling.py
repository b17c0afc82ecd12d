"""The workbook to write a list in."""

import io

from lib import sheets

from .reading import WRITTEN

WIDTHS = (28, 12, 18, 30, 34)
EXAMPLES = (
    ("Nguyễn Thị Mẫu", 1975, "0912 345 678", "HTX Tôm khô Mẫu", "Phan Ngọc Hiển, Cà Mau"),
    ("Trần Văn Thử", "15/3/1980", "", "", "Phan Ngọc Hiển, Cà Mau"),
)


def workbook_to_fill() -> bytes:
    """Its first sheet has heads alone, and no other one is read: whoever leaves the examples there certifies none of them."""
    columns, output = list(zip(WRITTEN, WIDTHS, strict=True)), io.BytesIO()
    tables = [sheets.Table("Danh sách", columns, []), sheets.Table("Ví dụ", columns, EXAMPLES)]
    sheets.write_tables(output, tables, moments=sheets.DAYS)
    return output.getvalue()

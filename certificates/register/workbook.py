"""The register as a workbook: every cell is words, so that no name is ever a formula."""

from typing import IO

from certificates import rules
from lib import dates, sheets

from .rows import COLUMNS, Book

TITLE = "SỔ CẤP GIẤY CHỨNG NHẬN"


def write_xlsx(book: Book, output: IO[bytes]) -> None:
    with sheets.book(output) as made:
        bold, head, cell = (
            made.add_format({"bold": True, "font_name": "Times New Roman", "font_size": 13}),
            made.add_format(_CELL | {"bold": True, "align": "center"}),
            made.add_format(_CELL),
        )
        sheet = made.add_worksheet("Sổ cấp")
        for column, (_head, width) in enumerate(COLUMNS):
            sheet.set_column(column, column, width)
        above = [line for line in _above(book) if line]
        for row, line in enumerate(above):
            sheet.write_string(row, 0, sheets.sayable(line), bold)
        heads = len(above) + 1
        _print_as_book(sheet, heads)
        for column, (words, _width) in enumerate(COLUMNS):
            sheet.write_string(heads, column, words, head)
        for row, values in enumerate(book.rows(), start=heads + 1):
            for column, value in enumerate(values):
                sheet.write_string(row, column, sheets.sayable(value), cell)


_CELL = {"font_name": "Times New Roman", "font_size": 11, "text_wrap": True, "valign": "vcenter", "border": 1}


def _above(book: Book) -> list[str]:
    issuer = book.issuer
    return [
        issuer.parent_name.upper() if issuer else "",
        issuer.name.upper() if issuer else "",
        TITLE,
        book.about,
        f"Lập {dates.in_words(book.day)}",
        rules.SPECIMEN_MARK if book.is_specimen else "",
    ]


def _print_as_book(sheet: object, heads: int) -> None:
    sheet.freeze_panes(heads + 1, 2)  # type: ignore[attr-defined]
    sheet.repeat_rows(heads)  # type: ignore[attr-defined]
    sheet.set_landscape()  # type: ignore[attr-defined]
    sheet.set_paper(sheets.A4)  # type: ignore[attr-defined]
    sheet.fit_to_pages(1, 0)  # type: ignore[attr-defined]
    sheet.set_footer("&C&P/&N")  # type: ignore[attr-defined]

"""The register ("sổ cấp giấy chứng nhận") as a book: a workbook, or A4 pages in the layout of Decree 30/2020."""

from .pages import MOST_ON_REQUEST, write_pdf
from .rows import COLUMNS, Book, book_of
from .workbook import write_xlsx

WRITERS = {"xlsx": write_xlsx, "pdf": write_pdf}

__all__ = ["COLUMNS", "MOST_ON_REQUEST", "WRITERS", "Book", "book_of", "write_pdf", "write_xlsx"]

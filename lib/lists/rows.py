"""Rows of a list: what stands for nothing, what for the cell above, and which rows are none of the list."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from .columns import Columns
from .reading import Sheet

SAME = {
    "nt", "//", '"', "″", "''", "”", "“", "〃", "như trên", "nhu tren", "như trên nt", '"nt"', "n.t", "n/t", "nt nt",
}  # fmt: skip
NOTHING = {"", "-", "–", "—", "x", "...", "…", "không", "khong", "không có", "0", "n/a", "na", "chưa có", "?"}
END = re.compile(
    r"^(?:tong|cong|tong cong|tong so|cong cong|danh sach (?:nay )?(?:co|gom|an dinh)|an dinh|nguoi lap|lap bieu|nguoi lap bieu|thu truong|"
    r"ngay \d|tm |kt |chu tich|pho chu tich|giam doc|noi nhan|xac nhan|can cu|ghi chu|luu y)\b"
)
COUNT = re.compile(r"(?:tong|cong|tong cong|tong so|co|gom)\b.*\d")
SECTION = re.compile(r"^(?:[ivx]{1,5}|[a-z]|\d{1,2})[.)\s:/-]+(?=\S)", re.IGNORECASE)


class Why(StrEnum):
    """Why a row is none of the list."""

    HEAD = "head"
    SECTION = "section"
    END = "end"


@dataclass(frozen=True)
class Other:
    """A row that is none of the list: told, so that nobody has to guess what became of it."""

    sheet: str
    number: int
    why: Why
    words: str


def told_apart[T](
    sheets: Sequence[Sheet],
    columns: Sequence[Columns],
    read: Callable[[Sheet, Columns, str, str], Iterator[T | Other]],
) -> tuple[list[T], list[Other]]:
    """The lines of all sheets that are taken and know their column of names, and the rows that are none. `read` is given a sheet, its
    columns, what the keys of its rows begin with, and how the sheet is called where there are several."""
    lines: list[T] = []
    others: list[Other] = []
    is_one_of_several = len([one for one in columns if one.is_taken]) > 1
    for at, (sheet, where) in enumerate(zip(sheets, columns, strict=True)):
        if where.is_taken and "name" in where.places:
            for one in read(sheet, where, f"{at}:", sheet.name if is_one_of_several else ""):
                if isinstance(one, Other):
                    others.append(one)
                else:
                    lines.append(one)
    return lines, others


def is_same(cell: str) -> bool:
    """As in the row above."""
    bare = cell.casefold().strip(" -–—_.")
    return bare in SAME or cell.strip() in SAME


def is_nothing(cell: str) -> bool:
    return cell.casefold() in NOTHING


def is_numbering(filled: Sequence[str]) -> bool:
    """(1) (2) (3), or 1 2 3 under the heads."""
    said = [re.sub(r"\W", "", cell) for cell in filled]
    return len(said) > 2 and all(len(one) < 3 for one in said) and sum(map(str.isdigit, said)) >= len(said) - 2

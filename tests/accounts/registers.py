"""Registers of subjects as departments write them, made by code so that what is bad about each can be read."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.workshops.rosters import book, rows

HERE = "Phan Ngọc Hiển"
HEADS = [
    "STT", "Tên chủ thể", "Loại hình", "Người đại diện", "Số điện thoại", "Xã, phường", "Tên sản phẩm", "Hạng sao", "Quyết định công nhận",
    "Có giá trị đến",
]  # fmt: skip
UT = ["HTX Tôm khô", "Hợp tác xã", "Trần Thị Út", 912345601, HERE]


@dataclass(frozen=True)
class Expected:
    subject: str
    product: str
    stars: int | None
    until: str = ""
    place: str = HERE
    phone: str = ""
    leader: str = ""


@dataclass(frozen=True)
class Bad:
    what: str
    data: bytes
    expected: list[Expected]


def simple(*table: list[Any]) -> bytes:
    return book([HEADS, *[[at, *row] for at, row in enumerate(table, 1)]])


def of_the_department() -> Bad:
    """Merged titles, heads of two rows, the subject's cells merged over its products."""

    def fill(made: Any, sheet: Any) -> None:
        sheet.merge_range("A1:D1", "SỞ NÔNG NGHIỆP VÀ MÔI TRƯỜNG")
        sheet.merge_range("A3:J3", "DANH SÁCH CHỦ THỂ VÀ SẢN PHẨM OCOP TỈNH CÀ MAU NĂM 2026")
        for cells, words in (
            ("A5:A6", "TT"), ("B5:B6", "Tên chủ thể"), ("C5:C6", "Người đại diện"), ("D5:D6", "Điện thoại"), ("E5:F5", "Địa chỉ"),
            ("G5:G6", "Tên sản phẩm"), ("H5:H6", "Phân hạng"), ("I5:J5", "Quyết định công nhận"),
        ):  # fmt: skip
            sheet.merge_range(cells, words)
        rows(sheet, [[None, None, None, None, "Xã", "Huyện", None, None, "Số", "Ngày"]], 5)
        rows(sheet, [["(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)", "(8)", "(9)", "(10)"]], 6)
        table = [
            [1, None, None, None, None, None, "Tôm khô loại 1", "4 sao", "12/QĐ-UBND", "05/02/2026"],
            [None, None, None, None, None, None, "Bánh phồng tôm", "****", "nt", "nt"],
            [
                2,
                "Cơ sở Ba Khía",
                "LÊ VĂN BÉ",
                "0912.345.602",
                "TT Rạch Gốc",
                "Ngọc Hiển",
                "Ba khía muối",
                3,
                "13/QĐ-UBND",
                "5.2.2026",
            ],
        ]
        rows(sheet, table, 7)
        for column, words in zip(
            "BCDEF", ["HTX Tôm khô", "TRẦN THỊ ÚT", "912345601", "Tam Giang Tây", "Ngọc Hiển"], strict=True
        ):
            sheet.merge_range(f"{column}8:{column}9", words)
        rows(sheet, [["Tổng cộng: 3 sản phẩm"], [None, None, None, None, None, None, None, "GIÁM ĐỐC"]], 11)

    return Bad(
        "merged titles, heads of two rows, cells of a subject merged over its products, old communes",
        book(fill),
        [
            Expected(
                "HTX Tôm khô", "Tôm khô loại 1", 4, "05/02/2029", "Tân Ân", phone="0912 345 601", leader="Trần Thị Út"
            ),
            Expected(
                "HTX Tôm khô", "Bánh phồng tôm", 4, "05/02/2029", "Tân Ân", phone="0912 345 601", leader="Trần Thị Út"
            ),
            Expected("Cơ sở Ba Khía", "Ba khía muối", 3, "05/02/2029", phone="0912 345 602", leader="Lê Văn Bé"),
        ],
    )


def once_for_several() -> Bad:
    """The subject stands in the first of its rows alone; communes as titles between; stars in columns of their own."""
    table = [
        ["STT", "Chủ thể", "Sản phẩm", "3 sao", "4 sao", "5 sao", "Thời hạn"],
        ["I", "Xã Phan Ngọc Hiển"],
        [1, "HTX Tôm khô", "Tôm khô", "", "x", "", "31/12/2028"],
        ["", "", "Chả tôm", "x", "", "", "12/2028"],
        ["II", "Xã Đất Mũi"],
        [2, "Hộ kinh doanh Mắm Mũi", "Mắm tôm", "", "", "x", "ngày 05 tháng 02 năm 2029"],
    ]
    return Bad(
        "a subject once above its rows, communes between, stars by crosses",
        book(table),
        [
            Expected("HTX Tôm khô", "Tôm khô", 4, "31/12/2028"),
            Expected("HTX Tôm khô", "Chả tôm", 3, "31/12/2028"),
            Expected("Hộ kinh doanh Mắm Mũi", "Mắm tôm", 5, "05/02/2029", "Đất Mũi"),
        ],
    )


def repeated() -> Bad:
    return Bad(
        "cells repeated, stars and days in several spellings",
        simple(
            [*UT, "Tôm khô", "★★★★", "12/QĐ-UBND ngày 05/02/2026", "2029-02-05"],
            [*UT, "Tôm một nắng", "Hạng 3 sao", "12/QĐ-UBND", 47154],
            [*UT, "Chà bông tôm", "bốn sao", "12/QĐ-UBND ngày 05/02/2026", "36 tháng"],
            [*UT, "Muối tôm", "", "", ""],
        ),
        [
            Expected("HTX Tôm khô", "Tôm khô", 4, "05/02/2029", phone="0912 345 601", leader="Trần Thị Út"),
            Expected("HTX Tôm khô", "Tôm một nắng", 3, "05/02/2029", phone="0912 345 601", leader="Trần Thị Út"),
            Expected("HTX Tôm khô", "Chà bông tôm", 4, "05/02/2029", phone="0912 345 601", leader="Trần Thị Út"),
            Expected("HTX Tôm khô", "Muối tôm", None, "", phone="0912 345 601", leader="Trần Thị Út"),
        ],
    )


def whole_addresses() -> Bad:
    table = [
        ["TT", "Tên cơ sở", "Địa chỉ", "SĐT", "Tên SP", "Kết quả phân hạng"],
        [1, "Cty TNHH Cá khô", "Ấp Mũi, xã Đất Mũi, H. Ngọc Hiển, Cà Mau", "02903831234", "Khô cá", "OCOP 4 sao"],
    ]
    return Bad(
        "a whole address, a landline",
        book(table),
        [Expected("Cty TNHH Cá khô", "Khô cá", 4, "", "Đất Mũi", phone="02903831234")],
    )


def all_of_them() -> list[Bad]:
    makers: list[Callable[[], Bad]] = [of_the_department, once_for_several, repeated, whole_addresses]
    return [make() for make in makers]

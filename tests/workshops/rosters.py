"""Twenty bad lists, as offices send them: each with the people whom a careful reader finds in it.

Made by code, so that what is bad about each can be read. `Person` is name, year of birth, phone and commune as they ought to come out.
"""

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import xlsxwriter

HERE = "Phan Ngọc Hiển"
SPLIT = "?"  # of a commune that was split: nobody can tell, so it has to be asked
NFD = "Tha\u0323ch Thi\u0323 Ho\u0302\u0300ng"


@dataclass(frozen=True)
class Expected:
    name: str
    born: str = ""
    phone: str = ""
    place: str = HERE
    unit: str = ""


@dataclass(frozen=True)
class Bad:
    what: str
    data: bytes
    expected: list[Expected]
    name: str = "ds.xlsx"
    others: int = 0  # rows that are no person, after the heads


def E(name: str, born: str = "", phone: str = "", place: str = HERE, unit: str = "") -> Expected:
    return Expected(name, born, phone, place, unit)


def book(*sheets: Callable[[Any, Any], None] | list[list[Any]], names: tuple[str, ...] = ()) -> bytes:
    output = io.BytesIO()
    with xlsxwriter.Workbook(output, {"strings_to_formulas": False}) as made:
        for at, fill in enumerate(sheets):
            sheet = made.add_worksheet(names[at] if names else None)
            if callable(fill):
                fill(made, sheet)
            else:
                rows(sheet, fill)
    return output.getvalue()


def rows(sheet: Any, table: list[list[Any]], first: int = 0) -> None:
    for number, row in enumerate(table, first):
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(number, column, cell)
            elif cell is not None:
                sheet.write(number, column, cell)


HEADS = ["STT", "Họ và tên", "Năm sinh", "Số điện thoại", "Đơn vị", "Xã, phường"]


def titles() -> Bad:
    def fill(made, sheet):
        bold = made.add_format({"bold": True, "align": "center"})
        sheet.merge_range("A1:C1", "UBND TỈNH CÀ MAU", bold)
        sheet.merge_range("D1:F1", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", bold)
        sheet.merge_range("A3:F3", "DANH SÁCH ĐẠI BIỂU DỰ LỚP TẬP HUẤN OCOP", bold)
        sheet.merge_range("A4:F4", "(Kèm theo Giấy mời số 12/GM-VPĐP ngày 5/12/2026)", bold)
        rows(sheet, [HEADS, ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)"]], 5)
        rows(
            sheet,
            [
                [1, "TRẦN THỊ ÚT", 1975, 912345601, "HTX Tôm khô", "Phan Ngọc Hiển"],
                [2, "LÊ VĂN BÉ ", "1980", "0912.345.602", "nt", "nt"],
                [3, " Nguyễn  Văn Tám", "15/3/1971", "0912 345 603", "-nt-", '"'],
            ],
            7,
        )

    return Bad(
        "merged titles, a row that numbers the columns, nt, capitals",
        book(fill),
        [
            E("Trần Thị Út", "1975", "0912345601", unit="HTX Tôm khô"),
            E("Lê Văn Bé", "1980", "0912345602", unit="HTX Tôm khô"),
            E("Nguyễn Văn Tám", "1971", "0912345603", unit="HTX Tôm khô"),
        ],
    )


def two_rows() -> Bad:
    def fill(made, sheet):
        for cells, words in (
            ("A2:A3", "TT"),
            ("B2:B3", "Họ và tên"),
            ("C2:D2", "Năm sinh"),
            ("E2:E3", "Đơn vị công tác"),
            ("F2:G2", "Địa chỉ"),
            ("H2:H3", "SĐT"),
        ):
            sheet.merge_range(cells, words)
        rows(sheet, [[None, None, "Nam", "Nữ", None, "Xã", "Huyện"]], 2)
        rows(
            sheet,
            [
                [1, "Phạm Văn Chín", 1969, None, "Cơ sở khô cá", "Tam Giang Tây", "Ngọc Hiển", "0912345604"],
                [2, "Huỳnh Thị Mười", None, 1977, "HTX Ba Khía", "Thị trấn Rạch Gốc", "Ngọc Hiển", "84912345605"],
            ],
            3,
        )

    return Bad(
        "two rows of heads, years of men and women apart, old communes with district",
        book(fill),
        [
            E("Phạm Văn Chín", "1969", "0912345604", "Tân Ân"),
            E("Huỳnh Thị Mười", "1977", "0912345605", "Phan Ngọc Hiển"),
        ],
    )


def split_names() -> Bad:
    def fill(made, sheet):
        sheet.merge_range("B1:C1", "Họ và tên")
        rows(sheet, [["STT", None, None, "Ngày tháng năm sinh", "Xã", "Điện thoại"]])
        rows(
            sheet,
            [
                [1, "Trần Thị", "Lan", "02/09/1982", HERE, "0912345606"],
                [2, "Đỗ Văn", "Hải", "7-8-1979", HERE, "0912345607/0987654321"],
                [3, "Võ Ngọc", "Ánh", "1990", HERE, None],
            ],
            1,
        )

    return Bad(
        "family and given name apart under one head, two phones",
        book(fill),
        [E("Trần Thị Lan", "1982", "0912345606"), E("Đỗ Văn Hải", "1979", "0912345607"), E("Võ Ngọc Ánh", "1990")],
    )


def dates() -> Bad:
    def fill(made, sheet):
        day = made.add_format({"num_format": "dd/mm/yyyy"})
        rows(sheet, [["Họ tên", "Ngày sinh", "ĐT", "Xã"]])
        for at, (name, born) in enumerate((("Lý Thị Hoa", date(1984, 5, 6)), ("Danh Sóc", date(1966, 1, 1))), 1):
            sheet.write(at, 0, name)
            sheet.write_datetime(at, 1, born, day)
            sheet.write(at, 3, HERE)
        rows(
            sheet,
            [
                ["Kim Thị Sa Rây", 29221, 912345608.0, HERE],
                ["Sơn Minh", "12/5/75", "+84 912 345 609", HERE],
                ["Thạch Thị Hồng", "sinh năm 1973", "(0912) 345-610", HERE],
            ],
            3,
        )

    return Bad(
        "birth as Excel's date, its bare number, two-digit year, words",
        book(fill),
        [
            E("Lý Thị Hoa", "1984"),
            E("Danh Sóc", "1966"),
            E("Kim Thị Sa Rây", "1980", "0912345608"),
            E("Sơn Minh", "1975", "0912345609"),
            E("Thạch Thị Hồng", "1973", "0912345610"),
        ],
    )


def footer() -> Bad:
    table = [
        HEADS,
        [1, "Trần Thị Út", 1975, "0912345611", "", HERE],
        [],
        [2, "Lê Văn Bé", 1980, "0912345612", "", HERE],
        [None, "Tổng cộng: 02 người"],
        [],
        [None, "Danh sách này có 02 đại biểu./."],
        [None, None, None, None, "Cà Mau, ngày 5 tháng 12 năm 2026"],
        [None, "NGƯỜI LẬP", None, None, "TM. ỦY BAN NHÂN DÂN"],
        [None, "(Ký tên)", None, None, "KT. CHỦ TỊCH"],
        [None, "Nguyễn Thị Lập", None, None, "Lê Văn Chủ"],
    ]
    return Bad(
        "sums, signatures and a blank row",
        book(table),
        [E("Trần Thị Út", "1975", "0912345611"), E("Lê Văn Bé", "1980", "0912345612")],
        others=6,
    )


def sections() -> Bad:
    def fill(made, sheet):
        rows(sheet, [["TT", "Họ và tên", "Năm sinh", "Chức vụ", "Điện thoại"]])
        sheet.merge_range("A2:E2", "I. XÃ PHAN NGỌC HIỂN")
        rows(
            sheet,
            [
                [1, "Trần Thị Út", 1975, "Chủ hộ", "0912345613"],
                [2, "Lê Văn Bé", 1980, "Giám đốc", "0912345614"],
                ["II", "Xã Đất Mũi"],
                [1, "Phan Văn Mũi", 1970, "Phó Chủ tịch", "0912345615"],
            ],
            2,
        )

    return Bad(
        "sections by commune and no column of communes",
        book(fill),
        [
            E("Trần Thị Út", "1975", "0912345613"),
            E("Lê Văn Bé", "1980", "0912345614"),
            E("Phan Văn Mũi", "1970", "0912345615", "Đất Mũi"),
        ],
        others=2,
    )


def merged_communes() -> Bad:
    def fill(made, sheet):
        rows(sheet, [["TT", "Tên chủ thể", "Họ tên người đại diện", "Số ĐT liên hệ", "Địa chỉ"]])
        rows(
            sheet,
            [
                [1, "HTX Tôm khô", "Trần Thị Út", "912 345 616", None],
                [2, "Cơ sở Ba Khía", "Lê Văn Bé", "0912-345-617", None],
                [3, "Hộ Mắm", "Võ Thị Năm", None, "Ấp Mũi, xã Đất Mũi, H. Ngọc Hiển, Cà Mau"],
            ],
            1,
        )
        sheet.merge_range("E2:E3", "Xã Phan Ngọc Hiển")

    return Bad(
        "a commune merged over rows, whole addresses",
        book(fill),
        [
            E("Trần Thị Út", "", "0912345616", unit="HTX Tôm khô"),
            E("Lê Văn Bé", "", "0912345617", unit="Cơ sở Ba Khía"),
            E("Võ Thị Năm", "", "", "Đất Mũi", unit="Hộ Mắm"),
        ],
    )


def officials() -> Bad:
    table = [
        ["Số TT", "Thành phần tham dự", "Chức vụ", "Cơ quan, đơn vị", "Số điện thoại di động"],
        [1, "Ông Nguyễn Văn Cán", "Phó Chủ tịch", "UBND xã Đất Mũi", "0912345618"],
        [2, "Bà Trần Thị Bộ", "Chuyên viên", "Phòng Kinh tế xã Phan Ngọc Hiển", "0912345619"],
        [3, "ThS. Lê Sở", "Chuyên viên", "Sở Nông nghiệp và Môi trường", "0912345620"],
    ]
    return Bad(
        "officials with Ông/Bà, communes only in their unit, a department of the province",
        book(table),
        [
            E("Nguyễn Văn Cán", "", "0912345618", "Đất Mũi"),
            E("Trần Thị Bộ", "", "0912345619"),
            E("Lê Sở", "", "0912345620", "Cà Mau"),
        ],
    )


def tcvn3() -> Bad:
    def old(words: str) -> str:
        from lib.legacy import _TCVN3

        letters = {new: was for was, new in _TCVN3.items()}
        return "".join(letters.get(c, letters.get(c.lower(), c)) for c in words)

    table = [
        [old(cell) if isinstance(cell, str) else cell for cell in row]
        for row in [
            HEADS,
            [1, "Trần Thị Út", 1975, "0912345621", "Hợp tác xã Tôm khô", HERE],
            [2, "Nguyễn Hoàng Dũng", 1980, "0912345622", "Cơ sở Mắm Ruốc", "Đất Mũi"],
            [3, "Lê Hà", 1981, "0912345623", "", HERE],
        ]
    ]
    return Bad(
        "letters of TCVN3",
        book(table),
        [
            E("Trần Thị Út", "1975", "0912345621"),
            E("Nguyễn Hoàng Dũng", "1980", "0912345622", "Đất Mũi"),
            E("Lê Hà", "1981", "0912345623"),
        ],
    )


def vni() -> Bad:
    table = [
        ["STT", "Hoï vaø teân", "Naêm sinh", "Ñieän thoaïi", "Xaõ"],
        [1, "TRAÀN THÒ UÙT", 1975, "0912345624", "Phan Ngoïc Hieån"],
        [2, "Nguyeãn Vaên Beù", 1980, "0912345625", "Ñaát Muõi"],
    ]
    return Bad(
        "letters of VNI",
        book(table),
        [E("Trần Thị Út", "1975", "0912345624"), E("Nguyễn Văn Bé", "1980", "0912345625", "Đất Mũi")],
    )


def decomposed() -> Bad:
    table = [
        ["STT", "Họ và tên", "Năm sinh", "Xã"],
        [1, NFD, "1973 ", HERE + "\u00a0"],
        [2, "Lê\u200b Văn\u00a0Bé", "'1980", " " + HERE],
    ]
    return Bad(
        "NFD, blanks without width, hard blanks", book(table), [E("Thạch Thị Hồng", "1973"), E("Lê Văn Bé", "1980")]
    )


def several_sheets() -> Bad:
    first = [HEADS, [1, "Trần Thị Út", 1975, "0912345626", "", HERE]]
    second = [
        ["DANH SÁCH XÃ ĐẤT MŨI"],
        ["TT", "Họ tên", "Xã", "SĐT", "Năm sinh"],
        [1, "Phan Văn Mũi", "Đất Mũi", "0912345627", 1970],
    ]
    return Bad(
        "several sheets with other columns, one without a list",
        book(
            first, second, [["Hướng dẫn ghi danh sách"], ["Ghi rõ họ tên."]], names=("Xã PNH", "Đất Mũi", "Hướng dẫn")
        ),
        [E("Trần Thị Út", "1975", "0912345626"), E("Phan Văn Mũi", "1970", "0912345627", "Đất Mũi")],
    )


def old_names() -> Bad:
    table = [
        ["STT", "Họ và tên", "Năm sinh", "Địa chỉ"],
        [1, "Trần Thị Út", 1975, "thị trấn Rạch Gốc, huyện Ngọc Hiển, tỉnh Cà Mau"],
        [2, "Lê Văn Bé", 1980, "TT. Rạch Gốc - Ngọc Hiển"],
        [3, "Hữu Phát", 1988, "Ấp Đường Kéo xã Tân Ân huyện Ngọc Hiển"],
    ]
    return Bad(
        "communes and districts of before 2025",
        book(table),
        [E("Trần Thị Út", "1975"), E("Lê Văn Bé", "1980"), E("Hữu Phát", "1988", place=SPLIT)],
    )


def csv() -> Bad:
    words = 'sep;x\nSTT;Họ và tên;Năm sinh;Số điện thoại;Xã\n1;TRẦN THỊ ÚT;1975;912345628;Phan Ngọc Hiển\n2;"Lê Văn Bé";1980;\'0912345629;nt\n'.replace(
        "sep;x\n", ""
    )
    return Bad(
        "CSV with semicolons and a mark of its encoding",
        ("\ufeff" + words).encode(),
        [E("Trần Thị Út", "1975", "0912345628"), E("Lê Văn Bé", "1980", "0912345629")],
        "ds.csv",
    )


def csv_tcvn3() -> Bad:
    words = "STT,Hä vµ tªn,N¨m sinh,§iÖn tho¹i,X·\n1,TrÇn ThÞ Hång,1975,0912345630,Phan Ngäc HiÓn\n2,NguyÔn V¨n BÐ,1980,0912345631,§Êt Mòi\n"
    return Bad(
        "CSV in bytes of TCVN3",
        words.encode("latin-1"),
        [E("Trần Thị Hồng", "1975", "0912345630"), E("Nguyễn Văn Bé", "1980", "0912345631", "Đất Mũi")],
        "ds.csv",
    )


def pasted() -> Bad:
    words = 'Trần Thị Út\t1975\t0912345632\tHTX Tôm khô\tPhan Ngọc Hiển\r\nLê Văn Bé\t1980\t0912345633\t"\t"\r\n'
    return Bad(
        "rows pasted without heads",
        words.encode(),
        [E("Trần Thị Út", "1975", "0912345632"), E("Lê Văn Bé", "1980", "0912345633")],
        "",
    )


def twice() -> Bad:
    table = [
        HEADS,
        [1, "Trần Thị Út", 1975, "0912345634", "HTX Tôm khô", HERE],
        [2, "TRẦN THỊ ÚT", "", "912345634", "", HERE],
        [3, "Lê Văn Bé", 1980, "", "", HERE],
        HEADS,
        [4, "Lê Văn Bé", 1992, "", "", HERE],
    ]
    return Bad(
        "one person twice, two of one name, heads again on the second page",
        book(table),
        [E("Trần Thị Út", "1975", "0912345634"), E("Lê Văn Bé", "1980"), E("Lê Văn Bé", "1992")],
        others=1,
    )


def strange_heads() -> Bad:
    table = [
        ["TT", "HỌ & TÊN (ghi chữ in hoa)", "N.sinh", "SĐT (Zalo)", "Xã/Phường/Thị trấn", "Tên cơ sở, HTX", "Ký tên"],
        ["01", "VÕ THỊ BẢY", "1964", "01682345635", HERE, "-", ""],
        ["02", "CAO VĂN SÁU", "1959", "0912345636\n0987654322", HERE, "Cơ sở Cá khô", ""],
    ]
    return Bad(
        "heads with remarks and shortened, a phone of eleven digits, two in a cell by line",
        book(table),
        [E("Võ Thị Bảy", "1964", "0382345635"), E("Cao Văn Sáu", "1959", "0912345636")],
    )


def formulas() -> Bad:
    def fill(made, sheet):
        rows(sheet, [HEADS])
        for at, (name, phone) in enumerate((("Trần Thị Út", "0912345637"), ("Lê Văn Bé", "0912345638")), 1):
            sheet.write_formula(at, 0, "=ROW()-1", None, at)
            sheet.write_formula(at, 1, f'=PROPER("{name}")', None, name)
            rows(sheet, [[None, None, 1970 + at, phone, "", HERE]], at)

    return Bad(
        "cells that are formulas",
        book(fill),
        [E("Trần Thị Út", "1971", "0912345637"), E("Lê Văn Bé", "1972", "0912345638")],
    )


def raw() -> Bad:
    """As other programs write it: letters within the cells, no styles, no references to cells, a prefix of XML, a wrong dimension."""
    cells = [
        ["Số thứ tự", "Họ và tên", "Năm sinh", "Điện thoại", "Địa bàn"],
        ["1", "Trần Thị Út", "1975", "0912345639", HERE],
        ["2", "Lê Văn Bé", "1980", "0912345640", "nt"],
    ]
    lines = "".join(
        f"<x:row>{''.join(f'<x:c t="inlineStr"><x:is><x:t>{cell}</x:t></x:is></x:c>' for cell in row)}</x:row>"
        for row in cells
    )
    return Bad(
        "a bare workbook of another program",
        packed(f"<x:dimension ref='A1'/><x:sheetData>{lines}</x:sheetData>", "x"),
        [E("Trần Thị Út", "1975", "0912345639"), E("Lê Văn Bé", "1980", "0912345640")],
    )


def packed(body: str, prefix: str = "", *, before: str = "", more: dict[str, bytes] | None = None) -> bytes:
    """A workbook of one sheet, written as XML."""
    main, space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main", f":{prefix}" if prefix else ""
    tag = f"{prefix}:worksheet" if prefix else "worksheet"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    kinds = "http://schemas.openxmlformats.org/package/2006"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{kinds}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{kinds}/relationships"><Relationship Id="r1" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name="DS" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{kinds}/relationships"><Relationship Id="r1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<?xml version="1.0" encoding="UTF-8"?>{before}<{tag} xmlns{space}="{main}">{body}</{tag}>',
    }
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in (parts | (more or {})).items():
            made.writestr(name, content)
    return output.getvalue()


def all_of_them() -> list[Bad]:
    makers = [
        titles, two_rows, split_names, dates, footer, sections, merged_communes, officials, tcvn3, vni, decomposed, several_sheets, old_names,
        csv, csv_tcvn3, pasted, twice, strange_heads, formulas, raw,
    ]  # fmt: skip
    return [make() for make in makers]

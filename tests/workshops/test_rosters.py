"""How many rows of twenty bad lists come out right; what is hostile is refused within bounds."""

import io
import zipfile
from datetime import date

import pytest

from accounts.models import Person
from lib import legacy, lists, phones
from tests import cast
from tests.workshops import rosters
from workshops import importing
from workshops.importing import Roster, Scope, Verdict

pytestmark = [pytest.mark.django_db, pytest.mark.once]
BAD = rosters.all_of_them()


def everywhere() -> Scope:
    return Scope(Person.objects.filter(merged_into=None), None)


def roster_of(data: bytes, name: str = "ds.xlsx", **more) -> Roster:
    sheets = lists.read(data, name)
    return Roster(sheets, [importing.detect(sheet) for sheet in sheets], **more)


def planned(data: bytes, workshop, name: str = "ds.xlsx", **more) -> importing.Plan:
    return importing.plan(roster_of(data, name, **more), workshop=workshop, scope=everywhere(), this_year=2026)


def came_out(one: importing.Planned) -> rosters.Expected:
    place = one.place.name if one.place else ""
    if one.verdict is Verdict.ASK and [question.kind for question in one.questions] == ["place"]:
        place = rosters.SPLIT
    phone = phones.readable(one.phone).replace(" ", "") if one.phone else ""
    return rosters.Expected(one.line.name, one.line.born, phone, place)


def right(bad: rosters.Bad, workshop) -> tuple[int, int, int]:
    """Of a list: rows that came out right, rows that ought to, and rows of people that came out and are none."""
    found = [
        came_out(one)
        for one in planned(bad.data, workshop, bad.name).lines
        if one.verdict not in (Verdict.TWICE, Verdict.REFUSED)
    ]
    wanted = [rosters.Expected(one.name, one.born, one.phone, one.place) for one in bad.expected]
    return sum(one in found for one in wanted), len(wanted), len([one for one in found if one not in wanted])


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.what)
def test_every_person_of_a_bad_list_comes_out_right_and_nobody_else_does(bad):
    good, wanted, odd = right(bad, cast.workshop())
    assert (good, odd) == (wanted, 0)


def test_twenty_lists_are_measured(db, capsys):
    """`pytest -s -k measured tests/workshops/test_rosters.py` prints the figure that the documentation gives."""
    workshop = cast.workshop()
    counts = [right(bad, workshop) for bad in BAD]
    good, wanted = sum(one[0] for one in counts), sum(one[1] for one in counts)
    print(f"{good} of {wanted} rows of {len(BAD)} lists come out right")  # noqa: T201
    assert len(BAD) == 20
    assert good == wanted


def test_rows_that_are_nobody_are_told_with_their_number():
    bad = next(bad for bad in BAD if bad.others == 6)
    others = [one for one in planned(bad.data, cast.workshop()).others if one.why != "head"]
    assert [one.number for one in others] == [5, 7, 8, 9, 10, 11]
    assert others[0].words == "Tổng cộng: 02 người"


class TestOldLetters:
    def test_unicode_stays_as_it_is(self):
        names = ["Lê Hà", "Hồ Thị Bé", "Hòa", "Ròng Rã"]
        assert legacy.modern(names) == names

    def test_a_cell_added_in_unicode_among_old_ones_stays(self):
        assert legacy.modern(["NguyÔn V¨n BÐ", "TrÇn ThÞ Hång", "Đỗ Thị Nở"]) == [
            "Nguyễn Văn Bé",
            "Trần Thị Hồng",
            "Đỗ Thị Nở",
        ]

    def test_words_of_another_language_stay(self):
        assert legacy.modern(["Müller", "Señor Peña", "Zoë"]) == ["Müller", "Señor Peña", "Zoë"]


class TestPhonesInACell:
    @pytest.mark.parametrize(
        ("cell", "found"),
        [
            ("912345678", ["+84912345678"]),
            ("+84 912.345.678", ["+84912345678"]),
            ("0912345678 - 0987654321", ["+84912345678", "+84987654321"]),
            ("0912345678 (Zalo)", ["+84912345678"]),
            ("01682345678", ["+84382345678"]),
            ("091234567", []),
            ("9.12E+08", []),
            ("0912345678/0290", []),
        ],
    )
    def test_numbers(self, cell, found):
        assert phones.in_cell(cell) == found


def entity() -> bytes:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    return rosters.packed('<sheetData><row><c t="inlineStr"><is><t>&b;</t></is></c></row></sheetData>', before=bomb)


def file_of_the_machine() -> bytes:
    outside = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    return rosters.packed('<sheetData><row><c t="inlineStr"><is><t>&a;</t></is></c></row></sheetData>', before=outside)


def bomb() -> bytes:
    return rosters.packed("<sheetData/>", more={"xl/media/a.bin": bytes(70_000_000)})


def cells_without_end() -> bytes:
    return rosters.packed(f"<sheetData>{'<row><c/><c/><c/></row>' * 150_000}</sheetData>")


def lies_about_its_size() -> bytes:
    data = bytearray(bomb())
    at = data.rfind(b"PK\x01\x02")
    while at >= 0 and b"a.bin" not in data[at : at + 80]:
        at = data.rfind(b"PK\x01\x02", 0, at)
    data[at + 24 : at + 28] = (1000).to_bytes(4, "little")
    return bytes(data)


def locked() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def outside_names() -> bytes:
    return rosters.packed("<sheetData/>", more={"../../x": b"x"})


def macro() -> bytes:
    return rosters.packed("<sheetData/>", more={"xl/vbaProject.bin": b"x"})


def broken() -> bytes:
    return rosters.book([["Họ tên", "Năm sinh"]])[:-300]


class TestHostileFiles:
    @pytest.mark.parametrize(
        "make",
        [
            entity,
            file_of_the_machine,
            bomb,
            cells_without_end,
            lies_about_its_size,
            locked,
            outside_names,
            macro,
            broken,
        ],
    )
    def test_are_refused_with_a_sentence(self, make):
        with pytest.raises(lists.UnreadableListError) as refusal:
            lists.read(make(), "ds.xlsx")
        assert str(refusal.value).endswith((".", ". Hãy chia nhỏ danh sách."))

    def test_a_file_that_is_too_large_is_not_opened(self):
        with pytest.raises(lists.UnreadableListError, match="5 MB"):
            lists.read(bytes(5_000_001), "ds.xlsx")

    def test_bytes_that_are_no_text_are_refused(self):
        with pytest.raises(lists.UnreadableListError):
            lists.read(bytes(range(256)) * 40, "ds.csv")

    def test_a_merge_over_the_whole_sheet_fills_no_more_than_there_is(self):
        cells = '<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>Danh sách</t></is></c></row></sheetData>'
        (sheet,) = lists.read(
            rosters.packed(cells + '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'), "ds.xlsx"
        )
        assert len(sheet.rows) == 1
        assert len(sheet.rows[0].cells) <= 40

    def test_a_formula_written_as_a_name_is_no_name(self):
        plan = planned(
            rosters.book([["Họ tên", "Xã"], ['=HYPERLINK("http://x")', rosters.HERE], ["@SUM(1)", rosters.HERE]]),
            cast.workshop(),
        )
        assert [one.verdict for one in plan.lines] == ["refused", "refused"]
        assert "cột A: họ và tên “=HYPERLINK" in plan.lines[0].why

    def test_what_the_workbook_says_of_dates_is_told_from_numbers(self):
        def fill(made, sheet):
            sheet.write_datetime(0, 0, date(1980, 2, 1), made.add_format({"num_format": "d/m/yyyy"}))

        (sheet,) = lists.read(rosters.book(fill), "ds.xlsx")
        assert sheet.rows[0].cells == ["01/02/1980"]

    def test_a_zip_that_is_no_workbook_is_refused(self):
        output = io.BytesIO()
        with zipfile.ZipFile(output, "w") as made:
            made.writestr("a.txt", "x")
        with pytest.raises(lists.UnreadableListError):
            lists.read(output.getvalue(), "ds.xlsx")

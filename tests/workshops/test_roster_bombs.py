"""Small files that would be a great deal of work: how many letters and cells are looked at has a bound, whatever a file holds."""

import io
import zipfile

import pytest

from lib import legacy
from lib.lists import UnreadableListError, read, reading
from tests.workshops import rosters

TCVN3 = "TrÇn ThÞ BÐ".encode("latin-1")


@pytest.fixture
def work(monkeypatch):
    """Letters of texts that are tidied and spelled, and cells into which merged ones are written."""
    done = {"tidied": 0, "spelled": 0, "filled": 0}
    tidy, share, fill = reading._tidy, legacy._share, reading._fill_merged

    def tidied(cell):
        done["tidied"] += len(cell)
        return tidy(cell)

    def spelled(cells):
        cells = list(cells)
        done["spelled"] += sum(map(len, cells))
        return share(cells)

    def filled(rows, raw, words):
        try:
            fill(rows, raw, words)
        finally:
            done["filled"] = words.filled

    monkeypatch.setattr(reading, "_tidy", tidied)
    monkeypatch.setattr(legacy, "_share", spelled)
    monkeypatch.setattr(reading, "_fill_merged", filled)
    return done


def merged(table, *ranges) -> bytes:
    """Also over each other, which no library writes."""
    made, output = io.BytesIO(rosters.book(table)), io.BytesIO()
    with zipfile.ZipFile(made) as before, zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            data = before.read(name)
            if name.endswith("sheet1.xml"):
                cells = "".join(f'<mergeCell ref="{one}"/>' for one in ranges)
                data = data.replace(b"</sheetData>", f"</sheetData><mergeCells>{cells}</mergeCells>".encode())
            after.writestr(name, data)
    return output.getvalue()


def test_a_long_text_of_many_cells_is_tidied_once_and_not_beyond_what_is_kept(work):
    data = rosters.book([["Họ và tên"], *[["ab " * 10_000] * 40] * 50])
    assert read(data, "ds.xlsx")[0].rows[1].cells[0] == ("ab " * 10_000)[: reading.LONGEST]
    assert work["tidied"] <= reading.LOOKED_AT + len("Họ và tên")


def test_more_letters_than_any_list_has_are_refused(work):
    data = rosters.book([["ab " * 10_000] * 40] * 500)
    with pytest.raises(UnreadableListError, match="lớn quá"):
        read(data, "ds.xlsx")
    assert work["tidied"] <= reading.LOOKED_AT


def test_merged_cells_over_each_other_fill_no_more_cells_than_there_are(work):
    data = merged([["a"] * 40] * 300, *["A1:AN300"] * 5_000)
    with pytest.raises(UnreadableListError, match="lớn quá"):
        read(data, "ds.xlsx")
    assert work["filled"] <= reading.MOST_ROWS * reading.MOST_COLUMNS + 300 * 40


def test_merged_cells_beyond_the_rows_that_there_are_fill_nothing(work):
    (sheet,) = read(merged([["Xã", "Tên"], ["Đất Mũi", "Bé"], ["", "Út"]], "A2:A1000000"), "ds.xlsx")
    assert [row.cells[0] for row in sheet.rows] == ["Xã", "Đất Mũi", "Đất Mũi"]
    assert work["filled"] == 2


def test_an_old_font_is_told_by_the_first_letters_and_read_in_all(work):
    (sheet,) = read(b"Ho ten,Xa\n" + (TCVN3 + b",x\n") * 11_000, "ds.csv")
    assert {row.cells[0] for row in sheet.rows[1:]} == {"Trần Thị Bé"}
    assert work["spelled"] <= 3 * (2 * legacy.ENOUGH)


def test_one_line_of_an_old_font_without_end_is_not_read_in_all(work):
    with pytest.raises(UnreadableListError):
        read(TCVN3[:4] * 1_000_000, "ds.csv")
    assert work["spelled"] <= 3 * 2 * legacy.ENOUGH


@pytest.mark.parametrize("line", [b'"x\n', b"x\ty\n", b"x,y\n", b"\r"])
def test_lines_without_end_are_refused_before_they_become_rows(line, monkeypatch):
    monkeypatch.setattr(reading, "_pasted", lambda words: pytest.fail("was taken apart"))
    monkeypatch.setattr(reading.csv, "reader", lambda *said, **more: pytest.fail("was taken apart"))
    with pytest.raises(UnreadableListError, match="dài hơn"):
        read(b"A,B\n" + line * 100_000, "ds.csv")


def test_a_list_as_long_as_any_is_read():
    data = ("Họ và tên,SĐT\n" + "Nguyễn Văn A,0912345678\n" * (reading.MOST_ROWS - 1)).encode()
    assert len(read(data, "ds.csv")[0].rows) == reading.MOST_ROWS

"""Which column says what: who is a man and who a woman is nobody's given name, and a unit is no post."""

import pytest

from lib.lists import read
from tests import cast
from tests.workshops import rosters
from tests.workshops.test_rosters import planned, roster_of
from workshops.importing import ROSTER, Verdict

pytestmark = [pytest.mark.django_db, pytest.mark.once]
HERE = rosters.HERE


def names(table, **more) -> list[tuple[str, str]]:
    lines = planned(rosters.book(table), cast.workshop(), **more).lines
    return [(one.line.name, one.verdict.value) for one in lines]


def columns(*table):
    return roster_of(rosters.book(list(table))).columns[0].places


@pytest.mark.parametrize(
    "head", ["Nam/Nữ", "Nam, nữ", "Nữ", "Nam", "Phái", "GT", "Giới", "Giới tính (nam/nữ)", "Nhóm", ""]
)
def test_a_column_of_men_and_women_is_no_given_name(head):
    table = [
        ["TT", "Họ tên", head, "Năm sinh", "Xã"],
        [1, "Nguyễn Thị Lành", "Nữ", 1975, HERE],
        [2, "Trần Văn Bảy", "Nam", 1980, HERE],
        [3, "", "Nam", 1981, HERE],
    ]
    assert names(table) == [("Nguyễn Thị Lành", "new"), ("Trần Văn Bảy", "new"), ("", "refused")]


def test_crosses_under_men_and_women_are_none_either():
    table = [
        ["Họ tên", "Nam", "Nữ", "Năm sinh", "Xã"],
        ["Nguyễn Thị Lành", "", "x", 1975, HERE],
        ["Trần Văn Bảy", "x", "", 1980, HERE],
    ]
    assert [name for name, _verdict in names(table)] == ["Nguyễn Thị Lành", "Trần Văn Bảy"]


def genders(*table) -> list[str]:
    return [one.line.gender for one in planned(rosters.book(list(table)), cast.workshop()).lines]


class TestWhoIsAWoman:
    @pytest.mark.parametrize(
        "head", ["Nam/Nữ", "Nam, nữ", "Nữ", "Nam", "Phái", "GT", "Giới tính (nam/nữ)", "Nhóm", "", "Tên"]
    )
    @pytest.mark.parametrize(("man", "woman"), [("Nam", "Nữ"), ("NAM ", "nữ."), ("nam", "nu")])
    def test_a_column_says_it_by_a_word(self, head, man, woman):
        assert genders(
            ["TT", "Họ tên", head, "Năm sinh", "Xã"],
            [1, "Nguyễn Thị Lành", woman, 1975, HERE],
            [2, "Trần Văn Bảy", man, 1980, HERE],
            [3, "Kim Sa Rây", "", 1981, HERE],
        ) == ["female", "male", ""]

    def test_without_heads_a_column_of_both_words_is_enough(self):
        rows = (["Nguyễn Thị Lành", "Nữ", "0912345678", HERE], ["Trần Văn Bảy", "Nam", "0912345679", HERE])
        assert genders(*rows) == ["female", "male"]

    @pytest.mark.parametrize("mark", ["x", "X", "1", "✓", "1975"])
    def test_two_columns_say_it_by_which_of_them_is_filled(self, mark):
        heads = ["Họ tên", "Nam", "Nữ", "Xã"]
        rows = (
            ["Nguyễn Thị Lành", "", mark, HERE],
            ["Trần Văn Bảy", mark, "-", HERE],
            ["Kim Sa Rây", mark, mark, HERE],
            ["Út Lê", "", "", HERE],
        )
        assert genders(heads, *rows) == ["female", "male", "", ""]

    def test_years_of_men_and_of_women_in_columns_of_their_own_say_it_too(self):
        lines = planned(rosters.two_rows().data, cast.workshop()).lines
        assert {bool(one.line.gender) for one in lines} == {True}

    def test_women_that_are_marked_alone_leave_the_others_unknown(self):
        assert genders(["Họ tên", "Nữ", "Xã"], ["Trần Thị Lành", "x", HERE], ["Lê Văn Bảy", "", HERE]) == ["female", ""]

    def test_a_column_of_years_is_no_column_of_men(self):
        """ "Năm" without its marks reads "Nam"."""
        assert genders(["Họ tên", "Năm", "Xã"], ["Trần Thị Lành", 1975, HERE], ["Lê Văn Bảy", 1980, HERE]) == ["", ""]

    def test_how_somebody_is_called_says_it_and_a_name_does_not(self):
        rows = (
            ["Bà Trần Út Mười", HERE],
            ["Ông: Lê Bảy Một", HERE],
            ["Trần Thị Tám", HERE],
            ["Ông Bà Chín", HERE],
            ["Bà Út", HERE],
        )
        assert genders(["Họ tên", "Xã"], *rows) == ["female", "male", "", "male", ""]


def test_nor_under_a_head_that_says_name():
    found = columns(["Họ và tên", "Tên", "Xã"], ["Nguyễn Thị Lành", "Nữ", HERE], ["Trần Văn Bảy", "Nam", HERE])
    assert "given" not in found


def test_whoever_is_called_nam_keeps_the_name():
    table = [["Họ", "Tên", "Xã"], ["Nguyễn Văn", "Nam", HERE], ["Trần Thị", "Lan", HERE]]
    assert [name for name, _verdict in names(table)] == ["Nguyễn Văn Nam", "Trần Thị Lan"]


def test_of_a_row_that_has_a_given_name_alone_nobody_is_made():
    table = [["Họ", "Tên", "Năm sinh", "Xã"], ["Trần Thị", "Lan", 1980, HERE], ["", "Hải", 1981, HERE]]
    assert names(table) == [("Trần Thị Lan", "new"), ("", "refused")]


def test_without_heads_it_is_no_unit():
    table = [["Nguyễn Thị Lành", "Nữ", "0912345678", HERE], ["Trần Văn Bảy", "Nam", "0912345679", HERE]]
    assert {role for role, at in columns(*table).items() if at == 1} == {"gender"}


@pytest.mark.parametrize(
    "head", ["Đơn vị, chức vụ", "Chức vụ, đơn vị công tác", "Chức vụ/ cơ quan", "Chức danh; chức vụ, tên cơ sở"]
)
def test_a_column_of_unit_and_post_is_the_unit_and_not_the_sections(head):
    table = [["Họ và tên", head], ["Xã Phan Ngọc Hiển"], ["Trần Thị Út", "HTX Tôm khô, giám đốc"]]
    line = planned(rosters.book(table), cast.workshop()).lines[0].line
    assert (line.unit, line.post, line.place) == ("HTX Tôm khô, giám đốc", "", "Xã Phan Ngọc Hiển")


def test_what_stands_over_the_heads_is_none_in_the_rows_that_go_back():
    roster = roster_of(
        rosters.book([["(Kèm theo Công văn số 90 của UBND xã)"], ["TT", "Họ và tên", "Xã"], [1, "Út", HERE]])
    )
    assert list(ROSTER.heads_of(roster.sheets[0], roster.columns[0])) == ["TT", "Họ và tên", "Xã"]


def test_heads_of_two_rows_are_joined_there():
    roster = roster_of(rosters.two_rows().data)
    assert "Năm sinh Nữ" in list(ROSTER.heads_of(roster.sheets[0], roster.columns[0]))


def test_a_row_without_a_name_is_told_as_such():
    plan = planned(
        rosters.book([["Họ tên", "Nam/Nữ", "Xã"], ["Út Lê", "Nữ", HERE], ["", "Nam", HERE]]), cast.workshop()
    )
    assert plan.of(Verdict.REFUSED)[0].why == "chưa có họ và tên"


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
def test_lines_end_as_each_kind_of_computer_ends_them(end):
    """Excel on a Mac also writes "CSV (Macintosh)", whose lines end with \\r alone."""
    data = end.join(["Họ và tên;SĐT", '"Trần Thị Út";0912345678', "Lê Văn Bé;0912345679"]).encode()
    (sheet,) = read(data, "ds.csv")
    assert [row.cells for row in sheet.rows[1:]] == [["Trần Thị Út", "0912345678"], ["Lê Văn Bé", "0912345679"]]

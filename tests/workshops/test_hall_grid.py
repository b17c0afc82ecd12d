"""…/nhap-phieu/: paper that is typed in, as a whole form and row by row."""

import pytest

from tests import cast
from workshops import actions
from workshops.hall.items import Paper
from workshops.models import FeedbackSheet, TestSheet

from . import halls

pytestmark = [pytest.mark.django_db, pytest.mark.once]
JSON = {"accept": "application/json"}


@pytest.fixture
def office(organiser):
    return cast.client_of(organiser)


@pytest.fixture
def before(planned, organiser):
    return halls.papers(planned, organiser)[0]


@pytest.fixture
def page(planned):
    return f"/quan-tri/tap-huan/{planned.pk}/trong-lop/"


@pytest.fixture
def grid(page):
    return f"{page}dau-vao/nhap-phieu/"


def right(test):
    return "".join(letters[0] for letters in Paper(test).right.values())


def rows(*typed):
    return {f"{name}-{at}": value for at, row in enumerate(typed) for name, value in row.items()}


class TestTheWholeForm:
    def test_rows_go_in_and_empty_ones_are_passed_over(self, planned, before, office, grid):
        halls.delegate(planned), halls.delegate(planned, "Lê Văn Bé")
        said = rows(
            {"number": "1", "letters": right(before)},
            {"number": "", "letters": ""},
            {"number": "2", "letters": "-----"},
        )
        answer = office.post(grid, said, follow=True)
        assert "Đã ghi 2 phiếu" in answer.text
        assert dict(TestSheet.objects.values_list("badge", "right")) == {1: 5, 2: 0}
        assert "Lê Văn Bé" in answer.text
        assert "5/5" in answer.text

    def test_what_is_wrong_is_said_at_its_row_and_nothing_typed_is_lost(self, planned, before, office, grid):
        halls.delegate(planned)
        said = rows(
            {"number": "1", "letters": right(before)}, {"number": "99", "letters": "AAAAA"},
            {"number": "x1", "letters": "ABABA"}, {"number": "1", "letters": "AB"},
        )  # fmt: skip
        answer = office.post(grid, said)
        assert answer.status_code == 422
        assert TestSheet.objects.count() == 1
        for told in (
            "Không có số thẻ 99",
            "Hãy ghi số",
            "Cần 5 chữ, đang có 2",
            'value="99"',
            'value="x1"',
            'value="ABABA"',
        ):
            assert told in answer.text
        assert "Đã ghi 1 phiếu" in answer.text

    def test_whoever_was_not_recorded_is_named_when_all_rows_are_sent_at_once(self, planned, before, office, grid):
        halls.present(halls.delegate(planned))
        halls.delegate(planned, "Lê Văn Bé")
        said = rows({"number": "1", "letters": right(before)}, {"number": "2", "letters": right(before)})
        text = office.post(grid, said, follow=True).text
        assert "Đã ghi 2 phiếu" in text
        assert "Số thẻ 2 chưa điểm danh buổi nào" in text
        assert "Số thẻ 1 chưa" not in text

    def test_who_was_there_and_gave_the_seat_up_afterwards_has_a_sheet_and_who_was_not_has_none(
        self, planned, before, office, grid
    ):
        there, away = halls.delegate(planned), halls.delegate(planned, "Lê Văn Bé", phone="+84912345679")
        halls.present(there)
        for one in (there, away):
            actions.cancel(registration=one, at=cast.NOW)
        said = rows({"number": "1", "letters": right(before)}, {"number": "2", "letters": right(before)})
        text = office.post(grid, said).text
        assert "Số thẻ 2 đã hủy đăng ký" in text
        assert list(TestSheet.objects.values_list("badge", flat=True)) == [1]

    def test_a_second_colleague_does_not_see_what_the_first_typed(self, planned, before, office, grid):
        halls.delegate(planned)
        office.post(grid, rows({"number": "1", "letters": right(before)}))
        code = f"<code>{right(before)}</code>"
        assert code in office.get(grid).text
        other = cast.client_of(cast.staff("organiser", cast.province(), "0987654322", "Người Kiểm"))
        assert code not in other.get(grid).text
        wrong = ("B" if right(before)[0] == "A" else "A") + right(before)[1:]
        answer = other.post(grid, rows({"number": "1", "letters": wrong}))
        assert "Khác bản người trước nhập" in answer.text
        assert "câu 1" in answer.text
        other.post(grid, rows({"number": "1", "letters": wrong, "sure": "1"}))
        assert TestSheet.objects.get().right == 4

    def test_a_sheet_of_a_phone_has_a_dash_and_what_is_to_be_checked_says_so(
        self, planned, before, organiser, office, grid
    ):
        """An empty box looked like a letter that could not be shown."""
        handed = halls.delegate(planned, "Lê Văn Bé")
        actions.hand_in(test=halls.opened(before, organiser), registration=handed, answers={}, at=cast.NOW)
        halls.delegate(planned)
        office.post(grid, rows({"number": "2", "letters": right(before)}))
        other = cast.client_of(cast.staff("organiser", cast.province(), "0987654322", "Người Kiểm")).get(grid).text
        assert "<code></code>" not in other
        assert ('class="grid__none">–<' in other, 'class="grid__none">chờ kiểm<' in other) == (True, True)

    def test_without_names_none_is_shown(self, planned, organiser, office, grid):
        test = halls.papers(planned, organiser, is_anonymous=True)[0]
        halls.delegate(planned)
        answer = office.post(grid, rows({"number": "1", "letters": right(test)}), follow=True)
        assert "5/5" in answer.text
        assert "Trần Thị Út" not in answer.text


class TestRowByRow:
    def test_the_script_is_told_what_came_of_its_row(self, planned, before, office, grid):
        halls.delegate(planned)
        answer = office.post(grid, {"number-row": "1", "letters-row": right(before)}, headers=JSON)
        assert (answer.status_code, answer.json()["isDone"]) == (200, True)
        assert "Trần Thị Út, 5/5" in answer.json()["said"]
        assert answer.json()["told"] == "Đã có 1 phiếu"
        wrong = office.post(grid, {"number-row": "50", "letters-row": right(before)}, headers=JSON)
        assert "told" not in wrong.json()
        assert (wrong.json()["isDone"], "Không có số thẻ 50" in wrong.json()["said"]) == (False, True)
        assert office.post(grid, {}, headers=JSON).json()["isDone"] is False
        assert TestSheet.objects.count() == 1

    def test_a_sheet_of_somebody_who_was_not_recorded_is_taken_and_doubted(self, planned, before, office, grid):
        halls.present(halls.delegate(planned))
        absent = halls.delegate(planned, "Lê Văn Bé", "+84912345679")
        sheets = {number: {"number-row": str(number), "letters-row": right(before)} for number in (1, 2)}
        there, missing = (office.post(grid, sheets[number], headers=JSON).json() for number in (1, 2))
        assert (there["isDone"], there["isDoubtful"], "chưa điểm danh" in there["said"]) == (True, False, False)
        assert (missing["isDone"], missing["isDoubtful"]) == (True, True)
        assert "Lê Văn Bé, 5/5. Số thẻ 2 chưa điểm danh buổi nào" in missing["said"]
        assert TestSheet.objects.count() == 2
        halls.present(absent)
        assert not office.post(grid, sheets[2], headers=JSON).json()["isDoubtful"]

    def test_where_nobody_was_recorded_nobody_is_doubted(self, planned, before, office, grid):
        halls.delegate(planned)
        answer = office.post(grid, {"number-row": "1", "letters-row": right(before)}, headers=JSON)
        assert not answer.json()["isDoubtful"]

    def test_a_row_that_is_sent_twice_is_one_sheet(self, planned, before, office, grid):
        halls.delegate(planned)
        for _again in range(2):
            office.post(grid, {"number-row": "1", "letters-row": right(before)}, headers=JSON)
        assert TestSheet.objects.count() == 1


class TestFeedback:
    @pytest.fixture
    def grid(self, planned, organiser, page):
        actions.add_usual_questions(workshop=planned, by=organiser, at=cast.NOW)
        return f"{page}danh-gia/nhap-phieu/"

    def test_signs_and_words_go_in_and_numbers_go_on(self, planned, office, grid):
        halls.present(halls.delegate(planned))
        words = planned.questions.filter(kind="text").first()
        said = {
            "number-0": "1",
            "marks-0": "354321",
            f"q{words.pk}-0": "Cách ghi nhãn",
            "quote-0": "1",
            "number-1": "2",
        }
        answer = office.post(grid, said, follow=True)
        sheet = FeedbackSheet.objects.get()
        assert sorted(str(one) for one in sheet.answers.values()) == ["1", "2", "3", "3", "4", "5", "Cách ghi nhãn"]
        assert (sheet.is_quotable, sheet.paper_number, sheet.source) == (True, 1, "paper")
        assert 'name="number-0" value="2"' in answer.text

    def test_what_is_wrong_stays_as_it_was_typed(self, planned, office, grid):
        halls.present(halls.delegate(planned))
        answer = office.post(grid, {"number-0": "1", "marks-0": "35432x"})
        assert answer.status_code == 422
        assert 'value="35432x"' in answer.text
        assert "Câu 6: “X”" in answer.text
        assert not FeedbackSheet.objects.exists()

    def test_there_is_none_without_questions(self, planned, office, page):
        assert office.get(f"{page}danh-gia/nhap-phieu/").status_code == 404

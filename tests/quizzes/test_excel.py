"""A workbook of questions: one a row, known by its heads, and what Excel made of an answer is said by row and column."""

import io
from datetime import date, time

import pytest
from openpyxl import Workbook, load_workbook
from python_calamine import CalamineWorkbook

from quizzes.exporting import template
from quizzes.kinds import KINDS
from quizzes.models import Question, QuestionBank
from tests import cast

from .files import bring, plan

pytestmark = pytest.mark.once

TEMPLATE = "/quan-tri/cau-hoi/nhap/mau/"
HEAD = ["Dạng", "Câu hỏi", "Phương án A", "Phương án B", "Phương án C", "Đáp án", "Điểm từng phương án", "Phản hồi", "Giải thích", "Độ khó", "Nhãn", "Bài học", "Đơn vị", "Tùy chọn"]  # fmt: skip
COLUMNS = ("kind", "stem", "a", "b", "c", "right", "weights", "feedback", "explanation", "difficulty", "tags", "lesson", "units", "options")  # fmt: skip


def book(*rows, before=(), formats=()):
    """A workbook of these rows; `formats` are (cell, how Excel shows its number)."""
    made = Workbook()
    for row in [*before, HEAD, *rows]:
        made.active.append(row)
    for cell, shown in formats:
        made.active[cell].number_format = shown
    return saved(made)


def saved(made):
    output = io.BytesIO()
    made.save(output)
    return output.getvalue()


def row(**said):
    return [said.get(name) for name in COLUMNS]


def one(said, **more):
    made = plan(QuestionBank(name="Mới"), book(row(**said), **more), "a.xlsx")
    assert made.refusals == []
    (entry,) = made.entries
    return entry.draft


def refusal(said, **more):
    (problem,) = plan(QuestionBank(name="Mới"), book(row(**said), **more), "a.xlsx").refusals
    return problem


def test_a_row_is_a_question_with_all_that_its_columns_say(db):
    draft = one({
        "kind": "Một lựa chọn", "stem": "Muối nào?", "a": "Cà Mau", "b": "Bạc Liêu", "right": "B", "weights": "A: 50",
        "feedback": "A: gần\nđúng\nB: giỏi", "explanation": "Từ 2013.", "difficulty": "2 – vừa", "tags": "muối, biển",
    })  # fmt: skip
    assert draft.data["choices"] == [
        {"id": "a", "text": "Cà Mau", "right": False, "feedback": "gần\nđúng", "weight": 50},
        {"id": "b", "text": "Bạc Liêu", "right": True, "feedback": "giỏi"},
    ]
    assert (draft.explanation, draft.difficulty, draft.tags, draft.place) == ("Từ 2013.", 2, ("muối", "biển"), 2)


@pytest.mark.parametrize(
    ("said", "kind", "data"),
    [
        ({"a": "x", "b": "y", "right": "A"}, "single", {"choices": [
            {"id": "a", "text": "x", "right": True, "feedback": ""}, {"id": "b", "text": "y", "right": False, "feedback": ""},
        ]}),
        ({"a": "x", "b": "y", "c": "z", "right": "a;C", "weights": "50; -50; 50", "options": "không xáo trộn"}, "multiple", {
            "choices": [
                {"id": "a", "text": "x", "right": True, "feedback": "", "weight": 50},
                {"id": "b", "text": "y", "right": False, "feedback": "", "weight": -50},
                {"id": "c", "text": "z", "right": True, "feedback": "", "weight": 50},
            ], "shuffle": False, "credit": "weights",
        }),
        ({"right": "sai", "feedback": "Khi sai: xem lại"}, "truefalse", {"right": False, "feedback_wrong": "xem lại"}),
        ({"right": "nắng; ánh nắng", "options": "Phải đúng dấu"}, "short", {"answers": ["nắng", "ánh nắng"], "exact_accents": True}),
        ({"kind": "số", "right": "1.234,5 ± 0,5", "units": "kg; g = 0,001", "options": "phải ghi đơn vị"}, "numeric", {
            "answers": [{"value": "1234.5", "tolerance": "0.5"}],
            "units": [{"name": "kg", "factor": "1"}, {"name": "g", "factor": "0.001"}], "unit_needed": True,
        }),
        ({"kind": "ghép đôi", "a": "Muối → Bạc Liêu", "b": "Cua => Cà Mau", "c": "-> Hà Giang"}, "matching", {"pairs": [
            {"id": "a", "text": "Muối", "match": "Bạc Liêu"}, {"id": "b", "text": "Cua", "match": "Cà Mau"},
            {"id": "c", "match": "Hà Giang"},
        ]}),
        ({"kind": "sap xep", "a": "phơi", "b": "rửa", "right": "B, A"}, "ordering", {
            "items": [{"id": "a", "text": "rửa"}, {"id": "b", "text": "phơi"}],
        }),
        ({"kind": "tự luận", "a": "Có thật", "weights": "3", "right": "Bài mẫu"}, "essay", {
            "rubric": [{"id": "a", "text": "Có thật", "points": "3"}], "sample": "Bài mẫu",
        }),
        ({"kind": "chỉ đọc"}, "description", {}),
    ],
)  # fmt: skip
def test_rows_kind_by_kind(db, said, kind, data):
    draft = one({"stem": "Hỏi?"} | said)
    assert (draft.kind, draft.data) == (kind, data)
    assert KINDS[kind].problems(data) == []


def test_a_text_with_gaps_stands_in_the_first_option_or_is_the_question_itself(db):
    passage = "Phơi bằng [nắng|gió] [#3]."
    apart, alone = (
        one({"kind": "điền khuyết", "stem": "Điền:", "a": passage}),
        one({"kind": "điền khuyết", "stem": passage}),
    )
    assert (apart.stem, alone.stem) == ("Điền:", "Điền vào chỗ trống.")
    assert apart.data == alone.data
    assert apart.data["text"] == "Phơi bằng [[1]] [[2]]."


@pytest.mark.parametrize(
    "head", [["cau hoi", "A", "b)", "Dap an"], ["CÂU HỎI:", "Lựa chọn A", "phuong an B", "Đáp án đúng (ghi chữ cái)"]]
)
def test_heads_are_known_without_diacritics_and_below_merged_titles(bank, head):
    made = Workbook()
    made.active.append(["ĐỀ KIỂM TRA"])
    made.active.merge_cells("A1:D1")
    made.active.append([])
    made.active.append(head)
    made.active.append(["Muối?", "trắng", "xanh", "A"])
    made.active.append([None, None])
    made.active.append(["Nước?", "trong", "đục", "A"])
    entries = plan(bank, saved(made), "a.xlsx").entries
    assert [(entry.draft.place, entry.draft.stem) for entry in entries] == [(4, "Muối?"), (6, "Nước?")]


def test_the_questions_may_stand_on_a_later_sheet(bank):
    made = Workbook()
    made.active.append(["Lời dặn"])
    sheet = made.create_sheet("Câu hỏi")
    sheet.append(["Câu hỏi", "Đáp án"])
    sheet.append(["Nước sôi?", True])
    (entry,) = plan(bank, saved(made), "a.xlsx").entries
    assert (entry.draft.kind, entry.draft.data) == ("truefalse", {"right": True})


def test_numbers_are_words_where_words_are_asked_and_exact_where_a_number_is(db):
    draft = one({"stem": "?", "a": 3.0, "b": 0.1 + 0.2, "right": "A"})
    assert [choice["text"] for choice in draft.data["choices"]] == ["3", "0,3"]
    assert one({"kind": "số", "stem": "?", "right": 1234.567}).data == {"answers": [{"value": "1234.567"}]}
    assert one({"kind": "số", "stem": "?", "right": "1234,567"}).data == {"answers": [{"value": "1234.567"}]}


def test_a_percent_cell_says_what_it_shows(db):
    draft = one({"stem": "?", "a": 0.5, "b": "y", "right": "B", "weights": "A: 50%"}, formats=[("C2", "0%")])
    assert (draft.data["choices"][0]["text"], draft.data["choices"][0]["weight"]) == ("50%", 50)
    essay = one({"kind": "tự luận", "stem": "?", "a": "ý", "weights": 0.25}, formats=[("G2", "0%")])
    assert essay.data["rubric"][0]["points"] == "25"


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"a": date(2026, 2, 1), "b": "2", "right": "A"}, "Cột C: Excel đã đổi nội dung thành ngày giờ (01/02/2026)"),
        ({"a": "1", "b": "2", "right": time(1, 30)}, "Cột F: Excel đã đổi nội dung thành ngày giờ (01:30)"),
        ({"kind": "đố", "right": "A"}, "Cột A: không có dạng “đố”"),
        ({"stem": None, "right": "A"}, "Cột B: chưa ghi câu hỏi"),
        ({"a": "1", "b": "2", "right": "E"}, "Cột F: phương án E không có chữ"),
        ({"a": "1", "b": "2", "right": "cả hai"}, "Cột F: đáp án ghi bằng chữ cái"),
        ({"a": "1", "b": "2", "right": "A", "weights": "1; 2; 3"}, "Cột G: cần một số cho mỗi phương án"),
        ({"a": "1", "b": "2", "right": "A", "weights": "B: nhiều"}, "Cột G: Phần điểm “nhiều” không phải là số"),
        ({"a": "1", "b": "2", "right": "A", "feedback": "giỏi"}, "Cột H: mỗi dòng bắt đầu bằng chữ cái"),
        ({"a": "1", "b": "2", "right": "A", "difficulty": "9"}, "Cột J: độ khó là 1"),
        ({"a": "1", "b": "2", "right": "A", "options": "nhanh"}, "Cột N: không hiểu “nhanh”"),
        ({"kind": "số", "right": "1.234"}, "Cột F: “1.234” đọc được hai cách"),
        ({"kind": "đúng sai", "right": "có thể"}, "Cột F: ghi “Đúng” hoặc “Sai”"),
        ({"kind": "ghép cặp", "a": "Muối"}, "Cột C: ghi “vế hỏi → vế khớp”"),
        ({"kind": "xếp thứ tự", "a": "x", "b": "y", "right": "A, A"}, "Cột F: thứ tự phải nêu"),
        ({"kind": "điền chỗ trống", "a": "Phơi [nắng"}, "Cột C: Có dấu ["),
    ],
)
def test_what_cannot_be_read_is_said_by_row_and_column(db, said, why):
    problem = refusal({"stem": "Hỏi?"} | said, before=[["Đề"]])
    assert problem.place == 3
    assert why in problem.reason


def test_a_fault_of_excel_itself_is_named(db):
    made = load_workbook(io.BytesIO(book(row(stem="?", a="x", b="y", right="A"))))
    made.active["C2"].value, made.active["C2"].data_type = "#REF!", "e"
    (problem,) = plan(QuestionBank(name="Mới"), saved(made), "a.xlsx").refusals
    assert "Cột C: ô này báo lỗi #REF!" in problem.reason


@pytest.mark.parametrize(
    ("data", "why"), [(b"PK\x03\x04 kaput", "Không mở được"), (b"", "trống"), (b"Cau hoi;Dap an", "Không mở được")]
)
def test_what_is_no_workbook_says_so(bank, data, why):
    (problem,) = plan(bank, data, "a.xlsx").refusals
    assert why in problem.reason


def test_a_workbook_without_heads_says_where_to_find_a_template(bank):
    made = Workbook()
    made.active.append(["một", "hai"])
    assert "tệp mẫu" in plan(bank, saved(made), "a.xlsx").refusals[0].reason


def test_a_workbook_that_unpacks_without_end_is_refused(bank, monkeypatch):
    monkeypatch.setattr("lib.foreign.packing.LARGEST", 1000)
    assert "chứa quá nhiều" in plan(bank, book(row(stem="?", right="Đúng")), "a.xlsx").refusals[0].reason


def test_more_rows_than_are_read_are_refused_and_not_cut_off(bank, monkeypatch):
    monkeypatch.setattr("quizzes.formats.excel.MOST_ROWS", 3)
    rows = [row(stem=f"Câu {number}?", right="Đúng") for number in range(3)]
    assert plan(bank, book(*rows[:2]), "a.xlsx").refusals == []
    assert "hơn 3 dòng" in plan(bank, book(*rows), "a.xlsx").refusals[0].reason


def test_difficulty_and_lesson_come_along_and_a_lesson_that_is_not_there_is_said(bank):
    course = cast.course(lessons=1)
    lesson = course.activities.get()
    rows = [
        row(stem="Một?", right="Đúng", difficulty=3, lesson=lesson.title),
        row(stem="Hai?", right="Sai", lesson="Không có"),
    ]
    made = plan(bank, book(*rows), "a.xlsx")
    assert [(loss.place, "“Không có”" in loss.reason) for loss in made.losses] == [(3, True)]
    bring(bank, book(*rows), "a.xlsx")
    first, second = Question.objects.order_by("pk")
    assert (first.difficulty, first.lesson, second.difficulty, second.lesson) == (3, lesson, 1, None)


def test_the_template_holds_an_example_of_each_kind_that_can_be_read(editor, bank):
    assert TEMPLATE in editor.get("/quan-tri/cau-hoi/nhap/").text
    response = editor.get(TEMPLATE)
    assert response["Content-Disposition"] == 'attachment; filename="mau-cau-hoi.xlsx"'
    made = plan(bank, response.content, "mau-cau-hoi.xlsx")
    assert (made.refusals, made.losses) == ([], [])
    assert {entry.draft.kind for entry in made.entries} == set(KINDS)
    assert [entry.draft.data for entry in made.entries] == [example.data for example in template.EXAMPLES]


def test_the_template_explains_every_column_that_it_has(db):
    read = CalamineWorkbook.from_filelike(io.BytesIO(template.workbook_to_fill()))
    heads = read.get_sheet_by_index(0).to_python()[0]
    explained = [line[0] for line in read.get_sheet_by_name("Hướng dẫn").to_python()]
    assert [head for head in heads if head not in explained and not head.startswith("Phương án ")] == []

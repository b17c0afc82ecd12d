"""Question files come in by one way: what would happen is said first, all of a file or nothing, and again is harmless."""

import gc
import json

import pytest
from django.core.management import CommandError, call_command

from quizzes import actions, importing
from quizzes.formats import moodle_xml
from quizzes.kinds import KINDS
from quizzes.models import Question, QuestionBank, QuestionVersion
from tests import cast

from .files import GIFT, UPLOAD, answer, bring, document, moodle, plan, press, question, send

pytestmark = pytest.mark.once

AIKEN = "Muối màu gì?\nA. xanh\nB. trắng\nANSWER: B\n"


def test_questions_come_in_as_drafts_with_their_answers(bank):
    bring(bank, GIFT)
    first, second = Question.objects.order_by("pk")
    assert (first.kind, second.kind, first.status) == ("single", "truefalse", "draft")
    assert first.versions.get().data["choices"][0] == {"id": "a", "text": "trắng", "right": True, "feedback": ""}


def test_the_same_file_again_changes_nothing(bank):
    bring(bank, GIFT)
    again = plan(bank, GIFT)
    assert (again.count("new"), again.count("version"), again.count("same")) == (0, 0, 2)
    assert bring(bank, GIFT) == []
    assert QuestionVersion.objects.count() == 2


def test_the_same_question_twice_in_a_file_comes_in_once_and_that_is_said(bank):
    made = plan(bank, "Muối? {T}\n\nMuối? {T}")
    assert made.count("new") == 1
    assert "chỉ nhập một lần" in made.losses[0].reason


def test_one_fault_keeps_all_of_a_file_out(bank):
    made = plan(bank, GIFT + "\nHỏng {=a\n")
    assert [(problem.place, problem.reason) for problem in made.refusals] == [
        (5, "Câu này thiếu dấu } ở cuối phần đáp án.")
    ]
    with pytest.raises(Exception, match="còn 1 chỗ phải sửa"):
        actions.import_questions(plan=made, by=None, at=cast.NOW)
    assert not Question.objects.exists()


def test_two_banks_of_names_that_fold_alike_do_not_touch_each_other(bank):
    other = QuestionBank.objects.create(name="Muỗi")
    bring(bank, GIFT)
    bring(other, GIFT)
    assert (bank.questions.count(), other.questions.count()) == (2, 2)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "trống"),
        (b"   \n", "trống"),
        (b"// chi co loi ban\n", "Không thấy câu hỏi nào"),
        ("Muối {=trắng}".encode("utf-16-le"), "không phải UTF-8"),
        (b"Mu\xe8i n\xb5o {=tr\xbeng}", "TCVN3"),
        (b"<quiz><question", "bị lỗi"),
        (b"<html></html>", "không phải tệp câu hỏi của Moodle"),
        (b'<!DOCTYPE q [<!ENTITY a "b">]><quiz>&a;</quiz>', "DTD"),
        (b"PK\x03\x04 kaput", "Word"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(bank, data, why):
    made = plan(bank, data)
    assert len(made.refusals) == 1
    assert why in made.refusals[0].reason


def test_old_windows_files_are_read_and_that_is_said(bank):
    decomposed = "Mu\u00f4\u0301i {=tr\u0103\u0301ng ~xanh}"
    made = plan(bank, decomposed.encode("cp1258"))
    assert made.entries[0].draft.stem == "Muối"
    assert "CP1258" in made.losses[0].reason


def test_a_mark_at_the_beginning_of_a_file_is_no_text(bank):
    assert plan(bank, b"\xef\xbb\xbf" + "Muối {T}".encode()).entries[0].draft.stem == "Muối"


@pytest.mark.parametrize(
    ("name", "data", "form"),
    [
        ("a.gift", "x", "gift"),
        ("a.txt", GIFT, "gift"),
        ("a.txt", AIKEN, "aiken"),
        ("a.txt", AIKEN.replace("xanh", "{xanh}"), "aiken"),
        ("a.txt", AIKEN.replace("Muối", "< Muối"), "aiken"),
        ("a.txt", GIFT + "\n" + AIKEN, "gift"),
        ("a.xml", "<quiz/>", "xml"),
        ("a", "\ufeff<quiz/>", "xml"),
        ("a.docx", "PK", "word"),
    ],
)
def test_the_format_is_found_out(name, data, form):
    assert importing.guessed(data.encode(), name) == form


@pytest.mark.parametrize(
    "lines",
    [
        ["Câu 1: Muối nào?", "A. Cà Mau", "B. Bạc Liêu", "Đáp án: B"],
        ["Câu 1. Muối nào?", "a) Cà Mau", "!b) Bạc Liêu"],
        ["!Câu 1: Muối nào?", "A. Cà Mau", "*B. Bạc Liêu"],
        ["Câu hỏi số 1: Muối nào?", "A. Cà Mau", "B. Bạc Liêu", "Đáp án đúng: b"],
        ["Câu 1:\tMuối nào?", "A. Cà Mau\tB. Bạc Liêu", "Đáp án:\tB"],
        ["Câu 1: Muối nào?", "A. Cà Mau\t\t*B. Bạc Liêu"],
    ],
)
def test_word_as_it_is_written_here(bank, lines):
    made = plan(bank, document(*lines, "", "Câu 2: Nước sôi?", "Đáp án: Đúng"), "cau hoi.docx")
    assert made.refusals == []
    first, second = (entry.draft for entry in made.entries)
    assert [(row["text"], row["right"]) for row in first.data["choices"]] == [("Cà Mau", False), ("Bạc Liêu", True)]
    assert (first.stem, second.kind) == ("Muối nào?", "truefalse")


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        (["Câu 1: Muối?", "A. a", "B. b"], "chưa có đáp án"),
        (["Câu 1: Muối?", "A. a", "B. b", "Đáp án: D"], "không có trong các phương án"),
        (["Câu 1: Muối?", "!A. a", "B. b", "Đáp án: B"], "được đánh dấu"),
        (["Câu 1: Muối?"], "không có phương án"),
    ],
)
def test_word_that_contradicts_itself_is_refused_by_its_line(bank, lines, why):
    (problem,) = plan(bank, document(*lines), "a.docx").refusals
    assert problem.place == 1
    assert why in problem.reason


CHOICES = ["Câu 1: Muối nào?", "A. Cà Mau", "B. Bạc Liêu", "C. Huế", "D. Vitamin C"]


@pytest.mark.parametrize(
    ("key", "right"),
    [
        ("Cả A và B", "ab"), ("a, c; D & b", "abcd"), ("Câu B", "b"), ("Ý B", "b"), ("Chọn A", "a"), ("Phương án C.", "c"),
        ("B. Bạc Liêu", "b"), ("D) Vitamin C", "d"), ("A) và B)", "ab"), ("Bạc Liêu", "b"), ("B. Vì được bảo hộ", "b"),
    ],
)  # fmt: skip
def test_a_key_line_names_letters_as_people_write_them(bank, key, right):
    (entry,) = plan(bank, document(*CHOICES, f"Đáp án: {key}"), "a.docx").entries
    assert [choice["id"] for choice in entry.draft.data["choices"] if choice["right"]] == list(right)


@pytest.mark.parametrize(
    "key",
    ["B và C đều đúng", "A hoặc B", "D (tất cả)", "ABC", "A. Cà Mau và Bạc Liêu", "A. hay B", "B. Huế", "Cả ba", "1"],
)
def test_a_key_line_that_could_mean_something_else_is_refused_and_not_guessed(bank, key):
    made = plan(bank, document(*CHOICES, f"Đáp án: {key}"), "a.docx")
    assert made.entries == []
    assert f"vì dòng đáp án ghi “{key}”" in made.refusals[0].reason


def test_a_choice_that_says_both_is_what_the_key_means(bank):
    lines = ["Câu 1: Muối nào?", "A. Cà Mau", "B. Bạc Liêu", "C. Cả A và B", "Đáp án: Cả A và B"]
    (entry,) = plan(bank, document(*lines), "a.docx").entries
    assert [choice["right"] for choice in entry.draft.data["choices"]] == [False, False, True]


def test_a_word_document_that_unpacks_without_end_is_refused(bank, monkeypatch):
    monkeypatch.setattr("quizzes.formats.word.LARGEST", 1000)
    (problem,) = plan(bank, document("Câu 1: " + "a" * 2000), "a.docx").refusals
    assert "lớn quá" in problem.reason


@pytest.mark.parametrize(
    ("written", "kind", "data"),
    [
        (
            question("multichoice", "<single>true</single><shuffleanswers>1</shuffleanswers>" + answer(100, "a") + answer(0, "b")),
            "single",
            {"choices": [
                {"id": "a", "text": "a", "right": True, "feedback": ""}, {"id": "b", "text": "b", "right": False, "feedback": ""},
            ]},
        ),
        (
            question("truefalse", answer(0, "true", "<feedback><text>sai</text></feedback>") + answer(100, "false")),
            "truefalse",
            {"right": False, "feedback_wrong": "sai"},
        ),
        (
            question("shortanswer", "<usecase>1</usecase>" + answer(100, "Cà Mau") + answer(50, "Cà*")),
            "short",
            {"answers": ["Cà Mau"], "exact_accents": True, "noted": [{"text": "Cà*", "weight": 50}], "exact_case": True,
             "wildcards": True},
        ),
        (
            question(
                "numerical",
                answer(100, "1.5", "<tolerance>0.1</tolerance>")
                + "<units><unit><multiplier>1</multiplier><unit_name>kg</unit_name></unit>"
                "<unit><multiplier>1000</multiplier><unit_name>g</unit_name></unit></units>",
            ),
            "numeric",
            {"answers": [{"value": "1.5", "tolerance": "0.1"}],
             "units": [{"name": "kg", "factor": "1"}, {"name": "g", "factor": "0.001"}]},
        ),
        (
            question(
                "matching",
                '<shuffleanswers>true</shuffleanswers><subquestion format="html"><text>Muối</text><answer><text>Bạc Liêu</text>'
                '</answer></subquestion><subquestion format="html"><text></text><answer><text>Hà Giang</text></answer>'
                '</subquestion><subquestion format="html"><text>Cua</text><answer><text>Cà Mau</text></answer></subquestion>',
            ),
            "matching",
            {"pairs": [
                {"id": "a", "text": "Muối", "match": "Bạc Liêu"}, {"id": "b", "match": "Hà Giang"},
                {"id": "c", "text": "Cua", "match": "Cà Mau"},
            ]},
        ),
        (
            question("ordering", answer(1, "Rửa") + answer(2, "Phơi")),
            "ordering",
            {"items": [{"id": "a", "text": "Rửa"}, {"id": "b", "text": "Phơi"}]},
        ),
        (
            question("cloze", "", "<p>Phơi {2:SHORTANSWER:=nắng~%50%gió#gần} ở {:MC:=Cà Mau~Huế} {1:NM:=3:0.5} ngày</p>"),
            "gaps",
            {
                "text": "Phơi [[1]] ở [[2]] [[3]] ngày",
                "gaps": [
                    {"id": "1", "kind": "short", "data": {
                        "answers": ["nắng"], "exact_accents": True, "noted": [{"text": "gió", "weight": 50, "feedback": "gần"}],
                    }, "weight": 2},
                    {"id": "2", "kind": "single", "data": {"choices": [
                        {"id": "a", "text": "Cà Mau", "right": True, "feedback": ""},
                        {"id": "b", "text": "Huế", "right": False, "feedback": ""},
                    ], "shuffle": False}},
                    {"id": "3", "kind": "numeric", "data": {"answers": [{"value": "3", "tolerance": "0.5"}]}},
                ],
            },
        ),
        (
            question(
                "gapselect",
                "<selectoption><text>nắng</text><group>1</group></selectoption>"
                "<selectoption><text>mưa</text><group>1</group></selectoption>",
                "Phơi [[1]].",
            ),
            "gaps",
            {"text": "Phơi [[1]].", "gaps": [{"id": "1", "kind": "single", "data": {"choices": [
                {"id": "a", "text": "nắng", "right": True, "feedback": ""}, {"id": "b", "text": "mưa", "right": False, "feedback": ""},
            ]}}]},
        ),
        (question("description", ""), "description", {}),
    ],
)  # fmt: skip
def test_moodle_xml_kind_by_kind(written, kind, data):
    parsed = moodle_xml.read(moodle(written))
    assert parsed.problems == []
    (draft,) = parsed.drafts
    assert (draft.kind, draft.data) == (kind, data)
    assert KINDS[kind].problems(data) == []


def test_letters_that_moodle_writes_as_signs_are_letters_in_a_typed_answer():
    written = question("cloze", "", "{1:SA:=m&aacute;m &amp;amp; mu&#7889;i~%50%gi&oacute;#g&#7847;n}")
    (draft,) = moodle_xml.read(moodle(written)).drafts
    data = draft.data["gaps"][0]["data"]
    assert (data["answers"], data["noted"]) == (["mám &amp; muối"], [{"text": "gió", "weight": 50, "feedback": "gần"}])


@pytest.fixture
def no_rubbish():
    """What other tests left is not tidied up at the depth where a reader gives up: its own last words would find no room there."""
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("no_rubbish")
@pytest.mark.parametrize(
    ("written", "why"),
    [
        (question("description", "", "<div>" * 1500 + "x" + "</div>" * 1500), "quá nhiều lớp HTML"),
        (question("cloze", "", "{" + "9" * 5000 + ":SA:=a}"), "nhiều nhất là 99"),
        (question("gapselect", "", "Phơi [[" + "9" * 5000 + "]]."), "không có từ nào"),
    ],
)
def test_what_nobody_writes_is_refused_in_words(bank, written, why):
    made = plan(bank, moodle(written), "a.xml")
    assert [(problem.place, why in problem.reason) for problem in made.refusals] == [(1, True)]


@pytest.mark.parametrize(("said", "more"), [("", {}), ("<shuffleanswers>0</shuffleanswers>", {"shuffle": False})])
def test_moodle_shuffles_where_a_file_does_not_say_otherwise(said, more):
    (draft,) = moodle_xml.read(
        moodle(question("multichoice", said + answer("100.00000", "a") + answer("33.33333", "b")))
    ).drafts
    assert {key: draft.data[key] for key in draft.data if key != "choices"} == more
    assert [choice.get("weight") for choice in draft.data["choices"]] == [None, 33.33333]


@pytest.mark.parametrize("grading", ["ALL_OR_NOTHING", "ABSOLUTE_POSITION"])
def test_how_moodle_grades_an_order(grading):
    written = question("ordering", f"<gradingtype>{grading}</gradingtype>" + answer(1, "Rửa") + answer(2, "Phơi"))
    (draft,) = moodle_xml.read(moodle(written)).drafts
    assert draft.data.get("all_or_nothing", False) is (grading == "ALL_OR_NOTHING")


def test_links_keep_their_address_in_words_and_styles_are_left_out():
    stem = '<style>p { color: red }</style><script>run()</script><p>Xem <a href="https://a.vn">luật</a> <a href="b">b</a></p>'
    (draft,) = moodle_xml.read(moodle(question("description", "", stem))).drafts
    assert draft.stem == "Xem luật (https://a.vn) b"


def test_more_questions_than_one_file_may_hold_are_refused(bank, monkeypatch):
    monkeypatch.setattr("quizzes.importing.reading.MOST", 2)
    assert plan(bank, GIFT).refusals == []
    assert "hơn 2 câu" in plan(bank, GIFT + "\nBa? {T}").refusals[0].reason


def test_a_question_without_end_is_refused_by_its_line(bank):
    assert plan(bank, "a" * 10_000 + "{T}").refusals == []
    (problem,) = plan(bank, GIFT + "\n" + "a" * 10_001 + "{T}").refusals
    assert (problem.place, "10.000 ký tự" in problem.reason) == (5, True)


def test_what_moodle_has_and_we_have_not_is_named(bank):
    calculated = question("calculatedsimple", "")
    hinted = question("truefalse", answer(100, "true") + answer(0, "false") + "<hint><text>Nghĩ đi</text></hint>")
    made = plan(bank, moodle(calculated, hinted), "a.xml")
    assert "calculatedsimple" in made.refusals[0].reason
    assert (made.refusals[0].place, "hint" in made.losses[0].reason) == (1, True)


@pytest.fixture
def gift_file(tmp_path):
    path = tmp_path / "muoi.gift"
    path.write_text(GIFT, encoding="utf-8")
    return path


def test_the_command_says_what_it_would_do_and_then_does_it(db, gift_file, capsys):
    call_command("import_questions", gift_file, bank="Muối", dry_run=True, as_json=True)
    report = json.loads(capsys.readouterr().out)
    assert (report["written"], report["new"], Question.objects.count()) == (False, 2, 0)
    assert report["questions"][0]["data"]["choices"][0]["text"] == "trắng"
    assert not QuestionBank.objects.exists()
    call_command("import_questions", gift_file, bank="Muối", as_json=True)
    assert json.loads(capsys.readouterr().out)["written"] is True
    call_command("import_questions", gift_file, bank="Muối", as_json=True)
    again = json.loads(capsys.readouterr().out)["questions"]
    assert [question.key for question in Question.objects.order_by("pk")] == [row["key"] for row in again]


def test_the_command_ends_with_a_fault_when_it_refuses(db, gift_file, capsys):
    gift_file.write_text("Hỏng {=a", encoding="utf-8")
    with pytest.raises(SystemExit) as ended:
        call_command("import_questions", gift_file, bank="Muối", as_json=True)
    assert ended.value.code == 1
    assert json.loads(capsys.readouterr().out)["problems"][0]["place"] == 1
    assert not QuestionBank.objects.exists()


def test_the_command_names_a_file_that_is_not_there(db, tmp_path):
    with pytest.raises(CommandError, match=r"khong-co\.gift"):
        call_command("import_questions", tmp_path / "khong-co.gift", bank="Muối")


def test_an_editor_sees_what_would_happen_and_presses_once(editor, bank):
    assert UPLOAD in editor.get("/quan-tri/question/").text
    page = send(editor, bank, GIFT)
    assert "Sẽ nhập 2 câu mới." in page.text
    assert "phiên bản mới" not in page.text
    assert "Muối màu gì?" in page.text
    assert not Question.objects.exists()
    said = press(editor, page)
    assert "Đã nhập 2 câu vào “Muối”" in said.text
    assert Question.objects.get(kind="truefalse").author.display_name == "Lê Văn Cán Bộ"
    again = press(editor, page)
    assert "Lần bấm này không nhập gì" in again.text
    assert Question.objects.count() == 2


def test_what_must_be_mended_is_listed_and_there_is_no_button(editor, bank):
    page = send(editor, bank, GIFT + "\n<script>alert(1)</script> {=a\n")
    assert page.status_code == 422
    assert "thiếu dấu }" in page.text
    assert "<script>alert" not in page.text
    assert 'name="token"' not in page.text


@pytest.mark.parametrize(("fields", "sentence"), [({}, "Hãy chọn ngân hàng."), ({"bank": "x"}, "Hãy chọn một tệp.")])
def test_a_form_without_file_or_bank_says_so(editor, fields, sentence):
    page = editor.post(UPLOAD, {"form": ""} | fields)
    assert page.status_code == 422
    assert sentence in page.text


def test_a_file_that_is_too_large_is_not_read(editor, bank, monkeypatch):
    monkeypatch.setattr("quizzes.importing.reading.LARGEST", 10)
    page = send(editor, bank, GIFT)
    assert (page.status_code, "lớn quá 20 MB" in page.text) == (422, True)
    assert "lớn quá 20 MB" in plan(bank, GIFT).refusals[0].reason


def test_a_file_is_confirmed_by_whoever_sent_it(editor, bank):
    page = send(editor, bank, GIFT)
    other = cast.client_of(cast.staff("editor", phone="0987654322"))
    assert "Lần bấm này không nhập gì" in press(other, page).text
    assert not Question.objects.exists()

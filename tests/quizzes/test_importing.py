"""Question files come in by one way: what would happen is said first, all of a file or nothing, and again is harmless."""

import base64
import io
import json
import re
import zipfile
from html import escape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from PIL import Image

from quizzes import actions, importing, wording
from quizzes.formats import moodle_xml
from quizzes.kinds import KINDS
from quizzes.models import Question, QuestionBank, QuestionVersion
from tests import cast

GIFT = "Muối màu gì? {=trắng ~xanh}\n\nNước sôi. {T}\n"
AIKEN = "Muối màu gì?\nA. xanh\nB. trắng\nANSWER: B\n"


@pytest.fixture
def bank(db) -> QuestionBank:
    return QuestionBank.objects.create(name="Muối")


def plan(bank, data, name="tep.txt", **more):
    return importing.plan(data=data.encode() if isinstance(data, str) else data, name=name, bank=bank, **more)


def bring(bank, data, name="tep.txt"):
    return actions.import_questions(plan=plan(bank, data, name), by=None, at=cast.NOW)


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


def test_a_question_that_the_file_names_gets_a_version_and_keeps_what_the_file_does_not_say(bank):
    bring(bank, "// [id:q1]\nMuối? {T}")
    Question.objects.update(status="reviewed", difficulty=3)
    bring(bank, "// [id:q1]\nMuối biển? {T}")
    question = Question.objects.get()
    assert (question.versions.count(), question.status, question.difficulty) == (2, "reviewed", 3)


def test_the_same_question_twice_in_a_file_comes_in_once_and_that_is_said(bank):
    made = plan(bank, "Muối? {T}\n\nMuối? {T}")
    assert made.count("new") == 1
    assert "chỉ nhập một lần" in made.losses[0].reason


def test_one_fault_keeps_all_of_a_file_out(bank):
    made = plan(bank, GIFT + "\nHỏng {=a\n")
    assert [(problem.place, problem.reason) for problem in made.refusals] == [(5, "Thiếu dấu }.")]
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
        ("a.xml", "<quiz/>", "xml"),
        ("a", "\ufeff<quiz/>", "xml"),
        ("a.docx", "PK", "word"),
    ],
)
def test_the_format_is_found_out(name, data, form):
    assert importing.guessed(data.encode(), name) == form


def document(*paragraphs: str) -> bytes:
    """A Word document; a paragraph that begins with ! is bold."""
    body = "".join(
        f"<w:p><w:r>{'<w:rPr><w:b/></w:rPr>' if words[:1] == '!' else ''}<w:t>{escape(words.lstrip('!'))}</w:t></w:r></w:p>"
        for words in paragraphs
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
        archive.writestr("word/document.xml", f'<w:document xmlns:w="{space}"><w:body>{body}</w:body></w:document>')
    return packed.getvalue()


@pytest.mark.parametrize(
    "lines",
    [
        ["Câu 1: Muối nào?", "A. Cà Mau", "B. Bạc Liêu", "Đáp án: B"],
        ["Câu 1. Muối nào?", "a) Cà Mau", "!b) Bạc Liêu"],
        ["!Câu 1: Muối nào?", "A. Cà Mau", "*B. Bạc Liêu"],
        ["Câu hỏi số 1: Muối nào?", "A. Cà Mau", "B. Bạc Liêu", "Đáp án đúng: b"],
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
    assert "quá lớn" in problem.reason


def png() -> str:
    made = io.BytesIO()
    Image.new("RGB", (4, 4), "white").save(made, "PNG")
    return base64.b64encode(made.getvalue()).decode()


def question(kind: str, inside: str, stem: str = "<p>Hỏi?</p>") -> str:
    words = f'<questiontext format="html"><text><![CDATA[{stem}]]></text></questiontext>'
    return f'<question type="{kind}"><name><text>T</text></name>{words}{inside}</question>'


def moodle(*questions: str) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?><quiz>{"".join(questions)}</quiz>'.encode()


def answer(fraction: object, words: str, more: str = "") -> str:
    return f'<answer fraction="{fraction}"><text>{words}</text>{more}</answer>'


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


def test_what_moodle_has_and_we_have_not_is_named(bank):
    calculated = question("calculatedsimple", "")
    hinted = question("truefalse", answer(100, "true") + answer(0, "false") + "<hint><text>Nghĩ đi</text></hint>")
    made = plan(bank, moodle(calculated, hinted), "a.xml")
    assert "calculatedsimple" in made.refusals[0].reason
    assert (made.refusals[0].place, "hint" in made.losses[0].reason) == (1, True)


def test_pictures_come_along(bank, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    file = f'<file name="muoi.png" path="/" encoding="base64">{png()}</file>'
    written = question(
        "truefalse", answer(100, "true") + answer(0, "false"), 'Hình: <img src="@@PLUGINFILE@@/muoi.png" alt="Muối">'
    )
    written = written.replace("</text></questiontext>", f"</text>{file}</questiontext>")
    bring(bank, moodle(written), "a.xml")
    stem = QuestionVersion.objects.get().stem
    assert wording.PICTURES.search(stem)
    assert 'alt="Muối"' in wording.line(stem)


def test_a_file_that_only_says_that_it_is_a_picture_keeps_all_out(bank):
    file = f'<file name="x.png" path="/" encoding="base64">{base64.b64encode(b"<script>").decode()}</file>'
    written = question("truefalse", answer(100, "true") + answer(0, "false")).replace(
        "</text></questiontext>", f"</text>{file}</questiontext>"
    )
    with pytest.raises(Exception, match=r"x\.png"):
        bring(bank, moodle(written), "a.xml")
    assert not Question.objects.exists()


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
    assert [question.key for question in Question.objects.order_by("pk")] == [row["key"] for row in report["questions"]]


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


UPLOAD = "/quan-tri/cau-hoi/nhap/"


@pytest.fixture
def editor(bank):
    return cast.client_of(cast.staff("editor"))


def send(client, bank, content, name="muoi.txt"):
    return client.post(UPLOAD, {"bank": bank.pk, "file": SimpleUploadedFile(name, content.encode()), "form": ""})


def token_of(page) -> str:
    return re.search(r'name="token" value="(\w+)"', page.text)[1]


def test_an_editor_sees_what_would_happen_and_presses_once(editor, bank):
    assert UPLOAD in editor.get("/quan-tri/question/").text
    page = send(editor, bank, GIFT)
    assert "2 câu mới, 0 câu có phiên bản mới, 0 câu đã có sẵn" in page.text
    assert "Muối màu gì?" in page.text
    assert not Question.objects.exists()
    said = editor.post(UPLOAD, {"token": token_of(page)}, follow=True)
    assert "Đã nhập 2 câu vào “Muối”" in said.text
    assert Question.objects.get(kind="truefalse").author.display_name == "Lê Văn Cán Bộ"
    again = editor.post(UPLOAD, {"token": token_of(page)}, follow=True)
    assert "Chưa nhập gì" in again.text
    assert Question.objects.count() == 2


def test_what_must_be_mended_is_listed_and_there_is_no_button(editor, bank):
    page = send(editor, bank, GIFT + "\n<script>alert(1)</script> {=a\n")
    assert page.status_code == 422
    assert "Thiếu dấu }" in page.text
    assert "<script>alert" not in page.text
    assert 'name="token"' not in page.text


@pytest.mark.parametrize(("fields", "sentence"), [({}, "Hãy chọn ngân hàng."), ({"bank": "x"}, "Hãy chọn một tệp.")])
def test_a_form_without_file_or_bank_says_so(editor, fields, sentence):
    page = editor.post(UPLOAD, {"form": ""} | fields)
    assert page.status_code == 422
    assert sentence in page.text


def test_a_file_is_confirmed_by_whoever_sent_it(editor, bank):
    token = token_of(send(editor, bank, GIFT))
    other = cast.client_of(cast.staff("editor", phone="0987654322"))
    assert "Chưa nhập gì" in other.post(UPLOAD, {"token": token}, follow=True).text
    assert not Question.objects.exists()

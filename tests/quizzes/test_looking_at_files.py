"""What is said of a file before it is written, on the page and by the command."""

import contextlib
import json

import pytest
from django.core.management import CommandError, call_command

from quizzes.models import QuestionBank

from . import test_word
from .files import GIFT, document, plan, press, send
from .test_moodle_files import png, the_file

DRAWN = '<w:r><w:drawing><wp:inline xmlns:wp="wp"><wp:docPr id="1" name="Hình 1"{}/><a:blip r:embed="rId7"/></wp:inline></w:drawing></w:r>'
RELATIONS = '<Relationship Id="rId7" Target="media/muoi.png"/>'


def drawn(alt: str) -> str:
    return DRAWN.format(f' descr="{alt}"' if alt else "")


def test_a_picture_of_word_keeps_the_description_that_somebody_wrote():
    parsed = test_word.read(
        test_word.line("Câu 1: Con gì?", drawn("Con tôm [sú]")), test_word.line("A. ", drawn("Con  cá")), test_word.line("B. b", drawn("")),
        test_word.KEY, relations=RELATIONS, muoi=test_word.PNG,
    )  # fmt: skip
    (draft,) = parsed.drafts
    assert draft.stem == "Con gì?![Con tôm sú](tep:muoi.png)"
    assert [row["text"] for row in draft.data["choices"]] == ["![Con cá](tep:muoi.png)", "b![](tep:muoi.png)"]
    assert dict(draft.pictures) == {"muoi.png": test_word.PNG}


def test_a_picture_that_is_not_kept_yet_is_shown_by_its_description(editor, bank):
    page = send(editor, bank, the_file("nha.png", content=png()), "a.xml")
    assert "tep:" not in page.text
    assert "[hình" in page.text


@pytest.mark.parametrize(("alt", "shown"), [("tôm", "[hình: tôm]"), ("", "[hình]")])
def test_pictures_stand_in_what_is_asked_and_in_the_key(bank, alt, shown):
    entry = _entry(bank, f"Con gì ![{alt}](tep:a.png)?", f"![{alt}](tep:a.png)")
    assert (entry.stem, entry.described[0]) == (f"Con gì {shown}?", f"☑ {shown}")


def _entry(bank, stem, choice):
    from quizzes.formats.base import Draft
    from quizzes.importing import Entry

    rows = [{"id": "a", "text": choice, "right": True, "feedback": ""}]
    return Entry(Draft(1, "single", stem, {"choices": rows}), "x", "new")


@pytest.mark.parametrize(("alt", "told"), [("", True), ("Con tôm", False)])
def test_a_picture_without_a_description_is_told(bank, alt, told):
    made = plan(bank, f"[markdown]Con gì? ![{alt}](anh\\:1) {{T}}")
    assert ["chưa có mô tả" in loss.reason for loss in made.losses] == [True] * told


def test_questions_that_a_file_numbers_are_named_by_their_numbers(editor, bank):
    lines = ["Câu 7: Muối?", "A. a", "B. b", "Đáp án: A", "", "Câu 08. Nước?", "A. a", "B. b"]
    made = plan(bank, document(*lines), "a.docx")
    assert [(one.name, one.where, one.place) for one in made.refusals] == [("Câu 8", "Câu 8", 6)]
    page = send(editor, bank, "\n".join(lines))
    assert "<td>Câu 8</td>" in page.text


def test_what_is_only_told_stands_under_a_heading_that_does_not_say_more(editor, bank):
    page = send(editor, bank, "Tính $$x^2$$ {T}")
    assert "<h2>Xin lưu ý</h2>" in page.text
    assert "Những gì không nhập được" not in page.text


def test_only_what_there_is_is_counted(editor, bank):
    page = send(editor, bank, GIFT)
    assert "Sẽ nhập 2 câu mới." in page.text
    press(editor, page)
    again = send(editor, bank, GIFT)
    assert "Cả 2 câu đã có trong ngân hàng, không có gì để nhập." in again.text
    assert 'type="submit" class="button">Nhập' not in again.text
    more = send(editor, bank, GIFT + "\nBa? {T}")
    assert "Sẽ nhập 1 câu mới." in more.text
    assert "2 câu đã có sẵn thì bỏ qua." in more.text
    assert "Câu này đã có trong ngân hàng" in send(editor, bank, "Nước sôi. {T}").text


def test_the_first_page_says_when_something_is_written(editor):
    assert "Anh/Chị bấm Nhập thì mới ghi." in editor.get("/quan-tri/cau-hoi/nhap/").text


class TestTheCommand:
    @pytest.fixture
    def run(self, db, tmp_path, capsys):
        def run(content, *options, name="a.gift"):
            path = tmp_path / name
            path.write_bytes(content.encode() if isinstance(content, str) else content)
            with contextlib.suppress(SystemExit):
                call_command("import_questions", str(path), "--bank", "Muối", *options)
            return capsys.readouterr().out.splitlines()

        return run

    def test_with_faults_it_says_that_nothing_was_written(self, run):
        said = run("Tính $$x$$? {T}\n\nHỏng {=a\n\nHỏng =a}")
        assert said[-1] == "chưa nhập gì, còn 2 chỗ phải sửa / nothing written, 2 to mend"
        assert [line[0] for line in said[:-1]] == ["✗", "✗", "·"]
        assert not any(line.startswith(("mới/new", "đã lập")) for line in said)

    def test_a_bank_that_it_makes_is_named_before_and_after(self, run):
        assert "sẽ lập ngân hàng mới “Muối” / new bank" in run(GIFT, "--dry-run")
        assert "đã lập ngân hàng mới “Muối” / new bank" in run(GIFT)
        assert QuestionBank.objects.count() == 1
        assert not any("ngân hàng mới" in line for line in run(GIFT))

    def test_a_dry_run_says_that_it_wrote_nothing(self, run):
        assert run(GIFT, "--dry-run")[-1] == "chạy thử, chưa ghi gì / dry run, nothing written"
        assert "chạy thử" not in run(GIFT)[-1]

    def test_its_json_names_the_question_and_the_new_bank(self, run):
        report = json.loads("\n".join(run("Câu 3: Muối?\nA. a\nB. b", "--json", name="a.txt")))
        assert (report["problems"][0]["name"], report["problems"][0]["place"], report["new_bank"]) == ("Câu 3", 1, "")
        assert json.loads("\n".join(run(GIFT, "--json")))["new_bank"] == "Muối"

    def test_a_format_has_one_name_and_is_known_by_its_old_ones(self, run):
        assert any("mới/new 2" in line for line in run(GIFT, "--format", "gift", "--dry-run", name="a"))
        for old in ("xml", "moodle_xml"):
            assert any("XML" in line for line in run("x", "--format", old, name="a"))
        with pytest.raises(CommandError, match="gift, aiken, moodle_xml, docx, xlsx, qti"):
            run(GIFT, "--format", "pdf")


@pytest.mark.parametrize("command", ["analyse_quiz", "regrade_quiz"])
def test_a_quiz_that_is_not_there_is_said_in_both_languages(db, command):
    with pytest.raises(CommandError, match=r"Không có bài kiểm tra số 999\. / quiz 999: there is none"):
        call_command(command, "999")

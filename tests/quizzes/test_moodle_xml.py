"""Moodle XML of other sites: words as a browser would show them, pictures however they came, and what stays behind."""

import base64

import pytest

from quizzes import wording
from quizzes.formats import moodle_xml
from quizzes.kinds import KINDS

from .files import answer, moodle, plan, question
from .test_moodle_files import png

pytestmark = pytest.mark.once


def one(written: str):
    parsed = moodle_xml.read(moodle(written))
    assert parsed.refusals == []
    (draft,) = parsed.drafts
    return draft


def losses(written: str) -> list[str]:
    return [problem.reason for problem in moodle_xml.read(moodle(written)).problems if problem.is_loss]


@pytest.mark.parametrize(
    ("stem", "words"),
    [
        ("<p>Muối nào\n      có <b>chỉ\n dẫn</b>?</p>", "Muối nào có **chỉ dẫn**?"),
        ("Một<br>\n   hai", "Một\nhai"),
        (
            "Chạy <pre>\nif a &lt; 1:\n\n    in `a`\n</pre> ra gì?",
            "Chạy\n\n`if a < 1:`\n\n\xa0\xa0\xa0\xa0`` in `a` ``\n\nra gì?",
        ),
        ("<p>Một</p>\n\n<p>Hai</p>", "Một\n\nHai"),
        ("<p>Một<br></p><p>Hai<br /></p>", "Một\n\nHai"),
        ("<ul>\n<li>trắng\n sạch</li>\n<li>khô</li></ul>", "- trắng sạch\n- khô"),
        ('Xem <iframe src="https://phim.vn/1"></iframe> rồi đáp', "Xem (https://phim.vn/1) rồi đáp"),
        ('<video controls><source src="https://phim.vn/a.mp4">phim</video>', "phim (https://phim.vn/a.mp4)"),
    ],
)
def test_words_have_the_lines_that_a_browser_shows(stem, words):
    assert one(question("description", "", stem)).stem == words


def test_answers_without_a_format_have_that_of_their_question():
    draft = one(question("multichoice", answer(100, "<![CDATA[a\n<b>b</b>]]>") + answer(0, "c")))
    assert draft.data["choices"][0]["text"] == "a **b**"


def test_a_match_is_plain_words_whatever_signs_it_holds():
    pairs = "".join(
        f"<subquestion><text>{asked}</text><answer><text>{match}</text></answer></subquestion>"
        for asked, match in (("a", "5*3*2"), ("b", "&lt;b&gt;"))
    )
    draft = one(question("matching", pairs))
    assert [wording.plain(pair["match"]) for pair in draft.data["pairs"]] == ["5*3*2", "<b>"]


def test_a_picture_that_was_pasted_into_the_words_comes_along():
    pasted = f'Nhìn <img src="data:image/png;base64,{base64.b64encode(png()).decode()}" alt="Muối"> này'
    draft = one(question("description", "", pasted))
    (name,) = draft.pictures
    assert draft.pictures[name] == png()
    assert draft.stem == f"Nhìn ![Muối](tep:{name}) này"


def test_a_pasted_picture_that_is_broken_leaves_its_description_and_is_said():
    pasted = question("description", "", 'Nhìn <img src="data:image/png;base64,abcde" alt="Muối">')
    assert one(pasted).stem == "Nhìn Muối"
    (said,) = losses(pasted)
    assert "không nhập được" in said


def test_the_one_picture_of_an_old_question_stands_under_its_words():
    packed = f"<image>muoi.png</image><image_base64>\n{base64.b64encode(png()).decode()}\n</image_base64>"
    draft = one(question("description", packed, "Nhìn"))
    assert draft.stem == "Nhìn\n\n![](tep:muoi.png)"
    assert draft.pictures == {"muoi.png": png()}


def test_an_old_picture_that_is_only_named_is_said():
    (said,) = losses(question("description", "<image>muoi.png</image>", "Nhìn"))
    assert "“muoi.png” không nhập được" in said


def test_a_picture_that_lies_elsewhere_is_said_by_its_address(bank):
    made = plan(bank, moodle(question("description", "", '<img src="https://a.vn/b.png" alt="b"> Nhìn')), "a.xml")
    (loss,) = made.losses
    assert (loss.place, "https://a.vn/b.png" in loss.reason) == (1, True)
    assert made.refusals == []


@pytest.mark.parametrize(
    ("kind", "inside", "said"),
    [
        ("essay", "<responsetemplate><text>Kính gửi</text></responsetemplate>", "responsetemplate"),
        ("ordering", "<selecttype>RANDOM</selecttype><selectcount>2</selectcount>", "selectcount"),
    ],
)
def test_what_has_no_place_here_is_said(kind, inside, said):
    (loss,) = losses(question(kind, inside))
    assert said in loss


def test_an_order_that_asks_everything_loses_nothing():
    assert losses(question("ordering", "<selecttype>2</selecttype><selectcount>-1</selectcount>")) == []


@pytest.mark.parametrize(
    ("written", "why"),
    [
        (question("cloze", "", "Muối {1:SHORTANSWER:=mặn} và {1:MULTICHOICE}"), "“{1:MULTICHOICE}” viết chưa đúng"),
        (question("cloze", "", "Muối {1:SA:=mặn} và {:NUMERICAL:=1"), "viết chưa đúng"),
        (question("matching", "<subquestion><text>Muối</text></subquestion>"), "“Muối” chưa có vế khớp"),
    ],
)
def test_what_cannot_be_read_keeps_the_question_out(written, why):
    parsed = moodle_xml.read(moodle(written))
    assert parsed.drafts == []
    assert why in parsed.refusals[0].reason


@pytest.mark.parametrize(
    ("kind", "inside", "stem", "said"),
    [
        ("essay", "<attachments>2</attachments>", "Kể", "nộp tệp"),
        ("essay", "<responseformat>noinline</responseformat>", "Kể", "nộp tệp"),
        ("essay", "<defaultgrade>2.5000000</defaultgrade>", "Kể", "Điểm của câu (2.5)"),
        ("essay", "<defaultgrade>1,000</defaultgrade>", "Kể", "Điểm của câu (1,000)"),
        ("essay", "<defaultgrade>abc</defaultgrade>", "Kể", "Điểm của câu (abc)"),
        ("essay", "", 'Nhìn <svg><path d="M 1"/></svg>', "svg"),
    ],
)
def test_what_only_other_sites_have_is_said(kind, inside, stem, said):
    (loss,) = losses(question(kind, inside, stem))
    assert said in loss


def test_an_essay_in_words_alone_with_one_mark_loses_nothing():
    inside = "<responseformat>editor</responseformat><attachments>0</attachments><defaultgrade>1.0000000</defaultgrade>"
    assert losses(question("essay", inside)) == []


def test_a_row_that_asks_by_a_picture_alone_which_is_lost_is_refused_and_no_match_without_a_row():
    def pair(asked: str, match: str) -> str:
        return f"<subquestion><text><![CDATA[{asked}]]></text><answer><text>{match}</text></answer></subquestion>"

    lost = '<img src="@@PLUGINFILE@@/muoi.png" alt="">'
    (problem,) = moodle_xml.read(
        moodle(question("matching", pair("a", "b") + pair(lost, "c") + pair("d", "e")))
    ).refusals
    assert "khớp với “c”" in problem.reason


def test_a_list_of_words_that_keeps_its_order():
    box = "<selectoption><text>mặn</text><group>1</group></selectoption><selectoption><text>ngọt</text><group>1</group></selectoption>"
    for said, shuffled in (("0", False), ("1", None)):
        draft = one(question("gapselect", f"<shuffleanswers>{said}</shuffleanswers>{box}", "Muối [[1]]."))
        assert draft.data["gaps"][0]["data"].get("shuffle") is shuffled


def test_a_number_from_before_there_were_texts_within_answers():
    draft = one(question("numerical", '<answer fraction="100">12,5<tolerance>0.5</tolerance></answer>'))
    assert draft.data["answers"] == [{"value": "12.5", "tolerance": "0.5"}]


def test_the_full_number_leads():
    draft = one(question("numerical", answer(50, "7") + answer(100, "9")))
    assert [row["value"] for row in draft.data["answers"]] == ["9", "7"]


def test_a_percent_with_a_comma_within_a_gap():
    draft = one(question("cloze", "", "Muối {1:MULTICHOICE:=mặn~%33,33333%hơi mặn~ngọt}"))
    rows = draft.data["gaps"][0]["data"]["choices"]
    assert [(row["text"], row.get("weight")) for row in rows] == [("mặn", None), ("hơi mặn", 33.33333), ("ngọt", None)]


@pytest.mark.parametrize("formula", [r"\(x_1\)", r"\[x\]", r"$$\frac{1}{2}$$"])
def test_a_formula_stays_as_typed_and_is_said(bank, formula):
    made = plan(bank, moodle(question("essay", "", f"Tính {formula}")), "a.xml")
    assert ["LaTeX" in loss.reason for loss in made.losses] == [True]
    assert wording.plain(made.entries[0].draft.stem) == f"Tính {formula}"


def test_brackets_and_money_are_no_formulas(bank):
    assert plan(bank, moodle(question("essay", "", "Giá (1) [2] là 5$ hay 6$?")), "a.xml").losses == []


def test_one_of_two_that_are_wholly_right_earns_all():
    parsed = moodle_xml.read(moodle(question("multichoice", answer(100, "a") + answer(100, "b") + answer(0, "c"))))
    (draft,), (told,) = parsed.drafts, parsed.problems
    assert [KINDS["single"].fraction(draft.data, chosen) for chosen in "abc"] == [1, 1, 0]
    assert "có 2 phương án được trọn điểm" in told.reason

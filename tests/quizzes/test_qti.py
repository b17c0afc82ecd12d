"""QTI items in both spellings, alone and in packages; what cannot be read is said with the item's identifier."""

import io
import zipfile

import pytest

from quizzes.formats import qti
from quizzes.kinds import KINDS
from quizzes.models import QuestionVersion

from .files import bring, plan
from .test_moodle_files import png

pytestmark = pytest.mark.once

SPACE = "http://www.imsglobal.org/xsd/imsqti_v2p1"
RESPONSE = '<responseDeclaration identifier="R" cardinality="{0}" baseType="{1}">{2}</responseDeclaration>'
AB = '<simpleChoice identifier="A">trắng<feedbackInline outcomeIdentifier="F" identifier="A" showHide="show">giỏi</feedbackInline></simpleChoice><simpleChoice identifier="B">xanh</simpleChoice>'


def item(body, declared="", identifier="q1", more=""):
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><assessmentItem xmlns="{SPACE}" identifier="{identifier}" title="T">'
        f"{declared}<itemBody>{body}</itemBody>{more}</assessmentItem>"
    ).encode()


def correct(*values):
    return f"<correctResponse>{''.join(f'<value>{value}</value>' for value in values)}</correctResponse>"


def mapping(**values):
    entries = "".join(f'<mapEntry mapKey="{key}" mappedValue="{value}"/>' for key, value in values.items())
    return f'<mapping defaultValue="0">{entries}</mapping>'


def response(cardinality, base, inside):
    return RESPONSE.format(cardinality, base, inside)


def choice(words=AB, more=""):
    return f'<p>Nhìn.</p><choiceInteraction responseIdentifier="R" {more}><prompt>Muối màu gì?</prompt>{words}</choiceInteraction>'


def one(data):
    parsed = qti.read(data)
    assert parsed.refusals == []
    (draft,) = parsed.drafts
    assert KINDS[draft.kind].problems(draft.data) == []
    return draft


def package(*items, metadata="", **files):
    """Items by name, with a manifest that names them; one without content is only named."""
    listed = "".join(
        f'<resource identifier="{name}" type="imsqti_item_xmlv2p1" href="{name}">{metadata}</resource>'
        for name, _data in items
    )
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("imsmanifest.xml", f"<manifest><resources>{listed}</resources></manifest>")
        for name, data in [*items, *files.items()]:
            if data is not None:
                archive.writestr(name, data)
    return made.getvalue()


def test_one_of_several():
    draft = one(item(choice(more='shuffle="true"'), response("single", "identifier", correct("A"))))
    assert (draft.kind, draft.stem, draft.key, draft.title) == ("single", "Nhìn.\n\nMuối màu gì?", "q1", "T")
    assert draft.data == {"choices": [
        {"id": "a", "text": "trắng", "right": True, "feedback": "giỏi"}, {"id": "b", "text": "xanh", "right": False, "feedback": ""},
    ]}  # fmt: skip


def test_what_a_single_choice_earns():
    draft = one(item(choice(), response("single", "identifier", correct("A") + mapping(A=2, B=1))))
    assert draft.data["choices"][1]["weight"] == 50
    assert draft.data["shuffle"] is False


@pytest.mark.parametrize(
    ("inside", "credit", "weights"),
    [(correct("A", "B"), "all", [None, None]), (correct("A", "B") + mapping(A=1, B=3), "weights", [25, 75])],
)
def test_several_right_ones(inside, credit, weights):
    draft = one(item(choice(), response("multiple", "identifier", inside)))
    assert (draft.kind, draft.data["credit"]) == ("multiple", credit)
    assert [row.get("weight") for row in draft.data["choices"]] == weights


def test_the_third_generation_says_the_same_in_other_words():
    data = (
        '<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="q3" title="T">'
        '<qti-response-declaration identifier="R" cardinality="single" base-type="identifier"><qti-correct-response>'
        "<qti-value>B</qti-value></qti-correct-response></qti-response-declaration><qti-item-body>"
        '<qti-choice-interaction response-identifier="R" max-choices="1"><qti-prompt>Màu gì?</qti-prompt>'
        '<qti-simple-choice identifier="A">xanh</qti-simple-choice><qti-simple-choice identifier="B"><b>trắng</b>'
        "</qti-simple-choice></qti-choice-interaction></qti-item-body></qti-assessment-item>"
    ).encode()
    draft = one(data)
    assert [(row["text"], row["right"]) for row in draft.data["choices"]] == [("xanh", False), ("**trắng**", True)]


def test_a_word_to_type():
    declared = response(
        "single",
        "string",
        correct("nắng")
        + '<mapping><mapEntry mapKey="nắng" mappedValue="1" caseSensitive="false"/><mapEntry mapKey="gió" mappedValue="0.5" caseSensitive="false"/></mapping>',
    )
    draft = one(item('<p>Phơi bằng <textEntryInteraction responseIdentifier="R"/> rồi cào.</p>', declared))
    assert (draft.kind, draft.stem) == ("short", r"Phơi bằng \_\_\_\_\_ rồi cào.")
    assert draft.data == {"answers": ["nắng"], "noted": [{"text": "gió", "weight": 50}], "exact_accents": True}


def test_a_number_to_type_with_a_tolerance():
    rule = '<responseProcessing><equal toleranceMode="absolute" tolerance="0.5 0.5"/></responseProcessing>'
    data = item(
        '<p>Bao nhiêu? <textEntryInteraction responseIdentifier="R"/></p>',
        response("single", "float", correct("3.5")),
        more=rule,
    )
    draft = one(data)
    assert (draft.kind, draft.stem, draft.data) == (
        "numeric",
        "Bao nhiêu?",
        {"answers": [{"value": "3.5", "tolerance": "0.5"}]},
    )


def test_pairs_with_a_match_that_belongs_to_none():
    sides = "".join(
        "<simpleMatchSet>"
        + "".join(f'<simpleAssociableChoice identifier="{key}">{words}</simpleAssociableChoice>' for key, words in side)
        + "</simpleMatchSet>"
        for side in ([("M", "Muối"), ("C", "Cua")], [("b", "Bạc Liêu"), ("c", "Cà Mau"), ("h", "Hà Giang")])
    )
    body = f'<matchInteraction responseIdentifier="R" shuffle="true"><prompt>Ghép:</prompt>{sides}</matchInteraction>'
    draft = one(item(body, response("multiple", "directedPair", correct("M b", "C c"))))
    assert draft.data == {"pairs": [
        {"id": "a", "text": "Muối", "match": "Bạc Liêu"}, {"id": "b", "text": "Cua", "match": "Cà Mau"}, {"id": "c", "match": "Hà Giang"},
    ], "all_or_nothing": True}  # fmt: skip


def test_steps_in_order():
    body = f'<orderInteraction responseIdentifier="R"><prompt>Xếp:</prompt>{AB}</orderInteraction>'
    draft = one(item(body, response("ordered", "identifier", correct("B", "A"))))
    assert draft.data == {"items": [{"id": "a", "text": "xanh"}, {"id": "b", "text": "trắng"}], "all_or_nothing": True}


def test_a_text_with_a_list_and_a_gap():
    body = (
        '<p>Phơi <inlineChoiceInteraction responseIdentifier="R"><inlineChoice identifier="A">nắng</inlineChoice><inlineChoice '
        'identifier="B">mưa</inlineChoice></inlineChoiceInteraction> đủ <textEntryInteraction responseIdentifier="S"/> ngày.</p>'
    )
    declared = response("single", "identifier", correct("A")) + response("single", "integer", correct("3")).replace(
        '"R"', '"S"'
    )
    draft = one(item(body, declared))
    assert (draft.kind, draft.data["text"]) == ("gaps", "Phơi [[1]] đủ [[2]] ngày.")
    assert [gap["kind"] for gap in draft.data["gaps"]] == ["single", "numeric"]
    assert draft.data["gaps"][1]["data"] == {"answers": [{"value": "3"}]}


def test_an_essay_and_words_to_read():
    assert one(item('<p>Kể:</p><extendedTextInteraction responseIdentifier="R"/>')).kind == "essay"
    assert one(item("<p>Đọc kỹ.</p>")).kind == "description"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (item('<hotspotInteraction responseIdentifier="R"/>'), "“hotspotinteraction”"),
        (item(choice()), "Không thấy đáp án (responseDeclaration) “R”"),
        (item(choice(), response("single", "identifier", "")), "chưa có đáp án"),
        (item(choice(), response("single", "identifier", correct("X"))), "X không có trong các phương án"),
        (item(choice() + choice(), response("single", "identifier", correct("A"))), "2 chỗ trả lời"),
        (item("", ""), "không có lời hỏi"),
        (item('<p>Số: <textEntryInteraction responseIdentifier="R"/></p>', response("single", "float", correct("ba"))), "không phải là số"),
        (b'<assessmentItem identifier="q1"/>', "itemBody"),
        (b'<assessmentTest identifier="q1"/>', "assessmentTest"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_said_with_its_identifier(bank, data, why):
    (problem,) = plan(bank, data, "a.xml", form="qti").refusals
    assert why in problem.reason
    assert problem.excerpt.startswith("q1")


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b'<!DOCTYPE q [<!ENTITY a "b">]><assessmentItem>&a;</assessmentItem>', "DTD"),
        (b"<assessmentItem", "bị lỗi"),
        (b"<questestinterop/>", "QTI 1.2"),
    ],
)
def test_a_file_that_may_do_harm_or_is_older_is_not_read(bank, data, why):
    (problem,) = plan(bank, data, "a.xml", form="qti").refusals
    assert why in problem.reason


STATEMENT = response("single", "identifier", correct("A"))


def test_a_package_brings_its_items_and_pictures(bank, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    shown = item('<p><img src="../hinh/muoi.png" alt="Muối"/></p>' + choice(), STATEMENT)
    data = package(("items/a.xml", shown), ("items/b.xml", item(choice(), STATEMENT, "q2")), **{"hinh/muoi.png": png()})
    made = plan(bank, data, "goi.zip")
    assert (made.refusals, made.losses, [entry.draft.key for entry in made.entries]) == ([], [], ["q1", "q2"])
    bring(bank, data, "goi.zip")
    assert "![Muối](anh:" in QuestionVersion.objects.order_by("pk").first().stem
    assert {entry.fate for entry in plan(bank, data, "goi.zip").entries} == {"same"}


def test_a_picture_that_is_not_in_the_package_is_said(bank):
    shown = item('<p><img src="https://a.vn/x.png" alt="Muối"/></p>' + choice(), STATEMENT)
    assert "Hình" in plan(bank, package(("a.xml", shown)), "goi.zip").losses[0].reason


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (package(("../a.xml", item(choice(), STATEMENT))), "chỉ ra ngoài tệp"),
        (package(), "không có câu hỏi nào"),
        (b"PK\x03\x04", "Không mở được"),
    ],
)
def test_a_package_that_cannot_be_read_says_why(bank, data, why):
    (problem,) = plan(bank, data, "goi.zip").refusals
    assert why in problem.reason


def test_an_item_that_a_package_only_names_is_said_by_its_identifier(bank):
    data = package(("a.xml", item(choice(), STATEMENT)), ("b.xml", None))
    (problem,) = plan(bank, data, "goi.zip").refusals
    assert (problem.place, problem.excerpt, "“b.xml”" in problem.reason) == (2, "b.xml", True)


def test_words_in_more_layers_than_anybody_writes_are_refused(bank):
    (problem,) = plan(bank, item("<div>" * 3000 + "x" + "</div>" * 3000), "a.xml").refusals
    assert "quá nhiều lớp" in problem.reason


def test_a_package_that_unpacks_without_end_is_refused(bank, monkeypatch):
    monkeypatch.setattr("lib.foreign.packing.MOST_FILES", 1)
    assert "chứa quá nhiều" in plan(bank, package(("a.xml", item("x"))), "goi.zip").refusals[0].reason
    monkeypatch.undo()
    monkeypatch.setattr("quizzes.formats.qti.LARGEST_ITEM", 200)
    assert "lớn quá" in plan(bank, package(("a.xml", item("x" * 500))), "goi.zip").refusals[0].reason


def test_feedback_of_the_whole_item_has_no_place_and_that_is_said(bank):
    more = '<modalFeedback outcomeIdentifier="F" identifier="x" showHide="show">Xem lại.</modalFeedback>'
    made = plan(bank, item(choice(), STATEMENT, more=more), "a.xml")
    assert "modalFeedback" in made.losses[0].reason


def processed(inside="", template=""):
    return f'<responseProcessing template="{template}">{inside}</responseProcessing>'


TWO_RIGHT = (
    correct("A", "B")
    + '<mapping defaultValue="-1" upperBound="2"><mapEntry mapKey="A" mappedValue="1"/><mapEntry mapKey="B" mappedValue="1"/></mapping>'
)
ABC = AB + '<simpleChoice identifier="C">đỏ</simpleChoice>'


def test_a_choice_that_the_mapping_does_not_name_earns_its_default():
    draft = one(
        item(choice(ABC), response("multiple", "identifier", TWO_RIGHT), more=processed(template="x/map_response"))
    )
    assert [row["weight"] for row in draft.data["choices"]] == [50, 50, -50]


@pytest.mark.parametrize(
    "more",
    [
        processed(template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/match_correct"),
        processed('<match><variable identifier="R"/><correct identifier="R"/></match>'),
    ],
)
def test_a_mapping_that_the_item_is_not_scored_by_does_not_count(more):
    draft = one(item(choice(ABC), response("multiple", "identifier", TWO_RIGHT), more=more))
    assert (draft.data["credit"], [row["right"] for row in draft.data["choices"]]) == ("all", [True, True, False])


def test_a_mapping_that_the_items_own_processing_names_counts():
    more = processed('<mapResponse identifier="R"/><correct identifier="R"/>')
    assert one(item(choice(ABC), response("multiple", "identifier", TWO_RIGHT), more=more)).data["credit"] == "weights"


def test_one_choice_that_keeps_its_place_keeps_the_order_of_all():
    fixed = ABC.replace('identifier="C"', 'identifier="C" fixed="true"')
    declared = response("single", "identifier", correct("A"))
    assert one(item(choice(fixed, 'shuffle="true"'), declared)).data["shuffle"] is False
    assert "shuffle" not in one(item(choice(ABC, 'shuffle="true"'), declared)).data


def test_an_item_may_name_its_document_type():
    named = b'<!DOCTYPE assessmentItem PUBLIC "-//W3C//DTD MathML 2.0//EN" "http://www.w3.org/x.dtd"><assessmentItem'
    data = item("<p>Nhìn.</p>").replace(b"<assessmentItem", named)
    assert one(data).stem == "Nhìn."


def test_lines_of_the_source_are_no_lines_on_screen():
    draft = one(item("<p>Một\n   câu<br/>\n  dài.</p>"))
    assert draft.stem == "Một câu\ndài."


def test_a_picture_in_an_object_comes_along_and_the_innermost_stands_for_all(bank, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    nested = '<object type="image/eps" data="a.eps"><object type="image/png" data="a.png">Ruộng muối</object></object>'
    made = plan(bank, package(("q1.xml", item(f"<p>{nested}Nhìn.</p>")), **{"a.png": png()}), "a.zip")
    assert made.losses == []
    assert made.entries[0].draft.stem == "![Ruộng muối](tep:a.png)Nhìn."


@pytest.mark.parametrize(
    ("body", "more", "said"),
    [
        ('<object type="text/html" data="a.html"/><p>Đọc.</p>', "", "(object) không nhập được"),
        ('<p>Nghe.</p><audio src="a.mp3"/>', "", "(audio) không nhập được"),
        ('<p>Nghe.</p><feedbackInline identifier="x">Giỏi</feedbackInline>', "", "Lời nhắn"),
        (f"{choice()}", processed("<responseCondition><responseElseIf/></responseCondition>"), "responseProcessing"),
        (f"{choice()}", processed('<index n="1"><correct identifier="R"/></index>'), "responseProcessing"),
    ],
)
def test_what_an_item_says_beyond_what_is_kept_is_named(bank, body, more, said):
    made = plan(bank, item(body, response("single", "identifier", correct("A")), more=more), "a.xml")
    assert made.refusals == []
    assert said in made.losses[0].reason


def test_pairs_that_earn_differently_earn_alike_and_that_is_said(bank):
    sets = "".join(
        f"<simpleMatchSet>{''.join(f'<simpleAssociableChoice identifier="{one}">{one}</simpleAssociableChoice>' for one in names)}</simpleMatchSet>"
        for names in ("AB", "XY")
    )
    entries = '<mapping><mapEntry mapKey="A X" mappedValue="1"/><mapEntry mapKey="B Y" mappedValue="0.5"/></mapping>'
    body = f'<matchInteraction responseIdentifier="R"><prompt>Ghép.</prompt>{sets}</matchInteraction>'
    made = plan(bank, item(body, response("multiple", "directedPair", correct("A X", "B Y") + entries)), "a.xml")
    assert "mỗi cặp được tính như nhau" in made.losses[0].reason


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (item('<p>Có <printedVariable identifier="N"/> người.</p>'), "templateProcessing"),
        (item("<p>Muối?</p>").replace(b' title="T"', b' title="T" adaptive="true"'), "adaptive"),
        (b'<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" identifier="m"/>', "cả gói .zip"),
        (b'<qti-assessment-test identifier="t"/>', "(qti-assessment-test) chỉ nêu tên"),
    ],
)
def test_what_is_drawn_anew_or_holds_no_question_is_refused_whatever_the_file_is_called(bank, data, why):
    (problem,) = plan(bank, data, "a.xml").refusals
    assert why in problem.reason

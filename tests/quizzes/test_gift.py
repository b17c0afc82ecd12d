"""GIFT files of other systems: what each way of writing means, and what is said of what cannot be read."""

import pytest

from quizzes.formats import gift


def one(written: str):
    parsed = gift.read(written)
    assert parsed.problems == []
    (draft,) = parsed.drafts
    return draft


def texts(draft) -> list[tuple]:
    return [(row["text"], row["right"], row.get("weight")) for row in draft.data["choices"]]


def test_one_right_answer_among_wrong_ones():
    draft = one("::Màu:: Muối màu gì? {~xanh =trắng#Đúng ~đỏ#Muối ớt à?}")
    assert (draft.title, draft.kind, draft.stem) == ("Màu", "single", "Muối màu gì?")
    assert texts(draft) == [("xanh", False, None), ("trắng", True, None), ("đỏ", False, None)]
    assert [row["feedback"] for row in draft.data["choices"]] == ["", "Đúng", "Muối ớt à?"]


def test_percents_without_a_right_sign_are_several_right_ones():
    draft = one("Chọn: {~%50%a ~%50%b ~%-100%c}")
    assert draft.kind == "multiple"
    assert draft.data["credit"] == "weights"
    assert texts(draft) == [("a", True, 50), ("b", True, 50), ("c", False, -100)]


def test_a_percent_beside_a_right_sign_is_part_of_the_marks():
    assert texts(one("Chọn {=a ~%33.33333%b ~c}")) == [("a", True, None), ("b", False, 33.33333), ("c", False, None)]


@pytest.mark.parametrize(
    ("sign", "right"), [("T", True), ("TRUE", True), ("F", False), ("FALSE", False), ("true", True)]
)
def test_a_statement(sign, right):
    draft = one(f"Nước sôi ở 100 độ. {{{sign}#chưa đúng#đúng rồi}}")
    assert draft.data == {"right": right, "feedback_wrong": "chưa đúng", "feedback_right": "đúng rồi"}


def test_short_answers():
    draft = one("Thủ phủ? {=Cà Mau =Ca Mau#thiếu dấu =%50%Mau =Cà*}")
    assert draft.kind == "short"
    assert draft.data["answers"] == ["Cà Mau", "Cà*"]
    assert draft.data["noted"] == [{"text": "Ca Mau", "feedback": "thiếu dấu"}, {"text": "Mau", "weight": 50}]
    assert draft.data["wildcards"] is True


@pytest.mark.parametrize(
    ("inside", "answers"),
    [
        ("#3.14", [{"value": "3.14"}]),
        ("#3.141..3.142", [{"value": "3.1415", "tolerance": "0.0005"}]),
        ("#3.14:0.005", [{"value": "3.14", "tolerance": "0.005"}]),
        ("#-5:0", [{"value": "-5"}]),
        ("#=1822:0#đúng =%50%1822:2 ~*#sai", [
            {"value": "1822", "feedback": "đúng"},
            {"value": "1822", "tolerance": "2", "weight": 50},
            {"value": "*", "weight": 0, "feedback": "sai"},
        ]),
        ("#1e3", [{"value": "1000"}]),
    ],
)  # fmt: skip
def test_numbers(inside, answers):
    assert one(f"Bao nhiêu? {{{inside}}}").data == {"answers": answers}


def test_pairs_with_a_match_that_belongs_to_none():
    draft = one("Ghép {\n=Muối -> Bạc Liêu\n=Cua -> Cà Mau\n= -> Hà Giang\n}")
    assert draft.data["pairs"] == [
        {"id": "a", "text": "Muối", "match": "Bạc Liêu"},
        {"id": "b", "text": "Cua", "match": "Cà Mau"},
        {"id": "c", "match": "Hà Giang"},
    ]


def test_a_blank_in_the_middle_of_a_sentence():
    draft = one("Tôm {=khô ~tươi} để được lâu.")
    assert draft.stem == r"Tôm \_\_\_\_\_ để được lâu."


def test_an_essay_and_words_to_read():
    parsed = gift.read("Kể chuyện nhà mình. {}\n\nĐọc kỹ đoạn này.")
    assert [draft.kind for draft in parsed.drafts] == ["essay", "description"]


def test_signs_with_a_backslash_are_ordinary():
    draft = one(r"::a\:b:: 1 \{2\} \= \~ \# {=x\=y\:z#a\#b ~\~}")
    assert draft.title == "a:b"
    assert draft.stem == r"1 {2} = \~ #"  # the backslash is Markdown's
    assert draft.data["choices"][0]["text"] == "x=y:z"
    assert draft.data["choices"][0]["feedback"] == "a#b"
    assert draft.data["choices"][1]["text"] == r"\~"


def test_a_line_end_that_is_written():
    assert one(r"Dòng một\nDòng hai {T}").stem == "Dòng một\nDòng hai"


def test_what_is_told_to_everybody():
    draft = one("Muối? {=mặn ~ngọt ####Xem bài 2.}")
    assert draft.explanation == "Xem bài 2."
    assert draft.data["choices"][1]["text"] == "ngọt"


@pytest.mark.parametrize(
    ("written", "stem"),
    [
        ("[html]<p>Muối <b>Bạc Liêu</b></p>{T}", "Muối **Bạc Liêu**"),
        ("[markdown]Muối **Bạc Liêu**{T}", "Muối **Bạc Liêu**"),
        ("[plain]a < b *c*{T}", r"a \< b \*c\*"),
        ("[moodle]một<br>hai{T}", "một\nhai"),
        ("[html]<script>alert(1)</script>An toàn{T}", "An toàn"),
        ('[html]<img src\\="x" onerror\\="y">Hình{T}', "![](x)Hình"),
    ],
)
def test_formats_of_text(written, stem):
    assert one(written).stem == stem


def test_answers_have_the_format_of_their_question_unless_they_say_another():
    draft = one("[html]Hỏi{=<b>a</b> ~[plain]<b>b</b>}")
    assert [row["text"] for row in draft.data["choices"]] == ["**a**", r"\<b\>b\</b\>"]


def test_categories_and_notes():
    parsed = gift.read(
        "// ghi chú\n$CATEGORY: $course$/top/Muối/Biển\n\n// [id:q1] [tag:muối] [tag:an toàn]\n::A::Một {T}\n\n"
        "$CATEGORY: tom\n\n// lời bàn\nHai {F}\n"
    )
    assert [draft.category for draft in parsed.drafts] == [("Muối", "Biển"), ("tom",)]
    assert (parsed.drafts[0].key, parsed.drafts[0].tags) == ("q1", ("muối", "an toàn"))
    assert (parsed.drafts[1].key, parsed.drafts[1].tags) == ("", ())


def test_comments_between_the_lines_of_a_question_are_not_part_of_it():
    draft = one("Hỏi {\n// một\n=đúng\n// hai\n~sai\n}")
    assert [row["text"] for row in draft.data["choices"]] == ["đúng", "sai"]


def test_an_empty_line_between_answers_does_not_end_the_question():
    assert len(one("Hỏi {\n=đúng\n\n~sai\n}").data["choices"]) == 2


def test_windows_and_old_mac_line_ends():
    assert len(gift.read("Một {T}\r\n\r\nHai {F}\r\n").drafts) == 2
    assert len(gift.read("Một {T}\r\rHai {F}\r").drafts) == 2


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("Hỏi {=a", "Thiếu dấu }"),
        ("Hỏi =a}", "Thiếu dấu {"),
        ("Hỏi }{", "đứng trước"),
        ("Hỏi {=a} và {=b}", "nhiều hơn một cặp"),
        ("Hỏi {a b}", "không có đáp án"),
        ("Hỏi {a =b}", "không có dấu"),
        ("Hỏi {~a ~b}", "không có phương án nào đúng"),
        ("Hỏi {#abc}", "không phải là số"),
        ("Hỏi {#}", "chưa có đáp số"),
        ("Hỏi {#1e999999}", "không phải là số"),
        ("Hỏi {=a -> =b -> c}", "chưa có vế khớp"),
        ("Hỏi {=}", "đáp án trống"),
        ("Hỏi {~%500%a ~b}", "ngoài −100 đến 100"),
        ("::Chỉ có tên:: {T}", "không có lời hỏi"),
        ("Hỏi {=a " + "~b " * 30 + "}", "nhiều nhất là 26"),
    ],
)
def test_what_cannot_be_read_is_named_by_its_line_and_the_others_stay(written, why):
    parsed = gift.read(f"Trước {{T}}\n\n{written}\n\nSau {{F}}")
    assert [draft.stem for draft in parsed.drafts] == ["Trước", "Sau"]
    (problem,) = parsed.problems
    assert problem.place == 3
    assert why in problem.reason

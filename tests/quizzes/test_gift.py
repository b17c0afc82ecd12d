"""GIFT files of other systems: what each way of writing means, and what is said of what cannot be read."""

import pytest

from quizzes import wording
from quizzes.formats import gift
from quizzes.kinds import KINDS

from .files import plan

pytestmark = pytest.mark.once


def one(written: str):
    parsed = gift.read(written)
    assert parsed.problems == []
    (draft,) = parsed.drafts
    return draft


def texts(draft) -> list[tuple]:
    return [(row["text"], row["right"], row.get("weight")) for row in draft.data["choices"]]


def test_of_several_that_are_wholly_right_any_one_earns_all_and_that_is_told():
    parsed = gift.read("Chợ nào có muối? {=Bạc Liêu =Cà Mau ~Sao Hỏa}")
    (draft,), (told,) = parsed.drafts, parsed.problems
    kind = KINDS[draft.kind]
    assert (draft.kind, kind.problems(draft.data)) == ("single", [])
    assert [kind.fraction(draft.data, answer) for answer in "abc"] == [1, 1, 0]
    assert kind.review(draft.data, "b", {}).right == ("Bạc Liêu", "Cà Mau")
    assert "có 2 phương án được trọn điểm" in told.reason
    assert told.is_loss


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


def test_percents_behind_the_right_sign_are_percents_all_the_same():
    draft = one("Chọn: {=%50%a =%50%b ~%-50%c}")
    assert (draft.kind, texts(draft)) == ("multiple", [("a", True, 50), ("b", True, 50), ("c", False, -50)])


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
        ("#3:2", [{"value": "3", "tolerance": "2"}]),
        ("#1..5", [{"value": "3", "tolerance": "2"}]),
        ("#-5..-1", [{"value": "-3", "tolerance": "2"}]),
        ("#1.5..2.5#vừa", [{"value": "2", "tolerance": "0.5", "feedback": "vừa"}]),
        ("#=1..5 =%50%6:1#gần", [
            {"value": "3", "tolerance": "2"}, {"value": "6", "tolerance": "1", "weight": 50, "feedback": "gần"},
        ]),
        ("#3:2~#xa quá", [
            {"value": "3", "tolerance": "2"}, {"value": "*", "weight": 0, "feedback": "xa quá"},
        ]),
        ("#\n=%100%7:0.5#đúng\n~#chưa phải\n####Xem bài 3.", [
            {"value": "7", "tolerance": "0.5", "feedback": "đúng"}, {"value": "*", "weight": 0, "feedback": "chưa phải"},
        ]),
        ("#=7 ~9#nhầm", [{"value": "7"}, {"value": "9", "weight": 0, "feedback": "nhầm"}]),
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


def test_a_remark_behind_the_answers_is_not_asked():
    draft = one("Nước sôi ở 100 độ. {T}  // lời bàn")
    assert (draft.kind, draft.stem) == ("truefalse", "Nước sôi ở 100 độ.")


def test_a_blank_in_the_middle_of_a_sentence():
    draft = one("Tôm {=khô ~tươi} để được lâu.")
    assert draft.stem == r"Tôm \_\_\_\_\_ để được lâu."


@pytest.mark.parametrize(
    ("after", "stem"), [(".", "."), ("; mắm", "; mắm"), (" mỗi ngày", " mỗi ngày"), (", thì", ", thì")]
)
def test_a_blank_stands_next_to_the_sign_that_ends_the_sentence(after, stem):
    assert one(f"Hai cộng hai bằng {{=4 =bốn}}{after}").stem == rf"Hai cộng hai bằng \_\_\_\_\_{stem}"


def test_a_title_after_closed_answers_begins_the_next_question_without_an_empty_line():
    parsed = gift.read("::A::Một {=a ~b}\n::B::Hai\n{\n=c\n~d\n}\n::C::Ba {T}")
    assert parsed.problems == []
    assert [(draft.place, draft.title, draft.kind) for draft in parsed.drafts] == [
        (1, "A", "single"), (2, "B", "single"), (7, "C", "truefalse"),
    ]  # fmt: skip


def test_two_questions_on_following_lines_without_titles_are_named():
    (problem,) = gift.read("Một {T}\nHai {F}").problems
    assert "nhiều hơn một cặp" in problem.reason


def test_a_match_is_plain_words_whatever_signs_it_holds():
    draft = one("Ghép {\n=Diện tích -> 5*3*2 m\n=Tên tệp -> ruong_muoi_1\n}")
    assert [wording.plain(pair["match"]) for pair in draft.data["pairs"]] == ["5*3*2 m", "ruong_muoi_1"]


def test_pairs_know_no_messages_and_no_percents_and_that_is_said():
    parsed = gift.read(
        "Ghép # đúng {\n=%50%Muối -> Bạc Liêu#giỏi\n=Cua -> Cà Mau\n}\n\nGhép # {=a -> b\\#c =d -> e ####Hết.}"
    )
    assert [pair["match"] for pair in parsed.drafts[0].data["pairs"]] == ["Bạc Liêu", "Cà Mau"]
    (problem,) = parsed.problems
    assert (problem.place, problem.is_loss) == (1, True)
    assert "từng cặp không nhập được" in problem.reason


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


def test_what_is_told_to_everybody_begins_at_the_last_four_signs():
    draft = one("Muối? {=mặn ~ngọt#####Xem bài 2.}")
    assert draft.explanation == "Xem bài 2."
    assert draft.data["choices"][1] == {"id": "b", "text": "ngọt", "right": False, "feedback": ""}


@pytest.mark.parametrize(
    ("written", "stem"),
    [
        ("[html]<p>Muối <b>Bạc Liêu</b></p>{T}", "Muối **Bạc Liêu**"),
        ("[markdown]Muối **Bạc Liêu**{T}", "Muối **Bạc Liêu**"),
        ("[plain]a < b *c*{T}", r"a \< b \*c\*"),
        ("[plain]&lt; và R&D là gì{T}", r"\&lt; và R&D là gì"),
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


def test_right_ones_marked_with_both_signs_are_right():
    assert texts(one("Muối? {~=trắng ~xanh}")) == [("trắng", True, None), ("xanh", False, None)]


def test_words_with_a_statement_in_blanks_and_with_general_feedback():
    draft = one("Nước sôi? { TRUE #sai rồi #đúng ####Xem bài 1.}")
    assert draft.data == {"right": True, "feedback_wrong": "sai rồi", "feedback_right": "đúng"}
    assert draft.explanation == "Xem bài 1."


def test_a_percent_of_a_short_answer_and_a_wrong_one_that_is_told_why():
    draft = one("Thủ phủ? {=%100%Cà Mau =%50%Mau#gần =%0%Huế#xa}")
    assert draft.data["answers"] == ["Cà Mau"]
    assert draft.data["noted"] == [
        {"text": "Mau", "weight": 50, "feedback": "gần"}, {"text": "Huế", "weight": 0, "feedback": "xa"},
    ]  # fmt: skip


def test_words_that_begin_like_the_name_of_a_format_after_it_was_named_stay():
    assert one("[markdown][html] là gì? {T}").stem == "[html] là gì?"


def test_braces_in_a_title_are_ordinary():
    draft = one("::Câu {1}:: Xem http\\://a.vn//đây {T}")
    assert (draft.title, draft.stem) == ("Câu {1}", "Xem http://a.vn//đây")


def test_a_remark_within_a_line_stays_in_the_words_and_that_is_told():
    parsed = gift.read("Nước sôi // hỏi lại\n{T}\n\nMuối {=mặn#đúng // bỏ\n~ngọt}")
    assert parsed.drafts[0].stem == "Nước sôi // hỏi lại"
    assert [(one.place, one.is_loss, "“// …”" in one.reason) for one in parsed.problems] == [
        (1, True, True),
        (4, True, True),
    ]


def test_a_remark_behind_a_title_or_an_opening_brace_is_no_part_of_the_question():
    draft = one("::Tên:: // lời bàn\nNước sôi ở 100 độ.\n{ // đáp án\n  T // đúng\n}")
    assert (draft.title, draft.stem, draft.data) == ("Tên", "Nước sôi ở 100 độ.", {"right": True})


def test_a_category_right_under_a_question_is_of_the_next_one():
    parsed = gift.read("Một {T}\n$CATEGORY: muối\nHai {F}\n\nĐọc kỹ.\n$CATEGORY: cá\n\nBa {T}")
    assert [(draft.stem, draft.category) for draft in parsed.drafts] == [
        ("Một", ()), ("Hai", ("muối",)), ("Đọc kỹ.", ("muối",)), ("Ba", ("cá",)),
    ]  # fmt: skip


def test_a_full_number_leads_and_one_that_hides_another_is_told():
    parsed = gift.read("Bao nhiêu? {#=%50%7:1 =9}\n\nMấy? {#=%50%7:1#gần =7#đúng}")
    assert [row["value"] for row in parsed.drafts[0].data["answers"]] == ["9", "7"]
    (problem,) = parsed.problems
    assert (problem.place, problem.is_loss, "trùng nhau" in problem.reason) == (3, True, True)


def test_a_number_with_a_comma_is_read_where_it_has_one_meaning():
    assert one("Mấy? {#1,5}").data == {"answers": [{"value": "1.5"}]}
    assert one("Mấy? {#1,500.25}").data == {"answers": [{"value": "1500.25"}]}
    (problem,) = gift.read("Mấy? {#1,500}").problems
    assert "đọc được hai cách" in problem.reason


def test_a_star_with_a_backslash_is_the_sign_itself():
    draft = one(r"Dấu nhân? {=5\*3}")
    assert (draft.data["answers"], "wildcards" in draft.data) == (["5*3"], False)
    (problem,) = gift.read(r"Dấu nhân? {=5\*3 =5*}").problems
    assert "dấu * thật" in problem.reason


@pytest.mark.parametrize(
    ("written", "stem"),
    [
        (r"## Muối\n\nMuối *biển*", "**Muối**\n\nMuối *biển*"),
        ("Xem [trang](http\\://a.vn)", "Xem trang (http://a.vn)"),
        ("Chạy:\n```\na \\= 1\n```", "Chạy:\n\n`a = 1`"),
        ("Muối <b>biển</b>", "Muối **biển**"),
        ("- một\n- hai", "- một\n- hai"),
        (r"a \\<b> \\[c\\](d)", r"a \<b> \[c\](d)"),
    ],
)
def test_what_our_markdown_has_not_is_turned_into_what_it_has(written, stem):
    assert one(f"[markdown]{written}\n{{T}}").stem == stem


def test_a_drawing_in_html_is_told():
    (problem,) = gift.read('[html]Hình tròn: <svg><circle r\\="5"/></svg> {T}').problems
    assert (problem.is_loss, "svg" in problem.reason) == (True, True)


def test_words_to_read_may_name_a_letter():
    assert one("Đọc mục A. Muối rồi trả lời.").kind == "description"
    assert one("Đọc kỹ.\nĐáp án: ở cuối bài.").kind == "description"


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("Muối màu gì?\nA. xanh\nB. trắng\nANSWER: B", "kiểu Aiken"),
        ("Muối màu gì?\na) xanh\nb) trắng", "kiểu Aiken"),
        ("Hỏi {=a -> b =c}", "chưa có vế khớp"),
        ("Hỏi {=a", "thiếu dấu } ở cuối phần đáp án"),
        ("Hỏi =a}", "thiếu dấu { ở đầu phần đáp án"),
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


def test_equal_shares_that_were_rounded_are_all_and_that_is_told(bank):
    made = plan(bank, "Chọn {~%33%a ~%33%b ~%33%c ~%-50%d}", "a.gift")
    assert made.refusals == []
    assert [row["weight"] for row in made.entries[0].draft.data["choices"]] == [33.33333, 33.33333, 33.33333, -50]
    assert ["chia đều" in loss.reason for loss in made.losses] == [True]


def test_shares_that_add_up_to_less_on_purpose_are_not_changed(bank):
    (problem,) = plan(bank, "Chọn {~%30%a ~%30%b ~c}", "a.gift").refusals
    assert "100 %" in problem.reason


def test_a_command_of_another_program_is_no_question_and_is_told():
    parsed = gift.read("$COMMAND=1\n\nKể chuyện. {}")
    assert [draft.stem for draft in parsed.drafts] == ["Kể chuyện."]
    assert [(one.place, one.is_loss) for one in parsed.problems] == [(1, True)]

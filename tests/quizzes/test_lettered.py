"""Plain lines with lettered choices, as other people number and end their questions."""

import pytest

from quizzes.formats import aiken

pytestmark = pytest.mark.once

ASKED = "A. trắng\nB. xanh\n"


def read(written: str):
    parsed = aiken.read(written)
    assert parsed.problems == []
    return parsed.drafts


@pytest.mark.parametrize(
    ("written", "stem"),
    [
        ("Câu 1: Muối màu gì?", "Muối màu gì?"),
        ("Câu 1 Muối màu gì?", "Muối màu gì?"),
        ("Câu 1/ Muối màu gì?", "Muối màu gì?"),
        ("Câu 1 (0,5 điểm): Muối màu gì?", "Muối màu gì?"),
        ("Câu 1.\nMuối màu gì?", "Muối màu gì?"),
        ("Câu hỏi số 1. muối màu gì?", "muối màu gì?"),
        ("1. Muối màu gì?", "Muối màu gì?"),
        ("12) Muối màu gì?", "Muối màu gì?"),
        ("Question 3: What?", "What?"),
        ("Bài 3 nói về muối nào?", "Bài 3 nói về muối nào?"),
        ("3.5 kg muối là bao nhiêu?", "3.5 kg muối là bao nhiêu?"),
        ("2026 là năm nào?", "2026 là năm nào?"),
        ("Muối màu gì?\nCâu này dễ.", "Muối màu gì?\nCâu này dễ."),
    ],
)
def test_the_number_of_a_question_is_not_part_of_its_words(written, stem):
    (draft,) = read(f"{written}\n{ASKED}ANSWER: A")
    assert draft.stem == stem


@pytest.mark.parametrize("number", ["2. ", "2) ", "Câu 2: ", "Câu 2 "])
def test_a_number_begins_the_next_question_without_an_empty_line_and_without_a_line_for_the_key(number):
    first, second = read(f"1. Muối?\n*{ASKED}{number}Nước?\nA. mặn\n*B. nhạt")
    assert (first.data["choices"][1]["text"], second.stem, len(second.data["choices"])) == ("xanh", "Nước?", 2)


def test_numbers_within_what_is_asked_and_within_an_explanation_begin_nothing():
    (draft,) = read(f"Chọn thứ tự:\n1. rửa\n2. phơi\n{ASKED}ANSWER: A\nGiải thích: vì\n1. rửa trước\n2. phơi sau")
    assert draft.stem == r"Chọn thứ tự:" + "\n1\\. rửa\n2\\. phơi"
    assert draft.explanation.count("\n") == 2


@pytest.mark.parametrize("key", ["Đáp án B", "Đáp án đúng là: B", "Đáp án là B.", "ANSWER: b", "Trả lời: B"])
def test_ways_to_name_the_key(key):
    (draft,) = read(f"Muối?\n{ASKED}{key}")
    assert [row["right"] for row in draft.data["choices"]] == [False, True]


def test_a_solution_under_the_key_is_the_explanation():
    (draft,) = read(f"Muối?\n{ASKED}Đáp án: A\nLời giải: Vì sạch.")
    assert draft.explanation == "Vì sạch."


def test_choices_under_a_key_do_not_change_the_question_above():
    parsed = aiken.read(f"Muối?\n{ASKED}ANSWER: A\n\nA. mặn\nB. nhạt\nANSWER: B")
    (draft,) = parsed.drafts
    assert [(row["text"], row["right"]) for row in draft.data["choices"]] == [("trắng", True), ("xanh", False)]
    (problem,) = parsed.problems
    assert (problem.place, "thiếu lời hỏi" in problem.reason) == (6, True)


def test_a_question_whose_words_look_like_a_choice_is_its_own():
    first, second = read(f"Muối?\n{ASKED}ANSWER: A\n\nB. là vitamin nào?\n{ASKED}ANSWER: B")
    assert (first.stem, second.stem) == ("Muối?", "B. là vitamin nào?")


@pytest.mark.parametrize("written", ["Muối?\nANSWER: C", "A) trắng\n\nANSWER: trắng"])
def test_a_letter_as_the_key_without_choices_and_a_choice_without_a_question_are_refused(written):
    (problem,) = aiken.read(written).problems
    assert "không thấy các phương án" in problem.reason


def test_a_title_above_the_first_number_and_the_name_of_a_part_are_no_questions_and_are_told():
    parsed = aiken.read(f"ĐỀ ÔN TẬP\nNăm học 2026\nCâu 1: Muối?\n*{ASKED}PHẦN II. Nước\nCâu 2: Nước?\n*{ASKED}")
    assert [draft.stem for draft in parsed.drafts] == ["Muối?", "Nước?"]
    assert [row["text"] for row in parsed.drafts[0].data["choices"]] == ["trắng", "xanh"]
    assert [(one.place, one.is_loss, "đầu đề" in one.reason) for one in parsed.problems] == [
        (1, True, True),
        (6, True, True),
    ]


def test_words_to_read_above_the_first_number_are_told_as_such():
    parsed = aiken.read(f"Đọc đoạn sau về muối Cà Mau.\nCâu 1: Muối?\n*{ASKED}")
    (told,) = parsed.problems
    assert [draft.stem for draft in parsed.drafts] == ["Muối?"]
    assert "thêm câu dạng “đoạn để đọc, không hỏi”" in told.reason
    assert told.excerpt == "Đọc đoạn sau về muối Cà Mau."


def test_a_question_above_a_numbered_one_that_has_no_choices_is_no_title():
    (problem,) = aiken.read(f"Muối màu gì?\nCâu 2: Nước?\n*{ASKED}").problems
    assert (problem.place, problem.is_loss) == (1, False)


def test_words_about_a_part_are_no_title():
    (draft,) = read(f"Phần 1: nước nào mặn?\n{ASKED}ANSWER: A")
    assert draft.stem == "Phần 1: nước nào mặn?"

"""Two forms of a bank, equally hard: what is asked before a course and what is asked after it can be compared."""

import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes import actions, rules
from quizzes.actions import many
from quizzes.models import Attempt, Item, Question, Quiz, Slot
from tests import cast
from tests.quizzes.test_many_questions import look, press

LEVELS = [1, 1, 1, 1, 2, 2, 2, 3, 3, 3, 3]


@pytest.fixture
def questions(bank) -> list[Question]:
    return [cast.question(bank, f"ke-{n:02}", difficulty=level) for n, level in enumerate(LEVELS)]


def forms() -> Counter:
    return Counter(Question.objects.values_list("form", "difficulty"))


@given(st.lists(st.integers(0, 9), max_size=6))
def test_neither_form_gets_more_of_any_group_or_of_all_than_by_one(sizes):
    groups = [[100 * number + place for place in range(size)] for number, size in enumerate(sizes)]
    dealt = rules.deal(groups)
    assert set(dealt) == {pk for group in groups for pk in group}
    for heap in [*groups, dealt]:
        held = Counter(dealt[pk] for pk in heap)
        assert abs(held["A"] - held["B"]) <= 1


def test_an_editor_deals_a_bank_and_both_forms_are_equally_hard(editor, questions):
    page = look(editor, "deal", *questions)
    assert "Chia đề A, B: 11 câu" in page.text
    assert forms() == Counter({("", 1): 4, ("", 2): 3, ("", 3): 4}), "looking changes nothing"
    assert "Đã chia đề: 11 câu" in press(editor, page).text
    dealt = forms()
    assert (dealt["A", 1], dealt["B", 1], dealt["A", 3], dealt["B", 3]) == (2, 2, 2, 2)
    assert {dealt["A", 2], dealt["B", 2]} == {1, 2}


def test_what_was_dealt_stays_where_it_is_and_is_said(editor, questions):
    press(editor, look(editor, "deal", *questions))
    before = dict(Question.objects.values_list("key", "form"))
    later = cast.question(questions[0].bank, "ke-99")
    page = look(editor, "deal", *questions, later)
    assert "đã ở đề A" in page.text
    press(editor, page)
    assert {key: form for key, form in Question.objects.values_list("key", "form") if key in before} == before
    later.refresh_from_db()
    assert later.form in ("A", "B")


def test_a_quiz_that_takes_one_form_asks_nothing_of_the_other(taking, editor):
    bank = Slot.objects.get().bank
    for number in range(5):
        cast.question(bank, f"them-{number}")
    actions.deal_questions(seen=seen(), by=cast.staff("editor", phone="0987654888"), at=cast.NOW)
    actions.submit_attempt(attempt=taking.attempt, at=cast.NOW)
    asked = {}
    for form in ("A", "B"):
        slots = [actions.SlotSpec(bank=bank, draw=4, form=form)]
        quiz = actions.configure_quiz(activity=taking.quiz.activity, slots=slots, at=cast.NOW, attempts_allowed=None)
        attempt = actions.start_attempt(enrolment=taking.attempt.enrolment, quiz=quiz, language="vi", at=cast.NOW)
        asked[form] = set(attempt.items.values_list("version__question__form", flat=True))
        actions.submit_attempt(attempt=attempt, at=cast.NOW)
    assert asked == {"A": {"A"}, "B": {"B"}}
    assert str(Slot.objects.in_use().get()).endswith("đề B")


def seen() -> dict[int, int]:
    from quizzes.queries import newest_versions

    return newest_versions(Question.objects.values_list("pk", flat=True))


def test_nobody_deals_words_that_were_not_seen(questions):
    old = seen()
    cast.question(questions[0].bank, "ke-00", stem="Câu khác?")
    found = actions.deal_questions(seen=old, by=cast.staff("editor"), at=cast.NOW)
    assert [question.key for question, _why in found.left] == ["ke-00"]
    assert len(found.fit) == len(LEVELS) - 1
    assert many.DEAL == "deal"


class TestSections:
    def drawn(self, taking, **rules_of_quiz) -> list[tuple[str, str]]:
        """(section, question) in the order of a new attempt of two sections with three questions each."""
        bank = Slot.objects.get().bank
        for number in range(3):
            cast.question(bank, f"them-{number}")
        keys = ["ke-chuyen-0", "ke-chuyen-1", "ke-chuyen-2", "them-0", "them-1", "them-2"]
        specs = [
            actions.SlotSpec(question=Question.objects.get(key=key), section="Phần 1" if place < 3 else "Phần 2")
            for place, key in enumerate(keys)
        ]
        actions.submit_attempt(attempt=taking.attempt, at=cast.NOW)
        quiz = actions.configure_quiz(activity=taking.quiz.activity, slots=specs, at=cast.NOW, **rules_of_quiz)
        attempt = actions.start_attempt(
            enrolment=taking.attempt.enrolment,
            quiz=quiz,
            language="vi",
            at=cast.NOW,
            rng=random.Random(7),  # noqa: S311
        )
        return list(attempt.items.order_by("position").values_list("section", "version__question__key"))

    def test_the_page_of_a_question_says_in_which_it_stands(self, taking):
        drawn = self.drawn(taking)
        assert [section for section, _key in drawn] == ["Phần 1"] * 3 + ["Phần 2"] * 3
        assert [key for _section, key in drawn] == sorted(key for _section, key in drawn), "in the author's order"
        attempt = Attempt.objects.latest("pk")
        assert "Phần 2" in taking.client.get(f"/kiem-tra/luot/{attempt.pk}/cau/5/").text
        assert "Phần 2" in taking.client.get(f"/kiem-tra/luot/{attempt.pk}/cau/").text

    def test_shuffled_questions_stay_in_their_section(self, taking):
        drawn = self.drawn(taking, is_shuffled=True)
        assert [section for section, _key in drawn] == ["Phần 1"] * 3 + ["Phần 2"] * 3
        keys = [key for _section, key in drawn]
        assert keys != sorted(keys)
        assert sorted(keys[:3]) == ["ke-chuyen-0", "ke-chuyen-1", "ke-chuyen-2"]


def test_an_editor_gives_a_row_its_form_and_section(taking, editor):
    from tests.quizzes.test_quiz_questions import address, typed

    quiz, bank = Quiz.objects.get(), Slot.objects.get().bank
    row = {"bank": bank.pk, "draw": 1, "form": "A", "section": "Phần 1. Kể chuyện", "marks": "1"}
    page = editor.post(address(quiz), typed(row), follow=True).text
    slot = Slot.objects.in_use().get()
    assert (slot.form, slot.section) == ("A", "Phần 1. Kể chuyện")
    assert "Phần 1. Kể chuyện" in page
    assert not Item.objects.exclude(section="").exists(), "what has begun stays as it was"

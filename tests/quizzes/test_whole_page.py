"""A quiz may show all its questions on one page: the same saves, the same revisions, one form."""

import re

import pytest
from django.db import IntegrityError, transaction

from quizzes import actions
from quizzes.models import Attempt, Item, Quiz
from tests import cast
from tests.quizzes.test_quiz_questions import address, typed

ELSEWHERE = "Câu này vừa được trả lời ở một cửa sổ hoặc máy khác."


@pytest.fixture
def whole(taking):
    Quiz.objects.update(layout="whole")
    Attempt.objects.update(layout="whole")
    return taking


def page(whole) -> str:
    return whole.client.get(whole.path("ca-bai/")).text


def send(whole, *answers: str, revisions: tuple[int, ...] = (0, 0, 0), **extra: object):
    """As the form does without its script: every question in one go; "" for none."""
    data: dict[str, object] = {}
    for position, (answer, revision) in enumerate(zip(answers, revisions, strict=True), start=1):
        data |= {f"revision-{position}": revision} | (
            {f"answer-{position}": whole.posted(position, answer)} if answer else {}
        )
    return whole.client.post(whole.path("ca-bai/"), data | extra)


def kept(whole) -> list[str | None]:
    return list(whole.attempt.items.order_by("position").values_list("answer", flat=True))


def test_every_question_stands_there_once_with_fields_of_its_own(whole):
    whole.answer(2, "b", auto=True)
    text = page(whole)
    assert re.findall(r'id="cau-(\d)"', text) == ["1", "2", "3"]
    assert re.findall(r'name="revision-(\d)" value="(\d)"', text) == [("1", "0"), ("2", "1"), ("3", "0")]
    assert re.findall(r'name="answer-(\d)" value="(\w+)" checked', text) == [("2", whole.posted(2, "b"))]
    ids = re.findall(r' id="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'<label for="([^"]+)"', text)) <= set(ids)


def test_each_is_a_group_under_a_heading_and_the_page_has_one_title(whole):
    text = page(whole)
    assert text.count("<h1") == 1
    assert len(re.findall(r'<fieldset class="question"[^>]*>\s*<legend class="legend"><h2', text)) == 3


def test_sections_are_headings_above_their_questions(whole):
    whole.attempt.items.filter(position__lte=2).update(section="Phần muối")
    whole.attempt.items.filter(position=3).update(section="Phần tôm")
    text = page(whole)
    assert re.findall(r"<h2[^>]*>([^<]+)</h2>", text) == ["Phần muối", "Phần tôm"]
    assert text.count("<h3") == 3


def test_one_button_saves_all_and_leads_to_the_check_before_handing_in(whole):
    assert send(whole, "b", "", "a").url == whole.path("nop/")
    assert kept(whole) == ["b", None, "a"]
    summary = whole.client.get(whole.path("nop/")).text
    assert "Còn 1 câu chưa trả lời" in summary
    assert summary.count(f'href="{whole.path("ca-bai/")}#cau-2"') == 2, "its number, and the way to what is missing"


def test_what_is_as_it_was_is_not_saved_again(whole):
    send(whole, "b", "", "a")
    send(whole, "b", "b", "a", revisions=(1, 0, 1))
    assert list(whole.attempt.items.order_by("position").values_list("revision", flat=True)) == [1, 1, 1]


def test_an_answer_of_a_stale_page_is_refused_named_and_kept_in_sight_while_the_others_are_saved(whole):
    whole.answer(2, "b", auto=True)
    answer = send(whole, "b", "a", "a")
    assert answer.status_code == 409
    assert kept(whole) == ["b", "b", "a"]
    assert answer.text.count(ELSEWHERE) == 2, "at its question, and among the sentences for the script"
    assert '<a href="#cau-2">câu 2</a>' in answer.text
    assert f'value="{whole.posted(2, "a")}" checked' in answer.text
    assert send(whole, "b", "a", "a", revisions=(1, 1, 1)).url == whole.path("nop/")
    assert kept(whole) == ["b", "a", "a"], "who was told may insist"


def test_nothing_ticked_does_not_wipe_out_what_another_phone_saved(whole):
    whole.answer(1, "a", auto=True)
    assert send(whole, "", "", "").status_code == 409
    assert kept(whole) == ["a", None, None]


def stored(text: str) -> dict[str, str]:
    """What a page that was opened sends along, besides what is typed into it."""
    return {f"stored-{position}": told for position, told in re.findall(r'name="stored-(\d)" value="(\w+)"', text)}


def test_a_field_that_nobody_touched_does_not_wipe_out_what_another_phone_saved(whole):
    opened = page(whole)
    whole.answer(3, "a", auto=True)
    assert send(whole, "a", "", "", **stored(opened)).url == whole.path("nop/")
    assert kept(whole) == ["a", None, "a"]


def test_nor_does_one_that_showed_an_older_answer(whole):
    whole.answer(3, "b", auto=True)
    opened = page(whole)
    whole.answer(3, "a", 1, auto=True)
    assert send(whole, "", "", "b", revisions=(0, 0, 1), **stored(opened)).url == whole.path("nop/")
    assert kept(whole) == [None, None, "a"]


def test_one_that_was_touched_is_refused_and_what_was_typed_goes_over_it_with_the_next_press(whole):
    opened = page(whole)
    whole.answer(3, "a", auto=True)
    refused = send(whole, "", "", "b", **stored(opened))
    assert refused.status_code == 409
    assert send(whole, "", "", "b", revisions=(0, 0, 1), **stored(refused.text)).url == whole.path("nop/")
    assert kept(whole) == [None, None, "b"]


def test_a_choice_that_was_not_offered_is_refused_at_its_question(whole):
    answer = send(whole, "b", "zz", "a")
    assert answer.status_code == 409
    assert kept(whole) == ["b", None, "a"]
    assert "không khớp với câu hỏi" in answer.text
    assert '<a href="#cau-2">câu 2</a>' in answer.text


def test_what_is_not_on_the_page_that_was_sent_stays(whole):
    whole.answer(3, "a", auto=True)
    whole.client.post(whole.path("ca-bai/"), {"revision-1": 0, "answer-1": whole.posted(1, "b")})
    assert kept(whole) == ["b", None, "a"]


def test_after_handing_in_nothing_is_changed_and_it_is_said(whole):
    actions.submit_attempt(attempt=whole.attempt, at=cast.NOW)
    said = whole.client.post(
        whole.path("ca-bai/"), {"revision-1": 0, "answer-1": whole.posted(1, "b")}, follow=True
    ).text
    assert "Bài này đã nộp rồi" in said
    assert kept(whole) == [None] * 3
    assert whole.client.get(whole.path("ca-bai/")).url == whole.path("")


def test_whoever_comes_back_is_led_to_the_first_question_without_an_answer(whole):
    whole.answer(1, "b", auto=True)
    assert whole.client.get(whole.path("")).url == whole.path("ca-bai/#cau-2")
    assert whole.client.get(whole.path("cau/3/")).url == whole.path("ca-bai/#cau-3")


def test_one_by_one_has_no_such_page(taking):
    assert taking.client.get(taking.path("ca-bai/")).url == taking.path("")


def test_another_person_finds_nothing(whole):
    other = cast.client_of(cast.trainee("Người khác", "0912345679"))
    assert other.get(whole.path("ca-bai/")).status_code == 404
    assert other.post(whole.path("ca-bai/"), {"revision-1": 0, "answer-1": "x"}).status_code == 404


def test_what_is_only_read_has_no_field_and_no_status(whole):
    version = cast.question(whole.attempt.quiz.slots.get().bank, "doc", kind="description", data={}).versions.get()
    Item.objects.filter(attempt=whole.attempt, position=1).update(version=version, marks=0)
    text = page(whole)
    assert "đoạn để đọc" in text
    assert re.findall(r'name="revision-(\d)"', text) == re.findall(r'data-question="(\d)"', text) == ["2", "3"]


def test_its_time_runs_on_it(whole):
    Attempt.objects.update(due_at=cast.NOW.replace(year=2999))
    assert "data-clock" in page(whole)


def test_ten_questions_weigh_little(whole):
    version = whole.attempt.items.first().version
    Item.objects.bulk_create(
        Item(attempt=whole.attempt, position=position, version=version, marks=1, order=["a", "b", "c"])
        for position in range(4, 11)
    )
    assert page(whole).count("data-question") == 10
    assert len(page(whole).encode()) <= 150_000


def row(quiz: Quiz) -> dict:
    return {"bank": quiz.slots.get().bank_id, "draw": 3, "marks": "1"}


def test_an_editor_asks_for_it_and_the_page_of_the_quiz_says_so(taking, editor):
    quiz = Quiz.objects.get()
    assert editor.post(address(quiz), typed(row(quiz), layout="whole")).status_code == 302
    assert Attempt.objects.get().layout == "each", "what has begun stays as it was"
    assert "cả bài trên một trang" in taking.client.get("/khoa-hoc/ke-chuyen/kiem-tra/").text
    actions.submit_attempt(attempt=taking.attempt, at=cast.NOW)
    again = taking.client.post(f"/kiem-tra/{quiz.activity.translation_key}/bat-dau/")
    assert again.url.endswith("/ca-bai/#cau-1")


@pytest.mark.parametrize("other", ["is_fixed_order", "is_practice"])
def test_it_does_not_go_together_with_what_is_done_question_by_question(taking, editor, other):
    quiz = Quiz.objects.get()
    refused = editor.post(address(quiz), typed(row(quiz), layout="whole", **{other: "on"}))
    assert refused.status_code == 422
    assert "Cả bài trên một trang thì thấy hết các câu" in refused.text
    quiz.refresh_from_db()
    assert quiz.layout == "each"


def test_nor_in_the_database(taking):
    with pytest.raises(IntegrityError), transaction.atomic():
        Quiz.objects.update(layout="whole", is_fixed_order=True)


FORGED = {"revision-1": 0, "answer-1": "không có"}  # an answer that no question has is said above all of them


def test_a_forged_answer_opens_no_questions_ahead_of_their_turn(taking):
    Attempt.objects.update(is_fixed_order=True)
    refused = taking.client.post(taking.path("ca-bai/"), FORGED)
    assert (refused.status_code, refused.url) == (302, taking.path(""))


def test_nor_does_it_show_what_was_handed_in(whole):
    Quiz.objects.update(shown_after=[], shown_when_closed=[])
    whole.client.post(whole.path("nop/"))
    refused = whole.client.post(whole.path("ca-bai/"), FORGED)
    assert (refused.status_code, refused.url) == (302, whole.path(""))

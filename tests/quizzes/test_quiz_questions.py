"""An editor sets what a quiz asks and under which rules; what has begun stays as it was."""

import random
import re

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import ModelLogEntry

from quizzes import actions, queries, rules
from quizzes.models import Attempt, QuestionBank, Quiz, QuizPage, ResultPart, Slot
from tests import cast

pytestmark = pytest.mark.once


@pytest.fixture
def bank(quiz) -> QuestionBank:
    return QuestionBank.objects.get()


@pytest.fixture
def editor(db):
    return cast.client_of(cast.staff("editor"))


def address(quiz: Quiz) -> str:
    return f"/quan-tri/bai-kiem-tra/{quiz.pk}/cau-hoi/"


USUAL = {
    "pass_percent": 70, "attempts_allowed": 3, "cooldown_minutes": 0, "counted": "best", "layout": "each", "when_time_is_up": "submit",
    "shown_after": list(ResultPart), "shown_when_closed": list(ResultPart),
}  # fmt: skip


def typed(*rows: dict, known: int = 1, **fields) -> dict:
    """`known`: how many of the rows stood there already."""
    form = USUAL.copy()
    form |= {"o-TOTAL_FORMS": len(rows), "o-INITIAL_FORMS": min(known, len(rows))}
    for number, row in enumerate(rows):
        form |= {f"o-{number}-{name}": value for name, value in row.items()}
    return form | fields


def drawn(bank: QuestionBank, draw: object = 3, **more) -> dict:
    return {"bank": bank.pk, "draw": draw, "marks": "1"} | more


def asked(quiz: Quiz) -> list[str]:
    return [str(slot) for slot in quiz.slots.in_use()]


def test_an_editor_draws_from_banks_and_names_questions(editor, quiz, bank):
    other = QuestionBank.objects.create(name="Khác")
    cast.question(other, "khac-1", difficulty=3)
    page = editor.post(
        address(quiz),
        typed(
            drawn(bank, 2, position="2"),
            {"question": "khac-1", "marks": "2.5", "position": "1"},
            drawn(other, 1, difficulty="3"),
            {},
            pass_percent=80,
            attempts_allowed="",
            cooldown_minutes=30,
        ),
        follow=True,
    )
    assert page.status_code == 200
    quiz.refresh_from_db()
    assert (quiz.pass_percent, quiz.attempts_allowed, quiz.cooldown_minutes) == (80, None, 30)
    assert asked(quiz) == ["khac-1", "Ngân hàng ke-chuyen × 2", "Khác × 1, 3 – khó"]
    assert [str(slot.marks) for slot in quiz.slots.in_use()] == ["2.50", "1.00", "1.00"]


def test_the_page_shows_what_stands_and_works_without_javascript(editor, quiz, bank):
    page = editor.get(address(quiz)).text
    assert f'<option value="{bank.pk}" selected>' in page
    assert len(re.findall(r'name="o-\d-bank"', page)) == 3
    assert "<strong>3 câu</strong>, tổng 3 điểm" in page
    assert '<option value="ke-chuyen-0">' in page
    assert "Không đủ câu hỏi" not in page


def test_its_hours_have_the_calendar_that_all_days_of_the_admin_have(editor, quiz, bank):
    page = editor.get(f"/quan-tri/bai-kiem-tra/{quiz.pk}/cau-hoi/").text
    assert page.index("wagtailadmin/js/date-time-chooser.js") < page.rindex("</body>")


def test_dropped_slots_are_cancelled_and_running_attempts_go_on(editor, quiz, bank):
    enrolment = cast.enrolment(cast.trainee().person, quiz.activity.course)
    attempt = actions.start_attempt(enrolment=enrolment, quiz=quiz, language="vi", at=cast.NOW)
    slot = quiz.slots.get()
    editor.post(address(quiz), typed(drawn(bank) | {"DELETE": "on"}, drawn(bank, 1), pass_percent=90))
    slot.refresh_from_db()
    assert slot.cancelled_at is not None
    assert asked(quiz) == ["Ngân hàng ke-chuyen × 1"]
    attempt = Attempt.objects.get(pk=attempt.pk)
    assert (attempt.pass_percent, attempt.items.count()) == (70, 3)


def test_slots_that_stay_the_same_are_kept_and_nothing_is_logged(editor, quiz, bank):
    slot = quiz.slots.get()
    editor.post(address(quiz), typed(drawn(bank, position="1")))
    assert (quiz.slots.get(), slot.cancelled_at) == (slot, None)
    assert not ModelLogEntry.objects.for_instance(quiz).exists()


def test_a_change_is_in_the_log_with_its_editor(editor, quiz, bank):
    editor.post(address(quiz), typed(drawn(bank, 2), pass_percent=60))
    entry = ModelLogEntry.objects.for_instance(quiz).get()
    assert entry.data == {"pass_percent": 60, "slots": ["Ngân hàng ke-chuyen × 2"]}
    assert entry.user.roles.filter(role="editor").exists()
    assert address(quiz) in editor.get(f"/quan-tri/quiz/edit/{quiz.pk}/").url


def test_two_slots_that_ask_the_same_are_two(editor, quiz, bank):
    for _twice in range(2):
        editor.post(address(quiz), typed(drawn(bank, 1), drawn(bank, 1), known=1))
        assert asked(quiz) == ["Ngân hàng ke-chuyen × 1"] * 2
    assert Slot.objects.filter(cancelled_at=None).count() == 2


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"draw": "2"}, "Hãy chọn ngân hàng hoặc ghi mã câu hỏi"),
        ({"question": "khong-co"}, "Không có câu hỏi nào mang mã này"),
        ({"question": "ke-chuyen-0", "bank": "BANK"}, "Mỗi dòng chỉ một cách"),
        ({"question": "ke-chuyen-0", "draw": "2"}, "Câu cố định không cần số câu rút"),
        ({"bank": "BANK", "draw": "0"}, "Hãy ghi một con số từ 1 đến 200"),
        ({"bank": "BANK", "marks": "0"}, "Điểm phải lớn hơn 0"),
    ],
)
def test_what_cannot_be_asked_is_said_and_what_was_typed_stays(editor, quiz, bank, row, said):
    row = {name: bank.pk if value == "BANK" else value for name, value in row.items()}
    page = editor.post(address(quiz), typed(drawn(bank), row, pass_percent=55))
    assert page.status_code == 422
    assert said in page.text
    assert "Chưa lưu gì" in page.text
    assert 'value="55"' in page.text
    for name, value in row.items():
        assert re.search(rf'name="o-1-{name}"[^>]*value="{value}"|<option value="{value}" selected', page.text), name
    quiz.refresh_from_db()
    assert (quiz.pass_percent, asked(quiz)) == (70, ["Ngân hàng ke-chuyen × 3"])


def test_a_question_is_asked_once(editor, quiz):
    page = editor.post(address(quiz), typed({"question": "ke-chuyen-0"}, {"question": "ke-chuyen-0"}, known=0))
    assert "Câu này đã có ở một dòng trên" in page.text
    assert asked(quiz) == ["Ngân hàng ke-chuyen × 3"]


@pytest.mark.parametrize(
    ("field", "value"), [("pass_percent", "101"), ("attempts_allowed", "0"), ("cooldown_minutes", "-1")]
)
def test_rules_out_of_range_are_refused(editor, quiz, bank, field, value):
    page = editor.post(address(quiz), typed(drawn(bank), **{field: value}))
    assert page.status_code == 422
    assert f'value="{value}"' in page.text
    assert "Hãy ghi một con số từ" in page.text


def test_from_above_one_gets_to_each_field_that_is_wrong(editor, quiz, bank):
    page = editor.post(address(quiz), typed(drawn(bank) | {"draw": "900"}, pass_percent="170")).text
    for field in ("id_pass_percent", "id_o-0-draw"):
        assert f'<a href="#{field}">' in page
        assert f'id="{field}"' in page


@pytest.mark.parametrize("status", ["draft", "retired"])
def test_a_bank_with_too_few_askable_questions_is_named(editor, quiz, bank, status, django_capture_on_commit_callbacks):
    public = "/khoa-hoc/ke-chuyen/kiem-tra/"
    assert "3 câu" in editor.get(public).text
    with django_capture_on_commit_callbacks(execute=True):
        cast.question(bank, "ke-chuyen-0", status=status)
    assert "2 câu" in editor.get(public).text
    page = editor.get(address(quiz)).text
    assert "cần rút 3 câu, hiện có 2 câu dùng được" in page
    assert "<strong>2 câu</strong>" in page


def test_readers_see_at_once_how_many_questions_a_quiz_asks_now(editor, quiz, bank, django_capture_on_commit_callbacks):
    public = "/khoa-hoc/ke-chuyen/kiem-tra/"
    assert "3 câu" in Client().get(public).text
    with django_capture_on_commit_callbacks(execute=True):
        editor.post(address(quiz), typed(drawn(bank, 2)))
    assert "2 câu" in Client().get(public).text


def test_a_fixed_question_that_is_no_longer_asked_is_named(editor, quiz, bank):
    editor.post(address(quiz), typed({"question": "ke-chuyen-0"}))
    cast.question(bank, "ke-chuyen-0", status="retired")
    page = editor.get(address(quiz)).text
    assert "Câu ke-chuyen-0 chưa duyệt hoặc đã ngừng dùng" in page
    assert editor.post(address(quiz), typed({"question": "ke-chuyen-0", "marks": "2"})).status_code == 302


def test_a_quiz_without_questions_says_so(editor, quiz, bank):
    editor.post(address(quiz), typed(drawn(bank) | {"DELETE": "on"}))
    assert "Bài kiểm tra này chưa có câu hỏi" in editor.get(address(quiz)).text


def test_a_slot_that_has_few_to_choose_from_draws_before_one_that_has_many(quiz, bank):
    """One hard question: wherever the slot that asks for it stands, no other takes it away."""
    cast.question(bank, "kho-1", difficulty=3)
    hard = actions.SlotSpec(bank=bank, difficulty=3)
    usual = {"activity": quiz.activity, "pass_percent": 70, "attempts_allowed": 3, "at": cast.NOW}
    actions.configure_quiz(slots=[actions.SlotSpec(bank=bank, draw=3), hard], **usual)
    assert [supply.sure for supply in queries.outlook(quiz).supplies] == [3, 1]
    for seed in range(20):
        enrolment = cast.enrolment(cast.person(f"Người {seed}"), quiz.activity.course)
        rng = random.Random(seed)  # noqa: S311 (repeatable)
        attempt = actions.start_attempt(enrolment=enrolment, quiz=quiz, language="vi", at=cast.NOW, rng=rng)
        assert attempt.items.count() == 4
        assert attempt.items.last().version.question.difficulty == 3
    actions.configure_quiz(slots=[hard, actions.SlotSpec(bank=bank, draw=3)], **usual)
    assert [supply.sure for supply in queries.outlook(quiz).supplies] == [1, 3]


@pytest.mark.parametrize(
    ("pools", "draws", "sure"),
    [
        ([], [], []),
        ([{1, 2, 3}], [5], [3]),
        ([{1, 2, 3}, {4}], [2, 1], [2, 1]),
        ([{1, 2, 3}, {1, 2, 3}], [2, 2], [2, 1]),
        ([{1, 2}, {1}, {2}], [1, 1, 1], [0, 1, 1]),
    ],
)
def test_sure_draws(pools, draws, sure):
    assert rules.sure_draws(pools, draws) == sure


def test_the_page_of_the_quiz_and_the_list_lead_there(editor, quiz):
    page = QuizPage.objects.get()
    assert address(quiz) in editor.get(f"/quan-tri/pages/{page.pk}/edit/").text
    assert editor.get(f"/quan-tri/quiz/edit/{quiz.pk}/").url == address(quiz)
    assert f"/quan-tri/quiz/edit/{quiz.pk}/" in editor.get("/quan-tri/quiz/").text


def test_a_quiz_page_that_was_never_saved_says_what_comes_first(editor, db):
    course = cast.course_page("Kể", "ke")
    assert "Hãy lưu trang này trước" in editor.get(f"/quan-tri/pages/add/quizzes/quizpage/{course.pk}/").text


@pytest.mark.parametrize("role", ["manager", "organiser"])
def test_only_editors_come_in(quiz, role):
    client = cast.client_of(cast.staff(role))
    assert client.get(address(quiz)).status_code == 302
    assert client.post(address(quiz), typed()).status_code == 302
    assert asked(quiz) == ["Ngân hàng ke-chuyen × 3"]


def test_every_field_has_a_label_of_its_own():
    """Without one Django shows the field's English name."""
    english = [
        f"{model.__name__}.{field.name}"
        for model in apps.get_app_config("quizzes").get_models()
        for field in model._meta.local_fields
        if field.editable and not field.primary_key and str(field.verbose_name) == field.name.replace("_", " ")
    ]
    assert english == []


@pytest.mark.once
def test_the_list_asks_as_much_for_three_quizzes_as_for_one(editor, quiz, django_assert_num_queries):
    editor.get("/quan-tri/quiz/")  # fills what is looked up once
    with CaptureQueriesContext(connection) as one:
        editor.get("/quan-tri/quiz/")
    for slug in ("hai", "ba"):
        cast.quiz(cast.course_page(slug, slug))
    with django_assert_num_queries(len(one)):
        page = editor.get("/quan-tri/quiz/")
    assert page.text.count("/quan-tri/quiz/edit/") >= 3


def test_from_a_quiz_one_gets_to_writing_questions_and_to_each_bank_s_list(editor, quiz, bank):
    cast.question(bank, "nhap-1", status="draft")
    cast.question(bank, "cu-1", status="retired")
    page = editor.get(address(quiz)).text
    assert 'href="/quan-tri/question/new/"' in page
    assert re.search(rf'href="/quan-tri/question/\?bank={bank.pk}">{bank}</a>: 3/4', page)
    assert "nhap-1" in editor.get(f"/quan-tri/question/?bank={bank.pk}").text


def test_the_list_of_banks_tells_how_many_questions_with_as_many_queries_for_three_as_for_one(editor, bank):
    def cost() -> tuple[int, str]:
        editor.get("/quan-tri/questionbank/")
        with CaptureQueriesContext(connection) as asked:
            page = editor.get("/quan-tri/questionbank/").text
        return len(asked), page

    one, page = cost()
    assert re.search(rf'href="/quan-tri/question/\?bank={bank.pk}"[^>]*>\s*3/3', page)
    for name in ("Hai", "Ba"):
        cast.question(QuestionBank.objects.create(name=name), name.lower(), status="draft")
    three, page = cost()
    assert "0/1" in page
    assert three == one


def offered(client, quiz) -> dict[str, str]:
    listed = client.get(address(quiz)).text.partition('<datalist id="cau-hoi">')[2].partition("</datalist>")[0]
    return dict(re.findall(r'<option value="([^"]+)">([^<]*)', listed))


def test_the_banks_of_a_quiz_are_offered_in_their_newest_words(editor, quiz, bank):
    other = QuestionBank.objects.create(name="Khác")
    cast.question(other, "khac-1")
    cast.question(bank, "nhap", status="draft")
    cast.question(bank, "ke-chuyen-0", stem="Ai kể?")
    keys = offered(editor, quiz)
    assert keys["ke-chuyen-0"] == "Ai kể?"
    assert not {"khac-1", "nhap"} & keys.keys()
    quiz.slots.create(position=2, question=other.questions.get())
    assert "khac-1" in offered(editor, quiz)


def test_a_quiz_that_asks_nothing_yet_is_offered_all_banks_and_no_list_without_end(editor, quiz, bank, monkeypatch):
    quiz.slots.update(cancelled_at=cast.NOW)
    cast.question(QuestionBank.objects.create(name="Khác"), "khac-1")
    assert {"khac-1", "ke-chuyen-0"} <= offered(editor, quiz).keys()
    monkeypatch.setattr("quizzes.queries.MOST_OFFERED", 2)
    assert len(offered(editor, quiz)) == 2


@pytest.mark.parametrize("count", ["-1", "abc", ""])
def test_fewer_rows_than_none_are_refused_and_nothing_changes(editor, quiz, bank, count):
    before = asked(quiz)
    form = typed(drawn(bank), {}, {}) | {"o-INITIAL_FORMS": count}
    answer = editor.post(address(quiz), form)
    assert answer.status_code == 422
    assert answer.context["form"].rows.non_form_errors()
    assert asked(quiz) == before


def test_an_editor_sets_how_long_it_takes_and_when_it_is_open(editor, quiz, bank):
    hours = {"opens_at": "2026-12-01 08:00", "closes_at": "2026-12-01 17:00"}
    limit = {"time_limit": 30, "when_time_is_up": "grace", "grace_minutes": 10, "counted": "last"}
    row = {"bank": bank.pk, "draw": 3, "marks": "1"}
    assert editor.post(address(quiz), typed(row, **hours, **limit)).status_code == 302
    quiz.refresh_from_db()
    assert {name: getattr(quiz, name) for name in limit} == limit
    assert timezone.localtime(quiz.closes_at).hour == 17


def test_a_quiz_does_not_close_before_it_opens(editor, quiz, bank):
    hours = {"opens_at": "2026-12-01 17:00", "closes_at": "2026-12-01 08:00"}
    answer = editor.post(address(quiz), typed({"bank": bank.pk, "draw": 3}, **hours))
    assert answer.status_code == 422
    assert "Giờ đóng phải sau giờ mở" in answer.text
    quiz.refresh_from_db()
    assert quiz.closes_at is None


def test_an_editor_says_what_of_a_result_is_shown_when(editor, quiz, bank):
    row = {"bank": bank.pk, "draw": 3, "marks": "1"}
    shown = {"shown_after": ["score"], "shown_when_closed": ["score", "answers"], "is_practice": "on"}
    assert editor.post(address(quiz), typed(row, **shown)).status_code == 302
    quiz.refresh_from_db()
    assert (quiz.shown_after, quiz.shown_when_closed, quiz.is_practice) == (["score"], ["score", "answers"], True)
    assert editor.post(address(quiz), typed(row, shown_after=[])).status_code == 302
    quiz.refresh_from_db()
    assert quiz.shown_after == [], "nothing is an answer too"

"""What somebody wrote is marked by a person: a queue, a rubric, and a result once all of it is marked."""

import json
import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from wagtail.models import ModelLogEntry

from accounts import actions as accounts
from accounts.models import Person
from courses.models import Completion
from lib.refusals import Refusal
from quizzes import access, actions, personal
from quizzes.models import Attempt, Item, QuestionBank, Quiz, QuizPage
from tests import cast

from .samples import SAMPLES

FEEDBACK = ("PHẢN HỒI", "GIẢI THÍCH BÍ MẬT")
QUEUE = "/quan-tri/cham-bai/"
RUBRIC = {"points-a": "3", "points-b": "0,5"}  # of 3 and 1


@pytest.fixture
def taking(taking):
    """A text to read, a choice and an essay, in this order; the choice is answered right and the essay written."""
    bank = QuestionBank.objects.get()
    read = cast.question(bank, "doc", kind="description", data={}, stem="Đọc chuyện nhà chị Út.\n\nChị phơi **tôm**.")
    essay = cast.question(bank, "viet", kind="essay", data=SAMPLES["essay"] | {"sample": "BÀI MẪU"}, stem="Kể đi.")
    choice = cast.question(bank, "ke-chuyen-0")
    slots = [
        actions.SlotSpec(question=read),
        actions.SlotSpec(question=choice),
        actions.SlotSpec(question=essay, marks=4),
    ]
    actions.submit_attempt(attempt=taking.attempt, at=cast.NOW)
    actions.configure_quiz(activity=taking.quiz.activity, pass_percent=80, attempts_allowed=3, slots=slots, at=cast.NOW)
    taking.begun = taking.client.post(f"/kiem-tra/{taking.quiz.activity.translation_key}/bat-dau/")
    taking.attempt = Attempt.objects.latest("pk")
    taking.answer(2, "a")
    taking.answer(3, "Nhà tôi phơi tôm\r\nba đời.")
    return taking


@pytest.fixture
def submitted(taking):
    taking.client.post(taking.path("nop/"))
    taking.attempt.refresh_from_db()
    return taking


def officer(role="organiser", place=None):
    return cast.client_of(cast.staff(role, place or cast.commune()))


def in_menu(label: str, client) -> bool:
    return json.dumps(label)[1:-1] in client.get("/quan-tri/").text


def door() -> str:
    return f"{QUEUE}{Item.objects.latest('pk').pk}/"


def test_a_quiz_that_begins_with_a_text_opens_with_it(taking):
    assert taking.begun.url == taking.path("cau/1/")
    assert "Đọc chuyện nhà chị Út." in taking.client.get(taking.begun.url).text


def test_until_something_is_answered_one_comes_back_to_the_text(taking):
    taking.attempt.items.update(answer=None)
    assert taking.client.get(taking.path("")).url == taking.path("cau/1/")
    taking.answer(2, "a", 1)
    assert taking.client.get(taking.path("")).url == taking.path("cau/3/")


def test_what_is_only_read_asks_for_no_answer(taking):
    page = taking.client.get(taking.path("cau/1/")).text
    assert "đoạn để đọc" in page
    assert "<strong>tôm</strong>" in page
    assert 'name="answer"' not in page
    assert "chưa trả lời" not in taking.client.get(taking.path("nop/")).text
    assert taking.client.get(taking.path("")).url == taking.path("nop/")
    assert taking.attempt.max_score == 5


def test_a_submitted_essay_waits_and_the_trainee_is_told(submitted):
    assert (submitted.attempt.state, submitted.attempt.score, submitted.attempt.passed) == ("marking", None, None)
    page = submitted.client.get(submitted.path("ket-qua/")).text
    assert "chờ chấm" in page
    assert "BÀI MẪU" not in page
    assert not Completion.objects.exists()


def test_while_it_waits_the_trainee_reads_what_was_handed_in_and_no_more(submitted):
    page = submitted.client.get(submitted.path("ket-qua/")).text
    assert "Kể đi." in page
    assert "Nhà tôi phơi tôm" in page
    assert page.count("Anh/Chị trả lời:") == 2
    assert not [told for told in ("đúng", "Đáp án", "điểm", "Có thật", *FEEDBACK) if told in main(page)]
    assert (
        "ba đời" not in cast.client_of(cast.trainee("Danh Sà Mây", "0912345699")).get(submitted.path("ket-qua/")).text
    )


def test_what_somebody_typed_is_read_as_it_was_typed_line_by_line(taking):
    written = "Nhà *tôi* phơi tôm.\n\n- Ba đời rồi."
    Item.objects.filter(attempt=taking.attempt, version__kind="essay").update(answer=written)
    taking.client.post(taking.path("nop/"))
    page = taking.client.get(taking.path("ket-qua/")).text
    assert f'<span class="written">{written}</span>' in page


def test_a_quiz_says_how_many_texts_there_are_to_read(taking):
    page = taking.client.get(QuizPage.objects.get().url).text
    assert "2 câu, 1 đoạn để đọc" in " ".join(page.split())


def main(page: str) -> str:
    return re.search("<main.*</main>", page, re.DOTALL)[0]


def test_what_was_handed_in_is_kept_back_where_the_quiz_shows_nothing_of_it(submitted):
    Quiz.objects.update(shown_after=[])
    page = submitted.client.get(submitted.path("ket-qua/")).text
    assert "chờ chấm" in page
    assert "ba đời" not in page


def test_the_trainee_sees_the_criteria_and_never_the_sample(taking):
    page = taking.client.get(taking.path("cau/3/")).text
    assert "Có thật" in page
    assert "BÀI MẪU" not in page
    assert "Nhà tôi phơi tôm\nba đời." in page


def test_no_other_attempt_starts_while_one_waits(submitted):
    said = submitted.client.post(f"/kiem-tra/{submitted.quiz.activity.translation_key}/bat-dau/", follow=True)
    assert "đang chờ cán bộ chấm" in said.text
    assert Attempt.objects.count() == 2


def test_an_officer_marks_from_the_queue_and_the_trainee_passes(submitted):
    client = officer()
    assert in_menu("Chờ chấm (1)", client)
    assert "Trần Thị Út" in client.get(QUEUE).text
    page = client.get(door()).text
    assert "BÀI MẪU" in page
    assert "ba đời" in page
    said = client.post(door(), RUBRIC | {"comment": "Kể rất thật"}, follow=True)
    assert "Đã chấm xong bài của Trần Thị Út." in said.text
    assert "Không có bài nào chờ chấm" in said.text
    submitted.attempt.refresh_from_db()
    assert (submitted.attempt.state, submitted.attempt.score) == ("finished", Decimal("4.5"))
    assert Completion.objects.get().activity == submitted.quiz.activity
    result = submitted.client.get(submitted.path("ket-qua/")).text
    assert "Kể rất thật" in result
    assert not in_menu("Chờ chấm", client)
    entry = ModelLogEntry.objects.get(action="quizzes.item_marked")
    assert "Trần Thị Út" not in entry.label  # staff of all places read the log
    assert personal.violations() == []


def test_the_trainee_reads_the_points_of_each_criterion(submitted):
    officer().post(door(), RUBRIC)
    result = submitted.client.get(submitted.path("ket-qua/")).text
    assert "3,5/4 điểm" in result
    assert "Có thật: <b>3/3</b>" in result
    assert "<b>0,5/1</b>" in result
    assert "Cộng các ý" not in result, "they add up to the marks of the question"
    assert "đúng một phần · " not in result


def test_where_the_points_are_more_than_the_marks_it_is_said_what_they_come_to(submitted):
    Item.objects.filter(position=3).update(marks=2)
    Attempt.objects.update(max_score=3)
    officer().post(door(), RUBRIC)
    result = submitted.client.get(submitted.path("ket-qua/")).text
    assert "Cộng các ý: 3,5/4, tính thành 1,75/2 điểm của câu." in result


def test_what_was_said_to_a_faultless_essay_is_read_too(submitted):
    officer().post(door(), {"points-a": "3", "points-b": "1", "comment": "Rất hay"})
    result = submitted.client.get(submitted.path("ket-qua/")).text
    assert "Xem lại 1 câu" in result
    assert "Rất hay" in result
    assert "4/4 điểm" in result


def test_points_are_a_part_of_the_score_and_hidden_with_it(submitted):
    submitted.quiz.shown_after = ["feedback"]
    submitted.quiz.save()
    officer().post(door(), RUBRIC | {"comment": "Kể rất thật"})
    result = submitted.client.get(submitted.path("ket-qua/")).text
    assert "Kể rất thật" in result
    assert "0,5" not in result


@pytest.mark.parametrize(
    ("points", "sentence"),
    [
        ({"points-a": "3,5", "points-b": "0"}, "Điểm phải từ 0 đến 3."),
        ({"points-a": "-1", "points-b": ""}, "Điểm phải từ 0 đến 3."),
        ({"points-a": "", "points-b": "0"}, "Hãy ghi điểm, 0 cũng được"),
        ({"points-a": "ba", "points-b": "0"}, "không phải là số"),
    ],
)
def test_points_out_of_bounds_are_refused_and_nothing_typed_is_lost(submitted, points, sentence):
    page = officer().post(door(), points | {"comment": "Nhận xét dài"})
    assert page.status_code == 422
    assert sentence in page.text
    assert "Nhận xét dài" in page.text
    assert Item.objects.latest("pk").score is None


def test_a_double_click_marks_once(submitted):
    client = officer()
    address = door()
    client.post(address, RUBRIC | {"comment": ""})
    again = client.post(address, {"points-a": "0", "points-b": "0"})
    assert again.status_code == 409
    assert "Anh/Chị đã chấm câu này rồi." in again.text
    item = Item.objects.latest("pk")
    with pytest.raises(Refusal, match="Lê Văn Cán Bộ vừa chấm"):
        actions.mark_item(item=item, points={}, comment="", by=cast.staff("organiser", phone="0987654322"), at=cast.NOW)
    assert Item.objects.latest("pk").score == Decimal("3.5")


def test_nobody_marks_what_lies_elsewhere_or_is_not_submitted(taking):
    client = officer()
    assert client.get(door()).status_code == 404
    taking.client.post(taking.path("nop/"))
    elsewhere = cast.client_of(cast.staff("organiser", cast.province("Lào Cai"), phone="0987654322"))
    assert "Trần Thị Út" not in elsewhere.get(QUEUE).text
    assert elsewhere.post(door(), RUBRIC).status_code == 404
    editor = cast.client_of(cast.staff("editor", phone="0987654323"))
    assert editor.get(QUEUE).status_code == 302
    assert Item.objects.latest("pk").score is None


def mark(by, points=None):
    points = points or {"a": "3", "b": "0.5"}
    return actions.mark_item(item=Item.objects.latest("pk"), points=points, comment="", by=by, at=cast.NOW)


def test_nothing_is_added_for_somebody_who_took_the_agreement_back(submitted):
    who = submitted.user.person
    for row in who.consents.all():
        accounts.withdraw_consent(person=who, consent_id=row.pk, at=cast.NOW)
    client = officer()
    assert "Trần Thị Út" not in client.get(QUEUE).text
    assert not in_menu("Chờ chấm", client)
    assert client.post(door(), RUBRIC).status_code == 404
    with pytest.raises(Refusal, match="rút lại sự đồng ý"):
        mark(cast.staff("organiser", phone="0987654322"))
    assert not Completion.objects.exists()
    accounts.give_consents(person=who, texts=cast.texts(), at=cast.NOW)
    assert "Trần Thị Út" in client.get(QUEUE).text


def test_nobody_marks_an_own_answer(submitted):
    colleague = cast.staff("organiser", cast.commune())
    submitted.attempt.enrolment.person = cast.person("Lê Văn Cán Bộ", user=colleague)
    submitted.attempt.enrolment.save()
    colleague.refresh_from_db()
    client = cast.client_of(colleague)
    assert "Không có bài nào chờ chấm" in client.get(QUEUE).text
    assert client.post(door(), RUBRIC).status_code == 404
    with pytest.raises(Refusal, match="chính mình"):
        mark(colleague)
    assert Item.objects.latest("pk").score is None


def test_who_marks_second_is_told_by_whom_it_was_marked_and_changes_nothing(submitted):
    Item.objects.filter(attempt=submitted.attempt, position=2).update(score=None)  # so that it still waits
    mark(cast.staff("organiser"))
    with pytest.raises(Refusal, match="Lê Văn Cán Bộ vừa chấm"):
        mark(cast.staff("organiser", phone="0987654322", name="Vũ Thị Hai"), {"a": "0", "b": "0"})
    assert Item.objects.latest("pk").score == Decimal("3.5")


def second():
    return cast.staff("organiser", cast.commune(), phone="0987654322", name="Vũ Thị Hai")


def test_who_sends_second_reads_who_was_quicker_what_was_typed_and_where_to_go_on(submitted):
    slower = cast.client_of(second())
    assert slower.get(door()).status_code == 200
    officer().post(door(), RUBRIC)
    page = slower.post(door(), {"points-a": "1,25", "points-b": "quên", "comment": "Kể <rất> thật\nvà hay"})
    assert page.status_code == 409
    assert "Lê Văn Cán Bộ vừa chấm câu này trước" in page.text
    assert "<dd>1,25</dd>" in page.text
    assert "<dd>quên</dd>" in page.text
    assert "Kể &lt;rất&gt; thật<br>và hay" in page.text
    assert f'href="{QUEUE}"' in page.text
    assert Item.objects.latest("pk").score == Decimal("3.5")


def test_it_is_the_same_when_both_send_at_the_same_moment(submitted, monkeypatch):
    mark(cast.staff("organiser", cast.commune()))
    monkeypatch.setattr(access, "items_to_mark", lambda user: Item.objects.all())  # as it was found a moment before
    page = cast.client_of(second()).post(door(), {"points-a": "1,25", "points-b": "0"})
    assert page.status_code == 409
    assert "Lê Văn Cán Bộ vừa chấm câu này trước" in page.text
    assert "<dd>1,25</dd>" in page.text


def test_who_opens_what_was_marked_already_is_told_by_whom_and_led_on(submitted):
    mark(cast.staff("organiser", cast.commune()))
    page = cast.client_of(second()).get(door())
    assert page.status_code == 200
    assert "Câu này đã được chấm: Lê Văn Cán Bộ, lúc" in page.text
    assert f'href="{QUEUE}"' in page.text
    assert "vừa nhập" not in page.text


def test_the_next_that_waits_is_offered_to_who_was_slower(submitted):
    marked = door()
    mark(cast.staff("organiser", cast.commune()))
    enrolment = cast.enrolment(cast.person("Danh Sà Mây"), submitted.course)
    other = actions.start_attempt(enrolment=enrolment, quiz=submitted.quiz, language="vi", at=cast.NOW)
    other.items.filter(position=3).update(answer="Tôi nuôi ong")
    actions.submit_attempt(attempt=other, at=cast.NOW)
    waiting = other.items.get(position=3)
    assert f'href="{QUEUE}{waiting.pk}/"' in cast.client_of(second()).get(marked).text


@pytest.mark.parametrize("send", ["get", "post"])
def test_what_was_marked_elsewhere_looks_like_what_does_not_exist(submitted, send):
    mark(cast.staff("organiser", cast.commune()))
    elsewhere = cast.client_of(cast.staff("organiser", cast.province("Lào Cai"), phone="0987654323"))
    marked, absent = getattr(elsewhere, send)(door(), RUBRIC), getattr(elsewhere, send)(f"{QUEUE}999999/", RUBRIC)
    assert marked.status_code == absent.status_code == 404
    assert without_tokens(marked.text) == without_tokens(absent.text)


def without_tokens(page: str) -> str:
    return re.sub(r'value="\w{64}"|csrfToken[^,]*', "", page)


def test_neither_the_writer_nor_who_took_the_agreement_back_is_told_of_as_marked(submitted):
    colleague = second()
    mark(cast.staff("organiser", cast.commune()))
    Person.objects.update(has_consented=False)
    assert cast.client_of(colleague).get(door()).status_code == 404
    Person.objects.update(has_consented=True)
    submitted.attempt.enrolment.person = cast.person("Vũ Thị Hai", user=colleague)
    submitted.attempt.enrolment.save()
    colleague.refresh_from_db()
    assert cast.client_of(colleague).get(door()).status_code == 404


def test_while_it_waits_the_page_of_the_quiz_leads_to_it_and_offers_no_other_attempt(submitted):
    page = submitted.client.get(QuizPage.objects.get().get_url()).text
    assert "Đã nộp, đang chờ cán bộ chấm." in page
    assert submitted.path("ket-qua/") in page
    assert "bat-dau" not in page


def told(taking) -> list[str]:
    """What one's own learning says of it: each line's words, one after the other."""
    lines = re.findall(r'<li class="message message--\w+">.*?</li>', taking.client.get("/hoc/").text, re.DOTALL)
    return [" ".join(words.strip() for words in re.findall(r">([^<>]+)</", line)) for line in lines]


def test_ones_own_learning_says_that_it_waits_and_then_how_it_was_marked(submitted):
    assert told(submitted) == ["Kể chuyện: Bài kiểm tra Đã nộp, đang chờ cán bộ chấm."]
    mark(cast.staff("organiser"))
    assert told(submitted) == ["Kể chuyện: Bài kiểm tra Cán bộ đã chấm xong: đạt."]
    assert (
        f'<a href="{submitted.path("ket-qua/")}"><span lang="vi">Kể chuyện:</span> <span lang="vi">Bài kiểm tra</span></a>'
        in submitted.client.get("/hoc/").text
    )


def test_it_says_so_of_one_that_was_not_passed_until_it_is_tried_again(submitted):
    mark(cast.staff("organiser"), {"a": "0", "b": "0"})
    assert told(submitted) == ["Kể chuyện: Bài kiểm tra Cán bộ đã chấm xong: chưa đạt."]
    submitted.client.post(f"/kiem-tra/{submitted.quiz.activity.translation_key}/bat-dau/")
    assert told(submitted) == []


def test_it_says_no_more_than_the_quiz_shows(submitted):
    Quiz.objects.update(shown_after=["answers"], shown_when_closed=[])
    mark(cast.staff("organiser"))
    assert told(submitted) == ["Kể chuyện: Bài kiểm tra Cán bộ đã chấm xong."]


def test_it_is_news_for_a_month_and_nobody_elses(submitted):
    mark(cast.staff("organiser"))
    other = cast.client_of(cast.trainee("Danh Sà Mây", "0912345699"))
    assert "Cán bộ đã chấm xong" not in other.get("/hoc/").text
    Item.objects.exclude(marked_at=None).update(marked_at=timezone.now() - timedelta(days=31))
    assert told(submitted) == []


def test_an_essay_that_was_left_empty_needs_no_marking(taking):
    Item.objects.filter(attempt=taking.attempt, position=3).update(answer=None)
    taking.client.post(taking.path("nop/"))
    taking.attempt.refresh_from_db()
    assert (taking.attempt.state, taking.attempt.score) == ("finished", 1)
    assert told(taking) == []


def test_what_is_only_read_is_never_drawn(db):
    cast.course(lessons=0, with_quiz=True)
    quiz, bank = Quiz.objects.get(), QuestionBank.objects.get()
    for number in range(5):
        cast.question(bank, f"doc-{number}", kind="description", data={})
    enrolment = cast.enrolment(cast.person(), quiz.activity.course)
    attempt = actions.start_attempt(enrolment=enrolment, quiz=quiz, language="vi", at=cast.NOW)
    assert {item.version.kind for item in attempt.items.all()} == {"single"}

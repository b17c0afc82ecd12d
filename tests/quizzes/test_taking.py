"""Taking a quiz: answers are kept, belong to one person, and no key is seen before submission."""

from datetime import timedelta

import pytest

from lib.refusals import Refusal
from quizzes import actions
from quizzes.models import Attempt, Item, QuestionBank, Quiz
from tests import cast

SECRETS = ["PHẢN HỒI ĐÚNG", "PHẢN HỒI SAI", "GIẢI THÍCH BÍ MẬT", "right", "feedback", "explanation"]


def item_of(taking, position: int) -> Item:
    return taking.attempt.items.get(position=position)


def test_no_key_feedback_or_explanation_before_submission(taking):
    pages = [
        taking.client.get(taking.path("cau/1/")),
        taking.answer(1, "b", auto=True),
        taking.client.get(taking.path("nop/")),
    ]
    pages.append(taking.client.get("/khoa-hoc/ke-chuyen/kiem-tra/"))
    for page in pages:
        assert page.status_code == 200
        body = page.text.replace("bar-right", "").replace("text-right", "")
        assert not [secret for secret in SECRETS if f'"{secret}"' in body or (secret.isupper() and secret in body)]


def test_after_submission_the_key_and_its_reason_are_shown(taking):
    taking.answer(1, "b")
    taking.client.post(taking.path("nop/"))
    page = taking.client.get(taking.path("ket-qua/")).text
    assert "GIẢI THÍCH BÍ MẬT" in page
    assert "PHẢN HỒI SAI" in page
    assert "Chưa đạt" in page


def test_an_answer_is_resumed_where_it_was_left(taking):
    taking.answer(1, "c")
    assert taking.client.get(f"/kiem-tra/luot/{taking.attempt.pk}/").url.endswith("/cau/2/")
    assert f'value="{taking.posted(1, "c")}" checked' in taking.client.get(taking.path("cau/1/")).text


def test_starting_again_resumes_the_running_attempt(taking):
    again = taking.client.post(f"/kiem-tra/{taking.quiz.activity.translation_key}/bat-dau/")
    assert again.url == f"/kiem-tra/luot/{taking.attempt.pk}/cau/1/"
    assert Attempt.objects.count() == 1


def test_a_second_tab_does_not_overwrite_silently(taking):
    assert taking.answer(1, "a", auto=True).json() == {"revision": 1, "is_answered": True}
    refused = taking.answer(1, "b", 0, auto=True)
    assert refused.status_code == 409
    assert refused.json() == {"revision": 1, "answer": [taking.posted(1, "a")]}
    assert item_of(taking, 1).answer == "a"


def test_the_same_without_javascript_shows_what_is_stored(taking):
    taking.answer(1, "a")
    refused = taking.answer(1, "b", 0)
    assert refused.status_code == 409
    assert "ở một cửa sổ hoặc máy khác" in refused.text
    assert f'value="{taking.posted(1, "a")}" checked' in refused.text


def test_a_replay_is_harmless(taking):
    assert taking.answer(1, "a", auto=True).json() == taking.answer(1, "a", auto=True).json()
    assert item_of(taking, 1).revision == 1


@pytest.mark.parametrize("auto", [True, False])
def test_a_choice_that_was_not_offered_changes_nothing(taking, auto):
    response = taking.answer(1, "<script>", auto=auto)
    assert response.status_code == (400 if auto else 302)
    assert item_of(taking, 1).answer is None


@pytest.mark.parametrize("revision", ["", "abc", "-1", "9" * 30, "9" * 5000, str(2**31 - 1), str(2**63 - 1)])
def test_an_odd_revision_is_no_error_of_the_server(taking, revision):
    assert taking.answer(1, "a", revision, auto=True).status_code in (200, 400, 409)


def test_fields_of_an_attempt_cannot_be_posted(taking):
    taking.answer(1, "b", score=1, passed="true", user=99)
    taking.client.post(taking.path("nop/"), {"score": 3, "passed": "true"})
    taking.attempt.refresh_from_db()
    assert (taking.attempt.score, taking.attempt.passed) == (0, False)


def test_after_submission_nothing_is_saved(taking):
    taking.answer(1, "a")
    taking.client.post(taking.path("nop/"))
    late = taking.answer(1, "b", 1, auto=True)
    assert late.status_code == 410
    assert "đã nộp" in late.json()["error"]
    assert item_of(taking, 1).answer == "a"


def test_a_step_from_a_page_that_was_left_open_leads_to_the_result_and_says_why_the_answer_does_not_count(taking):
    taking.client.post(taking.path("nop/"))
    answer = {"answer": taking.posted(1, "a"), "revision": 0}
    late = taking.client.post(taking.path("cau/1/"), answer, follow=True)
    assert late.redirect_chain[-1][0] == taking.path("ket-qua/")
    assert "Bài này đã nộp rồi nên không sửa được nữa." in late.text
    assert item_of(taking, 1).answer is None
    assert "không sửa được nữa" not in taking.client.get(taking.path("cau/1/"), follow=True).text


def test_submitting_twice_gives_one_result(taking):
    for position in (1, 2, 3):
        taking.answer(position, "a")
    first, second = taking.client.post(taking.path("nop/")), taking.client.post(taking.path("nop/"))
    assert first.url == second.url
    taking.attempt.refresh_from_db()
    assert taking.attempt.passed
    assert taking.attempt.enrolment.completed_at is not None


@pytest.mark.parametrize("rest", ["", "cau/1/", "nop/", "ket-qua/"])
def test_another_person_s_attempt_looks_like_none_at_all(taking, rest):
    other = cast.client_of(cast.trainee("Danh Sà Mây", "0912345679"))
    theirs, nobodys = other.get(taking.path(rest)), other.get(f"/kiem-tra/luot/999999/{rest}")
    assert theirs.status_code == nobodys.status_code == 404
    assert theirs.text == nobodys.text


def test_another_person_cannot_save_or_submit(taking):
    other = cast.client_of(cast.trainee("Danh Sà Mây", "0912345679"))
    assert other.post(taking.path("cau/1/luu/"), {"answer": "a", "revision": 0}).status_code == 404
    assert other.post(taking.path("nop/")).status_code == 404
    assert item_of(taking, 1).answer is None


def test_attempts_are_used_up_with_a_sentence(taking):
    actions.submit_attempt(attempt=taking.attempt, at=cast.NOW)
    address = f"/kiem-tra/{taking.quiz.activity.translation_key}/bat-dau/"
    for _again in range(2):
        taking.client.post(address)
        actions.submit_attempt(attempt=Attempt.objects.latest("pk"), at=cast.NOW)
    refused = taking.client.post(address, follow=True)
    assert "dùng hết lượt làm" in refused.text
    assert Attempt.objects.count() == 3


def test_between_two_attempts_there_is_a_pause_where_the_quiz_asks_for_one(taking):
    Quiz.objects.update(cooldown_minutes=30)
    handed_in = actions.submit_attempt(attempt=taking.attempt, at=cast.NOW)

    def start(minutes):
        at = cast.NOW + timedelta(minutes=minutes)
        quiz = Quiz.objects.get()
        return actions.start_attempt(enrolment=handed_in.enrolment, quiz=quiz, language="vi", at=at)

    with pytest.raises(Refusal, match="giữa hai lượt có thời gian chờ"):
        start(29)
    assert start(30).number == 2


def test_lessons_come_before_the_quiz(db):
    course = cast.course(lessons=1, with_quiz=True)
    client = cast.client_of(cast.trainee())
    quiz = course.activities.get(kind="quiz")
    refused = client.post(f"/kiem-tra/{quiz.translation_key}/bat-dau/", follow=True)
    assert "còn bài đứng trước chưa xong" in refused.text
    assert not Attempt.objects.exists()


def test_a_new_version_does_not_touch_a_running_attempt(taking):
    asked = item_of(taking, 1)
    question = asked.version.question
    cast.question(QuestionBank.objects.get(), question.key, stem="Câu hỏi đã sửa?")
    assert question.versions.count() == 2
    assert asked.version.stem in taking.client.get(taking.path("cau/1/")).text


def test_saving_the_same_words_makes_no_version(taking):
    question = item_of(taking, 1).version.question
    cast.question(QuestionBank.objects.get(), question.key, stem=question.versions.get().stem, difficulty=2)
    assert question.versions.count() == 1


def test_no_question_is_asked_twice(taking):
    versions = taking.attempt.items.values_list("version__question", flat=True)
    assert len(set(versions)) == len(versions) == 3


@pytest.mark.parametrize("has_award", [True, False])
def test_the_result_that_ends_a_course_leads_to_a_certificate_only_where_there_is_one(
    taking, has_award, django_capture_on_commit_callbacks
):
    if has_award:
        cast.award(taking.course)
    for position in (1, 2, 3):
        taking.answer(position, "a")
    with django_capture_on_commit_callbacks(execute=True):
        taking.client.post(taking.path("nop/"))
    page = taking.client.get(taking.path("ket-qua/")).text
    assert ("Xem giấy chứng nhận" in page) is has_award
    assert ("Xem ở Học của tôi" in page) is not has_award


def test_with_a_gap_the_main_button_leads_to_the_first_open_question_and_handing_in_is_the_second(taking):
    taking.answer(1, "a")
    taking.answer(3, "a")
    page = taking.client.get(taking.path("nop/")).text
    assert f'href="{taking.path("cau/2/")}">Làm câu 2' in page
    assert page.index("Làm câu 2") < page.index(">Nộp bài</button>")
    assert '<button class="button button--second' in page
    assert taking.client.post(taking.path("nop/")).url == taking.path("ket-qua/")


def test_without_a_gap_handing_in_is_the_main_button(taking):
    for position in (1, 2, 3):
        taking.answer(position, "a")
    page = taking.client.get(taking.path("nop/")).text
    assert "Làm câu" not in page
    assert '<button class="button button--big button--fill" type="submit">Nộp bài' in page


def test_enter_goes_on_and_not_back(taking):
    """A browser presses the first button of a form, and a thumb finds it first."""
    page = taking.client.get(taking.path("cau/2/")).text
    assert page.index('value="next"') < page.index('value="back"')


def test_each_question_leads_to_the_next_and_the_last_to_the_check(taking):
    assert [taking.press_on(position).url for position in (1, 2, 3)] == [
        taking.path("cau/2/"), taking.path("cau/3/"), taking.path("nop/"),
    ]  # fmt: skip


@pytest.mark.parametrize("number", [0, 4, 99])
def test_a_question_that_the_quiz_does_not_have_leads_to_the_one_that_is_open(taking, number: int):
    taking.answer(1, "a")
    page = taking.client.get(taking.path(f"cau/{number}/"), follow=True)
    assert page.redirect_chain[-1][0] == taking.path("cau/2/")
    assert cast.client_of(cast.trainee(phone="0912345699")).get(taking.path(f"cau/{number}/")).status_code == 404
    assert taking.client.post(taking.path(f"cau/{number}/"), {"revision": 0}).status_code == 404

"""A session that ends in the middle of a quiz: after log-in one is back at the same question, with all answers."""

import re
from html import unescape

import pytest
from django.contrib.sessions.models import Session

from quizzes import actions
from tests import cast

LOG_IN = "/tai-khoan/dang-nhap/"


@pytest.fixture
def at_five(db):
    """A browser at question five of eight, the four before answered; and the way to the questions."""
    page = cast.course_page()
    quiz, user = cast.quiz(page, questions=8), cast.trainee()
    enrolment = cast.enrolment(user.person, cast.row_of(page))
    attempt = actions.start_attempt(enrolment=enrolment, quiz=quiz, language="vi", at=cast.NOW)
    client, path = cast.client_of(user), f"/kiem-tra/luot/{attempt.pk}/cau/"
    for item in attempt.items.filter(position__lte=4):
        client.post(f"{path}{item.position}/", {"answer": cast.posted(item, "b"), "revision": 0})
    return client, attempt, path


def log_in(client, door):
    """By the links and hidden fields of the pages, as a thumb does: what they forget is forgotten."""
    to_the_pin = re.search(rf'href="({LOG_IN}[^"]*)"', client.get(door).text)[1]
    kept = dict(re.findall(r'type="hidden" name="(next)" value="([^"]*)"', client.get(unescape(to_the_pin)).text))
    return client.post(LOG_IN, {"login": "0912345678", "password": cast.PIN} | kept)


@pytest.mark.parametrize("is_answering", [False, True])
def test_a_session_that_ends_at_question_five_leads_back_to_question_five_with_the_answers(at_five, is_answering):
    client, attempt, path = at_five
    five = f"{path}5/"
    assert client.get(five).status_code == 200
    Session.objects.all().delete()
    if is_answering:
        answer = cast.posted(attempt.items.get(position=5), "c")
        sent_away = client.post(
            five, {"answer": answer, "revision": 0}, headers={"referer": f"https://testserver{five}"}
        )
    else:
        sent_away = client.get(five)
    assert sent_away.status_code == 302
    assert client.get(five).status_code == 302, "nobody reads it without log-in"
    back = log_in(client, sent_away.url)
    assert back.url == five
    assert "Câu 5" in client.get(back.url).text
    assert list(attempt.items.order_by("position").values_list("answer", flat=True)) == ["b"] * 4 + [None] * 4
    assert f'value="{cast.posted(attempt.items.get(position=4), "b")}" checked' in client.get(f"{path}4/").text


NOT_SAVED = "lần gửi vừa rồi chưa được lưu"
BY_HAND, BY_SCRIPT = {"accept": "text/html,application/xhtml+xml"}, {"accept": "*/*"}


@pytest.mark.parametrize("to", ["cau/5/", "nop/", "ca-bai/"])
def test_who_sends_after_it_ended_reads_at_the_door_that_this_was_not_saved(at_five, to):
    client, attempt, path = at_five
    Session.objects.all().delete()
    answer = client.post(f"{path.removesuffix('cau/')}{to}", headers=BY_HAND)
    door = client.get(answer.url).text
    assert NOT_SAVED in door
    assert "Những gì đã lưu trước đó vẫn còn nguyên" in door
    assert NOT_SAVED not in client.get(answer.url).text, "said once"
    attempt.refresh_from_db()
    assert attempt.state == "in_progress"


def test_it_is_said_in_the_language_of_the_page(at_five):
    client, _attempt, path = at_five
    Session.objects.all().delete()
    answer = client.post(f"/en{path}5/", headers=BY_HAND)
    assert "what you just sent was not saved" in client.get(answer.url).text


@pytest.mark.parametrize("to", ["5/", "5/luu/"])
def test_a_script_is_sent_away_without_words_that_would_surprise_later(at_five, to):
    client, _attempt, path = at_five
    Session.objects.all().delete()
    answer = client.post(f"{path}{to}", headers=BY_SCRIPT)
    assert answer.status_code == 302
    assert NOT_SAVED not in client.get(answer.url).text


def test_who_only_looks_lost_nothing_and_is_told_of_nothing(at_five):
    client, _attempt, path = at_five
    Session.objects.all().delete()
    assert NOT_SAVED not in client.get(client.get(f"{path}5/", headers=BY_HAND).url).text


def test_who_is_logged_in_and_no_learner_yet_is_not_told_of_a_log_in_that_ended(at_five):
    _client, _attempt, path = at_five
    client = cast.client_of(cast.staff("organiser"))
    assert NOT_SAVED not in client.post(f"{path}5/", headers=BY_HAND, follow=True).text

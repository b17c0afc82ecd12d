"""What is shown instead of a page leads on, and holds when little else does."""

import pytest
from django.test import Client, RequestFactory
from django.views.defaults import server_error

from quizzes import actions
from quizzes.models import Quiz
from tests import cast

ONLY_BY_BUTTON = "Địa chỉ này chỉ dùng khi bấm nút"
PAGE = {"accept": "text/html,application/xhtml+xml"}


@pytest.mark.django_db
def test_a_page_that_was_not_found_offers_the_home_page_and_puts_nothing_off(client):
    cast.home()
    text = client.get("/khong-co/").text
    assert "Không tìm thấy trang này" in text
    assert "Trang chủ" in text
    assert "Để sau" not in text


def test_a_fault_of_ours_is_told_in_the_site_s_look_without_the_database(settings):
    answer = server_error(RequestFactory().get("/"))
    assert answer.status_code == 500
    assert "Những gì đã lưu vẫn còn nguyên" in answer.text
    assert f'href="{settings.STATIC_URL}css/site.css"' in answer.text
    assert (settings.BASE_DIR / "static" / "css" / "site.css").exists()


@pytest.fixture
def sent_to(db):
    """Addresses that only take what a form or a script sends, by the name of what they do."""
    user, course = cast.trainee(), cast.course(lessons=0, with_quiz=True)
    cast.home()
    quiz, enrolment = Quiz.objects.get(), cast.enrolment(user.person, course)
    attempt = actions.start_attempt(enrolment=enrolment, quiz=quiz, language="vi", at=cast.NOW)
    attempt_in_admin = f"/quan-tri/luot-lam/{attempt.pk}/"
    return user, {
        "start": f"/kiem-tra/{quiz.activity.translation_key}/bat-dau/",
        "save": f"/kiem-tra/luot/{attempt.pk}/cau/1/luu/",
        "time": f"{attempt_in_admin}them-gio/",
        "attempts": f"{attempt_in_admin}them-luot/",
    }


@pytest.mark.parametrize("which", ["start", "save"])
def test_what_only_a_button_opens_says_so_to_a_learner_who_opens_its_address(sent_to, which):
    user, addresses = sent_to
    answer = cast.client_of(user).get(addresses[which], headers=PAGE)
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert ONLY_BY_BUTTON in answer.text
    assert 'href="/hoc/"' in answer.text
    assert "no-store" in answer["Cache-Control"]


def test_it_says_so_to_a_stranger_and_in_english(sent_to):
    address = "/en" + sent_to[1]["start"]
    answer = Client().get(address, headers=PAGE)
    assert answer.status_code == 405
    assert "This address is only for a button" in answer.text
    assert '<html lang="en">' in answer.text


@pytest.mark.parametrize("which", ["time", "attempts"])
def test_in_the_admin_it_leads_back_there(sent_to, which):
    officer = cast.client_of(cast.staff("organiser", cast.commune()))
    answer = officer.get(sent_to[1][which], headers=PAGE)
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert ONLY_BY_BUTTON in answer.text
    assert 'href="/quan-tri/"' in answer.text


def test_a_script_and_who_asks_for_the_headers_alone_get_no_page(sent_to):
    user, addresses = sent_to
    client = cast.client_of(user)
    for answer in (
        client.get(addresses["save"], headers={"accept": "*/*"}),
        client.head(addresses["save"], headers=PAGE),
    ):
        assert (answer.status_code, answer["Allow"], answer.content) == (405, "POST", b"")

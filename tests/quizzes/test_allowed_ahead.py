"""More time or attempts for one person or several, given before the first attempt and used from the first on."""

from copy import deepcopy
from datetime import timedelta

import pytest
from wagtail.models import ModelLogEntry

from quizzes import actions, queries
from quizzes.models import Allowance, Attempt, Quiz, QuizPage
from tests import cast
from tests.conftest import made_for_a_file


@pytest.fixture
def quiz(made_enrolment, db) -> Quiz:
    return Quiz.objects.get()


@pytest.fixture
def enrolment(made_enrolment, db):
    return deepcopy(made_enrolment)


def enrolled_in_a_course_with_a_timed_quiz():
    course = cast.course(lessons=0, with_quiz=True)
    Quiz.objects.update(time_limit=20)
    return cast.enrolment(cast.trainee("Lê Thị Đào").person, course)


made_enrolment = made_for_a_file(enrolled_in_a_course_with_a_timed_quiz)


@pytest.fixture
def officer(enrolment):
    return cast.client_of(cast.staff("manager", enrolment.place))


def address(quiz: Quiz) -> str:
    return f"/quan-tri/cho-them/{quiz.pk}/"


def give(client, quiz, enrolment, **typed):
    form = {"enrolments": typed.pop("whom", enrolment.pk), "minutes": 10, "attempts": 1, "reason": "Mắt kém"} | typed
    return client.post(f"{address(quiz)}?q=dao", form, follow=True)


def test_an_officer_finds_the_person_without_diacritics_and_gives_both(officer, quiz, enrolment):
    assert address(quiz) in officer.get("/quan-tri/cho-them/").text
    assert "Lê Thị Đào" not in officer.get(address(quiz)).text
    assert "Lê Thị Đào" in officer.get(f"{address(quiz)}?q=thi+dao").text
    said = give(officer, quiz, enrolment).text
    assert "Đã cho thêm 1 người, được dùng ngay từ lượt đầu." in said
    assert "thêm 10 phút" in said
    assert "Mắt kém" in said
    entry = ModelLogEntry.objects.filter(action="quizzes.attempt_allowed").get()
    assert entry.data | {"minutes": 10, "attempts": 1, "reason": "Mắt kém"} == entry.data


def test_it_holds_from_the_first_attempt_on(officer, quiz, enrolment):
    give(officer, quiz, enrolment)
    assert queries.standing(enrolment, quiz).left == 4
    attempt = actions.start_attempt(enrolment=enrolment, quiz=quiz, language="vi", at=cast.NOW)
    assert attempt.due_at == cast.NOW + timedelta(minutes=30)
    actions.submit_attempt(attempt=attempt, at=cast.NOW)
    assert queries.standing(enrolment, quiz).left == 3


def test_the_person_reads_of_the_minutes_before_starting(officer, quiz, enrolment):
    reader, page = cast.client_of(enrolment.person.user), QuizPage.objects.get().url
    assert "được cho thêm" not in reader.get(page).text
    give(officer, quiz, enrolment)
    assert "Anh/Chị được cho thêm 10 phút" in reader.get(page).text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"reason": " "}, "Hãy ghi lý do."),
        ({"minutes": 0, "attempts": 0}, "ít nhất một ô lớn hơn 0"),
        ({"minutes": 601}, "số phút từ 0 đến 600"),
        ({"whom": []}, "Hãy chọn ít nhất một người"),
        ({"whom": ["x"]}, "Hãy tìm và chọn lại"),
    ],
)
def test_what_is_not_clear_gives_nothing_and_is_said(officer, quiz, enrolment, typed, said):
    assert said in give(officer, quiz, enrolment, **typed).text
    assert not Allowance.objects.exists()


def test_several_gifts_together_stay_below_the_most_of_one(officer, quiz, enrolment):
    give(officer, quiz, enrolment, minutes=300, attempts=15)
    assert "cùng với phần đã cho (300 phút, 15 lượt)" in give(officer, quiz, enrolment, minutes=0, attempts=6).text
    assert "cùng với phần đã cho (300 phút, 15 lượt)" in give(officer, quiz, enrolment, minutes=301, attempts=0).text
    give(officer, quiz, enrolment, minutes=300, attempts=5)
    assert queries.minutes_given(enrolment, quiz) == 600


def test_what_a_quiz_does_not_limit_is_not_given(officer, quiz, enrolment):
    Quiz.objects.update(time_limit=None)
    assert "không tính giờ" in give(officer, quiz, enrolment).text
    Quiz.objects.update(attempts_allowed=None)
    assert "không giới hạn lượt làm" in give(officer, quiz, enrolment, minutes=0).text
    assert not Allowance.objects.exists()


def test_nor_is_it_asked_for(officer, quiz, enrolment):
    Quiz.objects.update(time_limit=None, closes_at=None)
    page = officer.get(f"{address(quiz)}?q=dao").text
    assert 'name="attempts"' in page
    assert 'name="minutes"' not in page


def test_whoever_has_begun_is_not_found_here(officer, quiz, enrolment):
    actions.start_attempt(enrolment=enrolment, quiz=quiz, language="vi", at=cast.NOW)
    assert "Không tìm thấy ai" in officer.get(f"{address(quiz)}?q=dao").text
    give(officer, quiz, enrolment)
    assert not Allowance.objects.exists()


def test_neither_is_somebody_of_another_place(quiz, enrolment):
    other = cast.client_of(cast.staff("manager", cast.province("Lâm Đồng")))
    assert "Không tìm thấy ai" in other.get(f"{address(quiz)}?q=dao").text
    give(other, quiz, enrolment)
    assert not Allowance.objects.exists()


def test_nobody_gives_to_oneself(quiz, enrolment):
    user = cast.staff("manager", enrolment.place)
    own = cast.enrolment(cast.person("Đào Cán Bộ", enrolment.place, user), quiz.activity.course)
    user.refresh_from_db()
    client = cast.client_of(user)
    assert "Đào Cán Bộ" not in client.get(f"{address(quiz)}?q=dao").text.partition('role="search"')[2]
    give(client, quiz, own)
    assert not Allowance.objects.exists()


def test_it_is_taken_back_while_it_is_unused_and_the_log_keeps_both(officer, quiz, enrolment):
    give(officer, quiz, enrolment)
    taken = officer.post(address(quiz), {"back": Allowance.objects.get().pk}, follow=True)
    assert "Đã bỏ phần cho thêm" in taken.text
    assert not Allowance.objects.exists()
    assert queries.standing(enrolment, quiz).left == 3
    assert ModelLogEntry.objects.filter(action="quizzes.allowance_taken_back").count() == 1


def test_what_is_in_use_stays(officer, quiz, enrolment):
    give(officer, quiz, enrolment)
    actions.start_attempt(enrolment=enrolment, quiz=quiz, language="vi", at=cast.NOW)
    assert officer.post(address(quiz), {"back": Allowance.objects.get().pk}).status_code == 404
    assert Attempt.objects.exists()
    assert Allowance.objects.exists()


@pytest.fixture
def neighbour(quiz, enrolment):
    person = cast.trainee("Phan Văn Rạch", "0912345670").person
    return cast.enrolment(person, quiz.activity.course)


def test_a_whole_commune_is_found_by_its_name_and_given_to_at_once(officer, quiz, enrolment, neighbour):
    page = officer.get(f"{address(quiz)}?q=phan+ngoc+hien").text
    assert "Lê Thị Đào" in page
    assert "Phan Văn Rạch" in page
    said = give(officer, quiz, enrolment, whom=[enrolment.pk, neighbour.pk], reason="Mất điện cả xã").text
    assert "Đã cho thêm 2 người" in said
    assert {queries.minutes_given(one, quiz) for one in (enrolment, neighbour)} == {10}
    assert ModelLogEntry.objects.filter(action="quizzes.attempt_allowed").count() == 2


def test_all_of_them_or_none_and_it_says_about_whom(officer, quiz, enrolment, neighbour):
    give(officer, quiz, enrolment, minutes=600, attempts=0)
    said = give(officer, quiz, enrolment, whom=[neighbour.pk, enrolment.pk], attempts=0).text
    assert "Lê Thị Đào: Chưa cho thêm: cùng với phần đã cho" in said
    assert queries.minutes_given(neighbour, quiz) == 0


def test_somebody_who_began_meanwhile_is_told_of_and_nobody_is_given_anything(officer, quiz, enrolment, neighbour):
    actions.start_attempt(enrolment=neighbour, quiz=quiz, language="vi", at=cast.NOW)
    said = give(officer, quiz, enrolment, whom=[enrolment.pk, neighbour.pk]).text
    assert "Có người vừa bắt đầu làm" in said
    assert not Allowance.objects.exists()


def test_of_very_many_the_first_are_shown_and_how_many_more_there_are(officer, quiz, enrolment, neighbour, monkeypatch):
    monkeypatch.setattr("courses.searching.MOST_FOUND", 1)
    page = officer.get(f"{address(quiz)}?q=phan+ngoc+hien").text
    assert "Chỉ hiện 1 người đầu, còn 1 người nữa" in page
    assert page.count('name="enrolments"') == 1

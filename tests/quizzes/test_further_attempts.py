"""Who has used all attempts asks an officer, and the officer has a door: one more, with a reason."""

from datetime import UTC, datetime

import pytest
from wagtail.models import ModelLogEntry

from accounts import actions as accounts
from lib.refusals import Refusal
from quizzes import actions, personal
from quizzes.models import Allowance, Attempt
from tests import cast


@pytest.fixture
def used_up(taking):
    """All three attempts finished without passing."""
    actions.submit_attempt(attempt=taking.attempt, at=cast.NOW)
    for _again in range(2):
        taking.client.post(start(taking))
        actions.submit_attempt(attempt=Attempt.objects.latest("pk"), at=cast.NOW)
    return taking


def start(taking) -> str:
    return f"/kiem-tra/{taking.quiz.activity.translation_key}/bat-dau/"


def door(taking) -> str:
    return f"/quan-tri/luot-lam/{taking.attempt.pk}/them-luot/"


def result(taking) -> str:
    return taking.client.get(f"/kiem-tra/luot/{Attempt.objects.latest('pk').pk}/ket-qua/").text


def quiz_page(taking) -> str:
    return taking.client.get("/khoa-hoc/ke-chuyen/kiem-tra/").text


def officer(role="manager", place=None):
    return cast.client_of(cast.staff(role, place or cast.commune()))


@pytest.mark.parametrize("role", ["manager", "organiser"])
def test_an_officer_gives_one_more_and_the_person_can_go_on(used_up, role):
    assert "nhờ cán bộ xã cho thêm lượt làm" in result(used_up)
    client = officer(role)
    assert "đã dùng hết lượt" in client.get(f"/quan-tri/attempt/inspect/{used_up.attempt.pk}/").text
    said = client.post(door(used_up), {"reason": "Mất điện giữa chừng"}, follow=True)
    assert "Đã cho thêm một lượt" in said.text
    assert "Mất điện giữa chừng" in said.text
    assert "Còn 1 lượt làm" in result(used_up)
    assert "Còn 1 lượt làm" in quiz_page(used_up)
    used_up.client.post(start(used_up))
    assert Attempt.objects.latest("pk").number == 4


def test_one_more_is_one_more_only(used_up):
    officer().post(door(used_up), {"reason": "Mất sóng"})
    used_up.client.post(start(used_up))
    actions.submit_attempt(attempt=Attempt.objects.latest("pk"), at=cast.NOW)
    assert "dùng hết lượt làm" in used_up.client.post(start(used_up), follow=True).text


def test_a_second_press_gives_no_second_attempt(used_up):
    client = officer()
    client.post(door(used_up), {"reason": "Mất sóng"})
    assert "vẫn còn 1 lượt làm" in client.post(door(used_up), {"reason": "Mất sóng"}, follow=True).text
    assert Allowance.objects.count() == 1


@pytest.mark.parametrize("reason", ["  ", "\0", "\x0b"])
def test_without_a_reason_nothing_is_given(used_up, reason):
    assert "Hãy ghi lý do" in officer().post(door(used_up), {"reason": reason}, follow=True).text
    assert not Allowance.objects.exists()


def test_who_gave_it_and_why_is_kept(used_up):
    officer().post(door(used_up), {"reason": "Mất\x0bsóng\0"})
    entry = ModelLogEntry.objects.get(action="quizzes.attempt_allowed")
    assert (entry.data["reason"], entry.user.display_name) == ("Mất sóng", "Lê Văn Cán Bộ")


def test_who_has_passed_needs_none(taking):
    for position in (1, 2, 3):
        taking.answer(position, "a")
    actions.submit_attempt(attempt=taking.attempt, at=cast.NOW)
    assert "đã đạt bài này rồi" in officer().post(door(taking), {"reason": "Thêm"}, follow=True).text


def test_a_quiz_without_a_limit_needs_none(used_up):
    used_up.quiz.attempts_allowed = None
    used_up.quiz.save()
    with pytest.raises(Refusal, match="không giới hạn"):
        actions.allow_another_attempt(
            enrolment=used_up.attempt.enrolment, quiz=used_up.quiz, by=cast.staff("manager"), reason="Thêm", at=cast.NOW
        )


def test_an_attempt_given_to_one_person_is_not_another_s(used_up):
    officer().post(door(used_up), {"reason": "Mất sóng"})
    other = cast.trainee("Danh Sà Mây", "0912345679")
    enrolment = cast.enrolment(other.person, used_up.course)
    for _each in range(3):
        attempt = actions.start_attempt(enrolment=enrolment, quiz=used_up.quiz, language="vi", at=cast.NOW)
        actions.submit_attempt(attempt=attempt, at=cast.NOW)
    with pytest.raises(Refusal, match="dùng hết lượt"):
        actions.start_attempt(enrolment=enrolment, quiz=used_up.quiz, language="vi", at=cast.NOW)


def test_an_officer_of_another_place_finds_nothing(used_up):
    assert officer(place=cast.province("Lào Cai")).post(door(used_up), {"reason": "Thêm"}).status_code == 404
    assert not Allowance.objects.exists()


def test_editors_and_trainees_give_none(used_up):
    assert cast.client_of(cast.staff("editor")).post(door(used_up), {"reason": "Thêm"}).status_code == 302
    used_up.client.post(door(used_up), {"reason": "Thêm"})
    assert not Allowance.objects.exists()


def test_while_an_attempt_runs_none_is_given(used_up):
    client = officer()
    client.post(door(used_up), {"reason": "Mất sóng"})
    used_up.client.post(start(used_up))
    assert "đang làm dở một lượt" in client.get(f"/quan-tri/attempt/inspect/{used_up.attempt.pk}/").text
    assert "đang làm dở một lượt" in client.post(door(used_up), {"reason": "Mất sóng"}, follow=True).text
    assert Allowance.objects.count() == 1


def test_an_officer_reads_scores_as_the_trainee_does_and_nothing_of_an_annulment_that_never_was(taking):
    Attempt.objects.filter(pk=taking.attempt.pk).update(
        state="finished", score="1.66667", max_score=3, passed=False, finished_at=cast.NOW
    )
    client = officer()
    page = client.get(f"/quan-tri/attempt/inspect/{taking.attempt.pk}/").text
    assert "1,67" in page
    assert "1,66667" not in page
    assert "Lý do mở lại" not in page
    assert "1,67" in client.get("/quan-tri/attempt/").text


def test_thirds_of_points_are_no_violation_and_a_wrong_sum_is_one(taking):
    taking.attempt.items.update(score="0.66667")
    scored = {"state": "finished", "max_score": 3, "passed": False, "finished_at": cast.NOW}
    attempts = Attempt.objects.filter(pk=taking.attempt.pk)
    attempts.update(score="2.00001", **scored)
    assert personal.violations() == []
    attempts.update(score="2.00003")
    assert personal.violations() == [f"attempt {taking.attempt.pk}: the score is not the sum of its items"]


def test_a_moment_reads_the_same_in_the_list_and_in_the_detail(taking):
    evening_in_london = datetime(2026, 3, 9, 21, 22, tzinfo=UTC)
    Attempt.objects.filter(pk=taking.attempt.pk).update(started_at=evening_in_london)
    page = officer().get(f"/quan-tri/attempt/inspect/{taking.attempt.pk}/").text
    assert "10/03/2026" in page
    assert "09/03/2026" not in page


def test_the_reason_is_asked_in_a_field_that_is_seen(used_up):
    page = officer().get(f"/quan-tri/attempt/inspect/{used_up.attempt.pk}/").text
    assert '<input type="text" name="reason"' in page


def test_nobody_gives_the_own_quiz_another_attempt(used_up):
    user = accounts.grant_role(user=used_up.user, role="manager", place=cast.commune(), by=None, at=cast.NOW).user
    client = cast.client_of(user)
    shown = client.get(f"/quan-tri/attempt/inspect/{used_up.attempt.pk}/").text
    assert "bài của chính anh/chị" in shown
    assert door(used_up) not in shown
    assert "hãy nhờ một cán bộ khác cho thêm" in client.post(door(used_up), {"reason": "Tự cho"}, follow=True).text
    assert not Allowance.objects.exists()
    other = cast.client_of(cast.staff("manager", cast.commune()))
    assert "Đã cho thêm một lượt" in other.post(door(used_up), {"reason": "Mất sóng"}, follow=True).text

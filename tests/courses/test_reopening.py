"""A completion that was not earned is taken back: by staff of the place, with a reason, and nothing is forgotten."""

from copy import deepcopy
from datetime import timedelta

import pytest
from django.core.management import call_command
from wagtail.models import ModelLogEntry

from accounts import actions as accounts
from certificates import actions as certificates
from certificates import personal as certificate_facts
from certificates.models import Credential
from courses import actions, personal
from courses.models import Activity, Enrolment
from courses.signals import enrolment_reopened
from lib.refusals import Refusal
from quizzes import actions as quizzes
from quizzes import personal as quiz_facts
from quizzes.models import Attempt, Quiz
from tests import cast
from tests.conftest import made_for_a_file

pytestmark = pytest.mark.django_db
LATER = cast.NOW + timedelta(days=5)
WHY = "Người khác làm hộ"


@pytest.fixture
def on_commit(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def user():
    return cast.trainee()


def with_award():
    course = cast.course(lessons=1, with_quiz=True)
    cast.award(course)
    return course


made_with_award = made_for_a_file(with_award)


@pytest.fixture
def finished(made_with_award, user, on_commit) -> Enrolment:
    """A lesson read, a quiz passed at the first of three attempts, a certificate issued."""
    enrolment = cast.enrolment(user.person, deepcopy(made_with_award))
    with on_commit():
        actions.complete_activity(enrolment=enrolment, activity=lesson(), at=cast.NOW)
        passes(enrolment, cast.NOW + timedelta(days=1))
    enrolment.refresh_from_db()
    return enrolment


def lesson() -> Activity:
    return Activity.objects.get(kind="lesson")


def quiz() -> Activity:
    return Activity.objects.get(kind="quiz")


def passes(enrolment, at) -> Attempt:
    attempt = quizzes.start_attempt(enrolment=enrolment, quiz=Quiz.objects.get(), language="vi", at=at)
    attempt.items.update(answer="a")
    return quizzes.submit_attempt(attempt=attempt, at=at)


def reopen(enrolment, activity, by=None, reason=WHY, at=LATER):
    by = by or cast.staff("manager")
    actions.reopen_enrolment(enrolment=enrolment, activity=activity, by=by, reason=reason, at=at)
    enrolment.refresh_from_db()


def door(enrolment) -> str:
    return f"/quan-tri/ghi-danh/{enrolment.pk}/mo-lai/"


def page(enrolment) -> str:
    return f"/quan-tri/enrolment/inspect/{enrolment.pk}/"


def violations() -> list[str]:
    return personal.violations() + quiz_facts.violations() + certificate_facts.violations()


@pytest.mark.parametrize("role", ["manager", "organiser"])
def test_staff_choose_what_is_taken_back_and_say_why(finished, role, on_commit):
    client = cast.client_of(cast.staff(role, cast.commune()))
    assert "Bài kiểm tra" in client.get(page(finished)).text
    with on_commit():
        said = client.post(door(finished), {"activity": quiz().pk, "reason": WHY}, follow=True).text
    assert "Đã mở lại. Khi học viên học xong" in said
    assert WHY in said
    finished.refresh_from_db()
    assert finished.completed_at is None
    assert list(finished.completions.values_list("activity__kind", flat=True)) == ["lesson"]
    assert violations() == []


def test_what_was_taken_stays_in_the_log(finished):
    completion = finished.completions.get(activity=quiz())
    reopen(finished, quiz())
    entry = ModelLogEntry.objects.get(action="courses.reopened")
    assert (entry.data["reason"], entry.user.display_name) == (WHY, "Lê Văn Cán Bộ")
    assert entry.data["completion"] == {
        "activity": completion.activity_id,
        "occurred_at": completion.occurred_at.isoformat(),
        "recorded_at": completion.recorded_at.isoformat(),
        "source": "self",
    }


@pytest.mark.parametrize(
    ("fields", "said"),
    [({"reason": " "}, "Hãy ghi lý do"), ({"activity": ""}, "Hãy chọn bài"), ({"activity": "99"}, "Hãy chọn bài")],
)
def test_an_unclear_request_changes_nothing(finished, fields, said):
    client = cast.client_of(cast.staff("manager"))
    form = {"activity": lesson().pk, "reason": WHY} | fields
    assert said in client.post(door(finished), form, follow=True).text
    assert finished.completions.count() == 2


def test_the_action_itself_wants_a_reason(finished):
    with pytest.raises(Refusal, match="lý do"):
        reopen(finished, lesson(), reason="  ")


@pytest.mark.parametrize("change", [{"is_required": False}, {"retired_at": cast.NOW}])
def test_what_the_course_does_not_require_is_not_taken_back(finished, change):
    """Without it the course is complete all the same, and would be finished again at once."""
    Activity.objects.filter(kind="lesson").update(**change)
    with pytest.raises(Refusal, match="không còn bắt buộc"):
        reopen(finished, lesson())
    assert finished.completed_at


def test_a_second_press_takes_nothing_more(finished):
    reopen(finished, lesson())
    with pytest.raises(Refusal, match="đã mở lại rồi"):
        reopen(finished, lesson(), by=cast.staff("organiser", phone="0987654322"))


def test_staff_of_another_place_find_nothing(finished):
    client = cast.client_of(cast.staff("manager", cast.province("Lào Cai")))
    assert client.post(door(finished), {"activity": lesson().pk, "reason": WHY}).status_code == 404
    assert finished.completions.count() == 2


def test_editors_and_trainees_reopen_nothing(finished, user):
    form = {"activity": lesson().pk, "reason": WHY}
    cast.client_of(cast.staff("editor")).post(door(finished), form)
    cast.client_of(user).post(door(finished), form)
    assert finished.completions.count() == 2


def test_a_course_in_the_middle_loses_one_step_and_tells_nobody_that_it_was_reopened(user):
    course = cast.course(lessons=2)
    enrolment = cast.enrolment(user.person, course)
    first = course.activities.order_by("position").first()
    actions.complete_activity(enrolment=enrolment, activity=first, at=cast.NOW)
    told = []
    enrolment_reopened.connect(lambda **kwargs: told.append(kwargs), weak=False, dispatch_uid="told")
    reopen(enrolment, first)
    enrolment_reopened.disconnect(dispatch_uid="told")
    assert told == []
    assert not enrolment.completions.exists()


def test_a_passed_quiz_can_be_taken_again_and_the_old_attempt_is_kept(finished, user):
    client = cast.client_of(user)
    reopen(finished, quiz())
    old = Attempt.objects.get()
    assert (old.passed, old.is_pass, old.annulled_reason, old.annulled_by.display_name) == (
        True,
        False,
        WHY,
        "Lê Văn Cán Bộ",
    )
    shown = client.get(f"/kiem-tra/luot/{old.pk}/ket-qua/").text
    assert "Lượt làm này không còn được tính" in shown
    assert WHY in shown
    inspected = (
        cast.client_of(cast.staff("manager", phone="0987654323")).get(f"/quan-tri/attempt/inspect/{old.pk}/").text
    )
    assert "Không còn tính từ" in inspected
    assert "không còn tính</dd>" in "".join(inspected.split("\n")).replace("  ", "")
    assert "Còn 3 lượt làm" in client.get("/khoa-hoc/ke-chuyen/kiem-tra/").text
    assert (
        "không còn tính" in cast.client_of(cast.staff("organiser", phone="0987654322")).get("/quan-tri/attempt/").text
    )
    again = passes(finished, LATER + timedelta(days=1))
    assert (again.number, again.is_pass) == (2, True)
    finished.refresh_from_db()
    assert finished.completed_at == LATER + timedelta(days=1)


def test_who_passed_at_the_last_attempt_has_one_again(finished):
    Quiz.objects.update(attempts_allowed=1)
    reopen(finished, quiz())
    assert passes(finished, LATER + timedelta(days=1)).is_pass


def test_taking_a_lesson_back_leaves_the_quiz_passed(finished):
    reopen(finished, lesson())
    assert Attempt.objects.get().is_pass
    assert finished.completed_at is None


def test_the_certificate_is_revoked_with_the_reason(finished, on_commit, client):
    with on_commit():
        reopen(finished, quiz())
    credential = Credential.objects.get()
    assert (credential.status, credential.status_reason, credential.status_at) == ("revoked", WHY, LATER)
    assert WHY in client.get(f"/c/{credential.code}").text
    assert violations() == []


def test_earning_the_course_again_gives_a_new_certificate_with_a_new_number(finished, on_commit):
    with on_commit():
        reopen(finished, quiz())
    with on_commit():
        passes(finished, LATER + timedelta(days=1))
    assert list(Credential.objects.order_by("sequence").values_list("sequence", "status")) == [
        (1, "revoked"),
        (2, "valid"),
    ]
    assert certificates.issue(enrolment_id=finished.pk, at=LATER + timedelta(days=2)).sequence == 2
    assert certificates.issue_missing(at=LATER + timedelta(days=2)) == 0
    assert violations() == []


def test_the_job_gives_the_new_one_that_a_crash_left_out(finished, on_commit):
    with on_commit():
        reopen(finished, quiz())
    passes(finished, LATER + timedelta(days=1))
    assert len(violations()) == 1
    assert certificates.issue_missing(at=LATER + timedelta(days=2)) == 1
    assert violations() == []


def test_a_certificate_revoked_for_itself_is_not_given_again_by_reconciling(finished):
    certificates.revoke(credential=Credential.objects.get(), reason="Cấp nhầm", by=None, at=LATER)
    call_command("reconcile")
    assert Credential.objects.count() == 1


def test_reconciling_revokes_what_a_crash_left_valid(finished):
    reopen(finished, quiz())
    assert violations() == [f"credential {Credential.objects.get().pk}: valid, but its enrolment is not finished"]
    call_command("reconcile")
    assert Credential.objects.get().status_reason == WHY
    assert violations() == []


def test_reconciling_leaves_alone_what_was_earned_again(finished, on_commit):
    with on_commit():
        reopen(finished, quiz())
    with on_commit():
        passes(finished, LATER + timedelta(days=1))
    call_command("reconcile")
    assert Credential.objects.filter(status="valid").count() == 1


def test_nobody_takes_an_own_completion_back(finished, user):
    """A certificate with a new number and a further try at the quiz hang on it."""
    accounts.grant_role(user=user, role="manager", place=cast.commune(), by=None, at=cast.NOW)
    user.refresh_from_db()
    client = cast.client_of(user)
    shown = client.get(page(finished)).text
    assert "lượt ghi danh của chính anh/chị" in shown
    assert door(finished) not in shown
    said = client.post(door(finished), {"activity": quiz().pk, "reason": WHY}, follow=True).text
    assert "hãy nhờ một cán bộ khác mở lại" in said
    assert finished.completions.count() == 2
    reopen(finished, quiz())
    assert finished.completions.count() == 1

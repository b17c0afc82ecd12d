"""Two officers make a batch of the same people at the same moment: nobody is drawn for both."""

import pytest

from certificates import actions
from certificates.models import Batch, BatchEntry, Layout
from lib.refusals import Refusal
from tests import cast
from tests.racing import crossing, overlapping, without_locks

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


@pytest.fixture
def finished():
    award, found = cast.award(cast.course()), []
    for number in range(2):
        enrolment = cast.enrolment(cast.trainee(f"Người học {number}", f"091234567{number}").person, award.course)
        cast.finish(enrolment)
        found.append(enrolment.pk)
    return found


def making(token, enrolments, *, is_again=False):
    return lambda: actions.make_batch(
        token=token,
        enrolments=enrolments,
        title="Kể chuyện",
        layout=Layout.ONE,
        is_told=False,
        by=None,
        at=cast.NOW,
        is_again=is_again,
    )


def test_the_second_is_told_of_those_whom_the_first_has(finished):
    first, second = overlapping(making("first", finished), making("second", finished[::-1]))

    assert Batch.objects.get() == first
    assert isinstance(second, Refusal)
    assert "2 giấy vừa được đưa vào một đợt in khác" in str(second)


def test_without_the_lock_both_would_be_drawn(finished, monkeypatch):
    """The control: who makes the second does not see what is not committed yet."""
    without_locks(monkeypatch)
    overlapping(making("first", finished), making("second", finished))
    assert BatchEntry.objects.count() == 4


def test_also_beside_one_who_asked_for_all_again(finished):
    _first, second = overlapping(making("first", finished, is_again=True), making("second", finished))
    assert isinstance(second, Refusal)


def test_a_double_click_at_the_same_moment_makes_one(finished):
    first, second = overlapping(making("t", finished), making("t", finished))
    assert first == second == Batch.objects.get()


def test_who_makes_one_and_who_issues_do_not_wait_for_each_other_for_ever(finished):
    """Whoever issues holds the enrolment and wants the counter; a batch wants no counter, whatever it holds."""
    credential, made = crossing(
        lambda: actions.issue(enrolment_id=finished[0], at=cast.NOW),
        making("t", finished[::-1]),
        lambda: actions.issue(enrolment_id=finished[1], at=cast.NOW),
    )
    assert (credential.enrolment_id, made) == (finished[1], Batch.objects.get())

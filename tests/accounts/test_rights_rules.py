"""By which day a request about personal data is answered and done (Decree 356/2025/NĐ-CP)."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.rights import rules
from accounts.rights.purging import months_before

days = st.dates(date(2026, 1, 1), date(2060, 12, 31))
pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("received", "reply"),
    [
        (date(2026, 11, 23), date(2026, 11, 25)),  # Monday
        (date(2026, 11, 26), date(2026, 11, 30)),  # Thursday: over a weekend
        (date(2026, 11, 28), date(2026, 12, 1)),  # Saturday
        (date(2026, 12, 31), date(2027, 1, 5)),  # over New Year's Day and a weekend
        (date(2027, 4, 29), date(2027, 5, 4)),  # over 30/4, 1/5 and a Sunday
    ],
)
def test_an_answer_is_due_on_the_second_working_day_after(received, reply):
    assert rules.reply_by(received, ()) == reply


def test_days_off_that_move_are_told_by_the_operator():
    tet = {date(2027, 2, day) for day in range(5, 12)}
    assert rules.reply_by(date(2027, 2, 4), ()) == date(2027, 2, 8)
    assert rules.reply_by(date(2027, 2, 4), tet) == date(2027, 2, 15)


@given(days)
def test_an_answer_is_due_on_a_working_day_with_one_working_day_between(received):
    due = rules.reply_by(received, ())
    between = [date.fromordinal(number) for number in range(received.toordinal() + 1, due.toordinal() + 1)]
    assert [rules.is_working_day(day, ()) for day in between].count(True) == 2
    assert rules.is_working_day(due, ())


@pytest.mark.parametrize(
    ("kind", "number"),
    [("withdraw", 15), ("restrict", 15), ("object", 15), ("delete", 20), ("view", 20), ("export", 20), ("correct", 20)],
)
def test_it_is_done_within_the_days_of_its_kind(kind, number):
    assert (rules.done_by(kind, date(2026, 11, 23)) - date(2026, 11, 23)).days == number


@pytest.mark.parametrize(
    ("number", "later"), [(0, None), (-1, None), (1, date(2026, 12, 2)), (15, date(2026, 12, 16)), (16, None)]
)
def test_it_is_put_off_by_fifteen_days_at_most(number, later):
    assert rules.extended(date(2026, 12, 1), number) == later


@given(days, st.integers(0, 1000))
def test_a_deletion_waits_and_is_never_late(received, wait):
    assert received <= rules.erase_on(received, wait) <= rules.done_by("delete", received)


def test_months_before_keep_to_the_last_day_of_a_month():
    assert months_before(datetime(2026, 3, 31, tzinfo=UTC), 1) == datetime(2026, 2, 28, tzinfo=UTC)
    assert months_before(datetime(2026, 1, 15, tzinfo=UTC), 24) == datetime(2024, 1, 15, tzinfo=UTC)
    assert months_before(datetime(2026, 2, 1, tzinfo=UTC), 14) == datetime(2024, 12, 1, tzinfo=UTC)

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.rules import Figures

pytestmark = pytest.mark.once


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_a_hundred_percent_means_all(enrolled, completed):
    completed = min(enrolled, completed)
    percent = Figures(enrolled=enrolled, completed=completed).completion_percent
    assert 0 <= percent <= 100
    assert (percent == 100) == (enrolled > 0 and completed == enrolled)

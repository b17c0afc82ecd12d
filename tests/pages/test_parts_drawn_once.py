"""What is alike on every page is drawn once, in each language and for each set of facts by itself."""

import pytest
from django.utils.translation import override

from pages.templatetags.components import once

pytestmark = pytest.mark.once

BAR = "quizzes/_bar.html"


def test_each_language_has_its_own():
    with override("vi"):
        assert "Thoát, làm sau" in once(BAR)
    with override("en"):
        assert "Leave, continue later" in once(BAR)
    with override("vi"):
        assert "Thoát, làm sau" in once(BAR)


def test_each_set_of_facts_has_its_own():
    assert "giờ vẫn chạy" not in once(BAR, is_timed=None)
    assert "giờ vẫn chạy" in once(BAR, is_timed="08:30")
    assert "status--saved" not in once(BAR, is_timed="08:30")
    assert "status--saved" in once(BAR, is_timed="08:30", is_saved=True)
    assert "giờ vẫn chạy" not in once(BAR)


def test_what_a_fact_says_makes_no_further_copy():
    assert once(BAR, is_timed="08:30") is once(BAR, is_timed="09:00")


def test_who_works_on_templates_sees_each_change(settings):
    settings.DEBUG = True
    assert once(BAR) is not once(BAR)

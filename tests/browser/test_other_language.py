"""The way from a question to the same one in another language, also after steps without a page."""

import re

import pytest
from playwright.sync_api import Page, expect

from .conftest import Demo
from .test_journey import begin_quiz
from .test_offline import gathered, is_at

pytestmark = pytest.mark.once


def leads_to(page: Page, position: int) -> None:
    there = re.compile(rf"/en/.*/cau/{position}/$")
    expect(page.get_by_role("link", name="English")).to_have_attribute("href", there)
    expect(page.locator("link[hreflang=en]")).to_have_attribute("href", there)


def test_it_leads_to_the_question_in_sight(desk: Page, demo: Demo):
    begin_quiz(desk, demo)
    gathered(desk)
    leads_to(desk, 1)
    desk.locator(".numbers a").nth(2).click()
    is_at(desk, 3)
    leads_to(desk, 3)
    desk.go_back()
    is_at(desk, 1)
    leads_to(desk, 1)

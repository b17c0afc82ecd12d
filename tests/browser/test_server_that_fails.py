"""A page of a quiz that the server itself fails: what the device keeps goes on, and the server is not asked without end."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Route, expect

from .test_offline import is_at
from .test_opened_without_network import KEPT, quiz

__all__ = ["quiz"]
pytestmark = pytest.mark.once
REAL = ".prose:not(:has([data-case])) [data-quiz]"
# Each pause of the shell is told and made short, so that nobody waits for it.
PAUSES = """
Math.random = () => 0;
const later = globalThis.setTimeout;
globalThis.setTimeout = (work, wait, ...more) => {
  const isOfShell = wait >= 8000 && /\\/offline\\./.test(new Error().stack);
  if (isOfShell) globalThis.paused(wait);
  return later(work, isOfShell ? 100 : wait, ...more);
};
"""
CLOSED = "Object.defineProperty(globalThis, 'sessionStorage', { get() { throw new Error('closed'); } });"


@pytest.fixture
def failing(quiz: Page, watch) -> Iterator[Page]:
    """Away from a page that the device keeps, and whose address the server fails from now on."""
    there = quiz.url
    quiz.goto("about:blank")  # its shell would make room for the real page by itself
    quiz.context.route(there, fail)
    quiz.there = there  # type: ignore[attr-defined]
    yield quiz
    watch.broken.clear()
    watch.complaints = [line for line in watch.complaints if "503" not in line]


def fail(route: Route) -> None:
    route.fulfill(status=503, body="Bận")


def told(page: Page) -> list[int]:
    """How long the shell pauses, load by load."""
    pauses: list[int] = []
    page.context.expose_function("paused", lambda pause: pauses.append(pause))  # noqa: PLW0108 (Playwright marks what it is given)
    page.context.add_init_script(PAUSES)
    return pauses


def reloaded(page: Page, pauses: list[int], times: int) -> None:
    with page.expect_event("framenavigated", lambda _frame: len(pauses) >= times):
        page.goto(page.there)  # type: ignore[attr-defined]


def test_what_the_device_keeps_is_not_lost_to_it(failing: Page):
    failing.goto(failing.there)  # type: ignore[attr-defined]
    expect(failing.get_by_text(KEPT)).to_be_visible()
    is_at(failing, 1)


def test_it_is_asked_half_as_often_each_time_until_the_real_page_comes(failing: Page):
    pauses = told(failing)
    reloaded(failing, pauses, 3)
    assert pauses[:3] == [8000, 16_000, 32_000]
    failing.context.unroute(failing.there)  # type: ignore[attr-defined]
    expect(failing.locator(REAL)).to_be_visible()
    failing.wait_for_load_state("networkidle")
    failing.context.route(failing.there, fail)  # type: ignore[attr-defined]
    pauses.clear()
    reloaded(failing, pauses, 1)
    assert pauses[0] == 8000


def test_a_browser_that_keeps_no_count_goes_on_all_the_same(failing: Page):
    failing.context.add_init_script(CLOSED)
    pauses = told(failing)
    reloaded(failing, pauses, 2)
    assert pauses[:2] == [8000, 8000]
    failing.context.unroute(failing.there)  # type: ignore[attr-defined]
    expect(failing.locator(REAL)).to_be_visible()

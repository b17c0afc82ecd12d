"""Paper comes back: 117 tests typed in by the keyboard alone, as a colleague types them, in a browser.

Twenty minutes for them are 10.3 seconds a sheet, most of which are the person's own; so keys are counted, and what the server adds.
"""

from typing import Any

from playwright.sync_api import Page, Request, sync_playwright

from .measuring import load, percentile
from .phone import ARGUMENTS
from .server import Server, serving
from .table import Row
from .world import ROOT, ask

SHEETS, MINUTES = 117, 20
SLIP = 10  # in every so many sheets one letter is typed wrongly, taken back and typed again
OK = "/bench-ok/"


class Typist:
    """Counts keys, and how long each sheet that was sent took to come back (seconds)."""

    def __init__(self, page: Page) -> None:
        self.page, self.keys, self.waits = page, 0, list[float]()
        page.on("requestfinished", self._came)

    def _came(self, request: Request) -> None:
        if request.method == "POST":
            self.waits.append(request.timing["responseEnd"] / 1000)

    def write(self, words: str) -> None:
        self.page.keyboard.type(words)
        self.keys += len(words)

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.keys += 1

    def sheet(self, badge: int, letters: str, *, slips: bool) -> None:
        self.write(str(badge))
        self.press("Enter")
        if slips:
            self.write("x")
            self.press("Backspace")
        self.write(letters.lower())
        self.press("Enter")


def rows() -> list[Row]:
    pile = ask("typing_in", count=SHEETS)
    with serving() as server:
        load(server, "get", OK, sessions=[None], count=20)
        bare = load(server, "get", OK, sessions=[None], count=250)
        typist, spent = _typed(server, pile)
    return _rows(typist, spent, bare.cost, pile)


def _typed(server: Server, pile: dict[str, Any]) -> tuple[Typist, float]:
    """With the CPU seconds of the server between the first key and the last answer."""
    with sync_playwright() as playwright:
        chromium = (ROOT / ".venv" / ".chromium").read_text().strip()
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        context = browser.new_context(base_url=server.base, locale="vi-VN", viewport={"width": 1280, "height": 900})
        context.add_cookies([{"name": "sessionid", "value": pile["session"], "url": server.base}])
        page = context.new_page()
        page.goto(pile["path"], wait_until="networkidle")
        typist, before = Typist(page), server.cpu()
        page.locator(".grid__number").first.focus()
        for number, (badge, letters) in enumerate(pile["sheets"]):
            typist.sheet(badge, letters, slips=number % SLIP == 0)
        page.locator(f"tr:nth-child({SHEETS}).is-done").wait_for()
        page.wait_for_load_state("networkidle")
        spent = server.cpu() - before
        done = page.locator("tr.is-done").count()
        browser.close()
    if done != SHEETS:
        raise RuntimeError(f"{done} of {SHEETS} sheets were written")
    return typist, spent


def _rows(typist: Typist, spent: float, bare: float, pile: dict[str, Any]) -> list[Row]:
    name = f"{SHEETS} paper tests of {len(pile['sheets'][0][1])} questions typed in"
    on_paper = sum(len(str(badge)) + len(letters) for badge, letters in pile["sheets"])
    pace = MINUTES * 60 / typist.keys
    left = f"{MINUTES} minutes leave {MINUTES * 60 / SHEETS:.1f} s a sheet, {pace:.2f} s a key"
    return [
        Row(f"{name}: keys against what stands on paper", typist.keys / SHEETS, "keys", on_paper / SHEETS, 1.25, 1.2, left),
        Row(f"{name}: requests for a sheet", len(typist.waits) / SHEETS, "", None, 1, 1),
        Row(f"{name}: server, a sheet against the bare view", 1000 * spent / SHEETS, "ms CPU", bare, 40, 20),
        Row(f"{name}: p95 until a sheet is answered, nobody waits for it", percentile(typist.waits, 0.95), "ms"),
    ]  # fmt: skip

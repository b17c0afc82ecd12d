"""A cheap phone on a weak network in headless Chromium: what a lesson weighs and when its first words appear."""

from dataclasses import dataclass
from statistics import median
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from .server import Server, serving
from .table import Row
from .world import ROOT, ask

NETWORK = {"offline": False, "latency": 400, "downloadThroughput": 400_000 / 8, "uploadThroughput": 400_000 / 8}
SLOWER = 4
ROUNDS = 3
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run",
]  # fmt: skip
DOOR = "a desk's door"
PAINTED = "performance.getEntriesByName('first-contentful-paint').map(entry => entry.startTime)[0] || 0"


@dataclass
class Visit:
    """One page as it came: bytes over the wire by kind, and milliseconds until something was seen."""

    sizes: dict[str, float]
    kinds: dict[str, str]
    painted: float

    @property
    def bytes(self) -> float:
        return sum(size for key, size in self.sizes.items() if self.kinds.get(key) not in ("Image", "Media"))

    @property
    def script(self) -> float:
        return sum(size for key, size in self.sizes.items() if self.kinds.get(key) == "Script")


def visit(page: Page, address: str, *, is_cold: bool = False) -> Visit:
    client = page.context.new_cdp_session(page)
    client.send("Network.enable")
    if is_cold:
        client.send("Network.clearBrowserCache")
    client.send("Network.emulateNetworkConditions", NETWORK)
    client.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    kinds: dict[str, str] = {}
    sizes: dict[str, float] = {}

    def came(event: dict[str, Any]) -> None:
        if not event["response"].get("fromDiskCache") and event["response"]["url"].startswith("http"):
            kinds[event["requestId"]] = event["type"]

    def ended(event: dict[str, Any]) -> None:
        if event["requestId"] in kinds:
            sizes[event["requestId"]] = event["encodedDataLength"]

    client.on("Network.responseReceived", came)
    client.on("Network.loadingFinished", ended)
    page.goto(address, wait_until="networkidle")
    painted = float(page.evaluate(PAINTED))
    client.detach()
    return Visit(sizes, kinds, painted)


def _context(browser: Browser, server: Server, session: str | None) -> BrowserContext:
    context = browser.new_context(
        base_url=server.base, viewport={"width": 360, "height": 800}, has_touch=True, locale="vi-VN"
    )
    context.set_default_timeout(60_000)
    if session:
        context.add_cookies([{"name": "sessionid", "value": session, "url": server.base}])
    return context


def _cold_and_next(browser: Browser, server: Server, data: dict[str, Any], session: str | None) -> tuple[Visit, Visit]:
    context = _context(browser, server, session)
    page = context.new_page()
    cold, after = visit(page, data["lessons"][0]), visit(page, data["lessons"][1] if session else data["course"])
    context.close()
    return cold, after


def _cold(browser: Browser, server: Server, address: str, desk: str = "") -> Visit:
    """`desk`: the token of one that this phone opened. Words of the server are there with the first paint."""
    context = _context(browser, server, None)
    if desk:
        context.add_cookies([{"name": "desk", "value": desk, "url": server.base}])
    seen = visit(context.new_page(), address, is_cold=True)
    context.close()
    return seen


def _of_a_workshop(browser: Browser, server: Server) -> dict[str, list[Visit]]:
    """What is looked at on the way to its hall and at its door, by name."""
    made = ask("hall", task="workshop")
    seen: dict[str, list[Visit]] = {}
    for _again in range(ROUNDS):
        wall = ask("hall", task="wall", session=made["session"])["address"]  # which changes every half minute
        addresses = {"a workshop's page": made["page"], "self check-in": wall, DOOR: "/diem-danh/"}
        for name, address in addresses.items():
            seen.setdefault(name, []).append(_cold(browser, server, address))
        without = _cold(browser, server, "/diem-danh/ban/", made["desk"])
        seen.setdefault("a desk's page without a script", []).append(without)
    return seen


def _cold_rows(name: str, seen: list[Visit]) -> list[Row]:
    """By the budgets of a lesson's page, and for scripts of a quiz's. The door brings the six modules of a desk along, once: the phone keeps
    them for the time without a network."""
    requests = 12 if name == DOOR else 8
    first, painted = seen[0], median(one.painted for one in seen)
    return [
        Row(f"phone: bytes of {name}, cold", first.bytes / 1000, "kB", None, 40, 25, _parts(first)),
        Row(f"phone: requests of {name}, cold", len(first.sizes), "requests", None, requests, 5),
        Row(f"phone: first contentful paint of {name}, cold", painted / 1000, "s", None, 1.4, 1.1),
        Row(f"phone: JavaScript of {name}, cold", first.script / 1000, "kB", None, 20, 15),
    ]


def rows(data: dict[str, Any]) -> list[Row]:
    """On the Procfile's server, because it keeps connections open as a proxy would."""
    with serving("own") as server, sync_playwright() as playwright:
        chromium = (ROOT / ".venv" / ".chromium").read_text().strip()
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        for session in (None, data["reader"]):
            _cold_and_next(browser, server, data, session)
        anonymous = [_cold_and_next(browser, server, data, None) for _again in range(ROUNDS)]
        signed_in = [_cold_and_next(browser, server, data, data["reader"]) for _again in range(ROUNDS)]
        checked = [_cold(browser, server, data["paper"].removesuffix("/pdf/")) for _again in range(ROUNDS)]
        halls = _of_a_workshop(browser, server)
        context = _context(browser, server, data["takers"][-1])
        question = context.new_page()
        question.goto(data["quiz"])
        question.locator(f"form[action='{data['start']}'] button").click()
        quiz = visit(question, question.url, is_cold=True)
        context.close()
        browser.close()
    cold, after = anonymous[0][0], signed_in[0][1]
    return [
        Row("phone: bytes of a lesson page, cold", cold.bytes / 1000, "kB", None, 40, 25, _parts(cold)),
        Row("phone: requests of a lesson page, cold", len(cold.sizes), "requests", None, 8, 5),
        Row("phone: first contentful paint, cold", median(one.painted for one, _next in anonymous) / 1000, "s", None, 1.4, 1.1),
        Row(
            "phone: first contentful paint, next lesson, signed in",
            median(two.painted for _cold, two in signed_in) / 1000, "s", None, 0.7, 0.5,
        ),
        Row("phone: bytes of the next lesson, signed in", after.bytes / 1000, "kB", None, 6, 4, _parts(after)),
        Row("phone: JavaScript on a lesson page", cold.script / 1000, "kB", None, 8, 5),
        Row("phone: JavaScript on a quiz page, cold", quiz.script / 1000, "kB", None, 20, 15),
        Row(
            "phone: what a certificate is worth, from its QR code, cold",
            median(one.painted for one in checked) / 1000, "s", None, 2, None, _parts(checked[0]),
        ),
        *(row for name, seen in halls.items() for row in _cold_rows(name, seen)),
    ]  # fmt: skip


def _parts(seen: Visit) -> str:
    parts: dict[str, float] = {}
    for key, size in seen.sizes.items():
        parts[seen.kinds[key]] = parts.get(seen.kinds[key], 0) + size
    return ", ".join(f"{kind} {size / 1000:.1f}" for kind, size in sorted(parts.items()))

"""`make screenshots`: every kind of page as a picture, from a demo of its own, as a phone and a desk show it.

All pictures go to var/screenshots; those that the documents show are copied to docs/screenshots. With ADDRESS set, the
pictures are taken of the demo that runs there.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
VAR = ROOT / "var" / "screenshots"
DOCS = ROOT / "docs" / "screenshots"
SHOWN_IN_DOCS = {"lesson-360": None, "board-1280": 1000}  # with the height that is shown, None: all of it
PHONE, DESK = (360, 800), (1280, 800)
STARTED_WITHIN = 300  # seconds; the first time the demo is loaded
COURSE = "/khoa-hoc/bat-dau-voi-ocop/"


@dataclass(frozen=True)
class Shot:
    """One page: where it is, who looks (the beginning of a demo role, "" for nobody), and at which widths."""

    name: str
    path: str
    role: str = ""
    sizes: tuple[tuple[int, int], ...] = (PHONE, DESK)


SHOTS = [
    Shot("home", "/"),
    Shot("catalogue", "/khoa-hoc/"),
    Shot("topic", "/khoa-hoc/bat-dau/"),
    Shot("course", COURSE),
    Shot("search", "/hoc/tim/?q=dong+goi"),
    Shot("log-in", "/tai-khoan/dien-thoai/"),
    Shot("pin", "/tai-khoan/dang-nhap/"),
    Shot("card", "/tai-khoan/phieu-ma/"),
    Shot("lost-number", "/tai-khoan/mat-so/"),
    Shot("verify", "/c/"),
    Shot("unknown-certificate", "/c/AAAABBBB"),
    Shot("privacy", "/du-lieu-ca-nhan/"),
    Shot("display", "/hien-thi/"),
    Shot("demo-phone", "/demo/dien-thoai/"),
    Shot("not-found", "/khong-co/"),
    Shot("english-home", "/en/"),
    Shot("my-learning", "/hoc/", "học viên đang học"),
    Shot("my-certificates", "/c/cua-toi/", "học viên đã có"),
    Shot("account", "/tai-khoan/", "học viên đã có"),
    Shot("course-of-a-trainee", COURSE, "học viên đang học"),
    Shot("admin-home", "/quan-tri/", "người biên soạn", (DESK,)),
    Shot("admin-pages", "/quan-tri/pages/", "người biên soạn", (DESK,)),
    Shot("admin-law", "/quan-tri/snippets/courses/legaltext/", "người biên soạn", (DESK,)),
    Shot("admin-questions", "/quan-tri/question/", "người biên soạn", (DESK,)),
    Shot("admin-people", "/quan-tri/person/", "cán bộ theo dõi tỉnh", (DESK,)),
    Shot("board-commune", "/quan-tri/tien-do/", "cán bộ theo dõi xã", (DESK,)),
    Shot("board", "/quan-tri/tien-do/", "cán bộ theo dõi tỉnh", (DESK, PHONE)),
]


@contextmanager
def demo() -> Iterator[str]:
    """The address of a running demo: the one of ADDRESS, or one started for these pictures and stopped afterwards."""
    if address := os.environ.get("ADDRESS"):
        yield address
        return
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    address = f"http://127.0.0.1:{port}"
    environment = os.environ | {"HOST": "127.0.0.1", "PORT": port, "BASE_URL": address, "VAR_DIR": str(VAR / "demo")}
    server = subprocess.Popen([ROOT / "script" / "demo"], cwd=ROOT, env=environment, start_new_session=True)  # noqa: S603
    try:
        _wait_for(address, server)
        yield address
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(30)


def _wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + STARTED_WITHIN
    while time.monotonic() < until and server.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=5)  # noqa: S310 (our own server)
        except OSError:
            time.sleep(0.5)
        else:
            return
    sys.exit("The demo did not start.")


def logins() -> dict[str, dict[str, str]]:
    folder = ROOT / "var" / "demo" if "ADDRESS" in os.environ else VAR / "demo"
    environment = os.environ | {"DEMO": "1", "VAR_DIR": str(folder)}
    command = [sys.executable, "manage.py", "demo_logins", "--json"]
    rows = json.loads(subprocess.check_output(command, cwd=ROOT, env=environment))  # noqa: S603
    return {row["role"]: row for row in rows}


class Camera:
    def __init__(self, browser: Browser, address: str) -> None:
        self.browser = browser
        self.address = address
        self.people = logins()
        self.sessions: dict[str, Any] = {}  # cookies by role: one log-in each

    def page(self, size: tuple[int, int], role: str = "", *, theme: str = "", large: bool = False) -> Page:
        """A browser of its own, with somebody logged in."""
        width, height = size
        context = self.browser.new_context(
            base_url=self.address,
            viewport={"width": width, "height": height},
            locale="vi-VN",
            storage_state=self.sessions.get(role),
        )
        context.set_default_timeout(20_000)
        looks = {"theme": theme, "text_size": "large" if large else ""}
        cookies = [{"name": name, "value": value, "url": self.address} for name, value in looks.items() if value]
        context.add_cookies(cookies)  # type: ignore[arg-type]
        page = context.new_page()
        if role and role not in self.sessions:
            person = next(row for known, row in self.people.items() if known.startswith(role))
            page.goto("/tai-khoan/dang-nhap/?next=/hien-thi/")
            page.get_by_label("Số điện thoại").fill(person["phone"])
            page.get_by_label("PIN").fill(person["secret"])
            page.get_by_role("button", name="Đăng nhập").click()
            page.wait_for_url("**/hien-thi/")
            self.sessions[role] = context.storage_state()
        return page

    def keep(self, page: Page, name: str) -> None:
        page.screenshot(path=VAR / f"{name}.png", full_page=True)

    def plain(self) -> None:
        for shot in SHOTS:
            for size in shot.sizes:
                page = self.page(size, shot.role)
                page.goto(shot.path)
                page.wait_for_load_state("networkidle")
                self.keep(page, f"{shot.name}-{size[0]}")
                page.context.close()

    def lesson(self) -> None:
        """A lesson in every look."""
        looks = [("", "", False), ("-dark", "dark", False), ("-large", "", True), ("-dark-large", "dark", True)]
        for suffix, theme, large in looks:
            for size in (PHONE, DESK):
                page = self.page(size, theme=theme, large=large)
                page.goto(COURSE)
                page.locator(f"main a[href^='{COURSE}']").first.click()
                page.wait_for_load_state("networkidle")
                self.keep(page, f"lesson{suffix}-{size[0]}")
                page.context.close()

    def sign_up(self) -> None:
        """A newcomer's steps from the number to the consent; nothing is finished, so that it can be repeated."""
        page = self.page(PHONE)
        number = f"0977 {time.time_ns() // 1_000_000 % 1_000_000:06}"
        page.goto("/tai-khoan/dien-thoai/")
        page.get_by_label("Số điện thoại").fill("12345")
        page.get_by_role("button", name="Nhắn mã").click()
        self.keep(page, "sign-up-error-360")
        page.get_by_label("Số điện thoại").fill(number)
        page.get_by_role("button", name="Nhắn mã").click()
        self.keep(page, "sign-up-code-360")
        mail = page.context.new_page()
        mail.goto("/demo/dien-thoai/?to=" + number.replace(" ", ""))
        self.keep(mail, "demo-phone-message-360")
        code = "".join(c for c in mail.locator(".message p").first.inner_text() if c.isdigit())[:6]
        mail.close()
        page.get_by_label("Mã sáu số").fill(code)
        page.get_by_role("button", name="Xác nhận").click()
        self.keep(page, "sign-up-name-360")
        page.get_by_label("Họ và tên").fill("Trần Thị Bé Ba")
        page.locator("label[for^=id_kind]").first.click()
        page.get_by_role("button", name="Tiếp tục").click()
        page.get_by_label("Xã, phường, đặc khu").press_sequentially("rach goc")
        page.get_by_text("Xã Phan Ngọc Hiển").first.wait_for()
        self.keep(page, "sign-up-place-360")
        page.get_by_text("Xã Phan Ngọc Hiển").first.click()
        page.get_by_role("button", name="Tiếp tục").click()
        self.keep(page, "sign-up-consent-360")
        page.context.close()

    def quiz(self) -> None:
        """Each kind of question as it comes, the page before handing in, and the result."""
        page = self.page(PHONE, "học viên đang học")
        page.goto(COURSE)
        page.get_by_role("link", name="Học tiếp").first.click()
        while (read := page.get_by_role("button", name="Đã đọc xong")).count():
            read.first.click()
            page.wait_for_load_state()
        self.keep(page, "quiz-360")
        page.get_by_role("button", name="làm").first.click()
        for position in range(1, 30):
            if "/nop/" in page.url:
                break
            tile = page.locator(".tile label")
            if tile.count():
                tile.first.click()
            else:
                page.locator("input#answer").fill("số mẻ")
            page.wait_for_timeout(1800)
            self.keep(page, f"question-{position:02}-360")
            page.locator("button[name=go]:not([value=back])").click()
            page.wait_for_load_state()
        self.keep(page, "quiz-submit-360")
        page.get_by_role("button", name="Nộp bài").click()
        page.wait_for_load_state()
        self.keep(page, "quiz-result-360")
        page.context.close()

    def certificate(self) -> None:
        """The check page of a real number, and the picture that its holder saves."""
        page = self.page(PHONE, "học viên đã có")
        page.goto("/c/cua-toi/")
        address = page.locator("a[href$='/anh/'], a[href$='.jpg'], a[href*='/anh']").first.get_attribute("href") or ""
        (VAR / "certificate.jpg").write_bytes(page.request.get(address).body())
        code = address.strip("/").split("/")[1]
        for size in (PHONE, DESK):
            buyer = self.page(size)
            buyer.goto(f"/c/{code}")
            self.keep(buyer, f"certificate-check-{size[0]}")
            buyer.context.close()
        page.context.close()


def main() -> None:
    VAR.mkdir(parents=True, exist_ok=True)
    with demo() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=(ROOT / ".venv" / ".chromium").read_text().strip(),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"],
        )
        camera = Camera(browser, address)
        wanted = sys.argv[1:] or ["plain", "lesson", "sign_up", "quiz", "certificate"]
        for name in wanted:
            getattr(camera, name)()
        browser.close()
    DOCS.mkdir(parents=True, exist_ok=True)
    for name, height in SHOWN_IN_DOCS.items():
        if (VAR / f"{name}.png").exists():
            with Image.open(VAR / f"{name}.png") as picture:
                picture.crop((0, 0, picture.width, min(height or picture.height, picture.height))).save(
                    DOCS / f"{name}.png", optimize=True
                )
    print(f"{len(list(VAR.glob('*.png')))} pictures in {VAR.relative_to(ROOT)}")  # noqa: T201


if __name__ == "__main__":
    main()

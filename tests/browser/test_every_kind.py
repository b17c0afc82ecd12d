"""A quiz that asks every kind of question: by touch, without the script, and with the keys alone."""

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from quizzes.kinds import KINDS

from .conftest import PHONE, Demo, follow, log_in
from .test_pages import findings, overflow

pytestmark = pytest.mark.once
TO_PUBLISH = """
from quizzes.kinds import KINDS
from tests.browser.a_quiz import published
from tests.quizzes.samples import SAMPLES

questions = [
    {"key": f"moi-kieu-{kind}", "kind": kind, "stem": f"Câu hỏi kiểu {KINDS[kind].label}?", "data": SAMPLES[kind],
     "explanation": "Vì vậy."}
    for kind in KINDS
]
published("Mọi kiểu câu", "moi-kieu-cau", questions)
"""
TO_READ = """
import json
from quizzes.models import Attempt
attempt = Attempt.objects.filter(quiz__activity__title="Mọi kiểu câu").latest("pk")
items = attempt.items.select_related("version")
print(json.dumps([attempt.state, {item.version.kind: item.score == item.marks for item in items}]))
attempt.items.all().delete()
attempt.delete()  # nobody begins anew while an essay waits
"""
# What is right of `tests.quizzes.samples`, each place by the words at it ("" where the question is the only label).
RIGHT: dict[str, dict[str, str]] = {
    "single": {"a": ""},
    "multiple": {"a": "", "b": ""},
    "truefalse": {"Sai": ""},
    "short": {"": "muoi"},
    "numeric": {"": "1500 g"},
    "matching": {"Muối": "Bạc Liêu", "Cua": "Cà Mau", "Tôm khô": "Cà Mau"},
    "ordering": {"rửa": "1", "luộc": "2", "phơi": "3", "đóng gói": "4"},
    "gaps": {"Chỗ trống 1": "nắng", "Chỗ trống 2": "a", "Chỗ trống 3": "3"},
    "essay": {"": "Muối phơi trên sân, hạt to và khô."},
    "description": {},
}
type Way = Callable[[Page, Locator, str], None]


@pytest.fixture(scope="module")
def quiz(demo: Demo) -> str:
    demo.manage("shell", "-c", TO_PUBLISH)
    return "/khoa-hoc/moi-kieu-cau/kiem-tra/"


def begin(page: Page, demo: Demo, quiz: str) -> None:
    log_in(page, demo.login("học viên đang học"), quiz)
    follow(page, page.get_by_role("button", name="Bắt đầu làm bài").first)


def place(page: Page, label: str) -> Locator:
    return page.get_by_label(label, exact=True) if label else page.locator("#answer")


def type_of(field: Locator) -> str:
    return field.evaluate("(field) => field.type")


def point(page: Page, field: Locator, value: str) -> None:
    match type_of(field):
        case "select-one":
            field.select_option(label=value)
        case "radio" | "checkbox":
            page.locator(f"label[for={field.get_attribute('id')}]").click()
        case _:
            field.fill(value)


def is_focused(field: Locator) -> bool:
    return field.evaluate("(field) => field === document.activeElement")


def press_until(page: Page, key: str, is_reached: Callable[[], bool]) -> None:
    for _press in range(40):
        if is_reached():
            return
        page.keyboard.press(key)
    raise AssertionError(f"{key} does not lead there")


def press(page: Page, field: Locator, value: str) -> None:
    kind = type_of(field)
    if kind == "radio":
        press_until(page, "Tab", lambda: page.evaluate("document.activeElement.type") == "radio")
        press_until(page, "ArrowDown", lambda: is_focused(field))
    press_until(page, "Tab", lambda: is_focused(field))
    if kind == "select-one":
        press_until(page, "ArrowDown", lambda: field.locator("option:checked").inner_text() == value)
    elif kind in ("radio", "checkbox"):
        page.keyboard.press("Space")
    else:
        page.keyboard.type(value)


def next_by_pointing(page: Page) -> None:
    follow(page, page.locator("button[name=go]:not([value=back])"))


def next_by_keys(page: Page) -> None:
    press_until(page, "Tab", lambda: is_focused(page.locator("button[name=go]:not([value=back])")))
    with page.expect_navigation():
        page.keyboard.press("Enter")


def take(page: Page, answer: Way, go_on: Callable[[Page], None], look: Callable[[Page], None]) -> None:
    for position, kind in enumerate(KINDS, start=1):
        expect(page.locator(".question__no")).to_contain_text(f"Câu {position}/{len(KINDS)}")
        look(page)
        for label, value in RIGHT[kind].items():
            answer(page, place(page, label), value)
        go_on(page)
    expect(page.get_by_role("heading", name="Đã trả lời đủ các câu")).to_be_visible()
    follow(page, page.get_by_role("button", name="Nộp bài"))


def is_all_right(demo: Demo) -> bool:
    """Every kind that is scored by itself got all marks, and the essay waits for its marker."""
    state, full = json.loads(demo.manage("shell", "-c", TO_READ).splitlines()[-1])
    return state == "marking" and full == {kind: kind != "essay" for kind in RIGHT}


def nothing_to_find(page: Page) -> None:
    assert findings(page) == []
    assert overflow(page) == 0


def test_every_kind_is_asked():
    assert RIGHT.keys() == KINDS.keys()


def test_by_touch_and_axe_finds_nothing_at_any_kind(phone: Page, demo: Demo, quiz: str):
    begin(phone, demo, quiz)
    take(phone, point, next_by_pointing, nothing_to_find)
    assert is_all_right(demo)


def test_with_the_keys_alone(desk: Page, demo: Demo, quiz: str):
    begin(desk, demo, quiz)
    take(desk, press, next_by_keys, lambda page: None)
    assert is_all_right(demo)


def test_without_the_script(browser, demo: Demo, quiz: str):
    context = browser.new_context(base_url=demo.address, java_script_enabled=False, viewport=PHONE)
    begin(page := context.new_page(), demo, quiz)
    take(page, point, next_by_pointing, lambda page: None)
    context.close()
    assert is_all_right(demo)

"""What managers read on a phone of 360 pixels: no table is pushed aside, what is to be done comes first, noughts are folded up."""

import pytest
from playwright.sync_api import Page, expect

from .conftest import DESK, PHONE, Demo, log_in
from .test_narrow_phones import SCROLLED
from .test_pages import boxes, findings, overflow

pytestmark = pytest.mark.once
BOARD, CALLS = "/quan-tri/tien-do/", "/quan-tri/can-lien-he/"
PAGES = [BOARD, f"{BOARD}ke-hoach/", f"{BOARD}xu-huong/", f"{BOARD}bao-phu/", f"{BOARD}can-quan-tam/", CALLS]
DRAW = """
from django.utils import timezone
from reports.calling.actions import draw_due
draw_due(at=timezone.now())
"""


@pytest.fixture
def lists(demo: Demo) -> None:
    demo.manage("shell", "-c", DRAW)


def open_all(page: Page) -> None:
    """What is folded up is read as well."""
    page.locator("main details").evaluate_all("all => all.forEach(one => { one.open = true; })")


def manager(page: Page, demo: Demo, of: str) -> Page:
    log_in(page, demo.login(f"cán bộ theo dõi {of}"), BOARD)
    return page


@pytest.mark.parametrize("of", ["cả nước", "tỉnh"])
@pytest.mark.parametrize("path", PAGES)
def test_no_table_is_pushed_aside_and_every_figure_is_on_the_screen(
    phone: Page, demo: Demo, lists: None, path: str, of: str
):
    manager(phone, demo, of).goto(path)
    open_all(phone)
    assert overflow(phone) == 0
    assert phone.locator("main").evaluate(SCROLLED) == 0
    cells = boxes(phone, "main .table td")
    assert cells
    assert max(cell["x"] + cell["width"] for cell in cells) <= PHONE["width"]
    assert findings(phone) == []


@pytest.mark.parametrize("path", PAGES)
def test_in_large_letters_too_the_page_stays_within_the_screen(phone: Page, demo: Demo, lists: None, path: str):
    phone.context.add_cookies([{"name": "text_size", "value": "large", "url": demo.address}])
    manager(phone, demo, "cả nước").goto(path)
    open_all(phone)
    assert overflow(phone) == 0


def test_each_figure_stands_behind_the_name_of_its_column_and_the_share_beside_the_place(phone: Page, demo: Demo):
    row = manager(phone, demo, "cả nước").locator(".table--cards tbody tr").first
    [name], [share] = (boxes(phone, f".table--cards tbody tr:first-child {one}")[:1] for one in ("th a", "td.main"))
    assert abs(name["y"] - share["y"]) < 4
    assert name["x"] + name["width"] <= share["x"]
    label = "one => getComputedStyle(one, '::before').content"
    assert row.locator("td[data-label='Ghi danh']").evaluate(label) == '"Ghi danh "'


def test_on_a_desk_the_same_are_tables_under_their_heads(desk: Page, demo: Demo):
    manager(desk, demo, "cả nước").goto(f"{BOARD}ke-hoach/")
    rows = boxes(desk, ".board__plan tbody tr")
    assert len(rows) == 34, "the places that have neither plan nor result as well"
    assert len({cell["y"] for cell in boxes(desk, ".board__plan tbody tr:first-child td")}) == 1
    assert desk.locator(".board__plan td").first.evaluate("one => getComputedStyle(one, '::before').content") == "none"
    assert boxes(desk, ".board__plan thead")[0]["width"] > DESK["width"] / 2
    expect(desk.locator(".narrow-only")).to_be_hidden()


def test_places_without_plan_and_result_are_one_line_that_opens(phone: Page, demo: Demo):
    manager(phone, demo, "cả nước").goto(f"{BOARD}ke-hoach/")
    folded = phone.locator("details.narrow-only")
    shown = len(boxes(phone, ".board__plan tbody tr"))
    assert 0 < shown < 34
    expect(folded.locator("summary")).to_have_text(f"{34 - shown} nơi chưa có chỉ tiêu, chưa có kết quả")
    expect(folded.get_by_role("link").first).to_be_hidden()
    folded.locator("summary").click()
    expect(folded.get_by_role("link")).to_have_count(34 - shown)
    expect(folded.get_by_role("link").first).to_be_visible()


class TestCalls:
    def test_whom_to_call_first_is_on_the_first_screen_and_who_has_nobody_is_one_line(
        self, phone: Page, demo: Demo, lists: None
    ):
        manager(phone, demo, "cả nước").goto(CALLS)
        first = phone.locator("tbody tr").first
        expect(first).to_be_in_viewport(ratio=1)
        left = [int(one) for one in phone.locator("td.main").all_inner_texts()]
        assert left == sorted(left, reverse=True)
        assert left[-1] > 0
        folded = phone.locator("details.twin")
        expect(folded.locator("summary")).to_have_text(
            f"{34 - len(left)} tỉnh, thành phố không có ai cần liên hệ tuần này"
        )
        folded.locator("summary").click()
        expect(folded.get_by_role("link")).to_have_count(34 - len(left))
        assert findings(phone) == []

    def test_a_province_leads_to_its_communes_and_one_of_them_to_people(self, phone: Page, demo: Demo, lists: None):
        manager(phone, demo, "cả nước").goto(CALLS)
        expect(phone.get_by_text("từng xã, phường")).to_be_visible()
        phone.get_by_role("link", name="Tỉnh Cà Mau").click()
        expect(phone.get_by_text("Mỗi xã, phường có danh sách riêng")).to_be_visible()
        phone.locator("tbody th a").first.click()
        expect(phone.locator(".calls__list > li").first).to_be_visible()


def test_the_list_of_workshops_is_cards(phone: Page, demo: Demo):
    log_in(phone, demo.login("đơn vị tổ chức"), "/quan-tri/tap-huan/")
    place = ".plan__table"
    assert phone.locator("main").evaluate(SCROLLED) == 0
    cells = boxes(phone, f"{place} td[data-label]")
    assert cells
    assert max(cell["x"] + cell["width"] for cell in cells) <= PHONE["width"]
    assert len({cell["y"] for cell in cells}) == len(cells), "each on a line of its own"
    assert overflow(phone) == 0
    assert findings(phone) == []


def test_what_is_done_to_people_who_are_ticked_leaves_seven_eighths_of_the_screen_to_the_list(phone: Page, demo: Demo):
    log_in(phone, demo.login("cán bộ theo dõi tỉnh"), "/quan-tri/person/")
    for one in phone.locator("[data-bulk-action-checkbox]").all()[:2]:
        one.check()
    bar, ways = phone.locator(".bulk-actions-choices"), phone.locator(".bulk-actions-choices .bulk-action-btn")
    expect(bar).to_contain_text("Đã chọn 2")
    expect(bar).to_be_in_viewport(ratio=1)  # it comes in from below
    assert boxes(phone, ".bulk-actions-choices")[0]["height"] <= PHONE["height"] / 8
    assert len({one["y"] for one in boxes(phone, ".bulk-actions-choices .bulk-action-btn")}) == 1
    expect(ways).to_have_count(5)
    for one in ways.all():
        one.focus()
        expect(one).to_be_in_viewport(ratio=0.5)
        one.scroll_into_view_if_needed()
        expect(one).to_be_in_viewport(ratio=0.95)
    assert overflow(phone) == 0
    assert findings(phone, ".bulk-actions-choices") == []

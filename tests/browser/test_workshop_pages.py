"""Pages of workshops: nothing for axe to find, nothing wider than its screen; what everybody looks at keeps itself new."""

import json

import pytest
from playwright.sync_api import Page, expect

from .conftest import DESK, PHONE, Demo, Watch, log_in
from .test_pages import findings, overflow

pytestmark = pytest.mark.once
TODAY = "/tap-huan/viet-cau-chuyen-hom-nay/"
BEFORE = "/tap-huan/ca-mau-11-12-2023/"
OF_A_PHONE = {
    "list": "/tap-huan/",
    "a workshop of before": BEFORE,
    "a workshop to come": TODAY,
    "registration": f"{TODAY}dang-ky/",
    "ticket": "TICKET",
    "cancelling": "TICKEThuy/",
    "test": f"{TODAY}kiem-tra/dau-vao/",
    "feedback": f"{TODAY}danh-gia/",
    "materials": f"{BEFORE}tai-lieu/",
    "tablet that goes round": "KIOSK",
    "door": "/diem-danh/",
    "self check-in": "/diem-danh/tu/",
}
OF_A_WALL = {
    "self check-in": "WALL",
    "test": "ADMINtrong-lop/dau-vao/man-chieu/",
    "feedback": "ADMINtrong-lop/danh-gia/man-chieu/",
}
OF_THE_ADMIN = {
    "list": "/quan-tri/tap-huan/",
    "plan": "/quan-tri/tap-huan/lap/",
    "workshop": "ADMIN",
    "what it is": "ADMINthong-tin/",
    "sessions": "ADMINbuoi/",
    "programme": "ADMINchuong-trinh/",
    "materials": "ADMINtai-lieu/",
    "legal bases": "ADMINcan-cu/",
    "quotas": "ADMINchi-tieu/",
    "rooms": "ROOMSphong/",
    "totals": "/quan-tri/tap-huan/tong-hop/?nam=2023",
    "questions": "ADMINcau-hoi/",
    "import": "ADMINnhap-danh-sach/",
    "messages": "ADMINtin-nhan/",
    "a message": "ADMINtin-nhan/gui/invitation/",
    "tests and feedback": "ADMINtrong-lop/",
    "grid of a test": "ADMINtrong-lop/dau-vao/nhap-phieu/",
    "grid of the feedback": "ADMINtrong-lop/danh-gia/nhap-phieu/",
    "desks": "DOORban/",
    "counter": "DOORco-mat/",
    "conflicts": "DOORxem-lai/",
    "signed lists": "DOORky-ten/",
    "closing": "ADMINchot/",
    "papers": "ADMINgiay-to/",
    "report": "PASTbao-cao/",
    "calls": "PASTgoi-lai/",
}
ADDRESSES = """
import json
from workshops.desk.self_check import wall_of
from workshops.hall.addresses import kiosk
from workshops.models import Workshop
slugs = ("viet-cau-chuyen-hom-nay", "ca-mau-11-12-2023", "bo-tieu-chi-moi")
held, past, coming = (Workshop.objects.get(slug=slug) for slug in slugs)
print(json.dumps({
    "TICKET": f"/tap-huan/ve/{held.registrations.filter(state='held').earliest('number').code}/",
    "KIOSK": kiosk(held), "WALL": wall_of(held.sessions.get()),
    "ROOMS": f"/quan-tri/tap-huan/{coming.pk}/",
    "ADMIN": f"/quan-tri/tap-huan/{held.pk}/", "PAST": f"/quan-tri/tap-huan/{past.pk}/", "DOOR": f"/quan-tri/diem-danh/{held.pk}/",
}))
"""
COMES = """
from django.utils import timezone
from tests import cast
from workshops.models import Workshop
cast.present(Workshop.objects.get(slug="viet-cau-chuyen-hom-nay").registrations.filter(state="held", attendances=None).earliest("number"))
"""
TABLES = "main :is(.grid, .plan__table--numbers table)"
CUT = """tables => tables.filter((table) => {
  const box = table.closest(".plan__table") ?? table;
  return box.scrollWidth > box.clientWidth + 1 || table.getBoundingClientRect().right > innerWidth;
}).map((table) => table.outerHTML.slice(0, 200))"""
LEAVES = """
from workshops.models import Attendance
Attendance.objects.filter(session__workshop__slug="viet-cau-chuyen-hom-nay").delete()
"""


@pytest.fixture(scope="module")
def addresses(demo: Demo) -> dict[str, str]:
    return json.loads(demo.manage("shell", "-v", "0", "-c", ADDRESSES))


@pytest.fixture
def there(addresses: dict[str, str]):
    def full(path: str) -> str:
        for name, address in addresses.items():
            path = path.replace(name, address)
        return path

    return full


@pytest.fixture
def organiser(desk: Page, demo: Demo) -> Page:
    log_in(desk, demo.login("đơn vị tổ chức"), "/quan-tri/")
    return desk


@pytest.mark.parametrize("path", OF_A_PHONE.values(), ids=OF_A_PHONE)
def test_a_page_of_a_phone(phone: Page, path: str, there):
    phone.goto(there(path))
    assert findings(phone) == []
    assert overflow(phone) == 0


@pytest.mark.parametrize("path", OF_A_WALL.values(), ids=OF_A_WALL)
def test_a_screen_in_the_hall(organiser: Page, path: str, there):
    organiser.goto(there(path))
    assert findings(organiser) == []
    assert overflow(organiser) == 0
    picture = organiser.locator("img").bounding_box()
    assert picture["y"] + picture["height"] <= DESK["height"]


@pytest.mark.parametrize("path", OF_THE_ADMIN.values(), ids=OF_THE_ADMIN)
def test_a_page_of_the_admin(organiser: Page, path: str, there):
    organiser.goto(there(path))
    assert findings(organiser) == []
    assert overflow(organiser) == 0


@pytest.mark.parametrize("width", [PHONE["width"], DESK["width"]])
@pytest.mark.parametrize("name", ["totals", "grid of a test", "grid of the feedback"])
def test_no_column_is_out_of_sight(organiser: Page, name: str, width: int, there):
    organiser.set_viewport_size({"width": width, "height": DESK["height"]})
    organiser.goto(there(OF_THE_ADMIN[name]))
    expect(organiser.locator(TABLES).first).to_be_visible()
    assert organiser.locator(TABLES).evaluate_all(CUT) == []


def test_what_is_to_be_known_before_closing_is_a_list_that_looks_like_one(organiser: Page, there):
    organiser.goto(there("ADMINchot/"))
    style = organiser.locator(".plan").evaluate("""plan => {
      plan.insertAdjacentHTML("beforeend", "<div class=help-block><ul><li>a</li><li>b</li></ul></div>");
      return getComputedStyle(plan.lastElementChild.querySelector("li")).listStyleType;
    }""")
    assert style == "disc"


@pytest.mark.parametrize("path", ["WALL", "DOORco-mat/"])
def test_who_comes_in_is_counted_without_a_tap(organiser: Page, path: str, there, demo: Demo, watch: Watch):
    organiser.clock.install()
    organiser.goto(there(path))
    expect(organiser.locator("[data-live]").filter(has_text="có mặt")).to_contain_text("0/")
    try:
        demo.manage("shell", "-v", "0", "-c", COMES)
        organiser.clock.run_for(6000)
        expect(organiser.locator("[data-live]").filter(has_text="có mặt")).to_contain_text("1/")
    finally:
        demo.manage("shell", "-v", "0", "-c", LEAVES)


def test_a_day_of_a_row_is_tapped_in_a_calendar(organiser: Page, there):
    organiser.goto(there("ADMINbuoi/"))
    organiser.locator("[name=sessions-0-day]").click()
    expect(organiser.locator(".xdsoft_datetimepicker:visible")).to_have_count(1)

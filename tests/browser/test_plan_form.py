"""The form of a workshop: fields beside each other, places offered in rows that are added, files named in the page's language."""

import pytest
from playwright.sync_api import Page, expect

from .conftest import log_in

pytestmark = pytest.mark.once
PLAN = "/quan-tri/tap-huan/lap/"
# Names of fields of one row that lie over each other, or reach out of what holds their row.
OVER = """() => [...document.querySelectorAll(".plan__row")].flatMap((row) => {
  const edge = row.closest("details, .plan").getBoundingClientRect().right;
  const boxes = [...row.querySelectorAll("input:not([type=hidden], [type=checkbox], [type=file]), select, textarea")].map((one) => [one.name, one.getBoundingClientRect()]);
  return boxes.flatMap(([name, box], at) => [
    ...(box.right > edge ? [name] : []),
    ...boxes.slice(at + 1).filter(([, other]) => box.left < other.right && other.left < box.right && box.top < other.bottom && other.top < box.bottom).map(([other]) => `${name} ${other}`),
  ]);
})"""


@pytest.fixture
def plan(desk: Page, demo) -> Page:
    log_in(desk, demo.login("đơn vị tổ chức"), "/quan-tri/")
    desk.goto(PLAN)
    desk.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    return desk


@pytest.mark.parametrize("width", [1280, 800, 360])
def test_fields_of_a_row_stand_beside_each_other(plan, width):
    plan.set_viewport_size({"width": width, "height": 900})
    assert plan.locator(".plan__row").count() > 10
    assert plan.evaluate(OVER) == []


def test_the_name_of_a_session_has_room_and_the_help_of_its_seats_moves_no_field(plan):
    name, room, seats = (plan.locator(f"[name=sessions-0-{one}]").bounding_box() for one in ("name", "room", "seats"))
    assert name["width"] > 1.5 * room["width"]
    assert name["y"] == seats["y"]


def test_places_are_offered_in_a_row_that_was_added(plan):
    plan.locator("[data-rows=quotas] [data-rows-add]").click()
    plan.locator("[name=quotas-2-place]").press_sequentially("nam can")
    plan.locator("[data-rows=quotas] .place-names button", has_text="xã Năm Căn").first.click()
    expect(plan.locator("[name=quotas-2-place]")).to_have_value("Xã Năm Căn, tỉnh Cà Mau")


def test_a_file_that_was_chosen_is_named_beside_a_button_in_vietnamese(plan):
    said = plan.locator("[data-file]", has=plan.locator("[name=speakers-0-photo]"))
    expect(said.locator("output")).to_have_text("chưa chọn tệp nào")
    expect(said.get_by_text("Chọn tệp", exact=True)).to_be_visible()
    plan.locator("[name=speakers-0-photo]").set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": b"x"})
    expect(said.locator("output")).to_have_text("a.png")

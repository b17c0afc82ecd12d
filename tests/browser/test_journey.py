"""The platform's main job as people do it: on a phone of 360 pixels, and on an officer's screen."""

import io
import re

import pytest
from playwright.sync_api import Page, Route, expect
from python_calamine import CalamineWorkbook

from . import copies
from .conftest import Demo, follow, log_in

NAME = "Trần Thị Bé Ba"
NUMBER = "0912 345 678"


def code_for(page: Page, number: str) -> str:
    """Reads the text message on the demo phone, in a window of its own."""
    other = page.context.new_page()
    other.goto("/demo/dien-thoai/")
    other.get_by_label("Số điện thoại").fill(number)
    other.get_by_role("button", name="Xem tin").click()
    body = other.locator(".message p").first.inner_text()
    other.close()
    return re.search(r"\d{6}", body)[0]


def prove_number(page: Page, number: str) -> None:
    """To the first question of signing up."""
    page.get_by_label("Số điện thoại").fill(number)
    follow(page, page.get_by_role("button", name="Nhắn mã cho tôi"))
    page.get_by_label("Mã sáu số").fill(code_for(page, number))
    page.get_by_role("button", name="Xác nhận").click()


def sign_up(page: Page, number: str = NUMBER, name: str = NAME, place: str = "rach goc") -> None:
    prove_number(page, number)
    page.get_by_label("Họ và tên").fill(name)
    page.get_by_label("Năm sinh").fill("1975")
    page.locator("label[for^=id_kind]").first.click()
    page.get_by_role("button", name="Tiếp tục").click()
    page.get_by_label("Xã, phường, đặc khu").press_sequentially(place)
    page.get_by_text("Xã Phan Ngọc Hiển").first.click()
    page.get_by_role("button", name="Tiếp tục").click()
    page.get_by_label("Tên cơ sở", exact=False).fill("Tôm khô Bé Ba")
    page.locator("label[for^=id_subject_kind]").first.click()
    page.locator("label[for^=id_subject_role]").first.click()
    page.locator("input[name=learning-record]").check(force=True)
    page.get_by_role("button", name="Bắt đầu học").click()


@pytest.mark.once
def test_a_place_that_is_typed_before_the_script_is_there_is_looked_up(phone: Page):
    phone.goto("/tai-khoan/dien-thoai/?next=/khoa-hoc/")
    prove_number(phone, "0912 345 681")
    phone.get_by_label("Họ và tên").fill("Lý Văn Sớm")
    phone.locator("label[for^=id_kind]").first.click()
    held: list[Route] = []
    script = re.compile(r"/js/places\.[^/]*js")
    phone.route(script, lambda route: held.append(route))  # noqa: PLW0108 (Playwright marks what it is given)
    phone.get_by_role("button", name="Tiếp tục").click()
    phone.get_by_label("Xã, phường, đặc khu").press_sequentially("rach goc")
    held[0].continue_()
    expect(phone.get_by_text("Xã Phan Ngọc Hiển").first).to_be_visible()


def finish_lessons(page: Page) -> None:
    """Reads on to the quiz: each lesson ends in the button that saves and leads to the next."""
    for _lesson in range(10):
        button = page.get_by_role("button", name="Đã đọc xong")
        if not button.count():
            return
        follow(page, button.first)


def answer_all(page: Page) -> None:
    for _question in range(30):
        if "/nop/" in page.url:
            return
        text = page.locator("input#answer")
        if text.count():
            text.fill("số mẻ")
        else:
            page.locator(".tile label").first.click()
            expect(page.locator("[data-status]")).to_have_text("Đã lưu")
        follow(page, page.locator("button[name=go]:not([value=back])"))


def test_from_a_phone_to_the_boards_of_three_managers(phone: Page, desk: Page, demo: Demo, browser):
    phone.goto("/")
    phone.get_by_role("link", name="Khóa học").first.click()
    phone.get_by_role("link", name="Bắt đầu với OCOP").first.click()
    phone.get_by_role("link", name="Đọc thử bài đầu").click()
    expect(phone.get_by_text("Việc làm hôm nay").first).to_be_visible()
    phone.get_by_role("link", name=re.compile("Đăng ký")).first.click()
    sign_up(phone)
    expect(phone.get_by_text("Đã đăng ký xong")).to_be_visible()
    finish_lessons(phone)
    phone.get_by_role("button", name="Bắt đầu làm bài").first.click()
    expect(phone.locator("[data-status]")).to_have_text("")
    answer_all(phone)
    phone.get_by_role("button", name="Nộp bài").click()
    expect(phone.locator(".verdict h1")).to_have_text(re.compile("Đạt|Chưa đạt"))
    phone.goto("/hoc/")
    expect(phone.get_by_text("Bắt đầu với OCOP").first).to_be_visible()

    for role, place in (("cán bộ theo dõi xã", "Phan Ngọc Hiển"), ("cán bộ theo dõi tỉnh", "Phan Ngọc Hiển")):
        context = browser.new_context(base_url=demo.address)
        officer = context.new_page()
        log_in(officer, demo.login(role), "/quan-tri/tien-do/")
        expect(officer.locator("body")).to_contain_text(place)
        book = CalamineWorkbook.from_filelike(io.BytesIO(officer.request.get("/quan-tri/tien-do/xlsx/").body()))
        total = book.get_sheet_by_name("Khóa học").to_python()[-1]
        assert total[1] >= 1
        context.close()


def test_a_certificate_from_its_holder_to_a_buyer(phone: Page, demo: Demo, browser):
    """The named demo trainee holds one: paper, picture, and a check page that anybody may open."""
    log_in(phone, demo.login("học viên đã có"), "/c/cua-toi/")
    with phone.expect_download() as paper:
        phone.get_by_role("link", name=re.compile("PDF")).first.click()
    assert paper.value.path().read_bytes().startswith(b"%PDF")
    with phone.expect_download() as picture:
        phone.get_by_role("link", name=re.compile("ảnh", re.IGNORECASE)).first.click()
    assert picture.value.path().stat().st_size < 300_000
    code = re.search(r"-([A-Z0-9]{8})\.pdf", paper.value.suggested_filename)[1]

    context = browser.new_context(base_url=demo.address)
    buyer = context.new_page()
    buyer.goto(f"/c/{code}")
    expect(buyer.locator("main")).to_contain_text("Còn hiệu lực")
    expect(buyer.locator("main")).to_contain_text("Trần Văn Thử")
    context.close()


def test_the_same_without_javascript(demo: Demo, browser):
    context = browser.new_context(
        base_url=demo.address, java_script_enabled=False, viewport={"width": 360, "height": 800}
    )
    page = context.new_page()
    page.goto("/tai-khoan/dien-thoai/?next=/khoa-hoc/")
    prove_number(page, "0912 345 679")
    page.get_by_label("Họ và tên").fill("Danh Sà Mây")
    page.locator("label[for^=id_kind]").first.click()
    page.get_by_role("button", name="Tiếp tục").click()
    page.get_by_label("Xã, phường, đặc khu").fill("gia rai, bac lieu cu")
    page.get_by_role("button", name="Tìm").click()
    page.locator("[data-places-hits] label").first.click()
    page.get_by_role("button", name="Tiếp tục").click()
    expect(page.get_by_role("button", name="Bắt đầu học")).to_be_visible()
    context.close()


@pytest.mark.once
def test_an_error_goes_as_soon_as_what_was_missing_is_chosen(phone: Page):
    phone.goto("/tai-khoan/dien-thoai/?next=/khoa-hoc/")
    prove_number(phone, "0912 345 680")
    phone.get_by_label("Họ và tên").fill("Danh Sà Mây")
    phone.get_by_role("button", name="Tiếp tục").click()
    expect(phone.get_by_role("group", name="Anh/Chị là")).to_have_accessible_description("Hãy chọn một trong hai.")
    phone.locator("label[for^=id_kind]").first.click()
    expect(phone.locator(".field__error")).to_have_count(0)
    phone.get_by_role("button", name="Tiếp tục").click()
    for typed in ("rach goc", "phan"):  # one place is chosen at once, of several one is tapped
        phone.get_by_role("button", name="Tiếp tục").click()
        expect(phone.locator(".field__error")).to_have_text("Hãy gõ tên xã, phường rồi chọn một nơi trong danh sách.")
        phone.get_by_label("Xã, phường, đặc khu").press_sequentially(typed)
        phone.get_by_text("Xã Phan").first.click()
        expect(phone.locator(".field__error")).to_have_count(0)
        phone.goto(phone.url)


@pytest.mark.once
def test_a_shared_device_forgets(phone: Page, demo: Demo):
    log_in(phone, demo.login("học viên đã có"))
    phone.goto("/tai-khoan/")
    follow(phone, phone.get_by_role("button", name="Đăng xuất khỏi máy này"))
    phone.goto("/hoc/")
    expect(phone).to_have_url(re.compile("dien-thoai"))
    assert not [cookie for cookie in phone.context.cookies() if cookie["name"] == "sessionid"]
    assert copies.keys(phone) == []


@pytest.mark.once
def test_leaving_takes_ones_own_answers_along_and_leaves_those_of_others(phone: Page, demo: Demo):
    log_in(phone, demo.login("học viên đã có"))
    phone.goto("/tai-khoan/")
    own = phone.locator("[data-leave]").get_attribute("data-leave")
    for person in (own, f"{own}1"):
        copies.put(phone, f"{person}-7-1-0", ["a"])
    leave = phone.get_by_role("button", name="Đăng xuất khỏi máy này")
    leave.click()
    expect(phone.get_by_text("Đăng xuất bây giờ thì mất các câu ấy")).to_be_visible()
    follow(phone, leave)
    assert copies.keys(phone) == [f"{own}1-7-1-0"]


@pytest.mark.once
def test_an_officer_whose_session_ended_sends_the_same_form_again(desk: Page, demo: Demo):
    officer = demo.login("cán bộ theo dõi xã")
    form = "/quan-tri/nguoi/dang-ky/"
    log_in(desk, officer, form)
    desk.locator("[name=name]").fill("Danh Sà Mây")
    desk.locator("[name=birth_year]").fill("1961")
    desk.locator("[name=kind][value=official]").check()
    desk.locator("[name=official_level]").select_option("commune")
    desk.locator("[name=how][value=officer]").check()
    desk.locator("[name=learning-record]").check()
    token = desk.locator("[name=form_token]").input_value()
    desk.context.clear_cookies(name="sessionid")
    desk.get_by_role("button", name="Đăng ký", exact=True).click()
    expect(desk.get_by_text("Trang để lâu nên máy đã tự đăng xuất")).to_be_visible()
    desk.get_by_label("Số điện thoại").fill(officer["phone"])
    desk.get_by_label("PIN").fill(officer["secret"])
    desk.get_by_role("button", name="Đăng nhập").click()
    expect(desk.get_by_text("Lần gửi trước chưa lưu được")).to_be_visible()
    assert desk.locator("[name=form_token]").input_value() == token
    desk.get_by_role("button", name="Đăng ký", exact=True).click()
    desk.wait_for_url("**/person/inspect/**")
    expect(desk.get_by_role("heading", name="Danh Sà Mây").first).to_be_visible()
    desk.goto(f"{form}?chua-gui=1")
    assert desk.locator("[name=name]").input_value() == ""


@pytest.mark.once
def test_what_one_officer_typed_is_never_put_into_the_form_of_another(desk: Page, demo: Demo):
    form = "/quan-tri/nguoi/dang-ky/"
    log_in(desk, demo.login("cán bộ theo dõi xã"), form)
    desk.locator("[name=name]").fill("Danh Sà Mây")
    desk.context.clear_cookies(name="sessionid")
    desk.get_by_role("button", name="Đăng ký", exact=True).click()
    other = demo.login("cán bộ theo dõi tỉnh")
    desk.get_by_label("Số điện thoại").fill(other["phone"])
    desk.get_by_label("PIN").fill(other["secret"])
    desk.get_by_role("button", name="Đăng nhập").click()
    desk.wait_for_url(f"**{form}?chua-gui=1")
    expect(desk.locator("[data-kept]")).to_be_hidden()
    assert desk.locator("[name=name]").input_value() == ""


def begin_quiz(page: Page, demo: Demo) -> None:
    """To the first question of the demo trainee's quiz, with its script. The long way is walked once, and again after a test
    that logged them out or handed in."""
    if not is_back_in_the_quiz(page, demo):
        walk_to_the_quiz(page, demo)
    expect(page.locator(".tile input, input#answer").first).to_be_attached()
    expect(page.locator("[data-when]").filter(visible=True)).to_have_count(0)


def is_back_in_the_quiz(page: Page, demo: Demo) -> bool:
    if not demo.walked:
        return False
    cookies, address = demo.walked
    page.context.add_cookies(cookies)
    page.goto(address)
    if page.url != address:
        page.context.clear_cookies()
    return page.url == address


def walk_to_the_quiz(page: Page, demo: Demo) -> None:
    log_in(page, demo.login("học viên đang học"))
    page.goto("/khoa-hoc/bat-dau-voi-ocop/")
    enrol = page.get_by_role("button", name="Ghi danh và bắt đầu")
    follow(page, enrol.or_(page.get_by_role("link", name=re.compile("Học tiếp"))).first)
    finish_lessons(page)
    start = page.get_by_role("button", name=re.compile("Bắt đầu làm bài|Làm lại"))
    follow(page, start.or_(page.get_by_role("link", name=re.compile("Làm tiếp"))).first)
    page.goto(re.sub(r"/(cau/\d+|nop)/.*", "/cau/1/", page.url))
    demo.walked = page.context.cookies(), page.url


def answer(page: Page, which: int) -> None:
    """One of two answers to whatever kind of question was drawn."""
    written = page.locator("input#answer")
    if written.count():
        written.fill(("ba sao", "bốn sao")[which])
        return
    lists, gaps = page.locator("select[name=answer]"), page.locator(".gaps input")
    if lists.count():
        lists.first.select_option(index=which + 1)
        return
    if gaps.count():
        gaps.first.fill(("ba sao", "bốn sao")[which])
        return
    box = page.locator("input[type=checkbox]")
    for index in range(box.count()):
        box.nth(index).uncheck(force=True)
    page.locator(".tile label").nth(which).click()


def answered(page: Page) -> int | None:
    written = page.locator("input#answer")
    if written.count():
        return {"ba sao": 0, "bốn sao": 1}.get(written.input_value())
    ticked = [page.locator(".tile input").nth(index).is_checked() for index in (0, 1)]
    return ticked.index(True) if True in ticked else None


@pytest.mark.once
def test_an_answer_on_its_way_is_being_saved_and_waits_only_once_it_could_not_be_sent(phone: Page, demo: Demo, watch):
    begin_quiz(phone, demo)
    status, on_their_way = phone.locator("[data-status]"), []

    def hold(route: Route) -> None:
        on_their_way.append(route)

    phone.route("**/luu/", hold)
    with phone.expect_request("**/luu/"):
        answer(phone, 1 - (answered(phone) or 0))
        expect(status).to_have_text("Đang lưu…")
    expect(status).to_have_text("Đang lưu…")
    on_their_way[0].abort()
    expect(status).to_have_text("Đang chờ gửi (1)")
    phone.unroute("**/luu/")
    expect(status).to_have_text("Đã lưu")
    watch.complaints = [line for line in watch.complaints if "ERR_FAILED" not in line]


@pytest.mark.once
def test_a_lost_network_keeps_the_answer(phone: Page, demo: Demo, watch):
    begin_quiz(phone, demo)
    wanted = 1 - (answered(phone) or 0)
    phone.context.set_offline(True)
    answer(phone, wanted)
    expect(phone.locator("[data-status]")).to_have_text("Đang chờ gửi (1)")
    phone.context.set_offline(False)
    expect(phone.locator("[data-status]")).to_have_text("Đã lưu")
    phone.reload()
    assert answered(phone) == wanted
    watch.complaints = [line for line in watch.complaints if "ERR_INTERNET_DISCONNECTED" not in line]


@pytest.mark.once
def test_a_choice_changed_while_the_first_is_on_its_way_is_the_one_that_counts(phone: Page, demo: Demo):
    begin_quiz(phone, demo)
    here, on_their_way, last = phone.url, [], answered(phone) or 0

    def hold_the_first(route: Route) -> None:
        if on_their_way:
            route.continue_()
        else:
            on_their_way.append(route)

    phone.route("**/luu/", hold_the_first)
    with phone.expect_request("**/luu/"):
        answer(phone, 1 - last)
    answer(phone, last)
    phone.locator("button[name=go][value=next]").click()
    on_their_way[0].continue_()
    phone.wait_for_url(re.compile(r"/cau/2/|/nop/"))
    phone.goto(here)
    assert answered(phone) == last
    expect(phone.locator("[data-status]")).to_have_text("Đã lưu")


@pytest.mark.once
def test_what_is_answered_in_two_windows_is_said_and_stays_in_sight(phone: Page, demo: Demo, watch):
    begin_quiz(phone, demo)
    other = phone.context.new_page()
    other.goto(phone.url)
    answer(phone, 1 - (answered(phone) or 0))
    expect(phone.locator("[data-status]")).to_have_text("Đã lưu")
    mine = 1 - (answered(phone) or 0)
    answer(other, 1 - mine)
    answer(other, mine)
    expect(other.locator("[data-status]")).to_have_text("Chưa lưu")
    expect(other.get_by_text("Câu này vừa được trả lời ở một cửa sổ hoặc máy khác")).to_be_visible()
    assert answered(other) == mine
    expect(other.locator(".numbers a").first).to_have_class(re.compile(r"\bdone\b"))
    here = other.url
    other.locator("button[name=go][value=next]").click()
    other.wait_for_url(re.compile(r"/cau/2/|/nop/"))
    phone.goto(here)
    assert answered(phone) == mine
    watch.complaints = [line for line in watch.complaints if "409" not in line]


@pytest.mark.once
def test_a_session_that_ended_in_a_quiz_says_so_and_loses_nothing(phone: Page, demo: Demo):
    begin_quiz(phone, demo)
    wanted = 1 - (answered(phone) or 0)
    phone.context.clear_cookies(name="sessionid")
    answer(phone, wanted)
    expect(phone.get_by_text("máy này đã đăng xuất")).to_be_in_viewport()
    here = phone.url
    log_in(phone, demo.login("học viên đang học"), here)
    expect(phone.locator("[data-status]")).to_have_text("Đã lưu")
    assert answered(phone) == wanted

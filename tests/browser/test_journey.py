"""The platform's main job as people do it: on a phone of 360 pixels, and on an officer's screen."""

import io
import re

from playwright.sync_api import Page, expect
from python_calamine import CalamineWorkbook

from .conftest import Demo, log_in

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


def sign_up(page: Page, number: str = NUMBER, name: str = NAME, place: str = "rach goc") -> None:
    page.get_by_label("Số điện thoại").fill(number)
    page.get_by_role("button", name="Nhắn mã cho tôi").click()
    page.get_by_label("Mã sáu số").fill(code_for(page, number))
    page.get_by_role("button", name="Xác nhận").click()
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


def finish_lessons(page: Page) -> None:
    """Reads on to the quiz: each lesson ends in the button that saves and leads to the next."""
    for _lesson in range(10):
        button = page.get_by_role("button", name="Đã đọc xong")
        if not button.count():
            return
        button.first.click()
        page.wait_for_load_state()


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
        page.locator("button[name=go][value=next]").click()
        page.wait_for_load_state()


def test_from_a_phone_to_the_boards_of_three_managers(phone: Page, desk: Page, demo: Demo, browser):
    phone.goto("/")
    phone.get_by_role("link", name="Khóa học").first.click()
    phone.get_by_role("link", name="Bắt đầu với OCOP").first.click()
    phone.get_by_role("link", name="Đọc thử bài đầu").click()
    expect(phone.get_by_text("Việc làm hôm nay").first).to_be_visible()
    lesson = phone.url
    phone.get_by_role("link", name=re.compile("Đăng ký")).first.click()
    sign_up(phone)
    expect(phone).to_have_url(lesson)
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
    page.get_by_label("Số điện thoại").fill("0912 345 679")
    page.get_by_role("button", name="Nhắn mã cho tôi").click()
    page.get_by_label("Mã sáu số").fill(code_for(page, "0912 345 679"))
    page.get_by_role("button", name="Xác nhận").click()
    page.get_by_label("Họ và tên").fill("Danh Sà Mây")
    page.locator("label[for^=id_kind]").first.click()
    page.get_by_role("button", name="Tiếp tục").click()
    page.get_by_label("Xã, phường, đặc khu").fill("gia rai, bac lieu cu")
    page.get_by_role("button", name="Tìm").click()
    page.locator("[data-places-hits] label").first.click()
    page.get_by_role("button", name="Tiếp tục").click()
    expect(page.get_by_role("button", name="Bắt đầu học")).to_be_visible()
    context.close()


def test_a_shared_device_forgets(phone: Page, demo: Demo):
    log_in(phone, demo.login("học viên đã có"))
    phone.goto("/tai-khoan/")
    phone.get_by_role("button", name="Đăng xuất khỏi máy này").click()
    phone.goto("/hoc/")
    expect(phone).to_have_url(re.compile("dien-thoai"))
    assert not [cookie for cookie in phone.context.cookies() if cookie["name"] == "sessionid"]
    assert phone.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('answer-')).length") == 0


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
    desk.get_by_role("button", name="Ghi người học").click()
    expect(desk.get_by_text("Trang để lâu nên đã tự đăng xuất")).to_be_visible()
    desk.get_by_label("Số điện thoại").fill(officer["phone"])
    desk.get_by_label("PIN").fill(officer["secret"])
    desk.get_by_role("button", name="Đăng nhập").click()
    expect(desk.get_by_text("Lần gửi trước chưa lưu được")).to_be_visible()
    assert desk.locator("[name=form_token]").input_value() == token
    desk.get_by_role("button", name="Ghi người học").click()
    desk.wait_for_url("**/person/inspect/**")
    expect(desk.get_by_role("heading", name="Danh Sà Mây").first).to_be_visible()
    desk.goto(f"{form}?chua-gui=1")
    assert desk.locator("[name=name]").input_value() == ""


def test_a_lost_network_keeps_the_answer(phone: Page, demo: Demo, watch):
    log_in(phone, demo.login("học viên đang học"))
    phone.goto("/khoa-hoc/bat-dau-voi-ocop/")
    enrol = phone.get_by_role("button", name="Ghi danh và bắt đầu")
    if enrol.count():
        enrol.click()
    else:
        phone.get_by_role("link", name=re.compile("Học tiếp")).click()
    finish_lessons(phone)
    phone.get_by_role("button", name="Bắt đầu làm bài").click()
    phone.wait_for_url("**/cau/**")
    question = phone.locator(".tile input, input#answer").first
    expect(question).to_be_attached()
    phone.wait_for_load_state("load")  # the script as well
    is_written = question.get_attribute("id") == "answer"  # which question comes first is drawn
    phone.context.set_offline(True)
    if is_written:
        question.fill("ba sao")
        question.blur()
    else:
        phone.locator(".tile label").first.click()
    expect(phone.locator("[data-status]")).to_have_text("Đang chờ gửi")
    phone.context.set_offline(False)
    expect(phone.locator("[data-status]")).to_have_text("Đã lưu")
    phone.reload()
    assert question.input_value() == "ba sao" if is_written else question.is_checked()
    watch.complaints = [line for line in watch.complaints if "ERR_INTERNET_DISCONNECTED" not in line]

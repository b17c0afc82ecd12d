"""A number with one wrong digit: it is mended, and the way back to the lesson is still known."""

import re
from html import unescape

import pytest
from django.test import Client

from accounts.models import User
from courses.models import Completion
from demo.models import PhoneMessage
from tests import cast
from tests.journeys.test_from_phone_to_certificate import sign_up

pytestmark = pytest.mark.django_db
START = "/tai-khoan/dien-thoai/"


@pytest.fixture
def send(django_capture_on_commit_callbacks):
    """Fills the form of a page in as a browser would, with a number; returns the page that follows."""

    def fill_in(client: Client, address: str, phone: str, **ticked: str):
        page = client.get(address)
        there = re.search(r'name="next" value="([^"]*)"', page.text)[1]
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(address, {"phone": phone, "next": unescape(there)} | ticked)

    return fill_in


def mending(page: str) -> str:
    return unescape(re.search(r'href="([^"]*)">Sửa số điện thoại', page)[1])


def test_the_lesson_just_read_is_recorded_although_the_number_was_mistyped_first(send):
    course, client = cast.course(lessons=2), Client()
    lesson = client.get("/khoa-hoc/ke-chuyen/bai-1/").text
    door = unescape(re.search(rf'href="({START}[^"]*)">Đăng ký hoặc đăng nhập', lesson)[1])
    mend = mending(client.get(send(client, door, "0912345687").url).text)
    assert 'value="0912 345 687"' in client.get(mend).text
    asked = send(client, mend, "0912345678")
    code = re.search(r"\d{6}", PhoneMessage.objects.latest("pk").body)[0]
    profile = client.post(asked.url, {"code": code, "action": "verify"}).url
    there = unescape(re.search(r'name="next" value="([^"]*)"', client.get(profile, follow=True).text)[1])
    sign_up(client, there=there)
    assert "Anh/Chị vừa đọc" in client.get(there).text
    client.post(there)
    assert Completion.objects.filter(enrolment__person=User.objects.get(phone="+84912345678").person).count() == 1
    assert course.enrolments.count() == 1


def test_a_shared_device_stays_one_while_the_number_is_mended(send):
    client = Client()
    code_page = send(client, START, "0912345687", is_shared="on").url
    assert "checked" in client.get(mending(client.get(code_page).text)).text


def test_nobody_finds_a_number_who_did_not_come_to_mend_it(send):
    client = Client()
    send(client, START, "0912345687")
    assert "0912 345 687" not in client.get(START).text
    assert "0912 345 687" not in Client().get(f"{START}?sua=1").text


def test_whose_code_is_over_asks_for_another_and_still_comes_back(send):
    there = "/khoa-hoc/ke-chuyen/bai-1/"
    assert Client().get(f"/tai-khoan/ma/?next={there}").url == f"{START}?next=%2Fkhoa-hoc%2Fke-chuyen%2Fbai-1%2F"
    client = Client()
    code_page = send(client, f"{START}?next={there}", "0912345678").url
    code = re.search(r"\d{6}", PhoneMessage.objects.latest("pk").body)[0]
    for _ in range(5):
        answer = client.post(code_page, {"code": str((int(code) + 1) % 10**6).zfill(6), "action": "verify"})
    assert answer.url == f"{START}?next=%2Fkhoa-hoc%2Fke-chuyen%2Fbai-1%2F"


def test_a_door_to_a_foreign_site_is_not_kept(send):
    assert Client().get("/tai-khoan/ma/?next=https://evil.example/").url == START

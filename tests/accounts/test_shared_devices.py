"""A shared device logs out by itself when nobody has used it for an hour; a browser that opens its tabs again does not help."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import cast

pytestmark = pytest.mark.django_db
LOGIN, MINE, PULSE = "/tai-khoan/dang-nhap/", "/hoc/", "/quan-tri/editing-sessions/ping/wagtailcore/page/1/"
WORDS = "Máy dùng chung để yên quá một giờ nên đã tự đăng xuất"
READ = {"accept": "text/html"}


def device(user, secret=cast.PIN, **more) -> Client:
    client = Client(headers=READ)
    assert client.post(LOGIN, {"login": user.phone, "password": secret, **more}).status_code == 302
    return client


@pytest.fixture
def shared():
    return device(cast.trainee(), is_shared="on")


def rest(client: Client, seconds: int) -> None:
    session = client.session
    session["shared_seen_at"] -= seconds
    session.save()


def writes(client: Client, path: str = MINE) -> list[str]:
    with CaptureQueriesContext(connection) as asked:
        client.get(path)
    return [query["sql"] for query in asked if not query["sql"].startswith(("SELECT", "SAVEPOINT", "RELEASE"))]


def test_it_is_told_at_the_door_when_it_logs_out():
    page = Client().get(LOGIN).text
    assert "sau một giờ không dùng, máy tự đăng xuất" in page
    assert "Tắt trình duyệt" not in page


def test_after_an_hour_without_a_request_it_is_logged_out_and_says_so(shared):
    rest(shared, 3500)
    assert shared.get(MINE).status_code == 200
    rest(shared, 3700)
    key = shared.session.session_key
    answer = shared.get(MINE, follow=True)
    assert answer.redirect_chain[0][0].startswith("/tai-khoan/dien-thoai/")
    assert WORDS in answer.text
    assert not shared.session.exists(key)


def test_a_session_of_which_it_is_not_known_when_it_was_used_is_over(shared):
    session = shared.session
    del session["shared_seen_at"]
    session.save()
    assert shared.get(MINE).status_code == 302


def test_somebody_who_reads_on_stays_in(shared):
    for _page in range(4):
        rest(shared, 1800)
        assert shared.get(MINE).status_code == 200


def test_use_is_written_down_every_five_minutes_at_most(shared):
    shared.get(MINE)
    assert writes(shared) == []
    rest(shared, 400)
    assert len(writes(shared)) == 1
    assert writes(shared) == []


def test_one_s_own_device_is_asked_nothing_more_and_stays_in():
    own = device(cast.trainee())
    assert "shared_seen_at" not in own.session
    own.get(MINE)
    assert writes(own) == []
    assert own.get(MINE).status_code == 200


def test_whoever_ticks_the_box_and_waits_for_the_code_is_not_logged_out_of_nothing(client):
    client.post("/tai-khoan/dien-thoai/", {"phone": "0912345678", "is_shared": "on"})
    assert WORDS not in client.get("/tai-khoan/dien-thoai/ma/", headers=READ, follow=True).text
    assert client.session["is_shared_device"]


def test_what_an_open_editor_sends_by_itself_is_no_use():
    colleague = device(cast.staff("editor"), cast.PASSWORD, is_shared="on")
    rest(colleague, 400)
    assert writes(colleague, PULSE) == []
    rest(colleague, 3300)
    assert colleague.get("/quan-tri/").status_code == 302


def test_a_form_sent_too_late_is_told_once_and_led_back_to():
    colleague = device(cast.staff("manager", cast.commune()), cast.PASSWORD, is_shared="on")
    form = "/quan-tri/nguoi/dang-ky/"
    rest(colleague, 3700)
    answer = colleague.post(form, {"name": "Út"}, headers={"referer": f"http://testserver{form}"}, follow=True)
    assert "chua-gui" in answer.redirect_chain[0][0]
    assert "lần gửi vừa rồi chưa lưu được" in answer.text
    assert WORDS not in answer.text

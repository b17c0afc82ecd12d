"""Somebody who works here, or did, is told what is the case; to become a learner is a choice."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts import actions
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.once]
PAGE, LOGIN = "/tai-khoan/can-bo/", "/tai-khoan/dang-nhap/"


def log_in(colleague, there=""):
    client = Client()
    return client, client.post(LOGIN, {"login": colleague.phone, "password": cast.PASSWORD, "next": there})


@pytest.fixture
def colleague():
    return cast.staff("manager", cast.commune())


@pytest.fixture
def former(colleague):
    """A manager whose role ran out, after the job that takes the rights."""
    colleague.roles.update(valid_from="2026-01-01", valid_until="2026-10-31")
    actions.end_expired_roles(at=timezone.now())
    colleague.refresh_from_db()
    return colleague


@pytest.mark.parametrize("path", ["/tai-khoan/", "/hoc/"])
def test_a_colleague_is_told_of_the_roles_and_led_to_the_admin_and_may_choose_to_learn(colleague, path):
    client = cast.client_of(colleague)
    assert client.get(path).url.startswith(PAGE)
    page = client.get(path, follow=True).text
    assert "Lê Văn Cán Bộ" in page
    assert "Cán bộ theo dõi" in page
    assert 'href="/quan-tri/"' in page
    assert "/tai-khoan/ho-so/?next=" in page
    assert "đã hết" not in page


def test_a_colleague_may_sign_up_as_a_learner_and_then_has_an_account_page_with_a_way_to_the_admin(colleague):
    client = cast.client_of(colleague)
    assert client.get("/tai-khoan/ho-so/", follow=True).redirect_chain[-1][0] == "/tai-khoan/ho-so/ten/"
    cast.person("Lê Văn Cán Bộ", user=colleague)
    assert client.get(PAGE, follow=True).redirect_chain[-1][0] == "/hoc/"
    assert 'href="/quan-tri/"' in client.get("/tai-khoan/").text


@pytest.mark.parametrize("there", ["", "/quan-tri/person/"])
def test_whose_role_ran_out_reads_so_after_logging_in_and_not_a_form_for_learners(former, there):
    client, answer = log_in(former, there)
    assert answer.url.startswith(PAGE)
    page = client.get(answer.url).text
    assert "đã hết ngày 31/10/2026" in page
    assert "nhờ quản trị hệ thống giao lại vai trò" in page
    assert "Mở trang quản trị" not in page
    assert "Đăng ký làm học viên" in page
    assert "quan-tri" not in page, "learning does not lead to the admin"


@pytest.mark.parametrize("is_learner", [False, True])
def test_the_admin_says_that_the_role_ran_out_and_does_not_ask_for_a_password(former, is_learner):
    if is_learner:
        cast.person("Lê Văn Cán Bộ", user=former)
    answer = cast.client_of(former).get("/quan-tri/")
    assert answer.status_code == 403
    assert "đã hết ngày 31/10/2026" in answer.text
    assert "cần mật khẩu" not in answer.text
    assert ("Đăng ký làm học viên" in answer.text) is not is_learner


def test_of_a_role_that_an_administrator_ended_the_day_is_told(colleague):
    actions.end_role(assignment=colleague.roles.get(), by=None, reason="Chuyển công tác", at=cast.NOW)
    colleague.refresh_from_db()
    page = cast.client_of(colleague).get(PAGE).text
    assert "đã hết ngày 23/11/2026" in page
    assert "Chuyển công tác" not in page


def test_a_last_day_that_comes_is_told(colleague):
    day = timezone.localdate() + timedelta(days=30)
    colleague.roles.update(valid_until=day)
    assert f"đến hết ngày {day:%d/%m/%Y}" in cast.client_of(colleague).get(PAGE).text


def give_from(colleague, day, **fields):
    fields = {"role": "manager", "place": cast.commune("Đất Mũi"), "by": None, "at": timezone.now()} | fields
    return actions.grant_role(user=colleague, valid_from=day, **fields)


@pytest.mark.parametrize("path", [PAGE, "/quan-tri/"])
def test_of_a_role_that_begins_later_the_first_day_is_told_and_nobody_is_to_be_asked(former, path):
    day = timezone.localdate() + timedelta(days=5)
    give_from(former, day)
    page = cast.client_of(former).get(path).text
    assert f"Vai trò cán bộ theo dõi xã Đất Mũi của anh/chị bắt đầu từ ngày {day:%d/%m/%Y}." in page
    assert "đã hết ngày 31/10/2026" in page
    assert "giao lại vai trò" not in page
    assert "Mở trang quản trị" not in page


def test_a_trainee_whose_role_begins_later_is_told_its_first_day_by_the_admin():
    trainee = cast.trainee()
    give_from(trainee, timezone.localdate() + timedelta(days=5))
    assert "bắt đầu từ ngày" in cast.client_of(trainee).get("/quan-tri/").text


def test_a_role_that_was_given_again_or_never_began_is_no_role_that_ended(former):
    now, tomorrow = timezone.now(), timezone.localdate() + timedelta(days=1)
    never = give_from(former, tomorrow)
    actions.end_role(assignment=never, by=None, reason="Nhầm", at=now)
    again = give_from(former, timezone.localdate(), place=cast.commune())
    actions.end_role(assignment=again, by=None, reason="Chuyển công tác", at=now)
    former.refresh_from_db()
    page = cast.client_of(former).get(PAGE).text
    assert "Đất Mũi" not in page
    assert page.count("đã hết ngày") == 1
    assert f"đã hết ngày {timezone.localdate():%d/%m/%Y}" in page


def test_of_many_roles_that_ended_the_latest_few_are_told(former):
    for name in ("Đất Mũi", "An Xuyên", "Lý Văn Lâm", "Tân Thành"):
        one = give_from(former, timezone.localdate(), place=cast.commune(name))
        actions.end_role(assignment=one, by=None, reason="Chuyển công tác", at=timezone.now())
    former.refresh_from_db()
    page = cast.client_of(former).get(PAGE).text
    assert page.count("đã hết ngày") == 3
    assert "31/10/2026" not in page


def test_a_trainee_who_tries_the_admin_is_still_told_of_the_password():
    answer = cast.client_of(cast.trainee()).get("/quan-tri/")
    assert "Trang quản trị cần mật khẩu" in answer.text


def test_who_is_no_colleague_has_no_such_page():
    newcomer = cast.client_of(actions.user_for_phone(phone="+84912345678", at=cast.NOW))
    assert newcomer.get(PAGE).url == "/tai-khoan/ho-so/"
    assert cast.client_of(cast.trainee()).get(PAGE, follow=True).redirect_chain[-1][0] == "/hoc/"

"""An administrator mistypes one digit of a colleague's number: the log-in must not open for the stranger whose number that is."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts import actions
from accounts.models import User
from demo.models import PhoneMessage
from tests import cast

pytestmark = pytest.mark.django_db
START, CODE, WHOSE, LOGIN = "/tai-khoan/dien-thoai/", "/tai-khoan/ma/", "/tai-khoan/cua-ai/", "/tai-khoan/dang-nhap/"
MISTYPED = "+84977000445"


@pytest.fixture
def colleague():
    """With a number that its first code has proved."""
    user = cast.staff("manager", cast.commune(), phone="0977000444", name="Phạm Văn Quản")
    User.objects.filter(pk=user.pk).update(phone_verified_at=cast.NOW)
    user.refresh_from_db()
    return user


def rewrite(user, **fields):
    """As an administrator sends the form of a colleague."""
    desk = cast.client_of(cast.staff("administrator"))
    sent = {"phone": "0977 000 445", "display_name": user.display_name, "is_active": "on"} | fields
    answer = desk.post(f"/quan-tri/users/edit/{user.pk}/", sent)
    user.refresh_from_db()
    return answer


@pytest.fixture
def by_code(django_capture_on_commit_callbacks):
    """Whoever holds the phone of a number, after typing the right code."""

    def come(number):
        client = Client()
        with django_capture_on_commit_callbacks(execute=True):
            client.post(START, {"phone": number})
        code = re.search(r"\d{6}", PhoneMessage.objects.latest("pk").body)[0]
        client.answer = client.post(CODE, {"code": code, "action": "verify"})
        return client

    return come


def by_password(user):
    client = Client()
    client.post(LOGIN, {"login": user.phone, "password": cast.PASSWORD})
    return client


def is_in(client):
    return "_auth_user_id" in client.session


def test_whoever_holds_the_mistyped_number_is_asked_by_the_name_and_reads_no_role_and_no_place(colleague, by_code):
    rewrite(colleague)
    stranger = by_code(MISTYPED)
    assert stranger.answer.url.startswith(WHOSE)
    assert not is_in(stranger)
    page = stranger.get(WHOSE).text
    assert "Phạm Văn Quản" in page
    assert "theo dõi" not in page
    assert "Phan Ngọc Hiển" not in page


def test_a_colleague_who_is_a_learner_is_asked_as_well(colleague, by_code):
    cast.person("Phạm Văn Quản", user=colleague)
    rewrite(colleague)
    assert not is_in(by_code(MISTYPED))


def test_not_me_takes_no_colleague_s_number_and_says_what_to_do(colleague, by_code):
    rewrite(colleague)
    stranger = by_code(MISTYPED)
    answer = stranger.post(WHOSE, {"answer": "other"})
    assert answer.status_code == 422
    assert "báo quản trị hệ thống" in answer.text
    assert not is_in(stranger)
    assert User.objects.get(phone=MISTYPED) == colleague


def test_a_former_colleague_s_number_stays_as_well(colleague, by_code):
    actions.end_role(assignment=colleague.roles.get(), by=None, reason="Nghỉ hưu", at=cast.NOW)
    rewrite(colleague)
    stranger = by_code(MISTYPED)
    assert stranger.post(WHOSE, {"answer": "other"}).status_code == 422
    assert not is_in(stranger)


def test_the_colleague_says_so_and_is_in(colleague, by_code):
    rewrite(colleague)
    mine = by_code(MISTYPED)
    mine.post(WHOSE, {"answer": "own"})
    assert mine.session["_auth_user_id"] == str(colleague.pk)
    assert mine.get("/quan-tri/").status_code == 403, "a code opens no admin"
    assert is_in(by_code(MISTYPED)), "asked once"


def test_number_and_password_open_the_admin_and_prove_no_number(colleague):
    rewrite(colleague)
    assert by_password(colleague).get("/quan-tri/").status_code == 200
    colleague.refresh_from_db()
    assert colleague.phone_verified_at is None


def test_whoever_is_in_by_password_stays_in(colleague):
    theirs = cast.client_of(colleague)
    rewrite(colleague)
    assert theirs.get("/quan-tri/").status_code == 200


def test_a_former_colleague_is_out_on_every_device_as_a_learner_whose_number_changes(colleague):
    actions.end_role(assignment=colleague.roles.get(), by=None, reason="Nghỉ hưu", at=cast.NOW)
    theirs = cast.client_of(User.objects.get(pk=colleague.pk))
    assert is_in(theirs)
    rewrite(colleague)
    assert theirs.get("/tai-khoan/can-bo/").status_code == 302
    assert not colleague.has_usable_password()


def test_a_new_password_in_the_same_form_is_kept_and_ends_what_was_open(colleague):
    theirs = cast.client_of(colleague)
    new = "mot-mat-khau-moi-99"
    rewrite(colleague, password1=new, password2=new)
    assert colleague.check_password(new)
    assert theirs.get("/quan-tri/").status_code == 302


def test_another_name_leaves_the_number_proved(colleague):
    rewrite(colleague, phone="0977.000.444", display_name="Phạm Văn Quân")
    assert (colleague.display_name, colleague.phone_verified_at) == ("Phạm Văn Quân", cast.NOW)


def test_a_colleague_just_made_is_asked_too(by_code):
    made = cast.staff("editor", phone="0977000445", name="Lê Thị Mới")
    assert not is_in(by_code(MISTYPED))
    assert by_password(made).get("/quan-tri/").status_code == 200


def test_a_colleague_whose_role_begins_later_is_not_deleted_as_a_number_that_nobody_confirmed():
    begins = timezone.localdate() + timedelta(days=30)
    user = actions.create_staff(
        phone=MISTYPED, name="Lê Thị Mới", password=cast.PASSWORD, roles=[("editor", None)], by=None, at=cast.NOW,
        valid_from=begins,
    )  # fmt: skip
    actions.forget_unverified(at=cast.NOW + timedelta(days=9))
    assert User.objects.filter(pk=user.pk).exists()


def test_whoever_is_turned_away_from_an_account_out_of_use_has_proved_nothing(colleague, by_code):
    rewrite(colleague)
    User.objects.filter(pk=colleague.pk).update(is_active=False)
    stranger = by_code(MISTYPED)
    assert not is_in(stranger)
    assert "đã ngừng dùng" in stranger.get(stranger.answer.url).text
    User.objects.filter(pk=colleague.pk).update(is_active=True)
    assert not is_in(by_code(MISTYPED)), "put back in use, the number is asked about"

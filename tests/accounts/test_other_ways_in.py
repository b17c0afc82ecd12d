from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts import actions, rules
from accounts.models import Person, PhoneChange, User
from demo.models import PhoneMessage
from lib.refusals import Refusal
from messaging.actions import deliver_due
from tests import cast

pytestmark = pytest.mark.django_db
LOGIN = "/tai-khoan/dang-nhap/"


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_number_and_pin_log_in():
    cast.trainee(phone="0912345678")
    client = Client()
    client.post(LOGIN, {"login": "0912 345 678", "password": cast.PIN})
    assert is_in(client)


def test_a_wrong_pin_is_refused_and_after_five_the_right_one_too():
    cast.trainee(phone="0912345678")
    client = Client()
    for _ in range(5):
        assert "chưa khớp" in client.post(LOGIN, {"login": "0912345678", "password": "999999"}).text
    client.post(LOGIN, {"login": "0912345678", "password": cast.PIN})
    assert not is_in(client)


@pytest.mark.parametrize(
    "pin", ["12345", "1234567", "abcdef", "000000", "123456", "654321", "121212", "123123", "019751"]
)
def test_a_weak_pin_is_refused(pin):
    assert rules.weak_pin(pin, 1975)


def test_a_pin_that_is_no_pattern_is_taken():
    assert rules.weak_pin("240679", 1975) == ""


def test_a_card_logs_in_once():
    officer = cast.staff("manager", cast.commune())
    person = cast.person()
    code = actions.issue_card(person=person, by=officer, at=timezone.now())
    first, second = Client(), Client()
    first.post("/tai-khoan/phieu-ma/", {"code": code.lower().replace("-", " ")})
    assert is_in(first)
    assert "đã dùng" in second.post("/tai-khoan/phieu-ma/", {"code": code}).text
    assert not is_in(second)


@pytest.mark.parametrize("field", ["is_staff", "is_active"])
def test_a_card_opens_no_account_of_staff_and_none_that_is_closed(field):
    officer, user = cast.staff("manager", cast.commune()), cast.trainee()
    code = actions.issue_card(person=user.person, by=officer, at=timezone.now())
    User.objects.filter(pk=user.pk).update(**{field: field == "is_staff"})
    client = Client()
    refused = client.post("/tai-khoan/phieu-ma/", {"code": code})
    assert "không đăng nhập bằng phiếu được" in refused.text
    assert not is_in(client)
    assert user.person.cards.get().used_at is None


def test_a_card_ends_after_two_weeks_and_with_the_next_one():
    officer, person = cast.staff("manager", cast.commune()), cast.person()
    old = actions.issue_card(person=person, by=officer, at=cast.NOW)
    with pytest.raises(Refusal):
        actions.use_card(code=old, at=cast.NOW + timedelta(days=15))
    actions.issue_card(person=person, by=officer, at=cast.NOW + timedelta(hours=1))
    with pytest.raises(Refusal):
        actions.use_card(code=old, at=cast.NOW + timedelta(hours=2))


def test_a_lost_number_is_changed_by_the_officer_of_the_place_and_told():
    user = cast.trainee(phone="0912345678")
    form = {"name": "Trần Thị Út", "place": "phan ngoc hien", "old_phone": "0912345678", "new_phone": "0987111222"}
    assert "Đã gửi yêu cầu" in Client().post("/tai-khoan/mat-so/", form).text
    change = PhoneChange.objects.get()
    officer = cast.client_of(cast.staff("manager", cast.commune()))
    assert "Trần Thị Út" in officer.get(f"/quan-tri/phonechange/inspect/{change.pk}/").text
    officer.post(
        f"/quan-tri/doi-so/{change.pk}/", {"decision": "confirm", "person": user.person_id, "reason": "đã gọi lại"}
    )
    user.refresh_from_db()
    assert (user.phone, user.phone_verified_at) == ("+84987111222", None)
    deliver_due(at=timezone.now())
    assert PhoneMessage.objects.get(to="+84987111222")


def test_a_commune_name_that_occurs_twice_is_asked_again_not_guessed():
    form = {"name": "Trần Thị Út", "place": "Tân Hưng", "old_phone": "0912345678", "new_phone": "0987111222"}
    page = Client().post("/tai-khoan/mat-so/", form).text
    assert "Có nhiều nơi khớp" in page
    assert "Trần Thị Út" in page
    assert not PhoneChange.objects.exists()


def test_a_commune_whose_name_another_bore_before_is_asked_for_again_too():
    """Today one place is called so; a former one of that name is now part of another, in another province."""
    form = {"name": "Trần Thị Út", "place": "Thiện Tân", "old_phone": "0912345678", "new_phone": "0987111222"}
    page = Client().post("/tai-khoan/mat-so/", form).text
    assert "Có nhiều nơi khớp: Xã Thiện Tân, tỉnh Lạng Sơn; Phường Trảng Dài" in page
    assert not PhoneChange.objects.exists()
    sent = Client().post("/tai-khoan/mat-so/", form | {"place": "Xã Thiện Tân, tỉnh Lạng Sơn"}).text
    assert "Cán bộ xã Thiện Tân, tỉnh Lạng Sơn sẽ xem" in sent, "with the province, so that a mistake is seen"


def test_whoever_holds_the_old_phone_is_logged_out_and_the_old_pin_is_gone():
    user = cast.trainee(phone="0912345678")
    old_phone = cast.client_of(user)
    assert is_in(old_phone)
    change = actions.request_phone_change(
        name="Trần Thị Út", place=cast.commune(), old_phone=user.phone, new_phone="+84987111222", at=cast.NOW
    )
    officer = cast.staff("manager", cast.commune())
    actions.decide_phone_change(
        change=change, by=officer, is_confirmed=True, person=user.person, reason="đã gọi lại", at=cast.NOW
    )
    user.refresh_from_db()
    assert old_phone.get("/hoc/").status_code == 302
    assert not user.has_pin
    assert not user.check_password(cast.PIN)


def test_what_a_person_takes_back_meanwhile_is_not_given_again_with_the_new_number():
    person = cast.trainee(phone="0912345678").person
    change = actions.request_phone_change(
        name=person.name, place=person.place, old_phone="+84912345678", new_phone="+84987111222", at=cast.NOW
    )
    running = person.consents.get(text__purpose="learning-record")
    actions.withdraw_consent(person=Person.objects.get(pk=person.pk), consent_id=running.pk, at=cast.NOW)
    officer = cast.staff("manager", cast.commune())
    actions.decide_phone_change(
        change=change, by=officer, is_confirmed=True, person=person, reason="đã gọi lại", at=cast.NOW
    )
    person.refresh_from_db()
    assert (person.contact_phone, person.has_consented) == ("+84987111222", False)


def test_a_card_holder_without_a_number_is_told_that_a_pin_needs_one():
    officer, person = cast.staff("manager", cast.commune()), cast.person()
    user = actions.use_card(code=actions.issue_card(person=person, by=officer, at=cast.NOW), at=cast.NOW)
    page = cast.client_of(user).get("/tai-khoan/pin/", follow=True).text
    assert "Tài khoản này chưa có số điện thoại" in page


def test_an_officer_of_another_place_cannot_decide():
    user = cast.trainee(phone="0912345678")
    change = actions.request_phone_change(
        name="Trần Thị Út", place=cast.commune(), old_phone="+84912345678", new_phone="+84987111222", at=cast.NOW
    )
    stranger = cast.client_of(cast.staff("manager", cast.province("An Giang")))
    answer = stranger.post(
        f"/quan-tri/doi-so/{change.pk}/", {"decision": "confirm", "person": user.person_id, "reason": "x"}
    )
    assert answer.status_code == 404
    assert User.objects.get(pk=user.pk).phone == "+84912345678"


def former_colleague() -> User:
    user = cast.staff("editor", phone="0987111222")
    actions.end_role(assignment=user.roles.get(), by=None, reason="Đổi việc", at=cast.NOW)
    return user


@pytest.mark.parametrize("holder", [lambda: cast.trainee("Lê Thị Ba", "0987111222"), former_colleague])
def test_a_number_that_belongs_to_somebody_else_is_not_given_away_and_the_account_stays(holder):
    user, other = cast.trainee(phone="0912345678"), holder()
    change = actions.request_phone_change(
        name="Trần Thị Út", place=cast.commune(), old_phone=user.phone, new_phone=other.phone, at=cast.NOW
    )
    officer = cast.staff("manager", cast.commune(), phone="0900111222")
    with pytest.raises(Refusal, match="người khác"):
        actions.decide_phone_change(
            change=change, by=officer, is_confirmed=True, person=user.person, reason="x", at=cast.NOW
        )
    assert User.objects.filter(pk=other.pk, phone=other.phone).exists()


def test_logging_out_needs_a_post_and_ends_the_session():
    client = cast.client_of(cast.trainee())
    client.get("/tai-khoan/dang-xuat/")
    assert is_in(client)
    client.post("/tai-khoan/dang-xuat/")
    assert not is_in(client)
    assert client.get("/hoc/").status_code == 302


def test_on_a_shared_device_a_pin_leaves_no_session_behind():
    cast.trainee(phone="0912345678")
    shared, own = Client(), Client()
    assert "Đây là máy dùng chung" in shared.get(LOGIN).text
    shared.post(LOGIN, {"login": "0912345678", "password": cast.PIN, "is_shared": "on"})
    own.post(LOGIN, {"login": "0912345678", "password": cast.PIN})
    assert shared.session.get_expire_at_browser_close()
    assert not shared.cookies["sessionid"]["max-age"]
    assert own.session.get_expiry_age() == pytest.approx(180 * 24 * 3600, abs=60)


def test_a_wrong_pin_on_a_shared_device_keeps_the_tick():
    cast.trainee(phone="0912345678")
    page = Client().post(LOGIN, {"login": "0912345678", "password": "999999", "is_shared": "on"})
    assert "checked" in page.text


def test_only_wrong_cards_count_so_that_a_hall_behind_one_address_gets_in(settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"use_card": "2/5m/ip"}
    officer = cast.staff("manager", cast.commune())
    for name in ("Lê Thị Ba", "Lê Thị Tư", "Lê Thị Năm"):
        code = actions.issue_card(person=cast.person(name), by=officer, at=timezone.now())
        client = Client()
        client.post("/tai-khoan/phieu-ma/", {"code": code})
        assert is_in(client)
    wrong = [Client().post("/tai-khoan/phieu-ma/", {"code": "ABCDE-FGHJK"}).status_code for _ in range(3)]
    assert wrong == [200, 200, 429]


def test_a_card_posted_twice_by_one_device_logs_in_twice_and_nobody_else():
    officer, person = cast.staff("manager", cast.commune()), cast.person()
    code = actions.issue_card(person=person, by=officer, at=timezone.now())
    first, again, other = Client(), Client(), Client()
    first.get("/tai-khoan/phieu-ma/")
    again.cookies.load({name: morsel.value for name, morsel in first.cookies.items()})
    other.get("/tai-khoan/phieu-ma/")
    for client in (first, again, other):
        client.post("/tai-khoan/phieu-ma/", {"code": code, "is_shared": "on"})
    assert (is_in(first), is_in(again), is_in(other)) == (True, True, False)
    assert again.session.get_expire_at_browser_close()


def test_the_page_of_the_pin_leads_to_the_other_ways_in_and_on_to_where_one_wanted_to_go():
    page = Client().get(f"{LOGIN}?next=/hoc/").text
    for address in ("/tai-khoan/phieu-ma/?next=/hoc/", "/tai-khoan/mat-so/", "/tai-khoan/dien-thoai/?next=/hoc/"):
        assert f'href="{address}"' in page


def card_holder() -> Client:
    """Registered by an officer, without a number."""
    officer = cast.staff("manager", cast.commune())
    code = actions.issue_card(person=cast.person(), by=officer, at=timezone.now())
    client = Client()
    client.post("/tai-khoan/phieu-ma/", {"code": code})
    assert is_in(client)
    return client


def test_who_has_no_number_is_told_why_there_is_no_pin_and_how_to_get_one():
    page = card_holder().get("/tai-khoan/").text
    assert "Tài khoản này chưa có số" in page
    assert 'href="/tai-khoan/mat-so/">Tôi có số điện thoại rồi' in page
    assert "Đặt mã PIN" not in page
    assert "chưa có số" not in cast.client_of(cast.trainee("Danh Sà Mây", "0912345679")).get("/tai-khoan/").text


def test_who_never_had_a_number_asks_for_one_without_an_old_one():
    client = card_holder()
    form = {"name": "Trần Thị Út", "place": "phan ngoc hien", "old_phone": "", "new_phone": "0987111222"}
    client.post("/tai-khoan/mat-so/", form)
    change = PhoneChange.objects.get()
    assert (change.old_phone, change.new_phone) == ("", "+84987111222")
    by = User.objects.get(is_staff=True)
    person = Person.objects.get()
    actions.decide_phone_change(change=change, by=by, is_confirmed=True, person=person, reason="Đã gọi", at=cast.NOW)
    assert User.objects.get(person=person).phone == "+84987111222"

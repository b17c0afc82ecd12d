"""Who lost the number cannot get in until an officer calls back: the officer is told, and sees what to ask about."""

import json
import re
from datetime import UTC, datetime

import pytest
from django.apps import apps
from django.test import Client
from django.utils.module_loading import import_string
from wagtail.models import ModelLogEntry

from accounts import actions
from accounts.models import PhoneChange, User
from demo.models import PhoneMessage
from messaging.models import Message
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(db):
    return cast.client_of(cast.staff("manager", cast.commune()))


def lost(name="Trần Thị Út", place=None):
    return actions.request_phone_change(
        name=name, place=place or cast.commune(), old_phone="+84912345678", new_phone="+84987111333", at=cast.NOW
    )


def test_two_people_without_a_number_may_ask_for_the_same_one_and_an_officer_sees_both():
    asked = [
        actions.request_phone_change(
            name=name, place=cast.commune(), old_phone="", new_phone="+84987111333", at=cast.NOW
        )
        for name in ("Trần Thị Út", "Trần Văn Hai", "Trần Thị Út")
    ]
    assert len({change.pk for change in asked}) == 2


@pytest.mark.parametrize("typed", ["Trần Thị Út", "Tran Thi Ut", "trần thị út", " TRẦN  THỊ ÚT "])
def test_the_same_request_is_one_however_the_name_is_typed(typed):
    first = lost()
    assert lost(typed).pk == first.pk
    assert PhoneChange.objects.get().name == "Trần Thị Út"


def asked(name, old_phone):
    fields = {"place": cast.commune(), "new_phone": "+84987111333", "at": cast.NOW}
    return actions.request_phone_change(name=name, old_phone=old_phone, **fields)


def decided(change, person, is_confirmed=True):
    by, reason = cast.staff("manager", cast.commune(), phone="0987654303"), "Đã gọi lại"
    actions.decide_phone_change(
        change=change, by=by, is_confirmed=is_confirmed, person=person, reason=reason, at=cast.NOW
    )
    return list(PhoneChange.objects.order_by("pk").values_list("status", flat=True))


def test_what_the_same_person_asked_for_besides_is_closed_with_it_and_told_once():
    person = cast.trainee("Trần Thị Út").person
    first, *_others = [asked("Út", ""), asked("Tran Thi Ut", "+84912345678"), asked("Trần Văn Hai", "")]
    assert decided(first, person) == ["confirmed", "confirmed", "open"]
    entry = ModelLogEntry.objects.for_instance(person).get(action="accounts.number_given")
    assert entry.data["reason"], "whoever looks into a stolen account begins on the person's page"
    assert list(PhoneChange.objects.filter(person=person).values_list("reason", flat=True)) == ["Đã gọi lại"] * 2
    assert ModelLogEntry.objects.filter(action="accounts.phone_change_decided").count() == 2
    assert Message.objects.filter(purpose="phone-change", to="+84987111333").count() == 1


def test_a_refusal_leaves_the_others_waiting():
    first, _second = asked("Trần Thị Út", ""), asked("Trần Thị Út", "+84912345678")
    assert decided(first, None, is_confirmed=False) == ["refused", "open"]


def test_of_open_requests_from_before_that_are_one_by_now_the_first_stays_open():
    """The migration, on rows as the release before wrote them."""
    migration = "accounts.migrations.0017_one_open_change_however_a_name_is_typed"
    fields = {"place": cast.commune(), "old_phone": "", "new_phone": "+84987111333", "requested_at": cast.NOW}
    typed = {"Trần Thị Út": "a", "Tran Thi Ut": "b", "Trần Văn Hai": "c"}
    rows = [PhoneChange(name=name, search=search, **fields) for name, search in typed.items()]
    PhoneChange.objects.bulk_create(rows)
    import_string(f"{migration}.fold_and_close_repeats")(apps, None)
    first, second, third = PhoneChange.objects.order_by("pk")
    assert (first.status, second.status, third.status) == ("open", "refused", "open")
    assert (first.search, second.search) == ("tran thi ut", "tran thi ut")
    assert "Gửi lặp lại" in second.reason
    assert not Message.objects.exists()


def told(client):
    """What the menu and the first page say; the menu travels as JSON."""
    page = client.get("/quan-tri/").text
    return json.dumps("Xin đổi số (1)")[1:-1] in page, "1 người xin đổi số điện thoại đang chờ" in page


def test_the_officer_of_the_place_is_told_in_the_menu_and_on_the_first_page(officer):
    assert told(officer) == (False, False)
    lost()
    assert told(officer) == (True, True)


def test_nobody_else_is_told_and_nobody_once_it_is_decided(officer):
    stranger = cast.client_of(cast.staff("manager", cast.province("Lào Cai"), phone="0987654301"))
    organiser = cast.client_of(cast.staff("organiser", cast.commune(), phone="0987654302"))
    change = lost()
    assert told(stranger) == told(organiser) == (False, False)
    by = cast.staff("manager", cast.commune(), phone="0987654303")
    actions.decide_phone_change(
        change=change, by=by, is_confirmed=False, person=None, reason="Không gọi được", at=cast.NOW
    )
    assert told(officer) == (False, False)


def test_the_officer_who_decides_sees_which_courses_the_caller_should_know(officer):
    person = cast.trainee("Trần Thị Út").person
    cast.enrolment(person, cast.course(title="Kể chuyện tôm khô"))
    shown = officer.get(f"/quan-tri/phonechange/inspect/{lost().pk}/").text
    assert "Kể chuyện tôm khô" in shown
    assert "xong 0/2 bài" in shown
    assert "0987 111 333" in shown


def test_a_name_that_fits_nobody_is_said(officer):
    shown = officer.get(f"/quan-tri/phonechange/inspect/{lost('Không Ai Cả').pk}/").text
    assert "chưa có ai trùng họ tên" in shown


@pytest.mark.parametrize("reason", ["", "\0", "\x0b"])
@pytest.mark.parametrize("decision", ["confirm", "refuse"])
def test_without_a_reason_that_can_be_read_nothing_is_decided(officer, reason, decision):
    person, change = cast.trainee("Trần Thị Út").person, lost()
    typed = {"decision": decision, "person": person.pk, "reason": reason}
    assert "vì chưa có lý do" in officer.post(f"/quan-tri/doi-so/{change.pk}/", typed, follow=True).text
    change.refresh_from_db()
    assert change.status == "open"


@pytest.mark.parametrize("typed", [{}, {"decision": ""}, {"decision": "confirmed"}, {"decision": "1"}])
def test_what_came_without_a_press_of_one_of_the_two_buttons_decides_nothing_and_tells_nobody(officer, typed):
    person, change = cast.trainee("Trần Thị Út").person, lost()
    typed |= {"person": person.pk, "reason": "Đã gọi lại"}
    said = officer.post(f"/quan-tri/doi-so/{change.pk}/", typed, follow=True).text
    assert "yêu cầu vẫn còn chờ" in said
    change.refresh_from_db()
    assert change.status == "open"
    assert not Message.objects.exists()


def test_the_reason_is_kept_as_one_line(officer):
    change = lost()
    officer.post(f"/quan-tri/doi-so/{change.pk}/", {"decision": "refuse", "reason": "Không\x0bgọi được\0"})
    change.refresh_from_db()
    assert (change.status, change.reason) == ("refused", "Không gọi được")


@pytest.mark.parametrize("person", ["9" * 30, "9" * 5000, "²", "-1", ""])
def test_a_person_who_cannot_be_is_nobody_chosen(officer, person):
    change, typed = lost(), {"decision": "confirm", "reason": "Đã gọi lại", "person": person}
    assert "chưa chọn người" in officer.post(f"/quan-tri/doi-so/{change.pk}/", typed, follow=True).text
    change.refresh_from_db()
    assert change.status == "open"


def test_somebody_without_a_log_in_gets_one_with_the_number_and_comes_in_with_a_code(
    officer, django_capture_on_commit_callbacks
):
    """Written down by an officer without a number, with a phone by now."""
    person, client = cast.person("Danh Không Số"), Client()
    form = {"name": "Danh Khong So", "place": "phan ngoc hien", "old_phone": "", "new_phone": "0987111222"}
    assert "Đã gửi yêu cầu" in client.post("/tai-khoan/mat-so/", form).text
    given = {"decision": "confirm", "person": person.pk, "reason": "gặp mặt"}
    change = PhoneChange.objects.get()
    assert "Đã ghi quyết định" in officer.post(f"/quan-tri/doi-so/{change.pk}/", given, follow=True).text
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/tai-khoan/dien-thoai/", {"phone": "0987111222"})
    code = re.search(r"\d{6}", PhoneMessage.objects.latest("pk").body)[0]
    asked = client.post("/tai-khoan/ma/", {"code": code, "action": "verify"}, follow=True).text
    assert "Danh Không Số" in asked, "whether it is that person, for the first time"
    client.post("/tai-khoan/cua-ai/", {"answer": "own"})
    person.refresh_from_db()
    assert client.session["_auth_user_id"] == str(person.user.pk)
    assert (person.user.phone, person.contact_phone) == ("+84987111222", "+84987111222")
    assert "Danh Không Số" in client.get("/tai-khoan/").text


class TestANumberThatTheOfficerHasBeenTold:
    def told(self, officer, person, number):
        return officer.post(f"/quan-tri/nguoi/{person.pk}/so-moi/", {"number": number}, follow=True)

    def test_it_goes_the_way_of_every_request_and_names_the_person(self, officer):
        person = cast.trainee().person
        page = self.told(officer, person, "0987 111 333").text
        change = PhoneChange.objects.get()
        assert (change.name, change.old_phone, change.new_phone) == (person.name, "+84912345678", "+84987111333")
        assert "Xác nhận số mới" in page
        assert f'<option value="{person.pk}" selected>' in page
        assert person.user.phone == "+84912345678", "nothing has changed yet"

    def test_one_that_is_none_is_said(self, officer):
        person = cast.trainee().person
        assert "số" in self.told(officer, person, "12").text
        assert not PhoneChange.objects.exists()

    def test_somebody_elsewhere_is_not_found(self, officer):
        person = cast.person("Lù Thị Mỷ", place=cast.commune("Sa Pa", "Lào Cai"))
        assert self.told(officer, person, "0987111333").status_code == 404


def test_who_is_switched_off_is_not_asked_in_and_the_officer_reads_why(officer):
    user, by = cast.trainee(), User.objects.get(is_staff=True)
    change, other = lost(), lost("Lê Văn Hai")
    actions.switch_log_in(person=user.person, is_on=False, by=by, reason="mất máy")
    given = {"decision": "confirm", "person": user.person_id, "reason": "gặp mặt"}
    page = officer.post(f"/quan-tri/doi-so/{change.pk}/", given, follow=True).text
    assert f"{user.person.name} vẫn chưa đăng nhập được, vì đang bị tạm ngừng đăng nhập" in page
    told = Message.objects.get(to="+84987111333").body
    assert "dang tam ngung dang nhap" in told
    assert "vao bang ma" not in told
    refused = officer.post(f"/quan-tri/doi-so/{other.pk}/", given | {"decision": "refuse"}, follow=True).text
    assert "vẫn chưa đăng nhập được" not in refused


def test_the_number_before_is_told_that_it_opens_the_account_no_more(officer):
    user = cast.trainee(phone="0912345678")
    change = lost()
    given = {"decision": "confirm", "person": user.person_id, "reason": "gặp mặt"}
    officer.post(f"/quan-tri/doi-so/{change.pk}/", given)
    assert set(Message.objects.values_list("to", flat=True)) == {"+84912345678", "+84987111333"}
    assert "neu khong phai anh/chi xin doi" in Message.objects.get(to="+84912345678").body.lower()


def test_a_request_bears_the_day_of_those_who_read_it():
    change = lost()
    change.requested_at = datetime(2026, 11, 26, 17, 13, tzinfo=UTC)  # after midnight in Vietnam
    assert str(change).endswith("(27/11/2026)")

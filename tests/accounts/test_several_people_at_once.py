"""What is done to several people who were ticked in the list: each through the action of one, done or left out, and told which."""

import io
import re
from datetime import timedelta

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook
from wagtail.models import ModelLogEntry

from accounts import actions
from accounts.models import Move, MoveState, OneTimeCard, Person, User
from lib import dates
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_a_day")]
BULK = "/quan-tri/bulk/accounts/person"
TODAY = dates.local_day(cast.NOW)
SOON = TODAY + timedelta(days=7)
NOT_IN_LIST = "có người không còn trong danh sách của anh/chị"


@pytest.fixture
def officer():
    return cast.client_of(cast.staff("manager", cast.commune()))


def address(action, *people):
    ids = "&".join(f"id={getattr(one, 'pk', one)}" for one in people)
    return f"{BULK}/{action}/?{ids}&next=/quan-tri/person/"


def press(client, action, *people, **said):
    """As somebody does who has read the page first."""
    where = address(action, *people)
    return client.post(where, {"seen": seen(client, where)} | said)


def seen(client, where):
    return client.get(where).context["seen"]


def told(answer):
    """Who was done, and why others were not."""
    context = answer.context
    return {one.person.name for one in context["done"]}, {one.person.name: one.why for one in context["left"]}


def with_log_in(name, number, place=None):
    person = cast.person(name, place)
    User.objects.create(phone=number, person=person, date_joined=cast.NOW)
    return person


class TestTheList:
    def test_offers_to_tick_and_what_may_be_done(self, officer):
        person = cast.person()
        page = officer.get("/quan-tri/person/").text
        assert f'data-object-id="{person.pk}"' in page
        assert f'id="person_{person.pk}_title"' in page
        assert re.findall(rf'{BULK}/(\w+)/"', page) == ["cards", "move", "off", "on", "export"]

    def test_offers_an_organiser_only_what_organisers_may(self):
        cast.person()
        page = cast.client_of(cast.staff("organiser", cast.commune())).get("/quan-tri/person/").text
        assert re.findall(rf'{BULK}/(\w+)/"', page) == ["cards", "export"]


class TestSwitching:
    def test_off_and_on_again_with_a_reason_that_is_logged(self, officer):
        people = [with_log_in("Lê Văn Bé", "+84912345601"), with_log_in("Cao Thị Út", "+84912345602")]
        assert told(press(officer, "off", *people, reason="mất máy")) == ({"Lê Văn Bé", "Cao Thị Út"}, {})
        assert not User.objects.filter(person__in=people, is_active=True).exists()
        entries = ModelLogEntry.objects.filter(action="accounts.log_in_switched_off")
        assert {entry.data["reason"] for entry in entries} == {"mất máy"}
        assert entries.count() == 2
        assert told(press(officer, "on", *people, reason="đã tìm thấy"))[0] == {"Lê Văn Bé", "Cao Thị Út"}
        assert User.objects.filter(person__in=people, is_active=True).count() == 2

    def test_each_who_is_left_out_is_told_why_and_the_others_are_done(self, officer):
        fine, without = with_log_in("Lê Văn Bé", "+84912345601"), cast.person("Chưa Có Máy")
        colleague = cast.person("Cán Bộ Cũng Học")
        above = cast.staff("manager", cast.province(), phone="0987654322")
        above.person = colleague
        above.save()
        done, left = told(press(officer, "off", fine, without, colleague, reason="mất máy"))
        assert done == {"Lê Văn Bé"}
        assert "chưa có tài khoản" in left["Chưa Có Máy"]
        assert "là cán bộ" in left["Cán Bộ Cũng Học"]
        above.refresh_from_db()
        assert above.is_active

    def test_a_second_press_changes_and_logs_nothing(self, officer):
        person = with_log_in("Lê Văn Bé", "+84912345601")
        where = address("off", person)
        said = {"seen": seen(officer, where), "reason": "mất máy"}
        officer.post(where, said)
        assert told(officer.post(where, said)) == (set(), {"Lê Văn Bé": "đã tạm ngừng từ trước"})
        assert ModelLogEntry.objects.filter(action="accounts.log_in_switched_off").count() == 1

    def test_without_a_reason_nothing_happens_and_the_field_says_so(self, officer):
        person = with_log_in("Lê Văn Bé", "+84912345601")
        answer = press(officer, "off", person, reason=" ")
        assert answer.status_code == 422
        assert "Hãy ghi lý do" in answer.text
        assert User.objects.get(person=person).is_active


class TestMoving:
    def test_all_from_a_day_on(self, officer):
        there, people = cast.commune("Tả Phìn", "Lào Cai"), [cast.person("Lê Văn Bé"), cast.person("Cao Thị Út")]
        said = {"place": there.full_name, "moves_on": SOON.isoformat(), "reason": "sáp nhập thôn"}
        assert told(press(officer, "move", *people, **said))[0] == {"Lê Văn Bé", "Cao Thị Út"}
        assert Move.objects.filter(after=there, moves_on=SOON, state=MoveState.CONFIRMED).count() == 2
        assert told(press(officer, "move", *people, **said))[1]["Lê Văn Bé"] == "lần chuyển này đã ghi từ trước"
        assert Move.objects.count() == ModelLogEntry.objects.filter(action="accounts.person_moved").count() == 2

    def test_of_those_who_live_there_already_nothing_is_written(self, officer):
        there, here = cast.commune("Tả Phìn", "Lào Cai"), cast.person("Lê Văn Bé")
        manager = cast.client_of(cast.staff("manager", phone="0987654322"))
        settled = cast.person("Cao Thị Út", there)
        said = {"place": there.full_name, "moves_on": TODAY.isoformat(), "reason": "người ấy báo"}
        done, left = told(press(manager, "move", here, settled, **said))
        assert done == {"Lê Văn Bé"}
        assert "đã là nơi này" in left["Cao Thị Út"]
        here.refresh_from_db()
        assert here.place == there

    def test_pressed_twice_the_second_finds_nobody_to_move(self, officer):
        person, there = cast.person(), cast.commune("Tả Phìn", "Lào Cai")
        where = address("move", person)
        said = {"seen": seen(officer, where), "place": there.full_name, "moves_on": TODAY.isoformat(), "reason": "x"}
        officer.post(where, said)
        again = officer.post(where, said)
        assert again.status_code == 422
        assert NOT_IN_LIST in again.text
        assert Move.objects.count() == 1


class TestCards:
    def test_for_each_on_sheets_and_each_lets_its_person_in(self, officer):
        people = [cast.person("Lê Văn Bé"), cast.person("Cao Thị Út")]
        answer = press(officer, "cards", *people)
        codes = re.findall(r'small-card__code">(\w{5}-\w{5})<', answer.text)
        shown = dict(zip(re.findall(r"<b>(.+?)</b>", answer.text), codes, strict=True))
        browser = Client()
        browser.post("/tai-khoan/phieu-ma/", {"code": shown["Cao Thị Út"]})
        assert "Cao Thị Út" in browser.get("/tai-khoan/").text
        assert ModelLogEntry.objects.filter(action="accounts.card_issued").count() == 2

    def test_not_for_who_is_switched_off_and_the_sheet_says_so(self, officer):
        off, fine = with_log_in("Tắt Rồi", "+84912345601"), cast.person("Lê Văn Bé")
        User.objects.filter(person=off).update(is_active=False)
        answer = press(officer, "cards", off, fine)
        assert "Tắt Rồi: đang tạm ngừng đăng nhập" in answer.text
        assert list(OneTimeCard.objects.values_list("person", flat=True)) == [fine.pk]


class TestTheFile:
    def test_has_those_who_were_ticked(self, officer):
        people = [cast.person("Lê Văn Bé"), cast.person("Cao Thị Út")]
        cast.person("Không Chọn")
        answer = officer.get(address("export", *people))
        rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.getvalue())).get_sheet_by_index(0).to_python()
        assert [row[0] for row in rows[1:]] == ["Lê Văn Bé", "Cao Thị Út"]


class TestWhatIsRefused:
    @pytest.mark.parametrize("action", ["cards", "move", "off", "on", "export"])
    def test_a_key_of_another_place_or_none_refuses_all_with_a_sentence(self, officer, action):
        mine = with_log_in("Lê Văn Bé", "+84912345601")
        theirs = with_log_in("Ở Tỉnh Khác", "+84912345602", cast.commune("Tả Phìn", "Lào Cai"))
        for other in (theirs, 987654321, "abc"):
            where = address(action, mine, other)
            answers = [officer.get(where)]
            answers += [] if action == "export" else [officer.post(where, {"seen": "x", "reason": "x"})]
            for answer in answers:
                assert answer.status_code == 422
                assert NOT_IN_LIST in answer.text
                assert "Ở Tỉnh Khác" not in answer.text
        assert User.objects.filter(is_active=True, person__isnull=False).count() == 2
        assert not OneTimeCard.objects.exists()

    @pytest.mark.parametrize(("role", "action"), [("organiser", "move"), ("organiser", "off"), ("editor", "export")])
    def test_who_may_not_do_it_to_one_may_not_do_it_to_many(self, role, action):
        user = cast.staff(role, cast.commune() if role == "organiser" else None)
        person = cast.person()
        for answer in (cast.client_of(user).get(address(action, person)), Client().get(address(action, person))):
            assert answer.status_code in (302, 403, 404)
            assert person.name not in answer.text

    def test_nobody_ticked(self, officer):
        page = officer.get(f"{BULK}/off/")
        assert "chưa chọn ai" in page.text
        assert page.context["next"] == "/quan-tri/person/"

    def test_too_many_at_once_and_the_whole_of_a_long_list(self, officer, monkeypatch):
        people = [cast.person(name) for name in ("Lê Văn Bé", "Cao Thị Út", "Trần Văn Ba")]
        for name in ("PrintCards", "SwitchOff", "Export"):
            monkeypatch.setattr(f"accounts.viewsets.bulk.{name}.most", 2)
        for action in ("cards", "off", "export"):
            for where in (address(action, *people), address(action, "all")):
                answer = officer.get(where)
                assert answer.status_code == 422
                assert "mỗi lần nhiều nhất 2" in answer.text

    def test_the_whole_list_is_the_one_that_was_searched_for(self, officer):
        cast.person("Lê Văn Bé"), cast.person("Cao Thị Út")
        cast.person("Bé Tỉnh Khác", cast.commune("Tả Phìn", "Lào Cai"))
        page = officer.get(f"{BULK}/off/?q=be&id=all&next=/quan-tri/person/")
        assert [one.person.name for one in page.context["doing"]] == ["Lê Văn Bé"]

    def test_a_list_that_changed_meanwhile_is_shown_once_more(self, officer):
        person = with_log_in("Lê Văn Bé", "+84912345601")
        where = f"{BULK}/off/?id=all&next=/quan-tri/person/"
        before = seen(officer, where)
        with_log_in("Mới Tới", "+84912345602")
        answer = officer.post(where, {"seen": before, "reason": "mất máy"})
        assert answer.status_code == 422
        assert "danh sách đã đổi" in answer.text
        assert "mất máy" in answer.text
        assert User.objects.get(person=person).is_active

    def test_who_was_joined_to_another_is_in_no_list_any_more(self, officer):
        keep, gone = cast.person("Lê Văn Bé"), cast.person("Lê Văn Be")
        Person.objects.filter(pk=gone.pk).update(merged_into=keep, merged_at=cast.NOW)
        assert NOT_IN_LIST in officer.get(address("off", keep, gone)).text

    def test_nobody_does_it_to_oneself(self):
        user = cast.staff("manager", cast.commune())
        user.person = cast.person("Chính Mình")
        user.save()
        page = cast.client_of(user).get(address("off", user.person))
        assert "là chính anh/chị" in page.text
        assert page.context["doing"] == []


def test_a_move_that_waits_already_is_written_once():
    person, there, by = cast.person(), cast.commune("Tả Phìn", "Lào Cai"), cast.staff("manager", cast.commune())
    said = {"person": person, "place": there, "moves_on": SOON, "by": by, "reason": "người ấy báo"}
    first = actions.write_move(**said, at=cast.NOW)
    assert actions.write_move(**said, at=cast.NOW + timedelta(seconds=1)) == first

"""Somebody lives elsewhere from a day on: who may say so, who sees the person when, and what stays where it was recorded."""

from datetime import timedelta

import pytest
from wagtail.models import ModelLogEntry

from accounts import actions, personal
from accounts.models import Move, Person
from lib import dates
from lib.refusals import Refusal
from reports import actions as reports
from reports import personal as kept
from reports.models import Cell
from tests import cast

pytestmark = pytest.mark.django_db
TODAY = dates.local_day(cast.NOW)
SOON = TODAY + timedelta(days=7)


@pytest.fixture
def there():
    return cast.commune("Tả Phìn", "Lào Cai")


@pytest.fixture
def old():
    return cast.staff("manager", cast.commune())


@pytest.fixture
def new(there):
    return cast.staff("manager", there, phone="0987654329", name="Giàng Thị Mới")


@pytest.fixture
def today():
    """Pages ask for the time themselves."""
    with cast.on(cast.NOW):
        yield


def sees(user, person):
    return cast.client_of(user).get(f"/quan-tri/person/inspect/{person.pk}/").status_code == 200


def ask(user, place, day=TODAY):
    return actions.ask_move(person=user.person, place=place, moves_on=day, by=user, at=cast.NOW)


def decide(move, by, *, is_confirmed=True, reason="đã gọi hỏi"):
    return actions.decide_move(move=move, by=by, is_confirmed=is_confirmed, reason=reason, at=cast.NOW)


def write(person, place, by):
    return actions.write_move(person=person, place=place, moves_on=SOON, by=by, reason="người ấy báo", at=cast.NOW)


class TestWrittenByAnOfficer:
    def test_from_that_day_on_the_new_place_sees_and_the_old_one_no_more(self, old, new, there, today):
        person = cast.person()
        assert (sees(old, person), sees(new, person)) == (True, False)
        said = {"place": there.full_name, "moves_on": "23/11/2026", "reason": "người ấy báo"}
        answer = cast.client_of(old).post(f"/quan-tri/nguoi/{person.pk}/chuyen/", said)
        assert answer.headers["Location"] == "/quan-tri/person/"
        assert (sees(old, person), sees(new, person)) == (False, True)
        shown = cast.client_of(new).get(f"/quan-tri/person/inspect/{person.pk}/").text
        assert "từ xã Phan Ngọc Hiển, tỉnh Cà Mau về xã Tả Phìn, tỉnh Lào Cai" in shown
        assert "người ấy báo" in shown

    def test_what_was_recorded_stays_where_it_was(self, old, there):
        person = cast.person()
        enrolment = cast.enrolment(person, cast.course())
        actions.write_move(person=person, place=there, moves_on=TODAY, by=old, reason="x", at=cast.NOW)
        reports.bring_up_to_date(at=cast.NOW)
        enrolment.refresh_from_db()
        assert enrolment.place == cast.commune()
        assert set(Cell.objects.values_list("place__name", "enrolled")) >= {("Phan Ngọc Hiển", 1)}
        assert kept.violations() == []
        later = cast.enrolment(Person.objects.get(pk=person.pk), cast.course(slug="khac", title="Khác"))
        assert later.place == there

    def test_a_day_to_come_waits_for_the_job_once(self, old, there):
        person = cast.person()
        actions.write_move(person=person, place=there, moves_on=SOON, by=old, reason="x", at=cast.NOW)
        person.refresh_from_db()
        assert person.place == cast.commune()
        assert actions.do_due_moves(at=cast.NOW + timedelta(days=6)) == 0
        assert actions.do_due_moves(at=cast.NOW + timedelta(days=7)) == 1
        assert actions.do_due_moves(at=cast.NOW + timedelta(days=8)) == 0
        person.refresh_from_db()
        assert (person.place, person.moves.get().state) == (there, "done")

    def test_what_was_corrected_to_the_very_place_meanwhile_is_left(self, old, there):
        person = cast.person()
        move = actions.write_move(person=person, place=there, moves_on=SOON, by=old, reason="x", at=cast.NOW)
        Person.objects.filter(pk=person.pk).update(place=there)
        assert actions.do_due_moves(at=cast.NOW + timedelta(days=7)) == 0
        move.refresh_from_db()
        assert move.state == "taken-back"

    def test_nobody_pulls_a_person_out_of_another_place(self, new, there, today):
        person = cast.person()
        said = {"place": there.full_name, "moves_on": "23/11/2026", "reason": "x"}
        assert cast.client_of(new).post(f"/quan-tri/nguoi/{person.pk}/chuyen/", said).status_code == 404
        organiser = cast.staff("organiser", cast.province(), phone="0987654328")
        assert cast.client_of(organiser).post(f"/quan-tri/nguoi/{person.pk}/chuyen/", said).status_code == 302
        assert not Move.objects.exists()

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            ({"place": "xã Phan Ngọc Hiển, tỉnh Cà Mau"}, "đã là nơi này"),
            ({"moves_on": "23/11/2036"}, "hơn một năm"),
            ({"moves_on": "31/02/2026"}, "ngày/tháng/năm"),
            ({"reason": " "}, "Hãy ghi lý do"),
        ],
    )
    def test_what_cannot_be_meant_is_said_and_what_was_typed_stays(self, old, there, today, wrong, said):
        person = cast.person()
        typed = {"place": there.full_name, "moves_on": "23/11/2026", "reason": "người ấy báo"} | wrong
        answer = cast.client_of(old).post(f"/quan-tri/nguoi/{person.pk}/chuyen/", typed)
        assert (answer.status_code, said in answer.text) == (422, True)
        assert typed["place"] in answer.text
        assert not Move.objects.exists()

    def test_nobody_about_oneself(self, old, there):
        old.person = cast.person()
        old.save()
        with pytest.raises(Refusal, match="chính anh/chị"):
            actions.write_move(person=old.person, place=there, moves_on=TODAY, by=old, reason="x", at=cast.NOW)


class TestAskedFor:
    def test_on_ones_own_page_and_confirmed_by_the_new_place(self, new, there, today):
        user = cast.trainee()
        own = cast.client_of(user)
        own.post("/tai-khoan/chuyen-noi-o/", {"place": there.full_name, "moves_on": "2026-11-23"})
        assert "chờ xác nhận" in own.get("/tai-khoan/chuyen-noi-o/").text
        officer, move = cast.client_of(new), Move.objects.get()
        assert "1 người báo chuyển nơi ở" in officer.get("/quan-tri/").text
        assert "Trần Thị Út" in officer.get("/quan-tri/move/?state=open").text
        assert not sees(new, user.person)
        officer.post(f"/quan-tri/chuyen-noi-o/{move.pk}/", {"decision": "confirm", "reason": "đã gọi hỏi"})
        user.person.refresh_from_db()
        assert user.person.place == there
        assert sees(new, user.person)

    def test_or_by_the_old_one_but_by_nobody_else(self, old, there):
        move = ask(cast.trainee(), there)
        stranger = cast.client_of(cast.staff("manager", cast.commune("Bảo Thắng", "Lào Cai"), phone="0987654327"))
        address = f"/quan-tri/chuyen-noi-o/{move.pk}/"
        assert stranger.get(f"/quan-tri/move/inspect/{move.pk}/").status_code == 404
        for where in (address, f"{address}bo/"):
            assert stranger.post(where, {"decision": "confirm", "reason": "x"}).status_code == 404
        decide(move, old)
        assert Person.objects.get().place == there

    def test_refused_nothing_changes_and_decided_it_stays(self, old, there):
        move = ask(cast.trainee(), there)
        with pytest.raises(Refusal, match="chưa có lý do"):
            decide(move, old, reason="")
        decide(move, old, is_confirmed=False)
        with pytest.raises(Refusal, match="đã được quyết định"):
            decide(move, old)
        assert Person.objects.get().place == cast.commune()

    def test_by_a_button_and_not_by_enter(self, new, there):
        move = ask(cast.trainee(), there)
        answer = cast.client_of(new).post(f"/quan-tri/chuyen-noi-o/{move.pk}/", {"reason": "x"}, follow=True)
        assert "Chưa ghi quyết định" in answer.text
        assert Move.objects.get().state == "open"

    def test_asked_again_it_is_one_request_and_may_be_taken_back(self, there, today):
        user = cast.trainee()
        ask(user, there), ask(user, cast.commune("Bảo Thắng", "Lào Cai"), SOON)
        move = Move.objects.get()
        assert (move.after.name, move.moves_on) == ("Bảo Thắng", SOON)
        cast.client_of(user).post("/tai-khoan/chuyen-noi-o/", {"take_back": move.pk})
        move.refresh_from_db()
        assert move.state == "taken-back"
        other = ask(cast.trainee(phone="0912345679"), there)
        cast.client_of(user).post("/tai-khoan/chuyen-noi-o/", {"take_back": other.pk})
        other.refresh_from_db()
        assert other.state == "open"

    def test_what_an_officer_has_confirmed_is_not_asked_over(self, old, there):
        user = cast.trainee()
        decide(ask(user, there, SOON), old)
        with pytest.raises(Refusal, match="đã xác nhận"):
            ask(user, cast.commune("Bảo Thắng", "Lào Cai"))


class TestTheList:
    def test_it_is_narrowed_by_either_place_and_searched_without_diacritics(self, old, there, today):
        one, other = cast.person("Chim Đi"), cast.person("Vịt Ở")
        write(one, there, old), write(other, cast.commune("An Xuyên"), old)
        officer = cast.client_of(old)

        def names(query):
            page = officer.get(f"/quan-tri/move/?{query}").text
            return [name for name in ("Chim Đi", "Vịt Ở") if name in page]

        assert names("") == names(f"place={cast.commune().pk}") == ["Chim Đi", "Vịt Ở"]
        assert names(f"place={there.pk}") == ["Chim Đi"]
        assert names("q=chim+di") == ["Chim Đi"]
        assert names("place=Khong co xa nay") == []


def test_nobody_moves_who_was_joined_or_erased_meanwhile(old, there):
    gone, joined = cast.person("Chim Xóa"), cast.person("Chim Gộp")
    Person.objects.filter(pk=gone.pk).update(erased_at=cast.NOW)
    Person.objects.filter(pk=joined.pk).update(merged_into=cast.person("Chim Gộp"), merged_at=cast.NOW)
    for person in (gone, joined):
        with pytest.raises(Refusal, match="gộp vào hồ sơ khác hoặc đã xóa"):
            write(person, there, old)


def test_a_merge_takes_the_history_along_and_leaves_one_move_ahead(old, there):
    one, other = cast.trainee(), cast.trainee(phone="0912345679")
    ask(one, there), ask(other, there)
    actions.merge_people(person=one.person, into=other.person, by=old, reason="x", at=cast.NOW)
    assert set(Move.objects.values_list("person", "state")) == {
        (other.person.pk, "open"),
        (other.person.pk, "taken-back"),
    }
    assert personal.violations() == []


class TestSwitchingOff:
    def address(self, person):
        return f"/quan-tri/nguoi/{person.pk}/dang-nhap/"

    def test_out_at_once_by_no_way_in_and_back_again(self, old):
        user = cast.trainee()
        browser, officer = cast.client_of(user), cast.client_of(old)
        code = actions.issue_card(person=user.person, by=old, at=cast.NOW)
        assert officer.post(self.address(user.person), {"reason": " "}).status_code == 422
        officer.post(self.address(user.person), {"reason": "mất máy"})
        assert browser.get("/tai-khoan/").status_code == 302
        with pytest.raises(Refusal, match="ngừng dùng"):
            actions.use_card(code=code, at=cast.NOW)
        page = officer.get(f"/quan-tri/person/inspect/{user.person.pk}/").text
        assert "Đang tạm ngừng đăng nhập" in page
        assert "mất máy" in page
        officer.post(self.address(user.person), {"reason": "đã tìm lại", "is_on": "True"})
        assert browser.get("/tai-khoan/").status_code == 200
        logged = ModelLogEntry.objects.filter(action__startswith="accounts.log_in_").values_list("action", flat=True)
        assert sorted(logged) == ["accounts.log_in_switched_off", "accounts.log_in_switched_on"]

    def test_pressed_twice_or_by_two_officers_it_is_as_the_page_said(self, old):
        user, officer = cast.trainee(), cast.client_of(old)
        other = cast.client_of(cast.staff("manager", cast.province(), "0987654330"))
        for is_on, done, again in ((False, "Đã tạm ngừng", "đã bị tạm ngừng"), (True, "Đã cho đăng nhập", "vốn đang")):
            pages = [client.get(self.address(user.person)) for client in (officer, other)]
            assert all(f'name="is_on" value="{is_on}"' in page.text for page in pages)
            typed = {"reason": "mất máy", "is_on": str(is_on)}
            answers = [
                client.post(self.address(user.person), typed, follow=True).text for client in (officer, officer, other)
            ]
            assert done in answers[0]
            assert all(f"Không có gì thay đổi: người này {again}" in answer for answer in answers[1:])
            user.refresh_from_db()
            assert user.is_active == is_on
        assert ModelLogEntry.objects.filter(action__startswith="accounts.log_in_").count() == 2

    def test_a_form_that_is_not_right_goes_on_saying_what_it_said(self, old):
        user, officer = cast.trainee(), cast.client_of(old)
        actions.switch_log_in(person=user.person, is_on=False, by=old, reason="mất máy")
        page = officer.post(self.address(user.person), {"reason": "", "is_on": "False"})
        assert (page.status_code, page.context["submit"]) == (422, "Tạm ngừng đăng nhập")
        assert 'name="is_on" value="False"' in page.text

    def test_neither_elsewhere_nor_a_colleagues_nor_ones_own(self, old, new):
        user = cast.trainee()
        assert cast.client_of(new).post(self.address(user.person), {"reason": "x"}).status_code == 404
        colleague = cast.staff("organiser", cast.province(), phone="0987654328")
        cast.person("Lê Văn Hai", user=colleague)
        colleague.refresh_from_db()
        with pytest.raises(Refusal, match="tài khoản cán bộ"):
            actions.switch_log_in(person=colleague.person, is_on=False, by=old, reason="x")
        old.person = user.person
        with pytest.raises(Refusal, match="chính anh/chị"):
            actions.switch_log_in(person=user.person, is_on=False, by=old, reason="x")
        with pytest.raises(Refusal, match="chưa có tài khoản"):
            actions.switch_log_in(person=cast.person("Bé"), is_on=False, by=new, reason="x")


@pytest.mark.parametrize("is_taken_back", [False, True])
def test_what_was_looked_at_before_two_rows_were_joined_is_done_to_the_row_that_stays(is_taken_back, old):
    user, stays, new = cast.trainee(phone="0912000001"), cast.person(), cast.commune("Tân Tiến")
    seen = ask(user, new)
    actions.merge_people(person=user.person, into=stays, by=old, reason="một người", at=cast.NOW)
    if is_taken_back:
        assert actions.take_back_move(move=seen, by=old, at=cast.NOW)
    else:
        decide(seen, old)
    stays.refresh_from_db()
    assert (stays.place == new) != is_taken_back
    told = "accounts.move_taken_back" if is_taken_back else "accounts.person_moved"
    assert ModelLogEntry.objects.for_instance(stays).filter(action=told).exists()


class TestWhoStillReadsOfIt:
    def reads(self, user, move):
        browser = cast.client_of(user)
        seen = browser.get(f"/quan-tri/move/inspect/{move.pk}/").status_code == 200
        assert ("Trần Thị Út" in browser.get("/quan-tri/move/").text) == seen
        return seen

    def test_the_place_that_was_left_for_a_while_and_the_new_one_for_good(self, old, new, there):
        move = ask(cast.trainee(), there)
        with cast.on(cast.NOW):
            assert (self.reads(old, move), self.reads(new, move)) == (True, True)
            decide(move, new)
            assert (self.reads(old, move), self.reads(new, move)) == (True, True)
        with cast.on(cast.NOW + timedelta(days=31)):
            assert (self.reads(old, move), self.reads(new, move)) == (False, True)

    def test_nobody_elsewhere_where_it_came_to_nothing(self, old, new, there):
        user = cast.trainee()
        move = ask(user, there)
        actions.take_back_move(move=move, by=user, at=cast.NOW)
        with cast.on(cast.NOW):
            assert (self.reads(old, move), self.reads(new, move)) == (True, False)

    def test_whoever_refused_it_for_a_while(self, old, new, there):
        move = ask(cast.trainee(), there)
        with cast.on(cast.NOW):
            said = {"decision": "refuse", "reason": "không liên lạc được"}
            answer = cast.client_of(new).post(f"/quan-tri/chuyen-noi-o/{move.pk}/", said, follow=True)
            assert answer.status_code == 200
            assert self.reads(new, move)
        with cast.on(cast.NOW + timedelta(days=31)):
            assert (self.reads(old, move), self.reads(new, move)) == (True, False)

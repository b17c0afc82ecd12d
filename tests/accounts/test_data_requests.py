"""The queue of requests about personal data: officers see those of their place, what is due first comes first, and each step is theirs."""

import io
from datetime import timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError
from django.utils import timezone
from openpyxl import load_workbook
from wagtail.models import ModelLogEntry

from accounts import actions as accounts
from accounts import settings as of_data
from accounts.models import DataRequest, Person
from accounts.rights import actions
from lib.refusals import Refusal
from messaging.models import Message
from tests import cast

pytestmark = pytest.mark.django_db
LIST = "/quan-tri/datarequest/"


@pytest.fixture
def officer():
    return cast.staff("manager", cast.commune())


@pytest.fixture
def desk(officer):
    return cast.client_of(officer)


@pytest.fixture
def person():
    return cast.trainee().person


def asked(person, kind="object", at=cast.NOW, **more):
    return actions.ask(person=person, kind=kind, note="Đừng gọi buổi trưa", at=at, **more)


def address(request, what=""):
    return f"/quan-tri/du-lieu/{request.pk}/{what}/" if what else f"{LIST}inspect/{request.pk}/"


class TestTheQueue:
    def test_what_is_due_first_comes_first_and_what_is_late_is_said(self, desk):
        late = asked(cast.person("Lê Trễ Hạn"), at=timezone.now() - timedelta(days=9))
        soon = asked(cast.person("Phạm Vừa Gửi"), at=timezone.now())
        done = asked(cast.person("Võ Đã Xong"), at=timezone.now() - timedelta(days=30))
        actions.take_back(request=done, at=timezone.now())
        page = desk.get(LIST).text
        places = [page.index(one.person.name) for one in (late, soon, done)]
        assert places == sorted(places)
        assert page.count("QUÁ HẠN") == 1

    def test_others_places_are_not_seen(self, desk):
        foreign = asked(cast.person("Chim Canary", cast.commune("Sa Pa", "Lào Cai")))
        assert "Canary" not in desk.get(LIST).text
        assert desk.get(address(foreign)).status_code == 404
        assert desk.post(address(foreign, "xong"), {"answer": "Rồi"}).status_code == 404
        foreign.refresh_from_db()
        assert foreign.state == "open"

    def test_an_organiser_has_no_part_in_it(self, person):
        organiser = cast.client_of(cast.staff("organiser", cast.province()))
        request = asked(person)
        for path in (LIST, address(request), address(request, "xong"), f"/quan-tri/du-lieu/nguoi/{person.pk}/"):
            assert organiser.get(path).status_code in (302, 403, 404)

    def test_the_first_page_and_the_menu_tell_how_many_wait_and_how_many_are_late(self, desk):
        assert "yêu cầu về dữ liệu cá nhân đang chờ" not in desk.get("/quan-tri/").text
        asked(cast.person("Lê Trễ Hạn"), at=timezone.now() - timedelta(days=9))
        asked(cast.person("Phạm Vừa Gửi"), at=timezone.now())
        actions.ask(person=cast.person("Võ Xin Xóa"), kind="delete", at=timezone.now())  # does itself
        page = desk.get("/quan-tri/").text
        assert "2 yêu cầu về dữ liệu cá nhân đang chờ" in page
        assert "1 đã quá hạn" in page
        assert "(2)" in page

    def test_it_is_taken_along_as_a_workbook(self, desk, person):
        asked(person)
        answer = desk.get(f"{LIST}?export=xlsx")
        rows = list(load_workbook(io.BytesIO(b"".join(answer))).active.values)
        assert rows[1][0] == "Trần Thị Út"
        assert "phản đối việc dùng dữ liệu" in rows[1]


class TestAnswering:
    def test_an_answer_is_read_by_the_person_and_the_number_is_told(self, desk, person):
        request = asked(person)
        desk.post(address(request, "tra-loi"), {"answer": "Sẽ chỉ gọi buổi chiều."})
        request.refresh_from_db()
        assert (request.state, request.answer) == ("running", "Sẽ chỉ gọi buổi chiều.")
        assert request.replied_at
        assert "Sẽ chỉ gọi buổi chiều." in cast.client_of(person.user).get("/tai-khoan/du-lieu/").text
        message = Message.objects.get(purpose="data-request")
        assert len(message.body) <= 160
        assert message.body.isascii()

    def test_without_words_what_was_chosen_is_asked_for_again(self, desk, person):
        request = asked(person)
        answer = desk.post(address(request, "tra-loi"), {"answer": " "})
        assert answer.status_code == 422
        assert "Hãy viết câu trả lời" in answer.text
        request.refresh_from_db()
        assert request.state == "open"

    def test_it_is_put_off_once_and_by_fifteen_days(self, desk, person):
        request = asked(person)
        due = request.done_by
        assert desk.post(address(request, "gia-han"), {"days": "16", "reason": "Tết"}).status_code == 422
        desk.post(address(request, "gia-han"), {"days": "15", "reason": "Chờ tỉnh trả lời"})
        request.refresh_from_db()
        assert request.done_by == due + timedelta(days=15)
        again = desk.post(address(request, "gia-han"), {"days": "1", "reason": "Nữa"})
        assert "đã gia hạn một lần" in again.text
        request.refresh_from_db()
        assert request.done_by == due + timedelta(days=15)

    def test_done_it_closes_what_was_chosen(self, desk, person):
        request = asked(person)
        consent = person.consents.get(text__purpose="learning-record")
        desk.post(address(request, "xong"), {"answer": "Đã thôi ghi.", "consents": [consent.pk]})
        person.refresh_from_db()
        request.refresh_from_db()
        assert (request.state, person.has_consented) == ("done", False)

    def test_a_withdrawal_names_what_is_taken_back_and_cannot_be_refused(self, desk, person):
        request = asked(person, "withdraw")
        assert "hãy chọn điều người ấy rút lại" in desk.post(address(request, "xong"), {"answer": "Rồi"}).text
        assert "không từ chối được" in desk.post(address(request, "tu-choi"), {"answer": "Không"}).text
        request.refresh_from_db()
        assert request.state == "open"

    def test_somebody_elses_agreement_is_not_closed_with_it(self, desk, person):
        other = cast.person("Lê Văn Bé")
        request = asked(person)
        foreign = other.consents.first()
        assert desk.post(address(request, "xong"), {"answer": "Rồi", "consents": [foreign.pk]}).status_code == 422
        foreign.refresh_from_db()
        assert foreign.withdrawn_at is None

    def test_a_deletion_is_neither_refused_nor_hurried(self, desk, person):
        request = actions.ask(person=person, kind="delete", at=cast.NOW)
        for what in ("xong", "tu-choi"):
            assert "tự xóa vào ngày đã báo" in desk.post(address(request, what), {"answer": "x"}).text
        assert "đã có ngày" in desk.post(address(request, "gia-han"), {"days": "3", "reason": "x"}).text
        request.refresh_from_db()
        assert request.state == "running"

    def test_told_by_the_person_it_is_taken_back(self, desk, person):
        request = actions.ask(person=person, kind="delete", at=cast.NOW)
        desk.post(address(request, "rut-lai"))
        request.refresh_from_db()
        assert request.state == "back"
        assert actions.erase_due(at=cast.NOW + timedelta(days=30)) == 0

    def test_what_is_settled_stays(self, officer, person):
        request = asked(person)
        actions.settle(request=request, is_done=False, answer="Không dùng vào việc ấy.", by=officer, at=cast.NOW)
        with pytest.raises(Refusal):
            actions.reply(request=request, answer="Khác", by=officer, at=cast.NOW)
        assert not actions.take_back(request=request, at=cast.NOW)

    def test_nobody_decides_about_the_own(self):
        user = cast.trainee()
        accounts.grant_role(user=user, role="manager", place=cast.commune(), by=None, at=cast.NOW)
        user.refresh_from_db()
        request = asked(user.person)
        with pytest.raises(Refusal, match="chính anh/chị"):
            actions.reply(request=request, answer="Duyệt", by=user, at=cast.NOW)

    def test_the_log_tells_who_did_what_and_no_words(self, officer, person):
        request = asked(person)
        actions.reply(request=request, answer="Mật", by=officer, at=cast.NOW)
        entry = ModelLogEntry.objects.get(action=actions.REPLIED)
        assert (entry.user, entry.data) == (officer, {"kind": "object", "state": "running"})
        assert person.name not in entry.label

    def test_what_there_is_not_is_not_found(self, desk, person):
        assert desk.get(address(asked(person), "khac")).status_code == 404


class TestWrittenDown:
    def test_what_somebody_asked_who_came_to_the_office(self, desk, person, officer):
        path = f"/quan-tri/du-lieu/nguoi/{person.pk}/"
        assert path in desk.get(f"/quan-tri/person/inspect/{person.pk}/").text
        desk.post(path, {"kind": "export", "note": "Đến gặp, đã xem căn cước"})
        made = DataRequest.objects.get()
        assert (made.kind, made.way, made.recorded_by) == ("export", "officer", officer)

    def test_a_deletion_written_down_waits_too_and_is_told(self, desk, person):
        desk.post(f"/quan-tri/du-lieu/nguoi/{person.pk}/", {"kind": "delete", "note": "Giấy"})
        made = DataRequest.objects.get()
        assert (made.erase_on - timezone.localdate()).days == 7
        assert Message.objects.get(purpose="data-request").to == person.user.phone

    def test_the_copy_is_there_while_it_is_asked_for_and_that_it_was_taken_is_logged(self, desk, person):
        request = asked(person, "export")
        answer = desk.post(address(request, "ban-in"))
        assert "Trần Thị Út" in answer.text
        assert "no-store" in answer["Cache-Control"]
        assert ModelLogEntry.objects.filter(action="accounts.data_handed_over").count() == 1
        desk.post(address(request, "xong"), {"answer": "Đã trao"})
        assert desk.post(address(request, "ban-in")).status_code == 302

    def test_nothing_is_taken_where_something_else_was_asked(self, desk, person):
        assert desk.post(address(asked(person), "ban-in")).status_code == 302

    def test_two_of_a_kind_do_not_wait_beside_each_other(self, person):
        first = asked(person)
        with pytest.raises(IntegrityError):
            DataRequest.objects.create(
                person=person, kind="object", way="self", received_at=cast.NOW, reply_by=first.reply_by, done_by=first.done_by
            )  # fmt: skip


class TestTheLedger:
    def test_it_tells_purpose_version_way_and_time_and_goes_along_as_a_workbook(self, desk, person):
        path = f"/quan-tri/du-lieu/nguoi/{person.pk}/dong-y/"
        row = person.consents.get(text__purpose="learning-record")
        accounts.withdraw_consent(person=person, consent_id=row.pk, at=cast.NOW + timedelta(days=1))
        page = desk.get(path).text
        for said in ("Ghi kết quả học", "tự đồng ý trên màn hình", "24/11/2026"):
            assert said in page
        rows = list(load_workbook(io.BytesIO(desk.get(f"{path}?export=xlsx").content)).active.values)
        found = next(one for one in rows if one[1] == "ghi kết quả học")
        assert found[0] == "Trần Thị Út"
        assert f"{found[6]:%d/%m/%Y}" == "24/11/2026"

    @pytest.mark.parametrize(
        ("name", "file"),
        [("Trần O'Rết Út", "so-dong-y-tran-oret-ut"), ('Trần "Út" Bé', "so-dong-y-tran-ut-be"), ("ខ្មែរ", "so-dong-y")],
    )
    def test_its_file_has_a_name_that_every_browser_reads(self, desk, person, name, file):
        Person.objects.filter(pk=person.pk).update(name=name)
        answer = desk.get(f"/quan-tri/du-lieu/nguoi/{person.pk}/dong-y/?export=xlsx")
        day = timezone.localdate()
        assert answer.headers["Content-Disposition"] == f'attachment; filename="{file}-{day:%Y-%m-%d}.xlsx"'

    def test_of_other_places_there_is_none(self, desk):
        foreign = cast.person("Chim Canary", cast.commune("Sa Pa", "Lào Cai"))
        assert desk.get(f"/quan-tri/du-lieu/nguoi/{foreign.pk}/dong-y/").status_code == 404


@pytest.mark.parametrize("said", ["Tết", "2027-02-30"])
def test_days_off_that_are_none_are_refused_at_the_start(said):
    with pytest.raises(ImproperlyConfigured):
        of_data._days(said)


def test_an_answer_that_is_pressed_twice_is_one_and_a_colleagues_is_not_written_over(desk, person):
    made = asked(person)
    Message.objects.all().delete()
    first, again, other = (
        desk.post(address(made, "tra-loi"), {"answer": said}) for said in ("Đã nhận", "Đã nhận", "Của người khác")
    )
    assert (first.status_code, again.status_code, other.status_code) == (302, 302, 422)
    assert "đã được trả lời trước đó" in other.text
    made.refresh_from_db()
    assert (made.answer, Message.objects.count()) == ("Đã nhận", 1)
    assert ModelLogEntry.objects.filter(action=actions.REPLIED).count() == 1

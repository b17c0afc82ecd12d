"""The page on which a workshop is closed: who gets what, who not and why, and one tap."""

from copy import deepcopy
from datetime import timedelta

import pytest

from courses.models import Completion
from tests import cast
from tests.conftest import made_for_a_file
from workshops.models import Attendance, HallTest, Session, TestSheet, Workshop

pytestmark = [pytest.mark.django_db, pytest.mark.once]
EVENING = cast.NOW + timedelta(days=2, hours=4)


made_workshop = made_for_a_file(cast.workshop)


@pytest.fixture
def workshop(made_workshop, db) -> Workshop:
    return deepcopy(made_workshop)


@pytest.fixture
def client(db):
    return cast.client_of(cast.staff("organiser", cast.province()))


@pytest.fixture
def address(workshop) -> str:
    return f"/quan-tri/tap-huan/{workshop.pk}/chot/"


@pytest.fixture(autouse=True)
def _evening():
    with cast.on(EVENING):
        yield


def test_tells_who_gets_a_certificate_and_why_somebody_does_not(client, workshop, address):
    cast.award(workshop.activity.course)
    cast.present(cast.delegate(workshop))
    cast.delegate(workshop, "Thạch Thị Hồng")
    page = client.get(address).text
    assert "<b>1</b> được cấp giấy chứng nhận" in page
    assert "Chưa hoàn thành: vắng mặt" in page


def test_looking_writes_nothing(client, workshop, address):
    cast.present(cast.delegate(workshop))
    client.get(address)
    assert not Completion.objects.exists()


def test_one_tap_closes_what_has_begun(client, workshop, address):
    cast.present(cast.delegate(workshop))
    page = client.post(address, {"sessions": [workshop.sessions.get().pk]}, follow=True).text
    assert "Đã ghi hoàn thành cho 1 đại biểu" in page
    assert "Lớp đã chốt lúc" in page
    workshop.refresh_from_db()
    assert workshop.closed_at


def test_a_session_of_another_workshop_is_no_choice(client, workshop, address):
    assert client.post(address, {"sessions": [workshop.sessions.get().pk + 100]}).status_code == 422


def test_is_opened_again_with_a_reason_alone(client, workshop, address):
    client.post(address, {"sessions": [workshop.sessions.get().pk]})
    refused = client.post(address + "mo-lai/", {"reason": ""})
    assert refused.status_code == 422
    workshop.refresh_from_db()
    assert workshop.closed_at
    assert "Đã mở lại lớp" in client.post(address + "mo-lai/", {"reason": "Sót một bàn"}, follow=True).text
    workshop.refresh_from_db()
    assert workshop.closed_at is None


def test_one_session_that_was_closed_is_opened_again_while_others_are_to_come(client, workshop, address):
    first, later = workshop.sessions.get(), EVENING + timedelta(days=1)
    Session.objects.create(workshop=workshop, name="Hôm sau", starts_at=later, ends_at=later + timedelta(hours=3))
    assert "mo-lai/" not in client.get(address).text
    assert f'action="{address}mo-lai/"' in client.post(address, {"sessions": [first.pk]}, follow=True).text
    client.post(address + "mo-lai/", {"reason": "Chốt nhầm buổi"})
    first.refresh_from_db()
    assert first.closed_at is None


def test_a_closed_workshop_is_still_reached_from_its_page(client, workshop, address):
    client.post(address, {"sessions": [workshop.sessions.get().pk]})
    assert address in client.get(f"/quan-tri/tap-huan/{workshop.pk}/").text


def test_of_another_province_does_not_exist(workshop, address):
    other = cast.client_of(cast.staff("organiser", cast.province("Lào Cai"), phone="0987000111"))
    assert other.get(address).status_code == 404


def test_who_merely_looks_does_not_close(workshop, address):
    manager = cast.client_of(cast.staff("manager", cast.province(), phone="0987000112"))
    assert manager.get(address).status_code in (302, 403, 404)
    assert manager.post(address, {}).status_code in (302, 403, 404)


class TestBeforeItIsTooLate:
    """Certificates have numbers and are not taken back by a tap: whoever closes early, or without the papers, is asked twice."""

    @pytest.fixture(autouse=True)
    def _while_it_runs(self, workshop):
        with cast.on(workshop.sessions.get().starts_at + timedelta(minutes=12)):
            yield

    def post(self, client, workshop, address, **said):
        return client.post(address, {"sessions": [workshop.sessions.get().pk]} | said)

    def test_a_session_that_runs_is_not_closed_in_one_tap(self, client, workshop, address):
        cast.present(cast.delegate(workshop))
        assert "mới kết thúc" in client.get(address).text
        answer = self.post(client, workshop, address)
        assert answer.status_code == 422
        assert "Chưa chốt: hãy đọc" in answer.text
        assert not Completion.objects.exists()

    def test_but_by_whoever_says_so(self, client, workshop, address):
        cast.present(cast.delegate(workshop))
        assert self.post(client, workshop, address, sure="on").status_code == 302
        assert Completion.objects.exists()

    def test_closed_it_counts_who_has_completed_it_and_no_certificate_that_was_given_just_now(
        self, client, workshop, address
    ):
        cast.present(cast.delegate(workshop))
        assert "được cấp giấy chứng nhận" in client.get(address).text
        page = client.post(
            address, {"sessions": [workshop.sessions.get().pk], "sure": "on"}, follow=True
        ).text.partition('class="plan"')[2]
        assert "<b>1</b> đã ghi hoàn thành" in page
        assert "được cấp giấy chứng nhận" not in page
        assert "Đổi mức này" not in page


class TestPapersOfTests:
    @pytest.fixture
    def test_of(self, workshop):
        def make(moment="after", right=(), **fields):
            test = HallTest.objects.create(
                workshop=workshop, moment=moment, made_at=cast.NOW, opened_at=cast.NOW, is_anonymous=True, **fields
            )
            for badge, count in enumerate(right, 1):
                TestSheet.objects.create(
                    test=test, badge=badge, right=count, questions=5, answers={}, source="paper", handed_in_at=cast.NOW
                )

        return make

    @pytest.fixture(autouse=True)
    def _three_came(self, workshop):
        for name in ("Trần Thị Út", "Lê Văn Bé", "Kim Sa"):
            cast.present(cast.delegate(workshop, name))

    def test_missing_and_failed_ones_are_told_and_what_does_not_count(self, client, workshop, address, test_of):
        test_of(right=(1, 5))
        page = client.get(address).text
        assert "Bài kiểm tra đầu ra: có 2 phiếu trên 3 người có mặt. 1 phiếu chưa đạt 60%." in page
        assert "Bài này không tính vào việc hoàn thành" in page
        assert client.post(address, {"sessions": [workshop.sessions.get().pk]}).status_code == 422

    def test_nothing_is_said_where_all_passed(self, client, workshop, address, test_of):
        test_of(right=(5, 4, 3))
        test_of("before", right=(0, 0, 0))
        assert "Cần biết trước khi chốt" not in client.get(address).text
        assert client.post(address, {"sessions": [workshop.sessions.get().pk]}).status_code == 302


def test_a_button_that_was_pressed_twice_says_that_all_is_closed(client, workshop, address):
    cast.present(cast.delegate(workshop))
    said = {"sessions": [workshop.sessions.get().pk]}
    client.post(address, said)
    answer = client.post(address, said, follow=True)
    assert answer.status_code == 200
    assert "Các buổi này đã chốt từ trước" in answer.text
    assert Completion.objects.count() == 1


def test_the_certificates_of_the_class_are_one_tap_away_once_it_is_closed(workshop, address):
    officer = cast.staff("organiser", cast.province(), phone="0987000113")
    award = cast.award(workshop.activity.course)
    cast.present(cast.delegate(workshop))
    client = cast.client_of(officer)
    there = f"/quan-tri/in-hang-loat/?award={award.pk}"
    assert there not in client.get(address).text
    assert there in client.post(address, {"sessions": [workshop.sessions.get().pk]}, follow=True).text


def test_who_was_recorded_and_is_absent_by_now_stands_apart_with_a_way_to_the_record(client, workshop, address):
    cast.present(cast.delegate(workshop))
    client.post(address, {"sessions": [workshop.sessions.get().pk]})
    client.post(address + "mo-lai/", {"reason": "Ghi nhầm"})
    Attendance.objects.update(taken_back_at=EVENING, taken_back_why="Nhầm")
    client.post(address, {"sessions": [workshop.sessions.get().pk]})
    page = client.get(address).text
    assert "<b>1</b> đã ghi, nay không đủ buổi" in page
    assert f'/{Completion.objects.get().enrolment_id}/">Đã ghi, nay không đủ buổi</a>: vắng mặt' in page

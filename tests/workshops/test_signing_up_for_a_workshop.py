"""Who has no account and wants a seat goes one way, from the workshop's page to the ticket, and reads on it all along what it is for."""

import re

import pytest
from django.test import Client

from accounts.models import User
from tests import cast
from tests.journeys.test_from_phone_to_certificate import log_in_by_code
from workshops.models import Registration, RegistrationSource, SeenBy

from .conftest import ADDRESS, main

pytestmark = pytest.mark.django_db
FORM = f"{ADDRESS}dang-ky/"
NEXT = f"?next={FORM}"
START, CODE, LOGIN, CARD = "/tai-khoan/dien-thoai/", "/tai-khoan/ma/", "/tai-khoan/dang-nhap/", "/tai-khoan/phieu-ma/"
NAME, PLACE, LAST = "/tai-khoan/ho-so/ten/", "/tai-khoan/ho-so/noi-o/", "/tai-khoan/ho-so/dong-y/"
DONE = "Đã đăng ký xong"
SUBJECT = {"subject_name": "Tôm khô Bé Ba", "subject_kind": "household", "subject_role": "head"}
AGREED = {"learning-record": "on"}


@pytest.fixture
def newcomer(planned, django_capture_on_commit_callbacks) -> Client:
    """With a number that is confirmed, and nothing told yet."""
    client = Client()
    log_in_by_code(client, django_capture_on_commit_callbacks, there=FORM)
    return client


def told(client: Client, kind: str = "subject") -> Client:
    """Name and place are given."""
    client.post(NAME + NEXT, {"name": "Trần Thị Bé Ba", "birth_year": "1975", "kind": kind, "next": FORM})
    client.post(PLACE + NEXT, {"place": cast.commune().pk, "next": FORM})
    return client


def steps(page: str) -> list[str]:
    return re.findall(r"<li[^>]*>(.*?)</li>", page.partition('<ol class="steps"')[2].partition("</ol>")[0])


class TestWhatItIsFor:
    @pytest.mark.parametrize("address", [START, LOGIN, CARD])
    def test_before_logging_in(self, planned, anybody, address):
        page = main(anybody.get(address + NEXT))
        assert "Đăng ký dự lớp" in page
        assert "Bộ tiêu chí mới" in page
        assert "10:00 25/11/2026" in page

    @pytest.mark.parametrize("address", [NAME, PLACE, LAST])
    def test_at_every_step_of_signing_up_with_the_way_that_is_left(self, newcomer, address):
        page = told(newcomer).get(address + NEXT).text
        assert "Bộ tiêu chí mới" in page
        assert steps(page) == ["Số điện thoại", "Mã xác nhận", "Tên", "Nơi ở", "Đồng ý", "Giữ chỗ"]
        assert f'<a class="tool" href="{ADDRESS}">' in page, "who gives it up is back at the workshop"

    def test_also_where_a_form_came_back_wrong(self, newcomer):
        assert "Bộ tiêu chí mới" in newcomer.post(NAME, {"name": "", "next": FORM}).text

    @pytest.mark.parametrize("there", ["", "/hoc/", "/khong-co/", "/tap-huan/khong-co/dang-ky/", "//la.vn" + FORM])
    def test_nothing_is_told_to_who_came_for_something_else(self, planned, anybody, there):
        page = anybody.get(START, {"next": there}).text
        assert "Đăng ký dự lớp" not in page
        assert len(steps(page)) == 5

    def test_nor_of_a_workshop_of_the_invited(self, planned, change, anybody):
        change(seen_by=SeenBy.INVITED)
        assert "Bộ tiêu chí mới" not in anybody.get(START + NEXT).text

    def test_who_is_asked_for_the_agreement_again_reads_it_too(self, planned, own, trainee):
        trainee.person.consents.update(withdrawn_at=cast.NOW)
        type(trainee.person).objects.update(has_consented=False)
        assert "Bộ tiêu chí mới" in main(own.get(FORM, follow=True))


class TestTheWay:
    def test_nothing_is_called_done_before_the_seat_is_held_and_it_ends_on_the_ticket(self, newcomer):
        last = told(newcomer).get(LAST + NEXT).text
        assert "Tiếp tục: giữ chỗ" in last
        assert "Bắt đầu học" not in last
        answer = newcomer.post(LAST, SUBJECT | AGREED | {"next": FORM}, follow=True)
        assert answer.redirect_chain == [(FORM, 302)]
        assert DONE not in answer.text
        assert not Registration.objects.exists()
        assert steps(answer.text)[5] == "Giữ chỗ"
        assert "Giữ chỗ và nhận vé" in answer.text
        sent = {name: re.search(rf'name="{name}"[^>]*value="([^"]*)"', answer.text)[1] for name in ("unit", "post")}
        ticket = newcomer.post(FORM, sent, follow=True)
        made = Registration.objects.get()
        assert ticket.redirect_chain == [(f"/tap-huan/ve/{made.code}/", 302)]
        assert (made.source, made.state, made.unit, made.post) == (
            RegistrationSource.SELF, "held", "Tôm khô Bé Ba", "Chủ hộ",
        )  # fmt: skip
        assert "Đăng ký xong" in ticket.text

    def test_what_was_said_of_the_unit_is_shown_and_not_asked_again(self, newcomer):
        told(newcomer).post(LAST, SUBJECT | AGREED | {"next": FORM})
        page = main(newcomer.get(FORM))
        assert "Tôm khô Bé Ba<br>Chủ hộ" in page
        assert page.index("<details") < page.index('name="unit"') < page.index("</details>")
        assert '<details class="twin" open' not in page
        wrong = main(newcomer.post(FORM, {"unit": "", "post": "Chủ hộ"}))
        assert '<details class="twin" open' in wrong

    @pytest.mark.parametrize(
        ("level", "unit"), [("commune", "UBND xã Phan Ngọc Hiển"), ("province", ""), ("centre", "")]
    )
    def test_of_an_official_the_unit_is_proposed_where_it_is_known_and_asked(self, newcomer, level, unit):
        told(newcomer, "official").post(LAST, AGREED | {"official_level": level, "next": FORM})
        page = main(newcomer.get(FORM))
        assert (f'value="{unit}"' in page) == bool(unit)
        assert "<details" not in page

    def test_who_signs_up_to_learn_is_told_as_before(self, newcomer):
        answer = told(newcomer).post(LAST, SUBJECT | AGREED | {"next": "/hoc/"}, follow=True)
        assert DONE in answer.text

    def test_who_has_an_account_for_long_sees_no_steps(self, planned, own, trainee):
        assert steps(own.get(FORM).text)
        trainee.person.created_at = cast.NOW.replace(year=2025)
        trainee.person.save()
        assert not steps(own.get(FORM).text)


class TestGoingBack:
    @pytest.mark.parametrize(("button", "there"), [("place", PLACE), ("name", NAME)])
    def test_what_was_typed_at_the_last_step_is_there_again(self, newcomer, button, there):
        answer = told(newcomer).post(LAST, SUBJECT | AGREED | {"back": button, "next": FORM})
        assert answer["Location"].startswith(f"{there}?next=")
        assert User.objects.get().person is None
        page = newcomer.get(LAST + NEXT).text
        assert 'value="Tôm khô Bé Ba"' in page
        assert page.count(" checked") == 2  # kind and role; what is agreed to is ticked anew

    def test_half_a_form_is_no_obstacle(self, newcomer):
        answer = told(newcomer).post(LAST, {"subject_name": "Tôm khô Bé Ba", "back": "place", "next": FORM})
        assert answer["Location"].startswith(PLACE)
        assert 'value="Tôm khô Bé Ba"' in newcomer.get(LAST).text

    def test_a_place_that_was_tapped_is_kept(self, newcomer):
        newcomer.post(NAME, {"name": "Trần Thị Bé Ba", "kind": "subject"})
        answer = newcomer.post(PLACE, {"place": cast.commune().pk, "back": "1", "next": FORM})
        assert answer["Location"].startswith(f"{NAME}?next=")
        assert User.objects.get().profile_draft["place"] == cast.commune().pk
        assert newcomer.post(PLACE, {"back": "1"})["Location"] == NAME

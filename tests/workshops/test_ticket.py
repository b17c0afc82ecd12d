"""/tap-huan/ve/<code>/: what the holder of a ticket sees and does; no log-in, and nothing kept on the way."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import cast
from workshops import actions
from workshops.models import Quota, Registration, RegistrationSource, RegistrationState, Workshop

from .conftest import main

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def held(planned):
    return coming(planned, "Trần Thị Út", contact_phone="+84912345678", unit="UBND xã")


def coming(workshop, name, *, unit="", **fields):
    return actions.register(
        workshop=workshop,
        person=cast.person(name, **fields),
        source=RegistrationSource.NOMINATED,
        at=cast.NOW,
        unit=unit,
    )


def address(held, what=""):
    return f"/tap-huan/ve/{held.code}/{what}"


def state(held):
    return Registration.objects.get(pk=held.pk).state


def offered(planned):
    Workshop.objects.update(capacity=1)
    first, second = coming(planned, "Lê Văn Bé"), coming(planned, "Thạch Thị Hồng")
    actions.cancel(registration=first, at=cast.NOW)
    second.refresh_from_db()
    return second


class TestWhatItShows:
    def test_number_name_code_when_and_where(self, held, anybody):
        text = main(anybody.get(address(held)))
        for said in ("Trần Thị Út", "<b>1</b>", "data:image/png;base64,", "10:00–13:00, 25/11/2026", "Hội trường xã"):
            assert said in text

    def test_nothing_more_of_a_person(self, held, anybody):
        text = anybody.get(address(held)).text
        for secret in ("912", "Tôm khô Út", "UBND xã", "household"):
            assert secret not in text

    def test_nothing_of_it_is_kept_or_found(self, held, anybody):
        for what in ("", "huy/", "lich.ics", "ve.pdf", "ve.png"):
            answer = anybody.get(address(held, what))
            assert answer.status_code == 200, what
            assert (answer["Cache-Control"], answer["X-Robots-Tag"]) == ("private, no-store", "noindex")
            assert answer["Referrer-Policy"] == "same-origin"

    def test_a_code_is_found_however_it_is_typed_and_none_is_guessed(self, held, anybody):
        assert anybody.get(f"/tap-huan/ve/{held.code.lower()[:4]}-{held.code.lower()[4:]}/").status_code == 200
        for code in ("AAAAAAAAAA", "-", "%E2%80%8B", "x" * 400, held.code + "2"):
            assert anybody.get(f"/tap-huan/ve/{code}/").status_code == 404

    def test_guessing_comes_to_an_end(self, held, anybody, settings):
        settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"open_ticket": "2/10m/ip"}
        tries = [anybody.get(f"/tap-huan/ve/AAAAAAAA{letter}/").status_code for letter in "ABC"]
        assert tries == [404, 404, 429]

    def test_of_a_workshop_for_the_invited_it_tells_the_programme_itself(self, held, change, anybody):
        change(seen_by="invited")
        text = main(anybody.get(address(held)))
        assert "Bộ tiêu chí: khác gì trước?" in text
        assert '/tap-huan/bo-tieu-chi-moi/"' not in text

    def test_in_english(self, held, anybody):
        assert "I cannot come" in anybody.get("/en" + address(held)).text


class TestStates:
    @pytest.mark.parametrize(
        ("now", "said"),
        [
            ({"state": RegistrationState.WAITING, "waiting_since": cast.NOW}, "Danh sách dự bị"),
            ({"state": RegistrationState.CANCELLED}, "Đã hủy"),
            ({"state": RegistrationState.REPLACED}, "Đã có người đi thay"),
            ({"state": RegistrationState.OFFERED, "offered_until": cast.NOW}, "không còn giữ"),
        ],
    )
    def test_without_a_seat_there_is_nothing_to_show_at_the_door(self, held, anybody, now, said):
        Registration.objects.update(**now)
        text = main(anybody.get(address(held)))
        assert said in text
        assert "data:image/png" not in text
        assert anybody.get(address(held, "ve.pdf")).status_code == 404

    def test_of_a_cancelled_workshop_it_says_so(self, held, change, anybody):
        change(cancelled_at=cast.NOW, cancelled_why="Bão số 15")
        text = main(anybody.get(address(held)))
        assert "Lớp này đã hủy" in text
        assert "Bão số 15" in text
        assert "data:image/png" not in text


class TestCancelling:
    def test_it_asks_once_more_and_gives_the_seat_back(self, held, anybody):
        assert address(held, "huy/") in anybody.get(address(held)).text
        assert "Hủy chỗ này?" in anybody.get(address(held, "huy/")).text
        assert state(held) == "held"
        answer = anybody.post(address(held, "huy/"), follow=True)
        assert state(held) == "cancelled"
        assert "Đã hủy." in answer.text
        assert "Đăng ký lại" in answer.text

    def test_twice_is_once_and_no_fault(self, held, anybody):
        anybody.post(address(held, "huy/"))
        text = anybody.post(address(held, "huy/"), follow=True).text
        assert "Vé này đã hủy rồi." in text
        assert "không hủy được nữa" not in text

    def test_once_it_began_a_badge_seen_in_the_hall_cancels_nothing(self, held, anybody):
        with cast.on(cast.NOW + timedelta(days=2)):
            assert address(held, "huy/") not in anybody.get(address(held)).text
            anybody.post(address(held, "huy/"))
        assert state(held) == "held"


class TestOffers:
    def test_one_is_taken_with_one_press(self, planned, anybody):
        second = offered(planned)
        text = main(anybody.get(address(second)))
        assert "giữ cho anh/chị đến 10:00 24/11/2026" in text
        assert "data:image/png" not in text
        assert "Đã nhận chỗ" in anybody.post(address(second, "nhan-cho/"), follow=True).text
        assert state(second) == "held"

    def test_once_it_ran_out_it_is_refused_with_words(self, planned, anybody):
        second = offered(planned)
        with cast.on(cast.NOW + timedelta(hours=25)):
            assert "Nhận chỗ này" not in anybody.get(address(second)).text
            assert "không còn giữ" in anybody.post(address(second, "nhan-cho/"), follow=True).text
        assert state(second) == "offered"

    def test_looking_takes_nothing(self, planned, anybody):
        second = offered(planned)
        assert anybody.get(address(second, "nhan-cho/")).status_code == 405
        assert state(second) == "offered"


def test_a_ticket_asks_for_itself_and_the_seats(held, anybody):
    anybody.get(address(held))
    with CaptureQueriesContext(connection) as seen:
        anybody.get(address(held))
    limited = ('"cache"', "SAVEPOINT")  # tries are counted where all workers see them
    assert len([one for one in seen if not any(part in one["sql"] for part in limited)]) == 2


def test_not_going_is_a_button_and_muting_a_quiet_one(planned, anybody):
    page = anybody.get(f"/tap-huan/ve/{cast.delegate(planned, contact_phone='+84912345678').code}/").text
    assert re.search(r'<a class="button button--second[^"]*" href="[^"]+/huy/">Tôi không đi được</a>', page)
    assert re.search(r'<button class="button button--quiet" [^>]*name="muted"', page)


class TestWaiting:
    def told(self, anybody, held):
        return main(anybody.get(address(held)))

    def test_it_says_the_place_in_the_queue(self, planned, anybody):
        Workshop.objects.update(capacity=1)
        rows = [coming(planned, f"Người {letter}") for letter in "ABC"]
        assert "đứng thứ" not in self.told(anybody, rows[0])
        assert "Anh/Chị đang đứng thứ 1." in self.told(anybody, rows[1])
        text = self.told(anybody, rows[2])
        assert "Anh/Chị đang đứng thứ 2." in text
        assert "Lớp đã hết chỗ." in text

    def test_and_why_where_seats_are_set_apart(self, planned, change, anybody):
        quota = Quota.objects.create(workshop=planned, place=cast.commune(), seats=2)
        Workshop.objects.update(capacity=2)
        change()
        alone = coming(planned, "Người A")
        assert "dành riêng cho các đơn vị có chỉ tiêu" in self.told(anybody, alone)
        people = [cast.person(f"Người {letter}") for letter in "BCD"]
        sent = [
            actions.register(
                workshop=planned, person=one, source=RegistrationSource.NOMINATED, at=cast.NOW, quota=quota
            )
            for one in people
        ]
        text = self.told(anybody, sent[2])
        assert "Chỉ tiêu của xã Phan Ngọc Hiển đã đủ người" in text
        assert "đứng thứ 2" in text


def test_not_coming_is_found_above_and_as_large_as_every_other_way(held, anybody):
    text = main(anybody.get(address(held)))
    assert 'class="button button--second button--fill" href="' + address(held, "huy/") in text
    assert text.index("Tôi không đi được") < text.index("Chương trình và thông tin lớp") < text.index("Đừng nhắn tin")

"""A part of a workshop is changed while a colleague changes it too, or the button is pressed twice: no row is written over another."""

from datetime import time, timedelta

import pytest

from tests import cast
from tests.workshops.test_planned_parts import address, coming, filled
from workshops.models import AgendaItem, Quota, Session, Speaker, Workshop

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(organiser):
    return cast.client_of(organiser)


@pytest.fixture
def workshop(db) -> Workshop:
    return cast.workshop(capacity=9)


def opened(client, workshop, part) -> dict[str, str]:
    """What a browser will send of the page that it shows."""
    page = client.get(address(workshop, part))
    return filled(page) | unseen(page)


def unseen(page) -> dict[str, str]:
    """What nobody types."""
    order = page.context.get("order")
    rows = [row for rows in page.context.get("sets", {}).values() for row in rows]
    marks = {one.mark_name: one.mark for one in (page.context["form"], *rows) if getattr(one, "mark", "")}
    return marks | ({"order": order} if order else {})


def earlier(workshop) -> Session:
    first = workshop.sessions.earliest("starts_at")
    before = timedelta(days=1)
    return Session.objects.create(
        workshop=workshop, name="Hôm trước", starts_at=first.starts_at - before, ends_at=first.ends_at - before
    )


def test_a_session_that_a_colleague_put_before_it_takes_nothing_from_it(client, workshop):
    """Attendance hangs on the row: were rows told by their place, the afternoon's would become the evening's before."""
    mine = workshop.sessions.get()
    sent = opened(client, workshop, "buoi") | {"sessions-0-room": "Phòng 1"}
    theirs = earlier(workshop)
    assert client.post(address(workshop, "buoi"), sent).status_code == 302
    assert {(row.pk, row.name, row.room) for row in workshop.sessions.all()} == {
        (mine.pk, "Buổi chiều", "Phòng 1"),
        (theirs.pk, "Hôm trước", ""),
    }


def test_a_quota_that_a_colleague_took_away_is_written_anew_and_the_other_stays(client, workshop):
    gone, kept = [Quota.objects.create(workshop=workshop, unit=unit, seats=2) for unit in ("HTX Một", "HTX Hai")]
    coming(workshop, quota=kept)
    sent = opened(client, workshop, "chi-tieu") | {"quotas-1-seats": "3"}
    gone.delete()
    assert client.post(address(workshop, "chi-tieu"), sent).status_code == 302
    kept.refresh_from_db()
    assert (kept.unit, kept.seats) == ("HTX Hai", 3)
    assert Quota.objects.get(unit="HTX Một").seats == 2


@pytest.mark.parametrize(
    ("part", "row", "model"),
    [
        ("buoi", {"sessions-1-day": "26/11/2026", "sessions-1-begins": "08:00", "sessions-1-ends": "11:00"}, Session),
        ("chuong-trinh", {"speakers-0-name": "Báo Cáo Mẫu", "agenda-0-topic": "Mở đầu", "agenda-0-starts_at": "8h",
                          "agenda-0-session": "1", "agenda-0-speakers": "Báo Cáo Mẫu"}, Speaker),
        ("chuong-trinh", {"agenda-0-topic": "Mở đầu", "agenda-0-starts_at": "8h", "agenda-0-session": "1"}, AgendaItem),
        ("chi-tieu", {"quotas-0-unit": "HTX Một", "quotas-0-seats": "2"}, Quota),
    ],
)  # fmt: skip
def test_a_second_press_makes_no_second_row(client, workshop, part, row, model):
    sent = opened(client, workshop, part) | row
    before = model.objects.count()
    assert [client.post(address(workshop, part), sent).status_code for _press in range(2)] == [302, 302]
    assert model.objects.count() == before + 1


def test_an_item_of_the_same_words_in_another_session_is_another_one(client, workshop):
    first, second = earlier(workshop), workshop.sessions.latest("starts_at")
    sent = opened(client, workshop, "chuong-trinh")
    AgendaItem.objects.create(session=first, starts_at=time(9), topic="Giải lao")
    sent |= {"agenda-0-topic": "Giải lao", "agenda-0-starts_at": "9h", "agenda-0-session": "2"}
    assert client.post(address(workshop, "chuong-trinh"), sent).status_code == 302
    assert set(AgendaItem.objects.values_list("session", flat=True)) == {first.pk, second.pk}


def test_numbers_of_sessions_that_mean_others_by_now_are_not_taken(client, workshop):
    sent = opened(client, workshop, "chuong-trinh")
    sent |= {"agenda-0-topic": "Mở đầu", "agenda-0-starts_at": "8h", "agenda-0-session": "1"}
    earlier(workshop)
    answer = client.post(address(workshop, "chuong-trinh"), sent)
    assert answer.status_code == 422
    assert "Các buổi vừa đổi thứ tự" in answer.text
    assert 'value="Mở đầu"' in answer.text
    assert not AgendaItem.objects.exists()
    again = sent | {"order": answer.context["order"], "agenda-0-session": "2"}
    assert client.post(address(workshop, "chuong-trinh"), again).status_code == 302
    assert AgendaItem.objects.get().session.name == "Buổi chiều"


class TestWhatAColleagueHasSavedSince:
    def test_is_not_written_over_unseen_and_is_once_it_was_read(self, client, workshop):
        mine = workshop.sessions.get()
        sent = opened(client, workshop, "buoi") | {"sessions-0-name": "Tên mới", "sessions-0-room": ""}
        workshop.sessions.update(room="Phòng của người khác")
        answer = client.post(address(workshop, "buoi"), sent)
        mine.refresh_from_db()
        assert (answer.status_code, mine.name, mine.room) == (422, "Buổi chiều", "Phòng của người khác")
        assert "nay đang ghi: Phòng: Phòng của người khác; Tên buổi: Buổi chiều." in answer.text
        assert 'value="Tên mới"' in answer.text
        assert client.post(address(workshop, "buoi"), sent | unseen(answer)).status_code == 302
        mine.refresh_from_db()
        assert (mine.name, mine.room) == ("Tên mới", "")

    def test_a_session_that_was_cancelled_is_not_taken_up_again(self, client, workshop):
        coming(workshop)
        earlier(workshop)
        sent = opened(client, workshop, "buoi") | {"sessions-0-name": "Sáng"}
        workshop.sessions.filter(name="Buổi chiều").update(cancelled_at=cast.NOW)
        assert client.post(address(workshop, "buoi"), sent).status_code == 422
        assert workshop.sessions.get(cancelled_at=None).name == "Hôm trước"

    def test_a_row_that_was_taken_away_by_somebody_who_did_not_see_it_stays(self, client, workshop):
        quota = Quota.objects.create(workshop=workshop, unit="HTX Một", seats=2)
        sent = opened(client, workshop, "chi-tieu") | {"quotas-0-gone": "on"}
        Quota.objects.update(seats=7)
        answer = client.post(address(workshop, "chi-tieu"), sent)
        assert (answer.status_code, Quota.objects.get()) == (422, quota)
        assert "Bỏ dòng này: không" in answer.text

    def test_what_is_said_of_the_whole_is_not_written_over_either(self, client, workshop):
        sent = opened(client, workshop, "thong-tin") | {"capacity": "5"}
        Workshop.objects.update(venue="Nhà văn hóa", capacity=30)
        answer = client.post(address(workshop, "thong-tin"), sent)
        workshop.refresh_from_db()
        assert (answer.status_code, workshop.venue, workshop.capacity) == (422, "Nhà văn hóa", 30)
        assert "Nhà văn hóa" in answer.text
        assert client.post(address(workshop, "thong-tin"), sent | unseen(answer)).status_code == 302

    @pytest.mark.parametrize(
        ("part", "said"),
        [("buoi", {"sessions-0-room": " Phòng 1 "}), ("thong-tin", {"venue": "Nhà  văn hóa", "capacity": "5"})],
    )
    def test_a_second_press_is_none(self, client, workshop, part, said):
        sent = opened(client, workshop, part) | said
        assert [client.post(address(workshop, part), sent).status_code for _press in range(2)] == [302, 302]

    def test_nor_is_another_row_while_it_is_written(self, client, workshop):
        """Of a browser without a script, which asks the server for it."""
        sent = opened(client, workshop, "buoi") | {"sessions-0-room": "Phòng 1"}
        workshop.sessions.update(room="Phòng 2")
        grown = client.post(address(workshop, "buoi"), sent | {"them": "sessions"})
        assert grown.status_code == 200
        assert client.post(address(workshop, "buoi"), sent | unseen(grown)).status_code == 422

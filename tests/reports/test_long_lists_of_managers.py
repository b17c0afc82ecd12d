"""What is ordered, frozen and offered is listed whole, in pages, however much there is."""

import pytest

from reports import actions as figures
from reports.freezing import actions as freezing
from reports.freezing import pages as snapshots
from reports.sending import actions, pages
from reports.sending.access import colleagues_for
from reports.sending.models import Every, Sending, SendingState, Subscription, Way, What
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_a_day")]
LIST, FROZEN = "/quan-tri/tien-do/gui-dinh-ky/", "/quan-tri/tien-do/chot/"


@pytest.fixture
def manager(db):
    return cast.staff("manager", cast.province(), "0987654321")


@pytest.fixture
def office(manager):
    return cast.client_of(manager)


def test_orders_of_a_second_page_are_a_tap_away_and_the_place_stays(office, manager, monkeypatch):
    monkeypatch.setattr(pages, "A_PAGE", 2)
    for what, way in (("board", "message"), ("plan", "message"), ("calls", "message")):
        actions.subscribe(
            user=manager, place=cast.province(), what=what, every="week", way=way, by=manager, at=cast.NOW
        )
    query = f"?dia-ban={cast.province().pk}"
    first, second = (office.get(f"{LIST}{query}{more}") for more in ("", "&p=2"))
    assert [len(page.context["rows"]) for page in (first, second)] == [2, 1]
    assert f"{query}&amp;p=2" in first.text
    assert f"{query}&amp;p=1" in second.text


def test_snapshots_of_a_second_page_too(office, manager, monkeypatch):
    monkeypatch.setattr(snapshots, "A_PAGE", 2)
    figures.bring_up_to_date(at=cast.NOW)
    for name in ("Sơ kết", "Tổng kết", "Họp giao ban"):
        freezing.take(name=name, place=cast.province(), year=2026, by=manager, at=cast.NOW)
    first, second = office.get(FROZEN), office.get(f"{FROZEN}?p=2")
    assert "Sơ kết" not in first.text
    assert "Sơ kết" in second.text


def test_every_colleague_by_whose_role_the_place_is_seen_is_offered(manager):
    above = [cast.staff("manager", None, f"09870001{n:02}") for n in range(52)]
    cast.staff("desk", cast.province(), "0987000199")
    cast.staff("manager", cast.commune(), "0987000198")  # below
    offered = colleagues_for(manager, cast.province())
    assert offered[0] == manager
    assert {one.pk for one in offered[1:]} == {one.pk for one in above}


def test_of_many_messages_on_their_way_all_are_noted(manager, monkeypatch):
    monkeypatch.setattr(actions, "A_PORTION", 2)
    order = Subscription.objects.create(
        user=manager, what=What.BOARD, every=Every.WEEK, way=Way.MESSAGE, by=manager, at=cast.NOW, place=cast.province()
    )
    for day in range(5):
        Sending.objects.create(
            subscription=order, due_at=cast.NOW.replace(day=day + 1), state=SendingState.OUTBOX, next_try_at=cast.NOW
        )
    actions.send_due(at=cast.NOW)
    assert set(Sending.objects.values_list("state", flat=True)) == {SendingState.FAILED}

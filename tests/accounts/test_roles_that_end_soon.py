"""A role that ends within a month is listed for whoever may extend it, and for nobody else."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import actions
from lib.refusals import Refusal
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.once]
LIST = "/quan-tri/can-bo/dia-ban/"


@pytest.fixture
def boss():
    return cast.staff("manager", cast.province(), phone="0977000111", name="Phạm Văn Tỉnh")


@pytest.fixture
def desk(boss):
    return cast.client_of(boss)


@pytest.fixture
def ending():
    """The role of a commune's manager that ends in ten days."""
    user = cast.staff("manager", cast.commune(), phone="0977000222", name="Lê Thị Xã")
    user.roles.update(valid_until=timezone.localdate() + timedelta(days=10))
    return user.roles.get()


def test_the_province_reads_of_it_on_the_first_page_and_extends_it_with_the_day_first(desk, ending):
    assert "1 vai trò sắp hết hạn" in desk.get("/quan-tri/").text
    address = f"/quan-tri/can-bo/vai-tro/{ending.pk}/gia-han/"
    assert address in desk.get(LIST).text
    desk.post(address, {"valid_until": "05/11/2099"})
    ending.refresh_from_db()
    assert f"{ending.valid_until:%Y-%m-%d}" == "2099-11-05"
    assert "sắp hết hạn" not in desk.get("/quan-tri/").text
    assert address not in desk.get(LIST).text


@pytest.mark.parametrize("typed", ["", "x", "01/01/2020"])
def test_a_day_that_is_none_or_no_later_changes_nothing(desk, ending, typed):
    answer = desk.post(f"/quan-tri/can-bo/vai-tro/{ending.pk}/gia-han/", {"valid_until": typed})
    assert answer.status_code == 422
    before = ending.valid_until
    ending.refresh_from_db()
    assert ending.valid_until == before


def test_other_provinces_peers_and_whose_it_is_neither_read_of_it_nor_extend_it(ending):
    others = [
        cast.staff("manager", cast.province("Lào Cai"), phone="0977000333"),
        cast.staff("manager", cast.commune(), phone="0977000444"),
        ending.user,
    ]
    for user in others:
        client = cast.client_of(user)
        assert "sắp hết hạn" not in client.get("/quan-tri/").text
        assert client.get(f"/quan-tri/can-bo/vai-tro/{ending.pk}/gia-han/").status_code in (302, 403, 404)
        with pytest.raises(Refusal):
            actions.extend_role(
                assignment=ending, valid_until=ending.valid_until + timedelta(days=9), by=user, at=timezone.now()
            )


def test_nobody_extends_beyond_the_own_last_day(boss, ending):
    boss.roles.update(valid_until=timezone.localdate() + timedelta(days=20))
    with pytest.raises(Refusal, match="lâu hơn"):
        actions.extend_role(
            assignment=ending, valid_until=timezone.localdate() + timedelta(days=21), by=boss, at=timezone.now()
        )


def test_administrators_read_of_all_and_a_role_that_is_over_stays_so(ending):
    administrator = cast.staff("administrator", phone="0977000555")
    assert "1 vai trò sắp hết hạn" in cast.client_of(administrator).get("/quan-tri/").text
    actions.end_role(assignment=ending, by=administrator, reason="Nghỉ hưu", at=timezone.now())
    with pytest.raises(Refusal, match="đã hết"):
        actions.extend_role(
            assignment=ending,
            valid_until=timezone.localdate() + timedelta(days=90),
            by=administrator,
            at=timezone.now(),
        )

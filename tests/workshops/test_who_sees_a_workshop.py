"""Everybody, whoever has the address, or only who was invited; drafts only who plans them."""

import pytest

from courses.models import Activity
from tests import cast
from workshops import actions
from workshops.models import RegistrationSource

from .conftest import ADDRESS

pytestmark = pytest.mark.django_db
FILES = ("", "lich.ics", "chuong-trinh.pdf")


@pytest.fixture
def invited(planned, trainee):
    return actions.register(workshop=planned, person=trainee.person, source=RegistrationSource.NOMINATED, at=cast.NOW)


def test_who_has_the_address_opens_it_and_robots_leave_it_alone(planned, change, anybody):
    assert "X-Robots-Tag" not in anybody.get(ADDRESS).headers
    change(seen_by="link")
    for file in FILES:
        answer = anybody.get(ADDRESS + file)
        assert (answer.status_code, answer["X-Robots-Tag"]) == (200, "noindex")
    assert '<meta name="robots" content="noindex">' in anybody.get(ADDRESS).text


def test_one_for_the_invited_is_there_for_them_alone(planned, change, invited, own, anybody):
    change(seen_by="invited")
    other = cast.client_of(cast.trainee("Lê Văn Bé", "0912000111"))
    for file in FILES:
        assert own.get(ADDRESS + file).status_code == 200
        assert own.get(ADDRESS + file)["Cache-Control"] == "private, no-store"
        assert anybody.get(ADDRESS + file).status_code == 404
        assert other.get(ADDRESS + file).status_code == 404


def test_nor_does_anybody_else_get_at_its_form(planned, change, own):
    change(seen_by="invited")
    assert own.get(ADDRESS + "dang-ky/").status_code == 404
    assert own.post(ADDRESS + "dang-ky/", {"unit": "HTX"}).status_code == 404


def test_the_pages_of_one_for_the_invited_are_kept_for_nobody(planned, change, invited, own, anybody, held_on):
    held_on(cast.NOW.replace(year=2025))
    change(seen_by="invited")
    assert own.get(ADDRESS).status_code == 200
    assert anybody.get(ADDRESS).status_code == 404


def test_a_draft_is_nobody_s_not_even_an_invited_one_s(planned, change, invited, own, anybody):
    Activity.objects.filter(kind="workshop").update(retired_at=cast.NOW)
    change()
    assert (own.get(ADDRESS).status_code, anybody.get(ADDRESS).status_code) == (404, 404)


def test_an_administrator_looks_at_a_draft_and_an_editor_does_not(planned, change):
    Activity.objects.filter(kind="workshop").update(retired_at=cast.NOW)
    change(seen_by="invited")
    administrator = cast.staff("administrator")
    assert cast.client_of(administrator).get(ADDRESS).status_code == 200
    editor = cast.staff("editor", phone="0987654322", name="Biên Tập")
    assert cast.client_of(editor).get(ADDRESS).status_code == 404

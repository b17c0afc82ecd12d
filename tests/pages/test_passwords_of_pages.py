"""A page that an organiser closed with a password: wrong ones are counted, right ones are not."""

import pytest
from django.test import Client
from wagtail.documents import get_document_model
from wagtail.models import Collection, CollectionViewRestriction, PageViewRestriction

from pages.models import TextPage
from tests import cast

pytestmark = pytest.mark.django_db
RIGHT, WRONG = "tom-kho-2026", "tom-kho-2025"


def page_door() -> str:
    page = cast.publish(cast.home(), TextPage(title="Lớp riêng", slug="lop-rieng", locale=cast.home().locale))
    restriction = PageViewRestriction.objects.create(page=page, restriction_type="password", password=RIGHT)
    return f"/_util/authenticate_with_password/{restriction.pk}/{page.pk}/"


def documents_door() -> str:
    cast.home()
    collection = Collection.get_first_root_node().add_child(name="Lớp riêng")
    get_document_model().objects.create(title="Bài giảng", file="bai-giang.pdf", collection=collection)
    restriction = CollectionViewRestriction.objects.create(
        collection=collection, restriction_type="password", password=RIGHT
    )
    return f"/tai-lieu/authenticate_with_password/{restriction.pk}/"


@pytest.fixture(params=[page_door, documents_door])
def door(request) -> str:
    return request.param()


@pytest.fixture
def limit(settings):
    def set_to(rate: str) -> None:
        settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"password_of_page": rate}

    return set_to


def knock(door: str, password: str, address: str = "10.0.0.1") -> int:
    form = {"password": password, "return_url": "/"}
    return Client().post(door, form, REMOTE_ADDR=address).status_code


def test_after_some_wrong_passwords_the_right_one_has_to_wait_as_well(door, limit):
    limit("3/h/ip")
    assert [knock(door, WRONG) for _ in range(4)] == [200, 200, 200, 429]
    assert knock(door, RIGHT) == 429
    assert knock(door, RIGHT, address="10.0.0.2") == 302


def test_who_has_to_wait_reads_what_to_do(door, limit):
    limit("0/h/ip")
    answer = Client().post(door, {"password": WRONG, "return_url": "/"})
    assert answer.status_code == 429
    assert "xin đợi khoảng mười phút rồi thử lại" in answer.text


def test_a_hall_full_of_people_who_know_the_password_gets_in(door, limit):
    limit("3/h/ip,3/h/key")
    assert {knock(door, RIGHT) for _ in range(6)} == {302}


def test_many_addresses_do_not_guess_more(door, limit):
    limit("3/h/key")
    assert [knock(door, WRONG, address=f"10.0.1.{number}") for number in range(4)] == [200, 200, 200, 429]


def test_guesses_at_one_page_through_the_address_of_another_are_guesses_at_it(limit):
    limit("1/h/key")
    door = page_door()
    assert knock(door, WRONG) == 200
    elsewhere = door.replace(f"/{TextPage.objects.get().pk}/", f"/{cast.home().pk}/")
    assert elsewhere != door
    assert knock(elsewhere, WRONG) == 429


def test_looking_at_the_form_uses_nothing_up(door, limit):
    limit("1/h/ip")
    assert {Client().get(door).status_code for _ in range(3)} == {200}
    assert knock(door, RIGHT) == 302


def test_the_door_has_a_limit_as_it_is_set_up(settings):
    assert settings.ACCOUNT_RATE_LIMITS["password_of_page"]

"""An officer finds a person by name or by telephone number, among the people of the own places."""

import pytest

from tests import cast

pytestmark = pytest.mark.django_db
LIST = "/quan-tri/person/"


@pytest.fixture
def people():
    cast.trainee("Trần Thị Út", "0912345679")
    person = cast.person("Lê Văn Ba")
    person.contact_phone = "+84987111222"
    person.save()


def found(query, place=None):
    page = cast.client_of(cast.staff("manager", place or cast.commune())).get(LIST, {"q": query}).text
    return {name for name in ("Trần Thị Út", "Lê Văn Ba") if name in page}


@pytest.mark.parametrize("query", ["0912345679", "0912 345 679", "+84 912.345.679", "84912345679", "345679", "679"])
def test_by_the_number_of_log_in_whole_or_its_last_digits(people, query):
    assert found(query) == {"Trần Thị Út"}


@pytest.mark.parametrize(("query", "name"), [("0987 111 222", "Lê Văn Ba"), ("tran ut", "Trần Thị Út")])
def test_by_the_number_to_call_and_by_name_without_diacritics(people, query, name):
    assert found(query) == {name}


@pytest.mark.parametrize("query", ["79", "0912345678", "912345", "x679"])
def test_other_digits_or_too_few_find_nobody(people, query):
    assert found(query) == set()


def test_a_number_finds_nobody_of_another_place(people):
    assert found("0912345679", cast.province("Lào Cai")) == set()

"""The list of enrolments tells whom to call and at which number, and leads to the person."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import cast

pytestmark = pytest.mark.django_db
LIST = "/quan-tri/enrolment/"


@pytest.fixture
def officer():
    return cast.client_of(cast.staff("manager", cast.commune()))


@pytest.fixture
def enrolment():
    return cast.enrolment(cast.trainee(phone="0912345679").person, cast.course(lessons=1))


def downloaded(client) -> str:
    return b"".join(client.get(f"{LIST}?export=csv").streaming_content).decode()


def person_page(enrolment) -> str:
    return f'href="/quan-tri/person/inspect/{enrolment.person_id}/"'


def own_page(enrolment) -> str:
    return f"/quan-tri/enrolment/inspect/{enrolment.pk}/"


def test_the_list_tells_the_number_and_leads_to_the_person_and_to_the_enrolment(officer, enrolment):
    shown = officer.get(LIST).text
    assert "0912 345 679" in shown
    assert person_page(enrolment) in shown
    assert f'href="{own_page(enrolment)}"' in shown


def test_the_table_to_download_has_the_number_as_it_is_read_out(officer, enrolment):
    head, row, *_rest = downloaded(officer).splitlines()
    assert head.lstrip("\ufeff").split(",")[:3] == ["Học viên", "Điện thoại", "Khóa học"]
    assert row.split(",")[1] == "0912 345 679"


def test_who_has_no_number_has_a_dash(officer):
    person = cast.person()
    cast.enrolment(person, cast.course(lessons=1))
    assert person.contact_phone == ""
    assert "–" in officer.get(LIST).text
    assert ",," in downloaded(officer)


def test_who_moved_away_is_counted_where_the_enrolment_arose_and_called_by_other_colleagues(officer, enrolment):
    enrolment.person.place = cast.commune("Tả Phìn", "Lào Cai")
    enrolment.person.save()
    for shown in (officer.get(LIST).text, officer.get(own_page(enrolment)).text, downloaded(officer)):
        assert "Trần Thị Út" in shown
        assert "0912 345 679" not in shown
        assert person_page(enrolment) not in shown
    countrywide = cast.client_of(cast.staff("manager", phone="0987654398"))
    assert "0912 345 679" in countrywide.get(LIST).text


def test_the_page_of_an_enrolment_leads_to_the_person(officer, enrolment):
    assert person_page(enrolment) in officer.get(own_page(enrolment)).text


def test_many_enrolments_cost_no_more_questions_than_one(officer, enrolment):
    officer.get(LIST)
    with CaptureQueriesContext(connection) as one:
        officer.get(LIST)
    for number in range(3):
        cast.enrolment(cast.trainee(f"Chim {number}", f"091222330{number}").person, enrolment.course)
    with CaptureQueriesContext(connection) as many:
        assert "Chim 2" in officer.get(LIST).text
    assert len(many) == len(one)

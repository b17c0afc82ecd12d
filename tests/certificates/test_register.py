"""The register of certificates says what the papers say, and is searched by what is printed on them."""

import re

import pytest

from certificates import actions
from certificates.models import Credential
from tests import cast
from tests.conftest import ROOT

pytestmark = pytest.mark.django_db
LIST = "/quan-tri/credential/"


@pytest.fixture
def credential():
    course = cast.course(lessons=1)
    cast.award(course)
    enrolment = cast.enrolment(cast.person("Trần Thị Út"), course)
    cast.finish(enrolment)
    actions.issue(enrolment_id=enrolment.pk, at=cast.NOW)
    Credential.objects.update(number="0268/GCN-VPĐP", code="MK2SG76E")
    return Credential.objects.get()


@pytest.fixture
def officer(db):
    return cast.client_of(cast.staff("manager", cast.commune()))


def test_a_name_corrected_later_is_in_the_register_as_it_was_printed(officer, credential):
    credential.person.name = "Trần Thị Mới"
    credential.person.save()
    for page in (LIST, f"{LIST}inspect/{credential.pk}/"):
        shown = officer.get(page).text
        assert "Trần Thị Út" in shown
        assert "Trần Thị Mới" not in shown
    downloaded = b"".join(officer.get(f"{LIST}?export=csv").streaming_content).decode()
    assert "Trần Thị Út" in downloaded
    assert "Trần Thị Mới" not in downloaded


@pytest.mark.parametrize(
    "query", ["0268", "0268/GCN", "0268/GCN-VPĐP", "MK2SG76E", "MK2S-G76E", "mk2s g76e", "tran ut", "Trần Thị Út"]
)
def test_a_paper_is_found_by_its_number_its_code_and_its_name(officer, credential, query):
    credential.person.name = "Lê Mới" if query == "Trần Thị Út" else "Trần Thị Út"
    credential.person.save()
    assert "0268/GCN-VPĐP" in officer.get(LIST, {"q": query}).text


@pytest.mark.parametrize("query", ["0269", "MK2SG76F", "lan"])
def test_what_is_not_on_the_paper_finds_nothing(officer, credential, query):
    assert "0268/GCN-VPĐP" not in officer.get(LIST, {"q": query}).text


def test_a_code_finds_nothing_of_another_place(credential):
    stranger = cast.client_of(cast.staff("manager", cast.province("Lào Cai")))
    assert "0268/GCN-VPĐP" not in stranger.get(LIST, {"q": "MK2SG76E"}).text


def test_a_paper_leads_to_the_page_of_its_holder(officer, credential):
    shown = officer.get(f"{LIST}inspect/{credential.pk}/").text
    assert f"/quan-tri/person/inspect/{credential.person_id}/" in shown


def test_of_papers_of_one_second_the_newest_number_stands_where_the_newest_second_does(officer, credential):
    for name in ("Lê Hai", "Lê Ba"):
        enrolment = cast.enrolment(cast.person(name), credential.award.course)
        cast.finish(enrolment)
        actions.issue(enrolment_id=enrolment.pk, at=credential.issued_at)
    for ordering, numbers in (("", [3, 2, 1]), ("-issued_at", [3, 2, 1]), ("issued_at", [1, 2, 3])):
        listed = officer.get(LIST, {"ordering": ordering} if ordering else {}).context["object_list"]
        assert [one.sequence for one in listed] == numbers


def test_the_register_is_called_as_in_the_menu_and_moments_and_states_stay_in_one_piece(officer, credential):
    page = officer.get(LIST)
    assert page.context["page_title"] == "Sổ cấp giấy chứng nhận"
    assert page.text.count("in-one-piece") >= 2


def test_each_value_of_the_list_knows_the_name_of_its_column(officer, credential):
    """On a phone there is no head above it."""
    named = re.findall(r'<td data-label="([^"]+)"', officer.get(LIST).text)
    assert named == ["Tên trên giấy", "Khóa học trên giấy", "Cấp lúc", "Có giá trị đến", "Tình trạng"]


@pytest.mark.parametrize("page", ["signing", "by_hand_lists", "batches", "batch"])
def test_so_does_each_of_the_lists_beside_it(page):
    source = (ROOT / "templates" / "certificates" / "admin" / f"{page}.html").read_text()
    tables = re.findall(r'<table class="listing">.*?</table>', source, flags=re.DOTALL)
    assert tables
    assert "as-cards" in source
    for table in tables:
        heads = re.findall(r'<th>{% translate "([^"]+)" %}', table)
        assert re.findall(r"<td(?: data-label=\"{% translate '([^']+)' %}\")?", table) == heads

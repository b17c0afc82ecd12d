"""A paper whose code cannot be read is found by its number and name; its holder's facts are compared and never told."""

from copy import deepcopy

import pytest

from certificates import rules
from certificates.models import Credential
from tests.conftest import made_for_a_file

from .test_checking import somebody_s_certificate

pytestmark = pytest.mark.django_db
made_credential = made_for_a_file(somebody_s_certificate)


@pytest.fixture
def credential(made_credential, db):
    return deepcopy(made_credential)


def find(client, number, name):
    return client.post("/c/so-va-ten/", {"number": number, "name": name})


@pytest.mark.parametrize("number", ["0001/GCN-MẪU", "0001/gcn-mẫu", "Số: 0001 / GCN-MẪU"])
@pytest.mark.parametrize("name", ["Trần Thị Út", "tran thi ut", "  TRẦN THỊ ÚT "])
def test_number_and_name_as_somebody_would_type_them_lead_to_the_paper(client, credential, number, name):
    assert find(client, number, name).url == f"/c/{credential.code}"


@pytest.mark.parametrize("typed", ["{}", "Số vào sổ: {}", "số vào sổ {}", " {} "])
def test_the_number_in_the_book_leads_to_the_paper_as_well(client, credential, typed):
    number = credential.evidence["register_number"]
    assert number != credential.number
    assert find(client, typed.format(number), "tran thi ut").url == f"/c/{credential.code}"
    assert find(client, typed.format(number), "Trần Thị Ba").status_code == 422


def test_no_other_number_in_the_book_is_taken_for_it(client, credential):
    year = credential.year
    for number in (f"0002/{year}", f"0001/{year + 1}", f"999999999/{year}", "0001/"):
        assert find(client, number, "Trần Thị Út").status_code == 422


@pytest.mark.parametrize(("number", "name"), [("0001/GCN-MẪU", "Trần Thị Ba"), ("0002/GCN-MẪU", "Trần Thị Út")])
def test_both_must_be_right_and_what_was_typed_stays(client, credential, number, name):
    page = find(client, number, name)
    assert page.status_code == 422
    assert "Không có giấy nào mang số này và tên này" in page.text
    assert number in page.text
    assert name in page.text
    assert credential.code not in page.text


def test_what_is_missing_is_said_at_its_place(client, db):
    page = find(client, "", "").text
    assert "chưa gõ số giấy" in page
    assert "chưa gõ họ và tên" in page


def test_papers_of_two_years_with_the_same_number_and_name_are_listed(client, credential):
    Credential.objects.filter(pk=credential.pk).update(status="revoked", status_at=credential.issued_at)
    credential.pk, credential.code, credential.year, credential.status_index = None, "AAAABBBB", 2031, None
    credential.save()
    page = find(client, "0001/GCN-MẪU", "Trần Thị Út").text
    assert page.count("Cấp ngày") == 2
    assert "/c/AAAABBBB" in page


def test_looking_up_is_slowed_down(client, credential, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"verify_certificate": "2/m/ip"}
    assert [find(client, f"{n}", "x").status_code for n in range(4)] == [422, 422, 429, 429]


def compare(client, credential, **typed):
    return client.post(f"/c/{credential.code}", typed)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"birth_year": "1975"}, "<b>khớp</b>"),
        ({"birth_year": "1974"}, "<b>không khớp</b>"),
        ({"unit": "tom kho ut"}, None),
    ],
)
def test_what_stands_on_the_paper_is_compared_and_not_told(client, credential, typed, said):
    page = compare(client, credential, **typed)
    assert page.status_code == 200
    assert "Còn hiệu lực" in page.text
    if said:
        assert said in page.text
    assert "Tôm khô" not in page.text
    if typed.get("birth_year") != "1975":
        assert "1975" not in page.text


def test_the_unit_is_compared_without_marks_and_signs():
    facts = {"who_line": "Sinh năm 1975 · Hợp tác xã Tôm khô “Út Mười”"}
    assert rules.compare_unit(facts, "hop tac xa tom kho ut muoi") == rules.Match.SAME
    assert rules.compare_unit(facts, "Tôm khô") == rules.Match.DIFFERENT
    assert rules.compare_birth_year(facts, 1975) == rules.Match.SAME
    for line, year, unit in (("", "not printed", "not printed"), ("HTX Một", "not printed", "same")):
        assert rules.compare_birth_year({"who_line": line}, 1975).value == year
        assert rules.compare_unit({"who_line": line}, "htx mot").value == unit


@pytest.mark.parametrize(
    ("typed", "match"),
    [
        ("Sinh năm 1975 · Tôm khô Út", "same"),
        ("1975 tom kho ut", "same"),
        ("Tôm khô Út, xã Phan Ngọc Hiển", "same"),
        ("Sinh năm 1976 · Tôm khô Út", "different"),
        ("Tôm khô Mười, Tôm khô Út", "different"),  # two at once
        ("Sinh năm 1975", "different"),
    ],
)
def test_the_whole_line_under_the_name_matches_and_a_list_of_guesses_does_not(typed, match):
    facts = {"who_line": "Sinh năm 1975 · Tôm khô Út", "birth_year": "1975", "unit": "Tôm khô Út"}
    facts["address_line"] = "Xã Phan Ngọc Hiển, tỉnh Cà Mau"
    assert rules.compare_unit(facts, typed).value == match


@pytest.mark.parametrize(
    ("typed", "said"), [({}, "Chưa có gì để đối chiếu"), ({"birth_year": "75 tuổi"}, "bốn chữ số")]
)
def test_what_cannot_be_compared_is_said(client, credential, typed, said):
    page = compare(client, credential, **typed)
    assert page.status_code == 422
    assert said in page.text


def test_a_birth_year_cannot_be_found_out_by_trying(client, credential, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"compare_certificate": "3/d/key"}
    answers = [compare(client, credential, birth_year=year).status_code for year in range(1970, 1975)]
    assert answers == [200, 200, 200, 429, 429]
    assert client.get(f"/c/{credential.code}").status_code == 200

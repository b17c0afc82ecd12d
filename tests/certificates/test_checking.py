"""The check page tells anybody the truth of this moment, and nothing that it need not tell."""

import random
import re
from copy import deepcopy
from itertools import batched

import pytest
from django.test import Client

from certificates import actions, statements
from certificates.models import Credential
from lib.codes import ALPHABET
from tests import cast
from tests.conftest import made_for_a_file

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def credential(made_credential, db):
    return deepcopy(made_credential)


def somebody_s_certificate():
    course = cast.course(lessons=1)
    cast.award(course)
    person = cast.trainee(name="Trần Thị Út").person
    person.birth_year = 1975
    person.save()
    enrolment = cast.enrolment(person, course)
    cast.finish(enrolment)
    return actions.issue(enrolment_id=enrolment.pk, at=cast.NOW)


made_credential = made_for_a_file(somebody_s_certificate)


def test_anybody_sees_a_valid_certificate_without_private_facts(client, credential):
    page = client.get(f"/c/{credential.code}")
    assert page.status_code == 200
    assert "Còn hiệu lực" in page.text
    assert "Trần Thị Út" in page.text
    for private in ("1975", "Phan Ngọc Hiển", "Tôm khô", "912345678"):
        assert private not in page.text
    assert "no-store" in page["Cache-Control"]


@pytest.mark.parametrize("way", [str.lower, lambda code: f"{code[:4]}-{code[4:]}"])
def test_the_code_may_be_typed_as_it_is_printed(client, credential, way):
    assert "Còn hiệu lực" in client.get(f"/c/{way(credential.code)}").text
    assert client.get("/c/", {"ma": f" {way(credential.code)} "}).url == f"/c/{credential.code}"


@pytest.mark.parametrize("way", ["{}/", "{} ", "{:.4} {:.4}"])
@pytest.mark.parametrize("language", ["", "/en"])
def test_an_address_that_somebody_retyped_leads_to_its_certificate(client, credential, way, language):
    typed = way.format(credential.code, credential.code[4:])
    assert client.get(f"{language}/c/{typed}").url == f"{language}/c/{credential.code}"


@pytest.mark.parametrize("page", ["tep", "so-va-ten", "cua-toi"])
def test_a_page_without_its_slash_is_no_code(client, db, page):
    assert client.get(f"/c/{page}").url == f"/c/{page}/"


def test_what_holds_no_letter_is_no_code(client, db):
    assert client.get("/c/---/").status_code == 404
    assert client.get("/c/ữ/").status_code == 404


@pytest.mark.parametrize(
    "around",
    [
        "https://hoc.example/c/{}",
        "https://hoc.example/c/{}#" + "AWx_-" * 60,
        "hoc.example/en/c/{}/gioi-thieu/?x=1",
        " /c/{} ",
    ],
)
def test_a_pasted_address_leads_to_its_certificate(client, credential, around):
    assert client.get("/c/", {"ma": around.format(credential.code)}).url == f"/c/{credential.code}"


def test_the_field_takes_a_whole_address_with_what_was_signed(client, credential):
    longest = int(re.search(r'name="ma"[^>]*maxlength="(\d+)"', client.get("/c/").text)[1])
    assert longest >= len("https://hoc.example/c/") + 9 + statements.MOST


def test_a_revocation_is_told_at_once_with_its_reason(client, credential):
    client.get(f"/c/{credential.code}")
    actions.revoke(credential=credential, reason="Cấp nhầm người", by=None, at=cast.NOW)
    page = client.get(f"/c/{credential.code}").text
    assert "Cấp nhầm người" in page
    assert "Còn hiệu lực" not in page


def test_an_unknown_code_says_what_to_do(client, db):
    page = client.get("/c/AAAABBBB")
    assert page.status_code == 404
    assert "Không có giấy nào mang mã “AAAA-BBBB”" in page.text
    assert "Xem lại từng chữ trên giấy" in page.text


NOT_OURS = "không phải do chúng tôi cấp"


@pytest.mark.parametrize(("typed", "count"), [("9DCN-P2W", 7), ("9DCN-P2WAB", 9), ("9" * 19, 19), ("---", 0)])
def test_a_code_with_too_few_or_too_many_letters_is_counted_and_not_called_foreign(client, db, typed, count):
    page = client.get("/c/", {"ma": typed}, follow=True)
    assert page.status_code == 404
    assert f"Mã trên giấy có 8 ký tự, còn “{typed.replace('-', '') or typed}” có {count}." in page.text
    assert NOT_OURS not in page.text


def test_of_a_whole_code_that_nobody_has_it_is_said_that_the_paper_is_not_ours(client, db):
    page = client.get("/c/", {"ma": "9dcn-p2wa"}, follow=True).text
    assert "Không có giấy nào mang mã “9DCN-P2WA”" in page
    assert NOT_OURS in page
    assert "ký tự, còn" not in page


def hits(among: set[str], guesses: int, letters: int) -> int:
    """How many of so many guessed codes are somebody's."""
    dice = random.Random(2026)  # noqa: S311 (the same guesses each time)
    codes = ("".join(dice.choices(ALPHABET, k=letters)) for _guess in range(guesses))
    return sum(len(set(part) & among) for part in batched(codes, 50_000))


def test_a_million_guesses_find_none_of_ten_thousand_certificates(credential):
    """C2. There are 5·10^11 codes, so that a million guesses at ten thousand certificates hit 0.02 of them on average; from one address they take
    eleven days (`test_guessing_is_slowed_down`)."""
    dice = random.Random(1)  # noqa: S311
    issued = {"".join(dice.choices(ALPHABET, k=len(credential.code))) for _one in range(10_000)} | {credential.code}
    assert hits(issued, 1_000_000, len(credential.code)) == 0
    short = {code[:4] for code in issued}
    assert hits(short, 1_000_000, 4) > 1_000, "the control: codes of four letters"


def test_guessing_is_slowed_down(client, credential, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"verify_certificate": "3/m/ip"}
    answers = [client.get(f"/c/AAAABBB{n}").status_code for n in range(5)]
    assert answers == [404, 404, 404, 429, 429]


def test_paper_is_for_its_holder_and_the_staff_of_the_place(credential):
    path = f"/c/{credential.code}/pdf/"
    holder = credential.person.user
    allowed = [holder, cast.staff("manager", cast.province("Cà Mau"), "0987654301")]
    refused = [cast.trainee("Danh Sà Mây", "0912345679"), cast.staff("manager", cast.province("Lào Cai"), "0987654302")]
    assert [cast.client_of(user).get(path).status_code for user in allowed] == [200, 200]
    assert [cast.client_of(user).get(path).status_code for user in refused] == [404, 404]
    assert Client().get(path).status_code == 302


def test_staff_get_a_paper_only_after_logging_in_with_a_password(credential):
    officer = cast.staff("manager", cast.province("Cà Mau"), "0987654301")
    client = Client()
    client.force_login(officer, backend="accounts.backends.PhoneBackend")  # as by a code on the officer's telephone
    assert client.get(f"/c/{credential.code}/pdf/").status_code == 404


def test_a_zalo_reader_is_told_how_to_download(credential):
    client = cast.client_of(credential.person.user)
    zalo = "Mozilla/5.0 (Linux; Android 12) AppleWebKit/537.36 Chrome/120 Mobile Safari/537.36 Zalo android/12050614"
    assert "Chrome" in client.get("/c/cua-toi/", headers={"User-Agent": zalo}).text
    assert "Mở bằng Chrome" not in client.get("/c/cua-toi/").text


def test_the_holder_is_told_what_the_paper_shows_and_the_check_page_does_not(credential):
    page = cast.client_of(credential.person.user).get("/c/cua-toi/").text
    for printed in ("Sinh năm 1975", "Tôm khô Út", "Phan Ngọc Hiển", "Gửi cho ai thì người đó thấy"):
        assert printed in page
    actions.revoke(credential=credential, reason="Cấp nhầm người", by=None, at=cast.NOW)
    assert "1975" not in cast.client_of(credential.person.user).get("/c/cua-toi/").text


@pytest.mark.parametrize("blank", ["", "   "])
def test_an_empty_box_is_said_and_not_just_shown_again(client, db, blank):
    assert "chưa gõ mã tra cứu" in client.get("/c/", {"ma": blank}).text
    assert "chưa gõ mã tra cứu" not in client.get("/c/").text


class TestRevokingInTheAdmin:
    def test_an_organiser_of_the_place_revokes(self, client, credential):
        manager = cast.client_of(cast.staff("organiser", cast.province()))
        assert manager.get(f"/quan-tri/credential/inspect/{credential.pk}/").status_code == 200
        manager.post(f"/quan-tri/giay/{credential.pk}/thu-hoi/", {"reason": "Cấp nhầm"})
        assert "Cấp nhầm" in client.get(f"/c/{credential.code}").text

    def test_an_editor_does_not(self, credential):
        cast.client_of(cast.staff("editor")).post(f"/quan-tri/giay/{credential.pk}/thu-hoi/", {"reason": "x"})
        assert Credential.objects.get().status == "valid"

    def test_a_manager_of_another_province_finds_nothing(self, credential):
        other = cast.client_of(cast.staff("manager", cast.province("Lào Cai")))
        other.post(f"/quan-tri/giay/{credential.pk}/thu-hoi/", {"reason": "x"})
        assert Credential.objects.get().status == "valid"
        assert credential.number not in other.get("/quan-tri/credential/").text

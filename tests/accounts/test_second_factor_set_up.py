"""A colleague's own second factor in the admin: set up, looked at, taken off."""

import html
import io
import re
from base64 import b64decode
from urllib.parse import unquote

import pytest
import zxingcpp
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from PIL import Image
from wagtail.models import ModelLogEntry

from tests import cast, factors

pytestmark = [pytest.mark.django_db, pytest.mark.once]
OWN = "/quan-tri/account/hai-buoc/"
AGAIN = f"{OWN}mat-khau/"


@pytest.fixture(autouse=True)
def _no_tries_yet():
    cache.clear()


@pytest.fixture
def colleague():
    return cast.staff("manager", cast.province())


@pytest.fixture
def desk(colleague):
    return cast.client_of(colleague)


@pytest.fixture
def sure(desk):
    """A desk whose colleague has just typed the password again."""
    desk.post(AGAIN, {"password": cast.PASSWORD})
    return desk


def drawn(address: str) -> Image.Image:
    return Image.open(io.BytesIO(b64decode(address.partition(",")[2]))).convert("L")


def secret_on(page: str) -> str:
    return re.search(r'class="factor-secret">([A-Z2-7 ]+)<', page)[1].replace(" ", "")


def test_it_is_found_on_the_account_page(desk, colleague):
    assert f'href="{OWN}"' in desk.get("/quan-tri/account/").text
    assert "Chưa bật" in desk.get(OWN).text
    factors.app_of(colleague)
    assert "Đang bật" in factors.passed(colleague).get("/quan-tri/account/").text


def test_the_account_page_is_saved_beside_it(desk, colleague):
    form = {"name-display_name": "Lê Văn Mới", "locale-preferred_language": "vi", "theme-theme": "system",
            "theme-density": "default", "theme-contrast": "system"}  # fmt: skip
    desk.post("/quan-tri/account/", form)
    colleague.refresh_from_db()
    assert colleague.display_name == "Lê Văn Mới"


@pytest.mark.parametrize("way", ["ung-dung/", "khoa/"])
def test_setting_up_asks_for_the_password_first(desk, way):
    assert unquote(desk.get(OWN + way).url) == f"{AGAIN}?next={OWN}{way}"
    assert "mật khẩu chưa đúng" in desk.post(AGAIN, {"password": "sai", "next": OWN + way}).text
    assert desk.get(OWN + way).status_code == 302
    assert desk.post(AGAIN, {"password": cast.PASSWORD, "next": OWN + way}).url == OWN + way
    assert desk.get(OWN + way).status_code == 200


def test_an_app_scans_the_code_confirms_and_recovery_codes_are_shown_once(sure, colleague):
    page = sure.get(f"{OWN}ung-dung/").text
    secret = secret_on(page)
    (scanned,) = zxingcpp.read_barcodes(drawn(re.search(r'src="(data:image/png[^"]+)"', page)[1]))
    assert scanned.text.startswith("otpauth://totp/")
    assert f"secret={secret}" in scanned.text
    assert "issuer=H%E1%BB%8Dc%20OCOP" in scanned.text
    assert html.escape(scanned.text) in page  # for whoever looks at it on that very phone
    answer = sure.post(f"{OWN}ung-dung/", {"code": factors.shown_by(secret)})
    assert answer.url == f"{OWN}ma-du-phong/"
    shown = sure.get(answer.url).text
    codes = re.findall(r"<li>(\d{8})</li>", shown)
    assert codes == factors.recovery_codes_of(colleague)
    assert len(codes) == 10
    assert "data-print" in shown
    again = sure.get(answer.url).text
    assert "không hiện lại" in again
    assert not any(code in again for code in codes)


def test_this_session_goes_on_and_others_log_in_anew(sure, colleague):
    other = cast.client_of(colleague)
    assert other.get("/quan-tri/").status_code == 200
    secret = secret_on(sure.get(f"{OWN}ung-dung/").text)
    sure.post(f"{OWN}ung-dung/", {"code": factors.shown_by(secret)})
    assert sure.get("/quan-tri/").status_code == 200
    assert other.get("/quan-tri/").url.startswith("/tai-khoan/dang-nhap/")
    assert sure.get("/quan-tri/").status_code == 200


def test_a_wrong_code_sets_nothing_up_and_keeps_the_secret_that_was_scanned(sure, colleague):
    secret = secret_on(sure.get(f"{OWN}ung-dung/").text)
    answer = sure.post(f"{OWN}ung-dung/", {"code": factors.wrong_for(secret)})
    assert answer.status_code == 422
    assert "Mã chưa khớp" in answer.text
    assert secret_on(answer.text) == secret
    assert not Authenticator.objects.exists()
    sure.post(f"{OWN}ung-dung/", {"code": factors.shown_by(secret)})
    assert Authenticator.objects.filter(type="totp").exists()


def test_wrong_codes_at_setting_up_are_limited(sure):
    secret = secret_on(sure.get(f"{OWN}ung-dung/").text)
    for _guess in range(5):
        sure.post(f"{OWN}ung-dung/", {"code": factors.wrong_for(secret)})
    assert "Hãy đợi 15 phút" in sure.post(f"{OWN}ung-dung/", {"code": factors.shown_by(secret)}).text
    assert not Authenticator.objects.exists()


def test_the_code_that_confirmed_does_not_log_in(sure):
    secret = secret_on(sure.get(f"{OWN}ung-dung/").text)
    code = factors.shown_by(secret)
    sure.post(f"{OWN}ung-dung/", {"code": code})
    client, _asked = factors.with_password()
    assert "vừa dùng rồi" in client.post("/tai-khoan/buoc-hai/", {"code": code}).text


def test_a_passkey_is_added_with_a_name_listed_and_taken_off(sure, colleague):
    key = factors.Key("testserver")
    made = key.made(factors.options_on(sure.get(f"{OWN}khoa/").text))
    assert sure.post(f"{OWN}khoa/", {"name": "Máy ở xã", "credential": made}).url == f"{OWN}ma-du-phong/"
    assert "Máy ở xã" in sure.get(OWN).text
    held = Authenticator.objects.get(type="webauthn")
    assert "Đây là cách duy nhất" in sure.get(f"{OWN}khoa/{held.pk}/bo/").text
    sure.post(f"{OWN}khoa/{held.pk}/bo/")
    assert not Authenticator.objects.exists()
    assert sure.get("/quan-tri/").status_code == 200


def test_a_passkey_without_a_name_gets_one(sure):
    made = factors.Key("testserver").made(factors.options_on(sure.get(f"{OWN}khoa/").text))
    sure.post(f"{OWN}khoa/", {"name": "  ", "credential": made})
    assert Authenticator.objects.get(type="webauthn").wrap().name == "Khóa truy cập"


@pytest.mark.parametrize("credential", ["", "{", "{}", '{"id": "AA", "rawId": "AA", "response": {"attestationObject": "AA", "clientDataJSON": "e30"}}'])  # fmt: skip
def test_what_is_no_passkey_is_said(sure, credential):
    sure.get(f"{OWN}khoa/")
    answer = sure.post(f"{OWN}khoa/", {"name": "Máy ở xã", "credential": credential})
    assert answer.status_code == 422
    assert "Chưa nhận được khóa truy cập" in answer.text
    assert 'value="Máy ở xã"' in answer.text
    assert not Authenticator.objects.exists()


def test_a_passkey_made_for_another_question_is_refused(sure):
    options = factors.options_on(sure.get(f"{OWN}khoa/").text)
    sure.get(f"{OWN}khoa/")
    made = factors.Key("testserver").made(options)
    assert sure.post(f"{OWN}khoa/", {"credential": made}).status_code == 422
    assert not Authenticator.objects.exists()


def test_nobody_takes_off_the_passkey_of_another(sure, colleague):
    other = cast.staff("editor", phone="0987654322")
    factors.key_of(other)
    held = Authenticator.objects.get(type="webauthn")
    assert sure.post(f"{OWN}khoa/{held.pk}/bo/").status_code == 404
    assert Authenticator.objects.filter(pk=held.pk).exists()


@pytest.mark.parametrize("way", ["ung-dung/bo/", "ma-du-phong/moi/"])
def test_taking_off_and_new_codes_ask_for_the_password_again(colleague, way):
    factors.app_of(colleague)
    before = factors.recovery_codes_of(colleague)
    desk = factors.passed(colleague)
    assert desk.get(OWN + way).url.startswith(AGAIN)
    assert desk.post(OWN + way).url.startswith(AGAIN)
    assert desk.get(f"{OWN}ma-du-phong/").url.startswith(AGAIN)
    assert Authenticator.objects.filter(type="totp").exists()
    assert factors.recovery_codes_of(colleague) == before


def test_a_second_factor_does_not_stand_in_for_the_password(colleague):
    secret = factors.app_of(colleague)
    desk = factors.passed(colleague)
    desk.post(AGAIN, {"password": factors.shown_by(secret), "code": factors.shown_by(secret)})
    assert desk.get(f"{OWN}ung-dung/bo/").url.startswith(AGAIN)


def test_the_app_is_taken_off_with_its_codes(colleague):
    factors.app_of(colleague)
    desk = factors.passed(colleague)
    desk.post(AGAIN, {"password": cast.PASSWORD})
    assert "Đây là cách duy nhất" in desk.get(f"{OWN}ung-dung/bo/").text
    desk.post(f"{OWN}ung-dung/bo/")
    assert not Authenticator.objects.exists()
    _client, answer = factors.with_password()
    assert answer.url == "/quan-tri/"


def test_of_two_the_other_stays(colleague):
    factors.app_of(colleague)
    factors.key_of(colleague)
    desk = factors.passed(colleague)
    desk.post(AGAIN, {"password": cast.PASSWORD})
    assert "Những cách khác vẫn dùng được" in desk.get(f"{OWN}ung-dung/bo/").text
    desk.post(f"{OWN}ung-dung/bo/")
    assert set(Authenticator.objects.values_list("type", flat=True)) == {"webauthn", "recovery_codes"}


def test_new_codes_end_the_old_ones(colleague):
    factors.app_of(colleague)
    old = factors.recovery_codes_of(colleague)
    desk = factors.passed(colleague)
    desk.post(AGAIN, {"password": cast.PASSWORD})
    assert desk.post(f"{OWN}ma-du-phong/moi/").url == f"{OWN}ma-du-phong/"
    assert set(factors.recovery_codes_of(colleague)).isdisjoint(old)
    client, _asked = factors.with_password()
    assert "Mã chưa đúng" in client.post("/tai-khoan/buoc-hai/", {"code": old[0]}).text


def test_there_are_no_codes_without_a_factor(sure):
    answer = sure.post(f"{OWN}ma-du-phong/moi/")
    assert answer.status_code == 422
    assert "cài ứng dụng hoặc khóa truy cập trước" in answer.text
    assert sure.get(f"{OWN}ma-du-phong/").status_code == 404


def test_the_audit_log_says_what_was_done_and_holds_no_secret(sure, colleague, django_capture_on_commit_callbacks):
    secret = secret_on(sure.get(f"{OWN}ung-dung/").text)
    with django_capture_on_commit_callbacks(execute=True):
        sure.post(f"{OWN}ung-dung/", {"code": factors.shown_by(secret)})
        sure.post(f"{OWN}ma-du-phong/moi/")
        sure.post(f"{OWN}ung-dung/bo/")
    entries = ModelLogEntry.objects.filter(action__startswith="accounts.").order_by("pk")
    told = [(entry.action.removeprefix("accounts."), entry.data["type"]) for entry in entries if "type" in entry.data]
    assert sorted(told) == sorted([
        ("second_factor_added", "totp"), ("second_factor_added", "recovery_codes"), ("recovery_codes_renewed", "recovery_codes"),
        ("second_factor_removed", "totp"), ("second_factor_removed", "recovery_codes"),
    ])  # fmt: skip
    assert secret not in str([entry.data for entry in entries])


def test_pages_are_kept_by_nobody(sure):
    for page in ("", "ung-dung/", "khoa/", "mat-khau/"):
        assert "no-store" in sure.get(OWN + page).headers["Cache-Control"]


def test_the_password_cannot_be_guessed_there(desk):
    for _guess in range(10):
        desk.post(AGAIN, {"password": "sai"})
    answer = desk.post(AGAIN, {"password": cast.PASSWORD})
    assert answer.status_code == 429 or "nhập sai nhiều lần" in answer.text
    assert desk.get(f"{OWN}ung-dung/").status_code == 302


def test_whoever_took_longer_than_five_minutes_types_the_password_and_not_the_code_again(sure, colleague):
    secret = secret_on(sure.get(f"{OWN}ung-dung/").text)
    session = sure.session
    session["account_authentication_methods"] = [{"method": "password", "at": 0, "reauthenticated": True}]
    session.save()
    asked = sure.post(f"{OWN}ung-dung/", {"code": factors.shown_by(secret)})
    assert unquote(asked.url) == f"{AGAIN}?next={OWN}ung-dung/"
    answer = sure.post(asked.url, {"password": cast.PASSWORD})
    assert answer.url == f"{OWN}ma-du-phong/"
    assert sure.get(answer.url).status_code == 200
    assert Authenticator.objects.filter(user=colleague, type="totp").exists()

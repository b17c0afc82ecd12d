"""What the database holds of a second factor, and what a person gets of it."""

import pytest
from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken
from django.core.cache import cache

from lib import registries
from tests import cast, factors

pytestmark = [pytest.mark.django_db, pytest.mark.once]
STEP = "/tai-khoan/buoc-hai/"


@pytest.fixture(autouse=True)
def _no_tries_yet():
    cache.clear()


@pytest.fixture
def colleague():
    return cast.staff("manager", cast.province())


@pytest.fixture
def secret(colleague):
    return factors.app_of(colleague)


def test_neither_secret_nor_codes_lie_there_readable(colleague, secret):
    stored = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in stored
    assert not any(code in stored for code in factors.recovery_codes_of(colleague))


def test_with_a_new_key_and_the_old_one_beside_it_everybody_enters(secret, settings):
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a-new-one", [settings.SECRET_KEY]
    client, _asked = factors.with_password()
    assert client.post(STEP, {"code": factors.shown_by(secret)}).url == "/quan-tri/"


def test_without_the_old_key_it_is_said_what_to_do_and_the_log_tells_the_operator(colleague, secret, settings, caplog):
    settings.SECRET_KEY = "a-new-one"
    with pytest.raises(InvalidToken):
        factors.recovery_codes_of(colleague)
    client, _asked = factors.with_password()
    answer = client.post(STEP, {"code": factors.shown_by(secret)})
    assert "Máy chủ không đọc được" in answer.text
    assert "SECRET_KEY_FALLBACKS" in caplog.text
    assert client.get("/quan-tri/").status_code == 302


def test_codes_that_no_key_opens_are_no_failure(colleague, secret, settings):
    settings.SECRET_KEY = "a-new-one"
    desk = factors.passed(colleague)
    desk.post("/quan-tri/account/hai-buoc/mat-khau/", {"password": cast.PASSWORD})
    assert "Máy chủ không đọc được" in desk.get("/quan-tri/account/hai-buoc/ma-du-phong/", follow=True).text
    assert desk.get("/quan-tri/account/hai-buoc/ma-du-phong/moi/").status_code == 200


@pytest.fixture
def learner(colleague):
    cast.person("Lê Văn Cán Bộ", user=colleague)
    colleague.refresh_from_db()
    return colleague.person


def test_a_persons_own_copy_tells_which_there_are_and_no_secret(learner, colleague, secret):
    factors.key_of(colleague)
    told = dict(registries.person_records)["mfa.Authenticator.user"].export(learner.pk)
    assert [row["kind"] for row in told] == ["totp", "recovery_codes", "webauthn"]
    assert [row["name"] for row in told] == ["", "", "Máy ở xã"]
    assert secret not in str(told)
    assert "credential" not in str(told)


def test_they_go_with_the_person(learner, secret):
    assert dict(registries.person_records)["mfa.Authenticator.user"].erase(learner.pk) == 2
    assert not Authenticator.objects.exists()


def test_they_stay_with_the_log_in_when_persons_are_merged(learner, colleague, secret):
    other = cast.person("Lê Văn Cán Bộ")
    assert dict(registries.person_records)["mfa.Authenticator.user"].repoint(learner.pk, other.pk) == 0
    assert Authenticator.objects.filter(user=colleague).count() == 2

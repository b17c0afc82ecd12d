"""What a phone keeps to check papers without a network: keys, and what holds no longer."""

import re
from base64 import b64decode
from copy import deepcopy
from hashlib import sha256
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from certificates import actions, offline
from certificates.models import Issuer
from tests import cast
from tests.conftest import made_for_a_file

from .test_checking import somebody_s_certificate

pytestmark = pytest.mark.django_db


def _stated():
    credential = somebody_s_certificate()
    actions.make_key(issuer=Issuer.objects.get(), by=None, at=cast.NOW)
    actions.state_missing(at=cast.NOW)
    credential.refresh_from_db()
    return credential


made_credential = made_for_a_file(_stated)


@pytest.fixture
def credential(made_credential, db):
    return deepcopy(made_credential)


def marks(client, how: str) -> list[bytes]:
    raw = b64decode(client.get("/c/het-hieu-luc.json").json()[how])
    return [raw[at : at + offline.MARK] for at in range(0, len(raw), offline.MARK)]


def test_a_revoked_paper_is_in_the_list_by_a_hash_that_only_its_holder_can_make(client, credential):
    assert marks(client, "revoked") == []
    actions.revoke(credential=credential, reason="Cấp nhầm", by=None, at=cast.NOW)
    assert marks(client, "revoked") == [sha256(credential.statement.encode()).digest()[: offline.MARK]]
    assert marks(client, "replaced") == []
    said = client.get("/c/het-hieu-luc.json").text
    for private in (credential.code, "Trần", "Cấp nhầm"):
        assert private not in said


def test_keys_are_told_with_whose_they_are_and_whether_they_are_disowned(client, credential):
    (told,) = client.get("/c/khoa.json").json()["keys"]
    key = credential.issuer.keys.get()
    assert (told["kid"], b64decode(told["public"]).hex()) == (key.kid, key.public)
    assert (told["issuer"], told["code"], told["disowned"]) == (credential.issuer.name, "MẪU", False)
    actions.disown_key(key=key, by=None, at=cast.NOW)
    assert client.get("/c/khoa.json").json()["keys"][0]["disowned"]


@pytest.mark.parametrize(("is_specimen", "is_demo"), [(True, False), (False, True), (False, False)])
def test_keys_tell_whether_their_issuer_makes_specimens(client, credential, settings, is_specimen, is_demo):
    settings.DEMO = is_demo
    Issuer.objects.update(is_specimen=is_specimen)
    assert client.get("/c/khoa.json").json()["keys"][0]["specimen"] is (is_specimen or is_demo)
    assert "data-specimen hidden" in client.get("/c/ngoai-mang/").text


def test_the_shell_says_the_same_to_everybody(client, credential):
    holder = cast.client_of(credential.person.user).get("/c/ngoai-mang/")
    assert holder.text == client.get("/c/ngoai-mang/").text
    assert "Trần" not in holder.text
    assert not holder.cookies


def test_the_worker_names_its_files_and_answers_for_certificates_alone(client, db):
    said = client.get("/c/ngoai-mang.js")
    assert said["Content-Type"].startswith("text/javascript")
    for name in ("certificate.js", "statement.js", "site.css", "/c/ngoai-mang/"):
        assert name in said.text


def test_what_the_worker_keeps_is_there_with_every_script_that_it_imports():
    assert [name for name in offline.FILES + offline.OF_OLD_BROWSERS if finders.find(name) is None] == []
    imported = {
        name
        for script in offline.SCRIPTS
        if script != "app"
        for name in re.findall(r'from "\./(\w+)\.js"', Path(finders.find(f"js/{script}.js")).read_text())
    }
    assert imported <= set(offline.SCRIPTS)

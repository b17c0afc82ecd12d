"""Machines learn from a signed list what no longer counts."""

import json

import pytest
from django.utils import timezone
from django.utils.translation import override

from certificates import actions, badging, public_views
from certificates.models import Credential, statuses
from certificates.proofs import checking, status
from certificates.proofs.findings import Finding
from tests import cast
from tests.conftest import made_for_a_file

from . import signed
from .judging import document, signed_by_one_key, somebody_s_certificate

pytestmark = pytest.mark.django_db


@pytest.fixture
def credential(made_credential, db, monkeypatch):
    return signed_by_one_key(made_credential, monkeypatch)


@pytest.fixture(autouse=True)
def today(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: cast.NOW)


made_credential = made_for_a_file(somebody_s_certificate)


def test_machines_learn_from_the_list_what_no_longer_counts(client, credential):
    built = badging.build(credential)
    entry = built["credentialStatus"]
    path = entry["statusListCredential"].removeprefix("http://localhost:8000")
    assert path == f"/c/tinh-trang/{credential.issuer_id}/0"

    def bit():
        answer = client.get(path)
        assert answer["Content-Type"] == "application/vc+jwt"
        listing = checking.check(answer.text, lookup=lambda method: signed.PUBLIC, now=cast.NOW)
        assert listing.finding == Finding.VALID
        return status.is_withdrawn(built, entry, listing.credential)

    assert bit() is False
    actions.revoke(credential=credential, reason="Cấp nhầm người", by=None, at=cast.NOW)
    assert bit() is True


def test_a_credential_is_the_same_whoever_asks_for_it(credential):
    with override("en"):
        english = document(credential)
    assert english == document(credential)
    assert "/en/" not in json.dumps(english)


def test_a_list_is_signed_once_until_something_changes(client, credential, monkeypatch):
    first = client.get(f"/c/tinh-trang/{credential.issuer_id}/0").text
    monkeypatch.setattr(badging, "status_list", pytest.fail)
    assert client.get(f"/c/tinh-trang/{credential.issuer_id}/0").text == first


def test_there_is_no_list_without_a_key_or_a_certificate(client, credential, monkeypatch):
    for path in (f"{credential.issuer_id}/1", "999999/0"):
        assert client.get(f"/c/tinh-trang/{path}").status_code == 404
    monkeypatch.setattr(public_views.keys, "signer", lambda issuer: None)
    assert client.get(f"/c/tinh-trang/{credential.issuer_id}/0").status_code == 404


def test_the_place_in_the_list_tells_nothing_of_the_order(credential, monkeypatch):
    """It is drawn at random among the free ones; a taken one is drawn again."""
    drawn = iter([credential.status_index, 5])
    monkeypatch.setattr(statuses.secrets, "randbelow", lambda size: next(drawn))
    assert statuses.free_place(Credential.objects.filter(issuer=credential.issuer_id)) == 5

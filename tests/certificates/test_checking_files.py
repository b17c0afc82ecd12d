"""A file is judged by its signature and by our register: the page and the command say the same."""

import itertools
import json
from copy import deepcopy
from typing import Any

import pytest

from certificates import actions, badging, fetching, verifying
from certificates.looking import Page
from certificates.models import Credential, CredentialStatus
from certificates.proofs import checking, integrity, jose, keys, papers, status
from certificates.proofs.findings import Finding, Refused
from tests import cast

from . import authority, signed
from .judging import (
    EACH_WAY,
    KID,
    WAYS,
    ask,
    commanded,
    credential,
    document,
    judged,
    made_credential,
    published,
    today,
    token,
)
from .test_baking import pdf

__all__ = ["credential", "made_credential", "today"]
pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.mark.once
@EACH_WAY
def test_a_valid_certificate_is_valid_in_every_kind_of_file(credential, way):
    verdict = judged(way(credential))
    assert (verdict.finding, verdict.is_ours, verdict.registered) == (Finding.VALID, True, credential)
    assert verdict.facts["name"] == "Trần Thị Út"
    assert verdict.differences == []


@EACH_WAY
def test_a_revocation_outweighs_the_signature(credential, way):
    data = way(credential)
    actions.revoke(credential=credential, reason="Cấp nhầm người", by=None, at=cast.NOW)
    assert judged(data).finding == Finding.REVOKED


def test_a_replaced_certificate_is_called_so(credential):
    Credential.objects.filter(pk=credential.pk).update(status=CredentialStatus.REPLACED, status_at=cast.NOW)
    assert judged(token(credential)).finding == Finding.REPLACED


@pytest.mark.once
def test_what_was_altered_is_told_beside_what_the_register_says(credential):
    for suite in (integrity.JCS, integrity.RDFC):
        forged = document(credential, suite)
        forged["credentialSubject"]["identifier"][0]["identityHash"] = "Lê Văn Khác"
        verdict = judged(json.dumps(forged))
        assert (verdict.finding, verdict.is_signed) == (Finding.ALTERED, False)
        assert verdict.differences == [verifying.Difference("name", "Lê Văn Khác", "Trần Thị Út")]


def test_signed_with_our_key_but_in_no_register(credential):
    credential.code = "22223333"
    assert judged(token(credential)).finding == Finding.NOT_IN_REGISTER


def test_signed_with_our_key_for_another_name_than_the_register_has(credential):
    credential.evidence["name"] = "Lê Văn Khác"
    assert judged(token(credential)).finding == Finding.ALTERED


def test_a_stranger_s_key_is_not_ours(credential):
    assert judged(token(credential, signed.STRANGER)).finding == Finding.ALTERED


def test_a_key_that_was_withdrawn_counts_no_more(credential, monkeypatch):
    monkeypatch.setattr(verifying.keys, "published", lambda issuer: {})
    assert judged(token(credential)).finding == Finding.UNKNOWN_ISSUER


@pytest.fixture
def disowned(credential, monkeypatch):
    issuer = credential.issuer
    issuer.keys.create(
        kid=KID, public=keys.raw(signed.PUBLIC).hex(), made_at=cast.NOW, retired_at=cast.NOW, disowned_at=cast.NOW
    )
    monkeypatch.setattr(verifying.keys, "published", published)
    return credential


@EACH_WAY
def test_what_a_disowned_key_signed_is_valid_where_the_register_says_the_same(disowned, way):
    verdict = judged(way(disowned))
    assert (verdict.finding, verdict.registered, verdict.is_status_known) == (Finding.KEY_DISOWNED, disowned, True)
    page = ask(way(disowned)).text
    assert "Khóa ký của giấy này đã ngừng dùng; theo sổ cấp thì giấy còn hiệu lực" in page
    assert "Không xác định được nơi cấp" not in page


def test_a_disowned_key_makes_nothing_that_the_register_does_not_have(disowned):
    for key, value in (("name", "Lê Văn Khác"), ("result", "Giỏi")):
        forged = deepcopy(disowned)
        forged.evidence[key] = value
        assert judged(token(forged)).finding == Finding.UNKNOWN_ISSUER
    forged.code = "22223333"
    assert judged(token(forged)).finding == Finding.UNKNOWN_ISSUER
    assert judged(token(disowned, signed.STRANGER)).finding == Finding.UNKNOWN_ISSUER


@pytest.mark.once
def test_a_revocation_is_told_of_what_a_disowned_key_signed(disowned):
    data = token(disowned)
    actions.revoke(credential=disowned, reason="Cấp nhầm người", by=None, at=cast.NOW)
    assert judged(data).finding == Finding.REVOKED


def test_the_command_says_what_the_register_says_of_a_disowned_key(disowned, tmp_path):
    file = tmp_path / "gcn.jwt"
    file.write_text(token(disowned))
    code, told = commanded(file)
    assert code == 0
    assert told.startswith("KEY DISOWNED: Khóa ký của giấy này đã ngừng dùng; theo sổ cấp thì giấy còn hiệu lực")


@pytest.mark.parametrize("is_specimen", [True, False])
def test_a_specimen_is_told_by_page_and_command(credential, settings, tmp_path, is_specimen):
    settings.DEMO = False
    Credential.objects.filter(pk=credential.pk).update(is_specimen=is_specimen)
    file, mark = tmp_path / "gcn.jwt", "BẢN MẪU – KHÔNG CÓ GIÁ TRỊ"
    file.write_text(token(credential))
    assert (mark in ask(file.read_bytes()).text) == is_specimen
    assert (mark in commanded(file)[1]) == is_specimen
    assert json.loads(commanded(file, "--json")[1])["specimen"] == (mark if is_specimen else "")


def test_the_name_of_a_key_is_shown_of_other_issuers_alone(credential):
    assert "did:web" not in ask(token(credential).encode()).text
    assert "did:key" in ask(signed.token().encode()).text


def test_a_stranger_who_names_our_address_is_found_out(credential):
    forged = badging.build(credential)
    forged["issuer"]["id"] = signed.ISSUER
    forged = integrity.sign(forged, signed.PRIVATE, signed.METHOD, created="2026-11-23T00:00:00Z")
    assert judged(json.dumps(forged)).finding == Finding.UNKNOWN_ISSUER


@pytest.mark.once
def test_a_pdf_with_two_certificates_is_no_certificate_and_none_of_them_is_looked_at(credential, monkeypatch):
    data = pdf({"a.jwt": token(credential).encode(), "b.jwt": signed.token().encode()})
    monkeypatch.setattr(checking, "check", pytest.fail)
    assert judged(data).finding == Finding.SEVERAL


@pytest.mark.once
def test_more_ways_to_write_one_certificate_than_anybody_attaches_are_not_looked_at(credential, monkeypatch):
    one = token(credential).encode()
    assert judged(pdf({f"{number}.jwt": one for number in range(papers.MOST_CREDENTIALS)})).finding == Finding.VALID
    monkeypatch.setattr(checking, "check", pytest.fail)
    data = pdf({f"{number}.jwt": one for number in range(papers.MOST_CREDENTIALS + 1)})
    assert judged(data).finding == Finding.TOO_LARGE


def test_a_certificate_of_another_issuer_is_judged_by_its_own_key(db):
    verdict = judged(signed.token())
    assert (verdict.finding, verdict.is_ours, verdict.is_status_known) == (Finding.VALID, False, False)


ODD: list[Any] = [None, 7, "", [], [["a"]], {"id": {}}]
PLACES = [("id",), ("issuer",), ("credentialSubject",), ("issuer", "id"), ("credentialSubject", "identifier")]


@pytest.mark.once
def test_no_odd_value_in_a_file_makes_the_check_stumble(credential):
    """Each part in turn replaced by what nobody expects there, each time by another odd value: the signature never holds."""
    document_ = document(credential, integrity.JCS)
    paths = {path[:depth] for path in signed.leaves(document_) for depth in range(1, len(path) + 1)}
    told = {
        (path, str(value)): checking.check(
            json.dumps(signed.changed(document_, path, value)), lookup=lambda method: signed.PUBLIC, now=cast.NOW
        )
        for path, value in zip(sorted(paths, key=str), itertools.cycle(ODD))
    }
    assert [which for which, checked in told.items() if checked.is_signed or checked.finding == Finding.VALID] == []


@pytest.mark.parametrize("value", ODD, ids=str)
def test_an_odd_value_where_we_look_something_up_is_answered(credential, value):
    document_ = document(credential, integrity.JCS)
    for path in PLACES:
        verdict = judged(json.dumps(signed.changed(document_, path, value)))
        assert (verdict.finding != Finding.VALID, verdict.is_signed) == (True, False), path


def test_the_command_ends_with_nought_for_what_is_valid_alone(credential, tmp_path):
    """And not for a page that nothing speaks for, which may bear another name."""
    files = {kind: tmp_path / f"gcn.{kind}" for kind in ("token", "pdf")}
    for kind, file in files.items():
        file.write_bytes(WAYS[kind](credential))
    code, told = commanded(files["token"])
    assert code == 0
    assert told.startswith("VALID: Tệp nguyên vẹn, giấy còn hiệu lực")
    code, told = commanded(file := files["pdf"])
    assert code == 2
    assert told.startswith("VALID INSIDE: Phần ký bên trong còn nguyên, giấy còn hiệu lực")
    actions.revoke(credential=credential, reason="Cấp nhầm người", by=None, at=cast.NOW)
    code, told = commanded(file, "--json")
    report = json.loads(told)
    assert (code, report["finding"], report["register"]["reason"]) == (1, "revoked", "Cấp nhầm người")


def test_the_command_asks_others_only_when_told_to(db, tmp_path, monkeypatch):
    """An issuer on the web, whose document and list are served here by hand."""
    issuer = "did:web:truong.example"
    built = signed.built() | {"id": "https://truong.example/1"}
    built["issuer"]["id"] = issuer
    private = signed.STRANGER
    answers = {
        "https://truong.example/.well-known/did.json": json.dumps(
            keys.did_document(issuer, {"1": private.public_key()})
        ).encode()
    }
    monkeypatch.setattr(fetching, "get", answers.__getitem__)
    file = tmp_path / "a.jwt"
    file.write_text(jose.sign(built, private, f"{issuer}#1"))
    address = built["credentialStatus"]["statusListCredential"]
    for withdrawn, code, finding in (([], 0, "VALID"), ([94567], 1, "REVOKED")):
        listing = status.build(
            address=address, issuer=issuer, withdrawn=withdrawn, now=cast.NOW, until=cast.NOW.replace(year=2027)
        )
        answers[address] = jose.sign(listing, private, f"{issuer}#1").encode()
        told = commanded(file, "--fetch")
        assert (told[0], told[1].partition(":")[0]) == (code, finding)
        assert commanded(file)[1].startswith("UNKNOWN ISSUER")


@pytest.mark.once
@pytest.mark.parametrize(
    "address",
    [
        "http://truong.example/a",
        "file:///etc/passwd",
        "https://127.0.0.1/a",
        "https://[::1]/",
        "https://169.254.169.254/",
        "https://localhost/a",
        "x",
    ],
)
def test_nothing_is_fetched_from_inside_our_own_network(address):
    with pytest.raises(Refused):
        fetching.get(address)


@pytest.mark.once
def test_names_of_issuers_become_addresses():
    assert fetching.address_of("did:web:hoc.example%3A8443:c:1") == "https://hoc.example:8443/c/1/did.json"
    with pytest.raises(Refused):
        fetching.address_of("did:web:hoc.example%2F..:c")


def test_a_seal_of_anybody_says_nothing_for_the_page_around_a_foreign_credential():
    sealed = authority.sign_at_the_office(pdf({"gcn.jwt": signed.token().encode()}))
    verdict = judged(sealed)
    assert (verdict.finding, verdict.page) == (Finding.VALID, Page.OPEN)

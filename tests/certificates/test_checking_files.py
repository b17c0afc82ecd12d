"""A file is judged by its signature and by our register: the page, the command and the list for machines say the same."""

import itertools
import json
from collections.abc import Callable
from copy import deepcopy
from io import StringIO
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from certificates import actions, badging, fetching, public_views, verifying
from certificates.keys import kid_of
from certificates.models import Credential, CredentialStatus, statuses
from certificates.proofs import baking, checking, integrity, jose, keys, papers, status
from certificates.proofs.findings import Finding, Refused
from tests import cast
from tests.conftest import made_for_a_file

from . import signed
from .test_baking import SVG, pdf, png

pytestmark = pytest.mark.django_db
own_keys = verifying.own_keys  # before a test puts another in its place
KID = kid_of(keys.raw(signed.PUBLIC))


def somebody_s_certificate():
    course = cast.course(lessons=1)
    cast.award(course)
    enrolment = cast.enrolment(cast.trainee(name="Trần Thị Út").person, course)
    cast.finish(enrolment)
    return actions.issue(enrolment_id=enrolment.pk, at=cast.NOW)


made_credential = made_for_a_file(somebody_s_certificate)


class Signer:
    kid, private = KID, signed.PRIVATE


@pytest.fixture
def credential(made_credential, db, monkeypatch):
    """The only key of every issuer here is that of `signed`."""
    monkeypatch.setattr(verifying, "own_keys", lambda issuer: {KID: signed.PUBLIC})
    monkeypatch.setattr(public_views.keys, "signer", lambda issuer: Signer)
    return deepcopy(made_credential)


def token(credential, private=signed.PRIVATE):
    return badging.token(credential, private, KID)


def document(credential, suite=integrity.RDFC):
    return badging.document(credential, signed.PRIVATE, KID, suite=suite)


WAYS: dict[str, Callable[[Credential], bytes]] = {
    "token": lambda one: token(one).encode(),
    "jcs": lambda one: json.dumps(document(one, integrity.JCS)).encode(),
    "rdfc": lambda one: json.dumps(document(one)).encode(),
    "png": lambda one: baking.into_png(png(), token(one)),
    "svg": lambda one: baking.into_svg(SVG, json.dumps(document(one), ensure_ascii=False)).encode(),
    "pdf": lambda one: pdf({"gcn.jwt": token(one).encode(), "gcn.json": json.dumps(document(one)).encode()}),
}
EACH_WAY = pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)


def judged(data, **asked):
    return verifying.judge(data if isinstance(data, bytes) else data.encode(), now=timezone.now(), **asked)


@pytest.fixture(autouse=True)
def today(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: cast.NOW)


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
    monkeypatch.setattr(verifying, "own_keys", lambda issuer: {})
    assert judged(token(credential)).finding == Finding.UNKNOWN_ISSUER


@pytest.fixture
def disowned(credential, monkeypatch):
    issuer = credential.issuer
    issuer.keys.create(
        kid=KID, public=keys.raw(signed.PUBLIC).hex(), made_at=cast.NOW, retired_at=cast.NOW, disowned_at=cast.NOW
    )
    monkeypatch.setattr(verifying, "own_keys", own_keys)
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
    assert judged(data).finding == Finding.ALTERED


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


def ask(data, name="gcn.jwt"):
    return Client().post("/c/tep/", {"file": SimpleUploadedFile(name, data)})


@pytest.mark.once
@EACH_WAY
def test_the_page_says_valid_without_private_facts(credential, way):
    page = ask(way(credential))
    assert page.status_code == 200
    is_page = way is WAYS["pdf"]  # an empty one, which nothing speaks for
    assert ("Phần ký bên trong còn nguyên" if is_page else "Tệp nguyên vẹn") + ", giấy còn hiệu lực" in page.text
    assert f"/c/{credential.code}" in page.text
    for private in ("Phan Ngọc Hiển", "Tôm khô", "912345678"):
        assert private not in page.text
    assert "no-store" in page["Cache-Control"]


@pytest.mark.once
def test_the_page_shows_what_was_altered(credential):
    forged = document(credential)
    forged["credentialSubject"]["identifier"][0]["identityHash"] = "Lê Văn <b>Khác</b>"
    page = ask(json.dumps(forged).encode()).text
    assert "Nội dung đã bị sửa" in page
    assert "<del>Lê Văn &lt;b&gt;Khác&lt;/b&gt;</del>" in page
    assert "<b>Trần Thị Út</b>" in page


@pytest.mark.once
def test_the_page_does_not_call_a_stranger_s_certificate_valid(db):
    page = ask(signed.token().encode()).text
    assert "không phải giấy của chúng tôi" in page
    assert "còn hiệu lực" not in page


@pytest.mark.once
@pytest.mark.parametrize("finding", Finding)
def test_each_finding_has_its_page(db, monkeypatch, finding):
    monkeypatch.setattr(verifying, "judge", lambda *_, **__: verifying.Verdict(finding))
    page = ask(b"x")
    assert page.status_code == 200
    assert "<h1>" in page.text


@pytest.mark.once
def test_a_form_without_a_file_or_with_an_empty_one_says_what_to_do(db):
    assert "chưa chọn tệp" in Client().post("/c/tep/").text
    assert "Tệp này trống" in ask(b"").text


@pytest.mark.once
def test_the_form_is_linked_from_where_codes_are_typed(client, db):
    assert 'href="/c/tep/"' in client.get("/c/").text
    assert 'enctype="multipart/form-data"' in client.get("/c/tep/").text


@pytest.mark.once
def test_a_file_beyond_five_megabytes_is_not_read(db, monkeypatch):
    monkeypatch.setattr(verifying, "judge", pytest.fail)
    assert "Tệp quá lớn" in ask(b"x" * (5 * 2**20 + 30_000)).text


@pytest.mark.once
def test_a_large_file_stays_off_the_disk(db, monkeypatch):
    monkeypatch.setattr("django.core.files.uploadhandler.TemporaryFileUploadHandler.new_file", pytest.fail)
    assert "không có giấy chứng nhận điện tử" in ask(b"x" * 4_000_000).text


@pytest.mark.once
def test_the_form_without_its_token_is_refused(db):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/c/tep/", {"file": SimpleUploadedFile("a", b"x")}).status_code == 403


@pytest.mark.once
def test_too_many_files_are_refused_kindly(db, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"check_file": "2/10m/ip"}
    assert [ask(b"x").status_code for _ in range(3)] == [200, 200, 429]


def commanded(path, *flags):
    out = StringIO()
    try:
        call_command("verify_credential", str(path), *flags, stdout=out)
    except SystemExit as end:
        return end.code, out.getvalue()
    return 0, out.getvalue()


def test_the_command_ends_with_nought_for_what_is_valid_alone(credential, tmp_path):
    file = tmp_path / "gcn.pdf"
    file.write_bytes(WAYS["pdf"](credential))
    code, told = commanded(file)
    assert code == 0
    assert told.startswith("VALID: Phần ký bên trong còn nguyên, giấy còn hiệu lực")
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


@pytest.mark.django_db
def test_one_file_is_checked_at_a_time(client):
    """A file may take seconds, and a site has few workers."""
    cache.add("check-file", True, 20)
    busy = client.post("/c/tep/", {"file": SimpleUploadedFile("a.json", b"{}")}).text
    assert "Đang có người khác kiểm tra tệp" in busy

    cache.delete("check-file")
    assert "Đang có người khác" not in client.post("/c/tep/", {"file": SimpleUploadedFile("a.json", b"{}")}).text
    assert cache.get("check-file") is None

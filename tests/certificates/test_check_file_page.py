"""The page on which anybody has a file checked."""

import inspect
import json

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from certificates import looking, public_views, sealing, verifying
from certificates.proofs import papers
from certificates.proofs.findings import Finding
from lib import apart

from . import signed
from .judging import (
    EACH_WAY,
    WAYS,
    ask,
    credential,
    document,
    made_credential,
    today,
)

__all__ = ["credential", "made_credential", "today"]
pytestmark = pytest.mark.django_db


@pytest.mark.once
@EACH_WAY
def test_the_page_says_valid_without_private_facts(credential, way):
    page = ask(way(credential))
    assert page.status_code == 200
    shows = way in (WAYS["pdf"], WAYS["png"], WAYS["svg"])  # an empty page or another picture, which nothing speaks for
    assert ("Phần ký bên trong còn nguyên" if shows else "Tệp nguyên vẹn") + ", giấy còn hiệu lực" in page.text
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


def test_one_file_is_checked_at_a_time(client):
    """A file may take seconds, and a site has few workers."""
    cache.add("check-file", True, 20)
    busy = client.post("/c/tep/", {"file": SimpleUploadedFile("a.json", b"{}")}).text
    assert "Đang có người khác kiểm tra tệp" in busy

    cache.delete("check-file")
    assert "Đang có người khác" not in client.post("/c/tep/", {"file": SimpleUploadedFile("a.json", b"{}")}).text
    assert cache.get("check-file") is None


def test_whoever_checks_for_long_ends_only_the_own_turn(monkeypatch):
    def while_the_next_begins(*_arguments, **_named):
        cache.set(public_views.CHECKING, "of another")
        return verifying.Verdict(Finding.NO_CREDENTIAL)

    monkeypatch.setattr(verifying, "judge", while_the_next_begins)
    ask(b"x")
    assert cache.get(public_views.CHECKING) == "of another"
    cache.delete(public_views.CHECKING)


def test_a_turn_lasts_longer_than_all_that_is_done_in_it_may_take():
    apart_s = inspect.signature(apart.run).parameters["seconds"].default  # of drawing
    bounds = [papers.SECONDS, sealing.checking.PATIENCE, looking.covering.PATIENCE, apart_s]
    assert apart.SLOWLY * sum(bounds) < public_views.A_CHECK

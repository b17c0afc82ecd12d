"""Keys of issuers: where their private halves may be, how one follows another, and what is told when one is missing or weak."""

import io
from copy import deepcopy
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat
from django.core.management import CommandError, call_command
from django.utils.timezone import get_default_timezone

from certificates import actions, badging, checks, keys, rendering, statements, verifying
from certificates.models import Award, Credential, Issuer, SigningKey
from certificates.proofs.findings import Finding
from certificates.proofs.status import ENTRIES
from lib.refusals import Refusal
from tests import cast
from tests.conftest import made_for_a_file

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def folder(settings, tmp_path):
    settings.CERTIFICATE_KEYS = tmp_path / "keys"
    return settings.CERTIFICATE_KEYS


def _finished():
    course = cast.course(lessons=1)
    cast.award(course)
    enrolment = cast.enrolment(cast.trainee(name="Trần Thị Út").person, course)
    cast.finish(enrolment)
    return enrolment


made_enrolment = made_for_a_file(_finished)


@pytest.fixture
def enrolment(made_enrolment, db, folder):
    return deepcopy(made_enrolment)


@pytest.fixture
def issuer(enrolment):
    return Issuer.objects.get()


def new_key(issuer, at=cast.NOW):
    return actions.make_key(issuer=issuer, by=None, at=at)


def issued(enrolment) -> Credential:
    return actions.issue(enrolment_id=enrolment.pk, at=cast.NOW)


def holds(credential, key) -> bool:
    statements.read(credential.statement, code=credential.code, public=bytes.fromhex(key.public))
    return credential.statement_kid == key.kid


def pem(private, password=None) -> str:
    how = BestAvailableEncryption(password) if password else NoEncryption()
    return private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, how).decode()


def warnings() -> list[str]:
    return [message.id for message in checks.issuers_can_sign(databases=["default"])]


def test_what_is_issued_is_stated_by_the_key_of_its_issuer(enrolment, issuer):
    key = new_key(issuer)
    credential = issued(enrolment)
    assert holds(credential, key)
    said = statements.read(credential.statement, code=credential.code, public=bytes.fromhex(key.public))
    assert (said.name, said.number, said.issuer) == ("Trần Thị Út", credential.number, issuer.code)


def test_a_private_key_is_for_its_owner_alone_and_is_never_written_over(issuer, monkeypatch):
    key = new_key(issuer)
    assert keys.path_of(key.kid).stat().st_mode & 0o777 == 0o600
    assert not keys.readable_by_others(key.kid)
    monkeypatch.setattr(keys, "kid_of", lambda public: key.kid)
    with pytest.raises(FileExistsError):
        keys.keep(Ed25519PrivateKey.generate())


def test_a_new_key_retires_the_one_before_and_what_that_stated_holds(enrolment, issuer):
    first = new_key(issuer)
    credential = issued(enrolment)
    second = new_key(issuer, at=cast.NOW + timedelta(days=1))
    first.refresh_from_db()
    assert (first.retired_at, second.retired_at) == (cast.NOW + timedelta(days=1), None)
    assert keys.signer(issuer).kid == second.kid
    assert actions.state_missing(at=cast.NOW) == 0
    assert holds(credential, first)


def test_without_a_key_a_certificate_is_issued_and_stated_as_soon_as_there_is_one(enrolment, issuer):
    credential = issued(enrolment)
    assert credential.statement == ""
    assert actions.state_missing(at=cast.NOW) == 0
    key = new_key(issuer)
    assert actions.state_missing(at=cast.NOW) == 1
    credential.refresh_from_db()
    assert holds(credential, key)


def test_what_a_disowned_key_stated_is_stated_anew(enrolment, issuer):
    key = new_key(issuer)
    credential = issued(enrolment)
    actions.disown_key(key=key, by=None, at=cast.NOW)
    credential.refresh_from_db()
    assert credential.statement == ""
    following = new_key(issuer)
    actions.state_missing(at=cast.NOW)
    credential.refresh_from_db()
    assert holds(credential, following)


def test_a_key_that_cannot_be_used_keeps_nobody_from_their_certificate(enrolment, issuer, caplog):
    key = new_key(issuer)
    keys.path_of(key.kid).write_text("not a key")
    credential = issued(enrolment)
    assert credential.statement == ""
    assert "its key cannot sign" in caplog.text
    assert "Trần" not in caplog.text


def no_leave(path):
    raise PermissionError(13, "Permission denied", str(path))


def test_a_key_that_may_not_be_read_keeps_nobody_from_their_certificate(enrolment, issuer, caplog, monkeypatch):
    """As after a restore by another user."""
    key = new_key(issuer)
    monkeypatch.setattr(Path, "read_bytes", no_leave)
    assert issued(enrolment).statement == ""
    assert "its key cannot sign: cannot be read: Permission denied" in caplog.text
    assert warnings() == ["certificates.W003"]
    assert str(keys.path_of(key.kid)) not in caplog.text


def test_a_key_that_cannot_be_used_stops_no_other_issuer(enrolment, issuer, caplog, monkeypatch):
    """However many certificates wait for it."""
    issued(enrolment)
    award = cast.award(cast.course(slug="khac", title="Khác", lessons=1), code="KHÁC")
    other = cast.enrolment(cast.trainee("Lê Văn Ba", "0912345679").person, award.course)
    cast.finish(other)
    second = issued(other)
    broken, key = new_key(issuer), new_key(second.issuer)
    assert issuer != second.issuer
    keys.path_of(broken.kid).write_text("not a key")
    monkeypatch.setattr("certificates.actions.keys.SIGNED_AT_ONCE", 1)
    assert actions.state_missing(at=cast.NOW) == 1
    second.refresh_from_db()
    assert holds(second, key)
    assert f"issuer {issuer.pk}: its key cannot sign" in caplog.text


def test_a_list_that_cannot_be_signed_is_not_there(client, enrolment, issuer):
    key = new_key(issuer)
    credential = issued(enrolment)
    address = f"/c/tinh-trang/{issuer.pk}/{credential.status_index // ENTRIES}"
    assert client.get(address).status_code == 200
    keys.path_of(key.kid).write_text("not a key")
    assert client.get(address).status_code == 404


def test_a_key_may_be_in_the_environment_alone(enrolment, issuer, monkeypatch, folder):
    private = Ed25519PrivateKey.generate()
    key = actions.adopt_key(issuer=issuer, public=keys.public_of(private), by=None, at=cast.NOW)
    monkeypatch.setenv(keys.ENVIRONMENT, pem(private).replace("\n", "\\n"))
    assert not folder.exists()
    assert holds(issued(enrolment), key)
    assert warnings() == []


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "not a private key"),
        (pem(rsa.generate_private_key(65537, 2048)), "not an Ed25519 key"),
        (pem(Ed25519PrivateKey.generate(), b"secret"), "without a password"),
        (pem(Ed25519PrivateKey.generate()), "another key than its name says"),
    ],
)
def test_a_file_that_is_no_such_key_is_named(issuer, text, why):
    key = new_key(issuer)
    keys.path_of(key.kid).write_text(text)
    with pytest.raises(keys.KeyFileError, match=why):
        keys.private_key(key.kid)
    (message,) = checks.issuers_can_sign(databases=["default"])
    assert message.id == "certificates.W003"
    assert key.kid in message.msg


def test_the_system_check_tells_of_a_missing_key_and_of_one_that_others_can_read(issuer):
    assert warnings() == ["certificates.W001"]
    key = new_key(issuer)
    assert warnings() == []
    keys.path_of(key.kid).chmod(0o644)
    assert warnings() == ["certificates.W004"]
    keys.path_of(key.kid).unlink()
    assert warnings() == ["certificates.W002"]
    assert checks.issuers_can_sign() == [], "nothing is asked of a database that was not named"


def test_a_folder_that_cannot_be_written_is_refused_with_its_name(issuer, folder):
    folder.write_text("a file is in its place")
    with pytest.raises(Refusal, match=str(folder)):
        new_key(issuer)
    assert not SigningKey.objects.exists()


class TestFromTheCommandLine:
    def run(self, *words) -> str:
        out = io.StringIO()
        call_command("certificate_keys", *words, stdout=out)
        return out.getvalue()

    def test_keys_are_made_listed_retired_and_disowned(self, issuer):
        kid = self.run("make", issuer.code).split()[0]
        assert f"{kid}  MẪU" in self.run("list")
        assert "in use" in self.run("list")
        keys.path_of(kid).unlink()
        assert "private half is missing" in self.run("list")
        self.run("retire", kid)
        assert "retired" in self.run("list")
        self.run("disown", kid)
        assert "disowned" in self.run("list")

    def test_an_unknown_issuer_or_key_is_named(self, issuer):
        with pytest.raises(CommandError, match="MẪU"):
            self.run("make", "KHÔNG")
        for doing in ("retire", "disown"):
            with pytest.raises(CommandError, match="00000000"):
                self.run(doing, "00000000")


def test_administrators_see_whether_keys_can_be_used_and_change_none(issuer):
    key = new_key(issuer)
    admin = cast.client_of(cast.staff("administrator"))
    assert "đang dùng" in admin.get("/quan-tri/signingkey/").text
    keys.path_of(key.kid).unlink()
    assert "thiếu khóa riêng" in admin.get("/quan-tri/signingkey/").text
    assert admin.get("/quan-tri/signingkey/new/").status_code in (302, 403, 404)
    assert admin.get(f"/quan-tri/signingkey/delete/{key.pk}/").status_code in (302, 403, 404)


def test_machines_find_the_keys_of_an_issuer_and_of_all_but_disowned_ones(client, issuer):
    first = new_key(issuer)
    second = new_key(issuer, at=cast.NOW + timedelta(days=1))
    document = client.get(f"/c/don-vi/{issuer.pk}/did.json")
    assert document["Content-Type"] == "application/did+json"
    assert document.json()["id"] == badging.did(issuer.pk)
    methods = {one["id"].partition("#")[2] for one in document.json()["verificationMethod"]}
    assert methods == {first.kid, second.kid}
    assert {one["kid"] for one in client.get("/.well-known/jwks.json").json()["keys"]} == methods
    actions.disown_key(key=first, by=None, at=cast.NOW)
    assert [one["kid"] for one in client.get("/.well-known/jwks.json").json()["keys"]] == [second.kid]


def test_an_issuer_without_keys_has_no_document(client, issuer):
    assert client.get(f"/c/don-vi/{issuer.pk}/did.json").status_code == 404
    assert client.get("/.well-known/jwks.json").json() == {"keys": []}


def test_what_our_keys_sign_is_judged_valid_and_by_a_disowned_one_not(enrolment, issuer):
    key = new_key(issuer)
    credential = issued(enrolment)
    token = badging.token(credential, keys.private_key(key.kid), key.kid)
    assert verifying.judge(token.encode(), now=cast.NOW).finding == Finding.VALID
    actions.disown_key(key=key, by=None, at=cast.NOW)
    assert verifying.judge(token.encode(), now=cast.NOW).finding != Finding.VALID


def test_the_last_day_is_signed_for_machines_and_for_phones(enrolment, issuer):
    key = new_key(issuer)
    Award.objects.update(validity_months=24)
    credential = issued(enrolment)
    said = statements.read(credential.statement, code=credential.code, public=bytes.fromhex(key.public))
    assert said.expires_on == credential.expires_on
    token = badging.token(credential, keys.private_key(key.kid), key.kid).encode()
    last = datetime.combine(credential.expires_on, time(23, 59), tzinfo=get_default_timezone())
    assert verifying.judge(token, now=last).finding == Finding.VALID
    assert verifying.judge(token, now=last + timedelta(minutes=2)).finding == Finding.EXPIRED


def test_a_file_carries_its_open_badge_and_is_judged_by_it(enrolment, issuer):
    new_key(issuer)
    credential = issued(enrolment)
    paper = rendering.pdf(credential)
    assert verifying.judge(paper, now=cast.NOW).finding == Finding.VALID
    assert rendering.pdf(credential) == paper, "the same bytes each time"
    actions.revoke(credential=credential, reason="Cấp nhầm", by=None, at=cast.NOW)
    assert verifying.judge(paper, now=cast.NOW).finding == Finding.REVOKED


def test_without_a_key_a_file_has_no_badge_in_it(enrolment):
    assert verifying.judge(rendering.pdf(issued(enrolment)), now=cast.NOW).finding == Finding.NO_CREDENTIAL


def test_the_list_says_how_keys_are_made_and_who_has_none(enrolment, issuer):
    admin = cast.client_of(cast.staff("administrator", phone="0987654399"))
    page = admin.get("/quan-tri/signingkey/").text
    assert "manage.py certificate_keys make" in page
    assert f"Chưa có khóa ký: {issuer.name}" in " ".join(page.split())
    new_key(issuer)
    assert "Đơn vị cấp nào cũng có khóa ký" in admin.get("/quan-tri/signingkey/").text

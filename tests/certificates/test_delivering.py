"""What a person gets: the office's own file, else one that is sealed once and kept, else the plain one; never none."""

from pathlib import Path

import pytest
from django.core.cache import cache

from certificates import actions, keys, rendering, sealing, verifying
from certificates.models import CopyKind, SigningKey
from certificates.models.copies import private
from certificates.proofs.findings import Finding
from tests import cast

from . import authority
from .authority import sign_at_the_office

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture(autouse=True)
def folders_of_their_own(settings, tmp_path):
    settings.CERTIFICATE_KEYS = tmp_path / "keys"
    settings.STORAGES = settings.STORAGES | {
        "certificates": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path / "certificates")},
        }
    }


@pytest.fixture(autouse=True)
def no_trouble_before():
    cache.delete_many([sealing.signing.TROUBLE, sealing.signing.RESTING])


@pytest.fixture
def key(settings, tmp_path):
    path = tmp_path / "seal.p12"
    path.write_bytes(authority.Authority().pkcs12(authority.ec_key()))
    settings.SEAL = settings.SEAL | {"file": str(path), "password": authority.PASSWORD}
    return path


def kept() -> list[str]:
    folder = Path(private().path("sealed"))
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def test_it_is_sealed_once_and_the_same_for_everybody(credential, key):
    first = rendering.delivered(credential)
    assert sealing.check(first).holds
    assert rendering.delivered(credential) == first
    assert len(kept()) == 1


def test_the_office_s_own_signature_goes_before_the_seal(credential, key):
    rendering.delivered(credential)
    signed = sign_at_the_office(rendering.pdf(credential))
    actions.take_copy(
        credential=credential, kind=CopyKind.SIGNED, data=signed, signers="", signed_at=cast.NOW, by=None, at=cast.NOW
    )
    assert rendering.delivered(credential) == signed


class TestWhatIsWrongCostsNoCertificate:
    def test_a_key_that_cannot_be_used(self, credential, key, caplog):
        key.write_bytes(b"broken")
        assert rendering.delivered(credential) == rendering.pdf(credential)
        assert "without a whole seal" in caplog.text
        officer = cast.client_of(cast.staff("organiser", cast.province()))
        said = officer.get(f"/quan-tri/credential/inspect/{credential.pk}/").text
        assert "chưa có con dấu số" in said

    def test_a_key_that_fails_while_it_signs(self, credential, key, monkeypatch):
        """A token that was pulled out: what failed is opened anew for the next file."""
        forgotten = []
        monkeypatch.setattr(sealing.signing, "sign", failing)
        monkeypatch.setattr(sealing.keys, "forget", lambda: forgotten.append(True))
        assert rendering.delivered(credential) == rendering.pdf(credential)
        assert (sealing.trouble(), forgotten, kept()) == ("signing", [True], [])

    def test_a_key_that_fails_is_not_blamed_on_the_time_stamp_service(self, credential, key, settings, monkeypatch):
        settings.SEAL = settings.SEAL | {"timestamp": "http://127.0.0.1:9/"}
        monkeypatch.setattr(sealing.signing, "sign", failing)
        assert rendering.delivered(credential) == rendering.pdf(credential)
        assert sealing.trouble() == "signing"
        assert cache.get(sealing.signing.RESTING) is None

    @pytest.mark.parametrize("place", ["os.link", "pathlib.Path.mkdir"])
    def test_a_folder_in_which_nothing_can_be_kept(self, credential, key, monkeypatch, place, caplog):
        monkeypatch.setattr(place, no_room)
        assert sealing.check(rendering.delivered(credential)).holds
        assert "could not be kept: No space left" in caplog.text
        assert kept() == []

    def test_a_service_that_gives_no_stamp_after_which_nothing_is_kept(self, credential, key, settings, monkeypatch):
        """So that a later file has the stamp."""
        settings.SEAL = settings.SEAL | {"timestamp": "http://127.0.0.1:9/"}
        assert sealing.check(rendering.delivered(credential)).seals[0].stamped_at is None
        cache.delete(sealing.signing.RESTING)
        stamper = authority.Authority().stamper()
        monkeypatch.setattr("pyhanko.sign.timestamps.HTTPTimeStamper", lambda url, timeout: stamper)
        assert sealing.check(rendering.delivered(credential)).seals[0].stamped_at


def failing(*_, **__):
    raise RuntimeError("CKR_DEVICE_REMOVED")


def no_room(*_, **__):
    raise OSError(28, "No space left on device")


def test_the_session_with_a_token_is_opened_anew_after_it_failed(monkeypatch):
    opened = []
    monkeypatch.setattr(sealing.keys, "_from_token", cached := keeping(opened))
    cached("a", "b", "c", "d")
    cached("a", "b", "c", "d")
    sealing.keys.forget()
    cached("a", "b", "c", "d")
    assert len(opened) == 2


def keeping(opened: list[object]):
    from functools import lru_cache

    return lru_cache(maxsize=1)(lambda *named: opened.append(named))


@pytest.fixture
def stated(credential):
    actions.make_key(issuer=credential.issuer, by=None, at=cast.NOW)
    actions.state_missing(at=cast.NOW)
    credential.refresh_from_db()
    return credential


class TestWhatIsKept:
    def test_a_file_with_a_statement_takes_the_place_of_one_without(self, credential, key):
        before = rendering.delivered(credential)
        actions.make_key(issuer=credential.issuer, by=None, at=cast.NOW)
        actions.state_missing(at=cast.NOW)
        credential.refresh_from_db()
        assert rendering.delivered(credential) != before
        assert verifying.judge(rendering.delivered(credential), now=cast.NOW).finding == Finding.VALID
        assert len(kept()) == 1

    def test_what_a_disowned_key_stated_is_not_given_out_again(self, stated, key, django_capture_on_commit_callbacks):
        rendering.delivered(stated)
        with django_capture_on_commit_callbacks(execute=True):
            actions.disown_key(key=SigningKey.objects.get(), by=None, at=cast.NOW)
        assert kept() == []
        actions.make_key(issuer=stated.issuer, by=None, at=cast.NOW)
        actions.state_missing(at=cast.NOW)
        stated.refresh_from_db()
        assert verifying.judge(rendering.delivered(stated), now=cast.NOW).finding == Finding.VALID

    def test_a_file_without_its_credential_is_not_kept(self, stated, key):
        """Its issuer's key is out of reach for a while."""
        path = keys.path_of(stated.statement_kid)
        away = path.rename(path.with_suffix(".away"))
        assert verifying.judge(rendering.delivered(stated), now=cast.NOW).proof == ""
        assert kept() == []
        away.rename(path)
        assert verifying.judge(rendering.delivered(stated), now=cast.NOW).finding == Finding.VALID

    def test_of_what_was_revoked_nothing_is_kept(self, stated, key, django_capture_on_commit_callbacks):
        rendering.delivered(stated)
        other = Path(private().path("sealed")) / "22223333-000000000000.pdf"
        other.write_bytes(b"another one's")
        with django_capture_on_commit_callbacks(execute=True):
            actions.revoke(credential=stated, reason="Cấp nhầm", by=None, at=cast.NOW)
        assert kept() == [other.name]

    def test_of_what_was_replaced_nothing_is_kept(self, stated, key, django_capture_on_commit_callbacks):
        rendering.delivered(stated)
        with django_capture_on_commit_callbacks(execute=True):
            actions.reissue(credential=stated, why="lost", words="", by=cast.staff("administrator"), at=cast.NOW)
        assert kept() == []

    def test_a_folder_that_cannot_be_tidied_keeps_nobody_from_revoking(
        self, stated, key, monkeypatch, caplog, django_capture_on_commit_callbacks
    ):
        rendering.delivered(stated)
        monkeypatch.setattr(Path, "unlink", no_room)
        with django_capture_on_commit_callbacks(execute=True):
            assert actions.revoke(credential=stated, reason="Cấp nhầm", by=None, at=cast.NOW)
        assert "could not be removed" in caplog.text

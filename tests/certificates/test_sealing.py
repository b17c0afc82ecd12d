"""The seal of an office: put on last, told in words on the page, and broken by any change."""

import hashlib
import io
import os
from datetime import UTC, datetime, timedelta
from functools import cache

import pikepdf
import pytest
from django.core.cache import cache as shared_cache
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from certificates import rendering, sealing
from certificates.designing import LOOKS
from certificates.sealing import Finding, checks, keys, signing

from . import authority, clauses
from .authority import OFFICE, PASSWORD
from .tagged import reading
from .test_clauses import KHMER, NAMES

pytestmark = [pytest.mark.django_db, pytest.mark.once]
AT = datetime.now(UTC).replace(microsecond=0)


@cache
def files() -> dict[str, bytes]:
    ca = authority.Authority()
    return {"ecdsa": ca.pkcs12(authority.ec_key()), "rsa": ca.pkcs12(authority.rsa_key())}


@pytest.fixture(autouse=True)
def no_trouble_before():
    shared_cache.delete_many([signing.TROUBLE, signing.RESTING])


@pytest.fixture
def configured(settings, tmp_path):
    """Names a key to the settings; by default one of ECDSA."""

    def name(packed: bytes = files()["ecdsa"], **fields):
        path = tmp_path / f"{hashlib.sha256(packed).hexdigest()[:8]}.p12"
        path.write_bytes(packed)
        path.chmod(0o600)
        settings.SEAL = settings.SEAL | {"file": str(path), "password": PASSWORD} | fields
        return path

    return name


def seal(credential) -> bytes:
    return sealing.finish(sealing.begin(credential, AT))[0]


@pytest.fixture
def one(credential, configured):
    configured()
    return seal(credential)


def changed(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def signed_range(data: bytes) -> list[int]:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return [int(number) for number in pdf.Root.AcroForm.Fields[0].V.ByteRange]


class TestSealing:
    @pytest.mark.parametrize("kind", ["ecdsa", "rsa"])
    def test_a_file_says_who_sealed_it_and_when_and_is_whole(self, credential, configured, kind):
        configured(files()[kind])
        report = sealing.check(seal(credential))
        assert report.holds
        assert report.findings == {Finding.INTACT, Finding.WHOLE, Finding.OURS}
        assert [(one.by, one.at, one.stamped_at) for one in report.seals] == [(OFFICE, report.seals[0].at, None)]
        assert abs(report.seals[0].at - datetime.now(UTC)) < timedelta(minutes=5)

    @pytest.mark.parametrize(("design", "name"), list(zip(LOOKS, NAMES[1:], strict=False)))
    def test_the_sealed_file_keeps_to_every_clause(self, credential, configured, design, name):
        """Each look with one name: unsealed, every name is looked at in test_clauses."""
        configured()
        credential.design, credential.evidence = design, credential.evidence | {"name": name, "khmer_name": KHMER}
        data = seal(credential)
        assert clauses.findings(data) == []
        assert clauses.vera(data) == []

    def test_the_page_tells_it_in_words_and_so_does_the_field(self, one):
        said = reading(pikepdf.open(io.BytesIO(one)))
        lines = [block for block in said if block.startswith(f"{OFFICE} ký số lúc ")]
        assert len(lines) == 2
        assert lines[0] == lines[1] == said[-1]
        assert not any("bản điện tử" in block for block in said)

    def test_the_field_lies_over_those_words(self, one):
        import pypdfium2

        page = pypdfium2.PdfDocument(one)[0].get_textpage()
        with pikepdf.open(io.BytesIO(one)) as pdf:
            left, bottom, right, top = (float(value) for value in pdf.Root.AcroForm.Fields[0].Rect)
        assert "ký số lúc" in page.get_text_bounded(left, bottom, right, top)

    def test_a_long_name_of_an_office_stays_above_the_signer(self, credential, configured):
        configured(authority.Authority().pkcs12(authority.ec_key(), name="SỞ NÔNG NGHIỆP TỈNH CÀ MAU"))
        for credential.design in LOOKS:
            assert clauses.findings(seal(credential)) == []

    def test_it_is_a_pades_signature_after_which_nothing_may_change(self, one):
        with pikepdf.open(io.BytesIO(one)) as pdf:
            signature = pdf.Root.AcroForm.Fields[0].V
            assert signature.SubFilter == "/ETSI.CAdES.detached"
            assert signature.Reference[0].TransformParams.P == 1

    def test_without_a_key_nothing_is_sealed(self, credential):
        assert not sealing.is_configured()
        assert sealing.check(rendering.pdf(credential)).findings == {Finding.UNSEALED}


class TestTampering:
    def test_the_signature_covers_all_but_itself(self, one):
        begin, before, after, rest = signed_range(one)
        assert (begin, after + rest) == (0, len(one))
        hole = one[before:after]
        assert hole[:1] + hole[-1:] == b"<>"
        assert set(hole[1:-1]) <= set(b"0123456789abcdefABCDEF")

    def test_a_changed_byte_anywhere_is_found(self, one):
        """Of those that are signed, which are all but the signature (above), every 641st; STEP=1 tries each, for half an hour."""
        _, before, after, _ = signed_range(one)
        places = [at for at in range(0, len(one), int(os.environ.get("STEP", "641"))) if not before <= at < after]
        assert len(places) > 50
        assert [at for at in places if sealing.check(changed(one, at)).holds] == []

    def test_a_changed_signature_is_found_or_tells_the_same(self, one):
        """Beside it lies the authority's certificate, which says nothing of who signed and when."""
        _, before, after, _ = signed_range(one)
        written, said = len(one[before:after].rstrip(b">").rstrip(b"0")), sealing.check(one)
        others = [sealing.check(changed(one, at)) for at in range(before + 1, before + written - 4, 61)]
        assert [other for other in others if other.holds and other != said] == []
        assert sum(other.holds for other in others) < len(others) / 2

    def test_another_name_in_the_signer_s_certificate_is_found(self, one):
        """The key stays the same, so that the signature alone would still fit."""
        own, other = (name.encode().hex().upper().encode() for name in (OFFICE, OFFICE.replace("MẪU", "GIẢ")))
        assert own in one
        assert len(own) == len(other)
        assert not sealing.check(one.replace(own, other)).holds

    def test_what_was_changed_is_called_altered(self, one):
        with pikepdf.open(io.BytesIO(one)) as pdf:
            assert pdf.docinfo.Title
        at = one.index(b"endstream") - 40
        report = sealing.check(changed(one, at))
        assert Finding.ALTERED in report.findings
        assert not report.holds

    def test_what_was_written_after_it_is_found(self, one):
        writer = IncrementalPdfFileWriter(io.BytesIO(one))
        writer.root["/Lang"] = writer.root["/Lang"].__class__("en")
        writer.update_root()
        later = io.BytesIO()
        writer.write(later)
        report = sealing.check(later.getvalue())
        assert {Finding.INTACT, Finding.CHANGED_AFTER} <= report.findings
        assert not report.holds

    def test_bytes_behind_the_end_are_found(self, one):
        assert not sealing.check(one + b"\n% more\n").holds

    def test_a_seal_by_somebody_of_the_same_name_is_not_ours(self, one, configured):
        configured(authority.Authority().pkcs12(authority.ec_key()))
        report = sealing.check(one)
        assert report.seals[0].by == OFFICE
        assert Finding.OURS not in report.findings

    @pytest.mark.parametrize("data", [b"", b"PK\3\4", b"%PDF-1.7\n", b"%PDF-1.7\n" + b"<<" * 5000, b"\0" * 3000])
    def test_what_is_no_file_is_unreadable(self, data):
        assert sealing.check(data).findings == {Finding.UNREADABLE}


class TestTheTime:
    @pytest.fixture
    def service(self, configured, monkeypatch):
        configured(timestamp="http://127.0.0.1:9/tsa")
        stamper = authority.Authority().stamper()
        monkeypatch.setattr("pyhanko.sign.timestamps.HTTPTimeStamper", lambda url, timeout: stamper)
        return stamper

    def test_a_service_s_time_is_in_the_seal(self, credential, service):
        data, is_whole = sealing.finish(sealing.begin(credential, AT))
        report = sealing.check(data)
        assert is_whole
        assert report.holds
        assert abs(report.seals[0].stamped_at - datetime.now(UTC)) < timedelta(minutes=5)
        assert clauses.findings(data) == []

    def test_a_service_that_fails_costs_its_time_and_nothing_else(self, credential, configured, caplog):
        configured(timestamp="http://127.0.0.1:9/tsa")
        data, is_whole = sealing.finish(sealing.begin(credential, AT))
        assert not is_whole
        assert sealing.check(data).holds
        assert sealing.trouble() == "timestamp"
        assert "without a whole seal: timestamp" in caplog.text

    def test_a_service_that_failed_is_left_alone_for_a_while(self, credential, configured, monkeypatch):
        configured(timestamp="http://127.0.0.1:9/tsa")
        seal(credential)

        def refuse(*arguments, **named):
            raise AssertionError("asked again")

        monkeypatch.setattr("requests.post", refuse)
        assert sealing.finish(sealing.begin(credential, AT))[1] is False


class TestSystemCheck:
    def found(self) -> list[str]:
        return [one.id for one in checks.the_seal_can_be_used()]

    def test_a_good_key_is_not_mentioned_and_none_is_not_missed(self, configured):
        assert self.found() == []
        configured()
        assert self.found() == []

    def test_a_missing_file_is_explained(self, configured):
        configured(file="/nowhere/seal.p12")
        assert self.found() == ["certificates.E001"]
        assert "/nowhere/seal.p12" in checks.the_seal_can_be_used()[0].msg

    def test_a_missing_file_of_the_password_is_explained(self, configured):
        configured(password_file="/nowhere/password")
        assert self.found() == ["certificates.E001"]

    @pytest.mark.parametrize("fields", [{"password": "sai"}, {"password": ""}])
    def test_a_wrong_password_is_explained_without_being_told(self, configured, fields):
        configured(**fields)
        assert self.found() == ["certificates.E002"]
        assert PASSWORD not in checks.the_seal_can_be_used()[0].msg

    def test_a_file_that_is_none_is_explained(self, configured):
        configured(b"no key")
        assert self.found() == ["certificates.E002"]

    def test_a_certificate_that_has_ended_is_explained_and_seals_nothing(self, credential, configured):
        configured(authority.Authority().pkcs12(authority.ec_key(), until=AT - timedelta(days=1)))
        assert self.found() == ["certificates.E003"]
        with pytest.raises(sealing.KeyProblemError):
            seal(credential)

    def test_one_that_ends_soon_is_told(self, configured):
        configured(authority.Authority().pkcs12(authority.ec_key(), until=AT + timedelta(days=20)))
        assert self.found() == ["certificates.W011"]

    def test_a_short_key_is_explained(self, configured):
        configured(authority.Authority().pkcs12(authority.rsa_key(1024)))
        assert self.found() == ["certificates.E004"]

    def test_a_certificate_for_something_else_is_explained(self, configured):
        configured(authority.Authority().pkcs12(authority.ec_key(), signs=False))
        assert self.found() == ["certificates.E005"]

    def test_a_token_without_its_library_is_explained(self, configured):
        configured(module="/nowhere/token.so", token="x", label="y")
        assert self.found() == ["certificates.E006"]

    def test_a_key_that_others_can_read_is_told(self, configured):
        configured().chmod(0o644)
        assert self.found() == ["certificates.W012"]

    def test_a_password_may_lie_in_a_file(self, configured, tmp_path):
        kept = tmp_path / "password"
        kept.write_text(PASSWORD + "\n")
        kept.chmod(0o600)
        configured(password="", password_file=str(kept))
        assert self.found() == []

    def test_a_new_key_is_used_without_a_restart(self, configured):
        path = configured()
        before = keys.sealer().fingerprint
        path.write_bytes(files()["rsa"])
        assert keys.sealer().fingerprint != before

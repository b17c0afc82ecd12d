"""Each finding has its name, also for credentials of other issuers."""

import ast
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

import certificates
from certificates.proofs import checking, integrity, jose, keys
from certificates.proofs.findings import Finding, Refused

from . import signed

pytestmark = pytest.mark.once

NOW = datetime(2027, 1, 1, tzinfo=UTC)
HERE = "did:web:hoc.example:c:don-vi:1"
PUBLISHED = {f"{HERE}#khoa-1": signed.PUBLIC}


def lookup(method):
    if method in PUBLISHED:
        return PUBLISHED[method]
    return checking.unknown(method)


def found(text, now=NOW):
    return checking.check(text if isinstance(text, str) else json.dumps(text), lookup=lookup, now=now)


def of_issuer(issuer, method, private=signed.PRIVATE, **changes):
    credential = signed.built() | changes
    credential["issuer"] = credential["issuer"] | {"id": issuer}
    return [
        jose.sign(credential, private, method),
        integrity.sign(credential, private, method, created="2026-11-23T10:00:00Z", suite=integrity.JCS),
        integrity.sign(credential, private, method, created="2026-11-23T10:00:00Z", suite=integrity.RDFC),
    ]


@pytest.mark.parametrize("kind", range(3), ids=["token", "jcs", "rdfc"])
class TestEachWay:
    def test_valid(self, kind):
        told = found(of_issuer(HERE, next(iter(PUBLISHED)))[kind])
        assert (told.finding, told.issuer, told.is_signed) == (Finding.VALID, HERE, True)
        assert found(of_issuer(signed.ISSUER, signed.METHOD)[kind]).finding == Finding.VALID

    @pytest.mark.parametrize(
        ("moment", "finding"),
        [
            (datetime(2026, 11, 23, 2, 59, 59, tzinfo=UTC), Finding.NOT_YET_VALID),
            (datetime(2026, 11, 23, 3, tzinfo=UTC), Finding.VALID),
            (datetime(2029, 11, 23, 3, tzinfo=UTC), Finding.EXPIRED),
        ],
    )
    def test_its_time(self, kind, moment, finding):
        assert found(of_issuer(signed.ISSUER, signed.METHOD)[kind], moment).finding == finding

    def test_nobody_signs_in_another_s_name(self, kind):
        own = f"{keys.did_key(signed.STRANGER.public_key())}#{keys.multikey(signed.STRANGER.public_key())}"
        told = found(of_issuer(HERE, own, signed.STRANGER)[kind])
        assert (told.finding, told.is_signed) == (Finding.UNKNOWN_ISSUER, False)
        assert found(of_issuer(HERE, next(iter(PUBLISHED)), signed.STRANGER)[kind]).finding == Finding.ALTERED

    def test_unknown_issuer(self, kind):
        for issuer in ("did:web:khac.example", "https://khac.example/1", "did:example:1"):
            told = found(of_issuer(issuer, f"{issuer}#a")[kind])
            assert told.finding == Finding.UNKNOWN_ISSUER
            assert told.credential["name"] == signed.FACTS.course.name

    @pytest.mark.parametrize(
        "context",
        [
            ["https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
            ["https://www.w3.org/ns/credentials/v2", "https://khac.example/context"],
            ["https://www.w3.org/ns/credentials/v2", {"@vocab": "https://khac.example/"}],
            [],
            None,
        ],
    )
    def test_wrong_context(self, kind, context):
        if kind == 0:
            text = jose.sign(signed.built() | {"@context": context}, signed.PRIVATE, signed.METHOD)
        else:
            text = of_issuer(signed.ISSUER, signed.METHOD)[kind] | {"@context": context}
        assert found(text).finding == Finding.WRONG_CONTEXT


def test_a_context_inside_is_a_wrong_one():
    credential = signed.built()
    credential["credentialSubject"]["@context"] = {"identityHash": "https://khac.example/"}
    token = jose.sign(credential, signed.PRIVATE, signed.METHOD)
    assert found(token).finding == Finding.WRONG_CONTEXT


def test_without_a_proof_it_is_a_wrong_proof():
    assert found(signed.built()).finding == Finding.WRONG_PROOF


def test_other_json_is_no_credential():
    assert found({"a": 1}).finding == Finding.NO_CREDENTIAL
    assert found("eyJ.khong.phai").finding == Finding.DAMAGED


def test_a_key_that_the_token_brings_along_proves_no_issuer():
    from .test_tokens import made

    stranger = signed.STRANGER.public_key()
    header = {"alg": "EdDSA", "jwk": {k: v for k, v in keys.jwk(stranger, "1").items() if k in ("kty", "crv", "x")}}
    credential = signed.built()
    credential["issuer"]["id"] = HERE
    assert found(made(header, credential, signed.STRANGER)).finding == Finding.UNKNOWN_ISSUER


def test_a_document_of_an_issuer_gives_its_own_keys_alone():
    document = keys.did_document(HERE, {"1": signed.PUBLIC})
    method = f"{HERE}#1"
    assert keys.raw(keys.of_did_document(document, method)) == keys.raw(signed.PUBLIC)
    wrong = [
        document | {"id": "did:web:khac.example"},
        document | {"assertionMethod": []},
        document | {"verificationMethod": [document["verificationMethod"][0] | {"controller": "did:web:khac.example"}]},
        document | {"verificationMethod": [document["verificationMethod"][0] | {"revoked": "2026-01-01T00:00:00Z"}]},
        document | {"verificationMethod": document["verificationMethod"] * 2},
        {},
    ]
    for one in wrong:
        with pytest.raises(Refused):
            keys.of_did_document(one, method)


def test_names_of_issuers_on_the_web():
    assert keys.did_web("https://hoc.example", "c", "don-vi", "1") == HERE
    assert keys.did_web("http://localhost:8000") == "did:web:localhost%3A8000"


HEAVY = {"cryptography", "joserfc", "pikepdf", "pydyf", "pyhanko", "pyld", "pypdfium2", "rfc8785", "weasyprint"}


def imported_at_once(tree: ast.Module) -> set[str]:
    """By a module as soon as it is imported itself; what only types need is no import."""
    at_top = [one for one in tree.body if isinstance(one, ast.Import | ast.ImportFrom)]
    named = [one.name for part in at_top if isinstance(part, ast.Import) for one in part.names]
    return {
        name.partition(".")[0]
        for name in named + [str(one.module) for one in at_top if isinstance(one, ast.ImportFrom)]
    }


def test_importing_the_app_loads_nothing_heavy():
    """Workers that check nothing stay light."""
    sources = list(Path(certificates.__file__).parent.rglob("*.py"))
    found = {path.name: imported_at_once(ast.parse(path.read_text())) & HEAVY for path in sources}
    assert {name: heavy for name, heavy in found.items() if heavy} == {}
    assert imported_at_once(ast.parse("import pikepdf.models, os\nfrom pyld import jsonld")) & HEAVY == {
        "pikepdf",
        "pyld",
    }

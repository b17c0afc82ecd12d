"""Proofs inside a credential: W3C's vectors hold, and no leaf can be changed unnoticed."""

import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from certificates.proofs import contexts, integrity, keys
from certificates.proofs.findings import Finding, Refused

from . import signed

pytestmark = pytest.mark.once

VECTORS = Path(__file__).parent / "vectors"
HASHES = {
    integrity.RDFC: "517744132ae165a5349155bef0bb0cf2258fff99dfe1dbd914b938d775a36017",
    integrity.JCS: "59b7cb6251b8991add1ce0bc83107e3db9dbbab5bd2c28f687db1a03abc92f19",
}
BOTH = pytest.mark.parametrize("suite", [integrity.JCS, integrity.RDFC])


@pytest.fixture
def vector(monkeypatch, suite):
    monkeypatch.setitem(contexts.FILES, "https://www.w3.org/ns/credentials/examples/v2", VECTORS / "examples-v2.json")
    return json.loads((VECTORS / f"{suite}.json").read_text())


def published_keys():
    found = json.loads((VECTORS / "key.json").read_text())
    secret = keys.from_base58(found["privateKeyMultibase"][1:])
    return Ed25519PrivateKey.from_private_bytes(secret[2:]), found["publicKeyMultibase"]


@BOTH
def test_the_published_vector_holds_and_our_signature_is_the_same(vector, suite):
    private, public = published_keys()
    assert keys.multikey(private.public_key()) == public
    assert integrity.verify(vector, lambda proof: keys.from_multikey(public)) == {
        name: value for name, value in vector.items() if name != "proof"
    }
    proof = vector["proof"]
    again = integrity.sign(vector, private, proof["verificationMethod"], created=proof["created"], suite=suite)
    assert again == vector


@BOTH
def test_the_hash_of_the_published_document_is_the_published_one(vector, suite):
    unsecured = {name: value for name, value in vector.items() if name != "proof"}
    config = {name: value for name, value in vector["proof"].items() if name != "proofValue"}
    assert integrity.digest(unsecured, config)[32:].hex() == HASHES[suite]


@BOTH
def test_each_changed_leaf_is_noticed(suite):
    document = signed.secured(suite)
    assert integrity.verify(document, lambda proof: signed.PUBLIC) == signed.built()  # the control
    unnoticed = []
    for path in signed.leaves(document):
        try:
            integrity.verify(signed.changed(document, path), lambda proof: signed.PUBLIC)
        except Refused:
            continue
        unnoticed.append(path)
    assert unnoticed == []


@BOTH
def test_each_leaf_taken_out_is_noticed(suite):
    document = signed.secured(suite)
    for path in signed.leaves(document):
        copy = signed.changed(document, path)
        place = copy
        for step in path[:-1]:
            place = place[step]
        del place[path[-1]]
        with pytest.raises(Refused):
            integrity.verify(copy, lambda proof: signed.PUBLIC)


@BOTH
def test_a_word_added_is_noticed_also_when_no_context_knows_it(suite):
    document = signed.secured(suite)
    for place in (document, document["credentialSubject"], document["proof"]):
        place["giải thưởng"] = "quốc gia"
        with pytest.raises(Refused):
            integrity.verify(document, lambda proof: signed.PUBLIC)
        del place["giải thưởng"]


@pytest.mark.parametrize("name", ["type", "id"])
def test_a_name_without_an_address_is_refused_because_nobody_could_sign_it(name):
    """On the way to RDF it would vanish, and anybody could change it afterwards."""
    document = signed.built()
    document["credentialSubject"]["achievement"][name] = "lạ" if name == "id" else ["Achievement", "Lạ"]
    with pytest.raises(Refused) as told:
        integrity.canonical_rdf(document)
    assert told.value.finding == Finding.WRONG_CONTEXT


def test_a_vocabulary_added_to_the_proof_is_noticed():
    document = signed.secured(integrity.RDFC)
    document["proof"]["@context"] = [contexts.CREDENTIALS]
    with pytest.raises(Refused):
        integrity.verify(document, lambda proof: signed.PUBLIC)


@BOTH
def test_another_key_does_not_fit(suite):
    with pytest.raises(Refused) as told:
        integrity.verify(signed.secured(suite), lambda proof: signed.STRANGER.public_key())
    assert told.value.finding == Finding.ALTERED


@pytest.mark.parametrize(
    ("name", "value"),
    [("type", "Ed25519Signature2020"), ("cryptosuite", "ecdsa-jcs-2019"), ("proofPurpose", "authentication")],
)
def test_another_kind_of_proof_is_called_so(name, value):
    document = signed.secured()
    document["proof"][name] = value
    with pytest.raises(Refused) as told:
        integrity.verify(document, lambda proof: signed.PUBLIC)
    assert told.value.finding == Finding.WRONG_PROOF


def test_a_proof_of_one_suite_is_none_of_the_other():
    document = signed.secured(integrity.JCS)
    document["proof"]["cryptosuite"] = integrity.RDFC
    with pytest.raises(Refused):
        integrity.verify(document, lambda proof: signed.PUBLIC)


def test_a_good_proof_beside_a_false_one_does_not_hide_it():
    good, false = signed.secured(integrity.JCS)["proof"], signed.secured(integrity.RDFC)["proof"]
    document = signed.built() | {"proof": [good, false]}
    assert integrity.verify(document, lambda proof: signed.PUBLIC)
    false["proofValue"] = good["proofValue"]
    with pytest.raises(Refused):
        integrity.verify(document, lambda proof: signed.PUBLIC)


def test_a_graph_of_nodes_all_alike_is_refused_before_it_takes_forever():
    """Ten nodes that each point to all others: without the limit, this takes hours."""
    names = [f"_:n{number}" for number in range(10)]
    nodes = [{"id": one, "evidence": [{"id": other} for other in names if other != one]} for one in names]
    document = signed.built() | {"evidence": [node | {"type": "VerifiableCredential"} for node in nodes]}
    with pytest.raises(Refused) as told:
        integrity.canonical_rdf(document)
    assert told.value.finding == Finding.TOO_LARGE


def test_a_credential_of_thousands_of_parts_is_refused_before_it_is_read():
    document = signed.built() | {
        "evidence": [{"type": ["Evidence"], "name": str(n)} for n in range(integrity.MOST_VALUES // 3)]
    }
    with pytest.raises(Refused) as told:
        integrity.canonical_rdf(document)
    assert (told.value.finding, told.value.detail) == (Finding.TOO_LARGE, "values")


@BOTH
def test_what_several_proofs_sign_is_brought_into_form_once(suite, monkeypatch):
    document = signed.secured(suite)
    document["proof"] = [document["proof"]] * integrity.MOST_PROOFS
    formed: list[str] = []
    usual = integrity._hash_of
    monkeypatch.setattr(integrity, "_hash_of", lambda one, how: formed.append(one.get("type")) or usual(one, how))
    assert integrity.verify(document, lambda proof: signed.PUBLIC) == signed.built()
    assert formed.count("DataIntegrityProof") == integrity.MOST_PROOFS
    assert formed.count(signed.built()["type"]) == 1


@BOTH
def test_a_proof_of_many_parts_is_refused_before_it_is_read(suite, monkeypatch):
    document = signed.secured(suite)
    document["proof"]["nonce"] = ["a"] * integrity.MOST_OF_PROOF
    monkeypatch.setattr(integrity, "_hash_of", pytest.fail)
    with pytest.raises(Refused) as told:
        integrity.verify(document, lambda proof: signed.PUBLIC)
    assert (told.value.finding, told.value.detail) == (Finding.TOO_LARGE, "values of the proof")


def test_the_bundled_contexts_are_the_published_ones():
    """Hashes as W3C's recommendations and the publishers' own addresses give them."""
    from hashlib import sha256

    published = {
        "https://www.w3.org/ns/credentials/v2": "59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734",
        "https://w3id.org/security/data-integrity/v2": "67f21e6e33a6c14e5ccfd2fc7865f7474fb71a04af7e94136cb399dfac8ae8f4",
        "https://w3id.org/security/multikey/v1": "ba2c182de2d92f7e47184bcca8fcf0beaee6d3986c527bf664c195bbc7c58597",
        contexts.OPEN_BADGES: "3d34f4d4ef1bce691106e63798beb5e7b862ba841423f5ee1e53ab7ddf3bca84",
    }
    assert {one: sha256(contexts.FILES[one].read_bytes()).hexdigest() for one in published} == published
    assert all("@context" in contexts.document(address) for address in contexts.FILES)

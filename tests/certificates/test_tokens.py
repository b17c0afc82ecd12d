"""The credential as a signed token: known vectors, every changed byte, and the tricks that are known of tokens."""

import json

import pytest

from certificates.proofs import jose, keys
from certificates.proofs.findings import Finding, Refused

from . import signed

pytestmark = pytest.mark.once

# RFC 8037, A.1, A.2 and A.4
RFC_KEY = {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
RFC_TOKEN = (
    "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc."
    "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"
)
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def verify(token, public=signed.PUBLIC):
    return jose.verify(token, lambda header: public)


def made(header, payload=None, private=signed.PRIVATE):
    """A token with any header, signed by hand."""
    parts = [keys.base64url(json.dumps(one).encode()) for one in (header, payload or signed.built())]
    message = ".".join(parts)
    return f"{message}.{keys.base64url(private.sign(message.encode()))}"


def test_the_vector_of_rfc_8037_holds():
    with pytest.raises(Refused) as told:  # its signature holds, its payload is a sentence and no credential
        verify(RFC_TOKEN, keys.from_jwk(RFC_KEY))
    assert told.value.finding == Finding.DAMAGED
    with pytest.raises(Refused) as told:
        verify(RFC_TOKEN.replace("RXh", "RXi"), keys.from_jwk(RFC_KEY))
    assert told.value.finding == Finding.ALTERED


def test_our_signature_of_the_sentence_in_rfc_8037_is_the_published_one():
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    secret = keys.from_base64url("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A")
    private = Ed25519PrivateKey.from_private_bytes(secret)
    assert jose._signed({"alg": "EdDSA"}, b"Example of Ed25519 signing", private) == RFC_TOKEN
    assert keys.jwk(private.public_key(), "1")["x"] == RFC_KEY["x"]


def test_the_token_holds_the_credential_and_agrees_with_it():
    token = signed.token()
    assert verify(token) == signed.built()
    payload = json.loads(keys.from_base64url(token.split(".")[1]))
    assert payload["iss"] == signed.ISSUER
    assert payload["jti"] == "https://hoc.example/c/7K4MQ2XD"
    assert payload["nbf"] == 1795402800
    assert json.loads(keys.from_base64url(token.split(".")[0])) == {"alg": "EdDSA", "kid": signed.METHOD, "typ": "JWT"}


def test_each_changed_letter_is_noticed():
    """Also the last one of the signature, four bits of which stand for nothing."""
    token = signed.token()
    assert verify(token)  # the control
    unnoticed = []
    for place, letter in enumerate(token):
        others = LETTERS if place == len(token) - 1 else (LETTERS[(LETTERS.find(letter) + 1) % 64], ".", "é")
        for other in others:
            if other == letter:
                continue
            try:
                verify(token[:place] + other + token[place + 1 :])
            except Refused:
                continue
            unnoticed.append((place, other))
    assert unnoticed == []


def test_bytes_have_one_spelling():
    assert keys.from_base64url("AA") == b"\0"
    with pytest.raises(ValueError, match="canonical"):
        keys.from_base64url("AB")  # four bits that stand for nothing


def test_a_token_without_a_signature_is_refused():
    head = keys.base64url(b'{"alg":"none"}')
    for token in (f"{head}.{signed.token().split('.')[1]}.", made({"alg": "none"}), made({"alg": "nOnE"}), made({})):
        with pytest.raises(Refused) as told:
            verify(token)
        assert told.value.finding == Finding.WRONG_PROOF


def test_the_public_key_is_no_shared_secret():
    """The known confusion: HS256 with the public key, which everybody has, as its secret."""
    import hmac

    head = keys.base64url(b'{"alg":"HS256"}')
    message = f"{head}.{signed.token().split('.')[1]}"
    mac = hmac.digest(keys.raw(signed.PUBLIC), message.encode(), "sha256")
    with pytest.raises(Refused) as told:
        verify(f"{message}.{keys.base64url(mac)}")
    assert told.value.finding == Finding.WRONG_PROOF


@pytest.mark.parametrize("algorithm", ["ES256", "RS256", "PS256"])
def test_the_kind_of_key_says_which_algorithm_may_be(algorithm):
    with pytest.raises(Refused) as told:
        verify(made({"alg": algorithm}))
    assert told.value.finding == Finding.WRONG_PROOF


@pytest.mark.parametrize(
    "header",
    [
        {"jku": "https://kẻ-gian.example/keys"},
        {"x5u": "https://kẻ-gian.example/cert"},
        {"crit": ["b64"], "b64": False},
        {"typ": "at+jwt"},
    ],
)
def test_a_header_that_asks_for_more_is_refused(header):
    assert verify(made({"alg": "EdDSA"})) == signed.built()  # the control
    with pytest.raises(Refused) as told:
        verify(made({"alg": "EdDSA"} | header))
    assert told.value.finding == Finding.WRONG_PROOF


@pytest.mark.parametrize(
    ("claim", "value"),
    [("iss", "did:web:kẻ-gian.example"), ("jti", "urn:khác"), ("nbf", 1), ("exp", 9_999_999_999), ("sub", "x")],
)
def test_claims_that_contradict_the_credential_are_refused(claim, value):
    with pytest.raises(Refused) as told:
        verify(made({"alg": "EdDSA"}, signed.built() | {claim: value}))
    assert told.value.finding == Finding.WRONG_PROOF


def test_a_credential_in_the_older_way_is_read_as_well():
    payload = {"iss": signed.ISSUER, "vc": signed.built()}
    assert verify(made({"alg": "EdDSA"}, payload)) == signed.built()


def test_what_others_sign_with_other_kinds_of_keys_is_read_as_well():
    from cryptography.hazmat.primitives.asymmetric import ec, rsa
    from joserfc import jws
    from joserfc.jwk import ECKey, RSAKey

    for algorithm, private, kind in (
        ("RS256", rsa.generate_private_key(65537, 2048), RSAKey),
        ("ES256", ec.generate_private_key(ec.SECP256R1()), ECKey),
    ):
        wrapped = kind.import_key(private)
        token = jws.serialize_compact({"alg": algorithm}, json.dumps(signed.built()), wrapped)
        public = keys.from_jwk(wrapped.as_dict(private=False))
        assert verify(token, public) == signed.built()
        with pytest.raises(Refused):
            verify(token)


def test_a_secret_that_is_shown_is_no_key():
    for shown in (RFC_KEY | {"d": "AA"}, {"kty": "oct", "k": "AA"}):
        with pytest.raises(Refused):
            keys.from_jwk(shown)


def test_nothing_of_the_person_but_the_name_is_in_it():
    told = json.dumps(signed.built(), ensure_ascii=False)
    assert told.count("Trần Thị Út") == 1
    assert set(signed.built()["credentialSubject"]) == {
        "type", "identifier", "licenseNumber", "activityStartDate", "activityEndDate", "achievement", "result",
    }  # fmt: skip


@pytest.mark.parametrize(
    "text", ['{"a":1,"a":2}', '{"a":NaN}', "[" * 60 + "]" * 60, '{"a":' * 90 + "1" + "}" * 90, "[1]", "\ufeff{"]
)
def test_json_that_two_readers_could_read_differently_is_refused(text):
    from certificates.proofs import strict

    with pytest.raises(Refused):
        strict.parse(text)

"""The signed statement in a QR code: what it says, and that nothing of it can be changed."""

from dataclasses import replace
from datetime import date

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from certificates import keys, rules, statements
from certificates.statements import Statement, StatementError

pytestmark = pytest.mark.once
PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = keys.public_of(PRIVATE)
KID = keys.kid_of(PUBLIC)
CODE = "7K4MQ2XD"
SAID = Statement(
    number="0041/GCN-VPĐP",
    name="Nguyễn Thị Ngọc Diễm",
    course="Bắt đầu với OCOP",
    issuer="VPĐP",
    issued_on=date(2026, 10, 11),
    expires_on=date(2028, 10, 11),
    digest=bytes(range(16)),
)


def signed(said: Statement = SAID, code: str = CODE) -> str:
    return statements.sign(said, code=code, kid=KID, private=PRIVATE)


def read(text: str, code: str = CODE, public: bytes = PUBLIC) -> Statement:
    return statements.read(text, code=code, public=public)


def test_what_was_signed_is_read():
    assert read(signed()) == SAID
    assert statements.kid_of(signed()) == KID
    assert read(signed(replace(SAID, expires_on=None))).expires_on is None


def test_every_changed_letter_is_found():
    text = signed()
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    accepted = []
    for at, letter in enumerate(text):
        for other in letters.replace(letter, ""):
            try:
                accepted.append(read(text[:at] + other + text[at + 1 :]))
            except StatementError:
                continue
    assert accepted == []


def test_the_search_for_changes_would_find_one_that_is_let_through(monkeypatch):
    """The control: without the signature other words are read."""
    monkeypatch.setattr(ed25519.Ed25519PublicKey, "from_public_bytes", lambda raw: AnyKey())
    text = signed()
    assert read(text[:50] + ("A" if text[50] != "A" else "B") + text[51:]) != SAID


class AnyKey:
    def verify(self, signature, message):
        """Every signature is right."""


def test_it_belongs_to_one_code_and_one_key():
    other = keys.public_of(Ed25519PrivateKey.generate())
    for wrong in ({"code": "AAAABBBB"}, {"public": other}):
        with pytest.raises(StatementError):
            read(signed(), **wrong)


@pytest.mark.parametrize("text", ["", "A", "AQ", "====", "x" * 5000, "\x00", "đ" * 200, "A" * 400])
def test_what_is_no_statement_is_refused(text):
    with pytest.raises(StatementError):
        read(text)
    with pytest.raises(StatementError):
        statements.kid_of(text)


def test_a_text_with_letters_after_its_end_is_refused():
    for more in ("=", "==", " ", "\n", "A", "AAAA"):
        with pytest.raises(StatementError):
            read(signed() + more)


def test_a_long_course_is_cut_so_that_the_code_stays_easy_to_scan_and_a_name_never_is():
    said = replace(SAID, name="Công Tằng Tôn Nữ Thị " + "Ngọc " * 10 + "Diễm", course="Kể chuyện " * 20)
    found = read(signed(said))
    assert found.name == said.name
    assert found.course.endswith("…")
    assert len(found.course) <= statements.MOST_COURSE
    assert len(f"https://hoc-ocop.example.vn/c/{CODE}#{signed()}") < 331, "version 13, 69 modules"


@given(st.text(max_size=40).filter(lambda name: "\x1f" not in name and name.isprintable()))
def test_any_name_survives(name):
    assert read(signed(replace(SAID, name=name))).name == name


def test_its_hash_follows_from_what_the_check_page_shows_and_from_nothing_private():
    facts = dict.fromkeys(rules.Evidence.__dataclass_fields__, "x")
    assert rules.digest(facts) != rules.digest(facts | {"name": "y"})
    private = {"who_line": "Sinh năm 1980", "address_line": "xã Phan Ngọc Hiển"}
    assert rules.digest(facts) == rules.digest(facts | private)

"""A certificate of a made-up office, built and signed without a database."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from certificates.proofs import credential, integrity, jose, keys

PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = PRIVATE.public_key()
STRANGER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
ISSUER = keys.did_key(PUBLIC)
METHOD = f"{ISSUER}#{keys.multikey(PUBLIC)}"
FACTS = credential.Facts(
    id="https://hoc.example/c/7K4MQ2XD",
    issuer=credential.Profile(
        id=ISSUER, name="Văn phòng Điều phối Nông thôn mới", parent="Sở Nông nghiệp và Môi trường"
    ),
    course=credential.Course(
        id="https://hoc.example/khoa-hoc/1", name="Đóng gói tôm khô", description="Khóa học", criteria="Học hết các bài"
    ),
    name="Trần Thị Út",
    number="0001/GCN-VPĐP",
    valid_from="2026-11-23T10:00:00+07:00",
    valid_until="2029-11-23T10:00:00+07:00",
    begun="2026-11-01T00:00:00+07:00",
    ended="2026-11-23T00:00:00+07:00",
    hours="8 giờ",
    result="Đạt",
    evidence="Học từ ngày 01/11/2026 đến ngày 23/11/2026",
    status=credential.Status("https://hoc.example/c/tinh-trang/1/0", 94567),
)


def built() -> dict[str, Any]:
    return credential.build(FACTS)


def token() -> str:
    return jose.sign(built(), PRIVATE, METHOD)


def secured(suite: str = integrity.RDFC) -> dict[str, Any]:
    return integrity.sign(built(), PRIVATE, METHOD, created="2026-11-23T10:00:00+07:00", suite=suite)


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, dict | list):
        for key, child in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(child, (*path, key))
    else:
        yield path


ANOTHER = object()


def changed(document: dict[str, Any], path: tuple[Any, ...], new: Any = ANOTHER) -> dict[str, Any]:
    """A copy in which one leaf says something else, or one part is `new`."""
    copy = deepcopy(document)
    *way, last = path
    place: Any = copy
    for step in way:
        place = place[step]
    old = place[last]
    if new is ANOTHER:
        new = not old if isinstance(old, bool) else f"{old}x"
    place[last] = new
    return copy

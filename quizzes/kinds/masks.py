"""Names under which a browser gets choices, and what is stored in the right order or beside what it belongs to.

Ids are given in the order of writing. Where that order is the key, "a" before "b" would be the key too; and authors who write
the right choice first tell it by its "a", however the choices are shuffled.
"""

import json
from collections.abc import Iterable
from hashlib import blake2b

from django.utils.crypto import salted_hmac

from .base import Data


def masked(data: Data, ids: Iterable[str]) -> dict[str, str]:
    """A name for each id: the same as long as the data is, and not to be found out without the secret of the site."""
    whole = json.dumps(data, sort_keys=True)
    secret = salted_hmac("quizzes.kinds.masks", whole, algorithm="sha256").digest()
    return {key: blake2b(key.encode(), key=secret, digest_size=6).hexdigest() for key in ids}


def unmasked(data: Data, ids: Iterable[str]) -> dict[str, str]:
    return {name: key for key, name in masked(data, ids).items()}

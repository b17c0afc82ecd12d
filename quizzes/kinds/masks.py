"""Names under which a browser gets what is stored in the right order, or beside what it belongs to.

Ids are given in the order of writing, and where that order is the key, "a" before "b" would be the key too.
"""

import json
from collections.abc import Iterable

from django.utils.crypto import salted_hmac

from .base import Data


def masked(data: Data, ids: Iterable[str]) -> dict[str, str]:
    """A name for each id: the same as long as the data is, and not to be found out without the secret of the site."""
    whole = json.dumps(data, sort_keys=True)
    return {
        key: salted_hmac("quizzes.kinds.masks", f"{key} {whole}", algorithm="sha256").hexdigest()[:12] for key in ids
    }


def unmasked(data: Data, ids: Iterable[str]) -> dict[str, str]:
    return {name: key for key, name in masked(data, ids).items()}

"""The addresses in reminders, by text message or copied by an officer: known before they are sent, so that what is looked at is what
goes out, and nobody can work one out."""

from hmac import compare_digest

from lib import codes
from reports.models import Contact

PURPOSE, COPIED, LENGTH = "reports.reminder", "reports.copied", 10  # letters of 4.86 bits
BASE = len(codes.ALPHABET)


def of(contact: Contact) -> str:
    """One for each person and week."""
    return codes.code_of(PURPOSE, f"{contact.list_id}:{contact.person_id}", LENGTH)


def copied(contact: Contact) -> str:
    """Of a message that an officer sends: nothing is kept of it, so the code itself says which line of which list it is of."""
    left, which = contact.pk, ""
    while left:
        left, letter = divmod(left, BASE)
        which = codes.ALPHABET[letter] + which
    return which + codes.code_of(COPIED, str(contact.pk), LENGTH)


def contact_of(code: str) -> int | None:
    """The key of the line that a code of `copied` is of; None for any other code, also one that somebody made up."""
    which, proof = code[:-LENGTH], code[-LENGTH:]
    if not which or len(which) > LENGTH or not set(which) <= set(codes.ALPHABET):
        return None
    key = 0
    for letter in which:
        key = key * BASE + codes.ALPHABET.index(letter)
    known = [codes.lettered(one, LENGTH) for one in codes.digests(COPIED, str(key))]
    return key if any(compare_digest(proof, one) for one in known) else None

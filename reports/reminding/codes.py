"""The address in a reminder: known before it is sent, so that what is looked at is what goes out, and nobody can work it out."""

from lib import codes
from reports.models import Contact

PURPOSE, LENGTH = "reports.reminder", 10  # letters of 4.86 bits


def of(contact: Contact) -> str:
    """One for each person and week."""
    left, letters = int(codes.digest(PURPOSE, f"{contact.list_id}:{contact.person_id}"), 16), ""
    for _position in range(LENGTH):
        left, letter = divmod(left, len(codes.ALPHABET))
        letters += codes.ALPHABET[letter]
    return letters

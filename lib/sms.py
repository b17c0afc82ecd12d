"""Text messages as providers count them: plain letters of the basic alphabet, 160 to one message, 153 to a part of a longer one."""

from lib import text

ONE, A_PART = 160, 153
_PLAIN = str.maketrans(
    {"“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "…": "...", "·": ",", "\u00a0": " "}
)
_BASIC = frozenset("@$_!\"#%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz ")


def plain(words: str) -> str:
    """Without diacritics, and without anything that would make a whole message cost twice as much."""
    written = text.without_marks(words.translate(_PLAIN))
    return text.nfc("".join(char for char in written if char in _BASIC))


def parts(body: str) -> int:
    """Messages that a plain body is paid as."""
    return 1 if len(body) <= ONE else -(-len(body) // A_PART)

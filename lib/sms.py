"""Text messages as providers count them: plain letters of the basic alphabet, 160 to one message, 153 to a part of a longer one."""

from collections.abc import Mapping

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


def fitted(template: str, shortened: Mapping[str, tuple[str, int]], **said: str) -> str:
    """One message, as far as what may be shortened allows it: each plain text in its turn, the first one first, down to the letters that are
    kept of it whatever else is said."""
    texts = {name: words for name, (words, _least) in shortened.items()}
    for name, (words, least) in shortened.items():
        over = len(template.format(**texts, **said)) - ONE
        if over > 0:
            texts[name] = _short(words, max(len(words) - over, least))
    return template.format(**texts, **said)


def _short(words: str, room: int) -> str:
    """Ends with a whole word where there is one: half a syllable reads as another."""
    if len(words) <= room:
        return words
    head = words[: room - 2]
    whole = head if words[room - 2] == " " else head.rpartition(" ")[0]
    return (whole or head).rstrip(" ,.-") + ".."

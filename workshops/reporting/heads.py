"""What stands at the head of every paper: who issues it, in lines that break where people break them."""

import re
from dataclasses import dataclass

from workshops.models import Workshop

UNKNOWN_DAY = "ngày …… tháng …… năm ……"
PLACE = re.compile(r"\b(?:tỉnh|thành phố|thị xã|thị trấn|huyện|quận|xã|phường|đặc khu) ", re.IGNORECASE)
AND = re.compile(r"(?<= và) (?=\S)", re.IGNORECASE)
LAST_PAIR = re.compile(r" (?=\S+ $)")
LONGEST = 24  # letters that may stay together: in bold capitals they fill the left half of a head


@dataclass(frozen=True)
class Heads:
    """In capitals. `parent` may be empty."""

    parent: str
    own: str


def heads_of(workshop: Workshop) -> Heads:
    return Heads(bound(workshop.organiser_parent.upper()), bound(workshop.organiser.upper()))


def bound(words: str) -> str:
    """A place that ends it stays on one line ("… TỈNH CÀ MAU"), as do the two words before it and "và" with what follows ("SỞ NÔNG NGHIỆP /
    VÀ MÔI TRƯỜNG / TỈNH CÀ MAU"); where none does, no word is left alone on the last."""
    words = " ".join(words.split())
    places = [found.start() for found in PLACE.finditer(words) if len(words) - found.start() <= LONGEST]
    pair = words[: max(words.rfind(" "), 0)].rfind(" ") + 1
    at = min(places, default=pair)
    if len(words) - at > LONGEST:
        return words
    before = LAST_PAIR.sub("\N{NO-BREAK SPACE}", words[:at]) if places else words[:at]
    return AND.sub("\N{NO-BREAK SPACE}", before) + words[at:].replace(" ", "\N{NO-BREAK SPACE}")

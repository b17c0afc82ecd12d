"""What a report is made of, whatever writes it: a head, blocks, a closing, and annexes. Words are plain text."""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass

from .heads import Heads

FEW = 2  # paragraphs
DASHED = "- "  # how Decree 30/2020 lists
BLANK = "blank"  # style of a paragraph that is left to the pen: dots as far as the line goes


@dataclass(frozen=True)
class Heading:
    text: str
    kind: str = "heading"


@dataclass(frozen=True)
class Paragraph:
    """`lead` is bold, before the words. `style`: "body", "item" (of a list), "quote", "note", `BLANK`."""

    text: str
    lead: str = ""
    style: str = "body"
    kind: str = "paragraph"


@dataclass(frozen=True)
class Table:
    """`widths` in mm, 164 together; `aligns`: l, c or r for each column. `has_total`: the last row is the sum of the others."""

    caption: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[int]
    aligns: str
    has_total: bool = False
    kind: str = "table"

    @property
    def aligned(self) -> list[list[tuple[str, str]]]:
        return [list(zip(row, self.aligns, strict=True)) for row in self.rows]


@dataclass(frozen=True)
class Picture:
    """A JPEG, and what it shows; empty where nobody said it."""

    data: bytes
    caption: str = ""

    @property
    def address(self) -> str:
        return "data:image/jpeg;base64," + b64encode(self.data).decode()


@dataclass(frozen=True)
class Photos:
    """Two beside each other."""

    pictures: Sequence[Picture]
    kind: str = "photos"

    @property
    def told(self) -> list[tuple[Picture, str]]:
        """Each with the words below it: its number, and what it shows."""
        return [
            (one, f"Hình {number}. {one.caption}" if one.caption else f"Hình {number}")
            for number, one in enumerate(self.pictures, 1)
        ]


type Block = Heading | Paragraph | Table | Photos


@dataclass(frozen=True)
class Annex:
    number: str  # Roman
    title: str
    blocks: Sequence[Block]

    @property
    def is_short(self) -> bool:
        """A sentence or two need no page of their own."""
        return len(self.blocks) <= FEW and all(isinstance(one, Paragraph) for one in self.blocks)


@dataclass(frozen=True)
class Report:
    """`addressee`: to whom it is sent, empty where nobody is above. `attached` stands below the title of each annex."""

    heads: Heads
    number: str
    place_and_day: str
    title: str  # of the kind of paper
    about: str
    addressee: str
    running: str
    specimen: str
    blocks: Sequence[Block]
    recipients: Sequence[str]
    post: str
    signer: str
    attached: str
    annexes: Sequence[Annex]  # each begins a page, but for a short one after another

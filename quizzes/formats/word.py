"""A Word document (.docx): its paragraphs as lines, with what marks a choice, and its pictures."""

import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from posixpath import normpath
from urllib.parse import quote
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.utils.translation import gettext as _

from lib.foreign import foreign_xml

from . import word_numbering
from .base import LONGEST_RAW, Draft, Parsed, UnreadableError
from .lettered import Line
from .lettered import read as read_lines
from .word_text import CLOSE, OPEN, Paragraph, Piece, Reader, styles_of
from .word_xml import child, value

LARGEST = 30_000_000  # bytes of one part when unpacked
MOST_LINES, MOST_WORDS = 50_000, 3_000_000  # lines, and letters in all of them
MOST_OF_ALL = 60_000_000  # bytes of all pictures
_LETTER = re.compile(r"\s*(?:\*\s*)?([A-Za-z])\s*[.)]\s*")
_WIDE = re.compile(
    r"(?<![ \xa0])[ \xa0]{3,}(?=\*?[A-Z]\s*[.)])"
)  # how choices beside each other are kept apart without tabs
_KEPT = re.compile(f"{OPEN}(\\d+){CLOSE}")
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp")


@dataclass
class Document:
    """The parts that are read; pictures by the name under which the words show them, in order of appearance."""

    packed: zipfile.ZipFile
    relations: dict[str, str] = field(default_factory=dict)
    pictures: dict[tuple[str, str], int] = field(
        default_factory=dict
    )  # numbers, by where they lie and their description
    contents: dict[str, bytes] = field(default_factory=dict)  # one that is shown often is unpacked once

    def part(self, name: str) -> Element | None:
        if name not in self.packed.namelist():
            return None
        content = self.content(name)
        if foreign_xml.elements_in(content) > foreign_xml.MOST_ELEMENTS:
            raise _too_large()
        root: Element = fromstring(content, forbid_dtd=True)
        return root

    def content(self, name: str) -> bytes:
        if self.packed.getinfo(name).file_size > LARGEST:
            raise _too_large()
        with self.packed.open(name) as part:
            content = part.read(LARGEST + 1)
        if len(content) > LARGEST:
            raise _too_large()
        return content

    def picture(self, relation: str, alt: str) -> str:
        place = self.relations.get(relation, "")
        if PurePosixPath(place).suffix.lower() not in _PICTURES or place not in self.packed.namelist():
            return ""
        if place not in self.contents:
            self.contents[place] = self.content(place)
            if sum(map(len, self.contents.values())) > MOST_OF_ALL:
                raise _too_large()
        return str(self.pictures.setdefault((place, alt), len(self.pictures)))


def read(data: bytes) -> Parsed:
    """Raises UnreadableError when it is no Word document."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            return _parsed(Document(packed))
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        KeyError,
        ParseError,
        ValueError,
        NotImplementedError,  # how `zipfile` says that it cannot unpack this way of packing …
        RuntimeError,  # … and that a password is asked for
        DefusedXmlException,
    ) as error:
        raise UnreadableError(_("Không đọc được tệp Word này. Hãy lưu lại dạng .docx rồi tải lên.")) from error


def _too_large() -> UnreadableError:
    return UnreadableError(_("Tệp Word này lớn quá nên chưa đọc. Hãy chia nhỏ rồi tải lên."))


def _parsed(document: Document) -> Parsed:
    root = document.part("word/document.xml")
    body = child(root, "body")
    if body is None:
        raise KeyError("body")
    document.relations = dict(_relations(document.part("word/_rels/document.xml.rels")))
    styles = document.part("word/styles.xml")
    numbering = word_numbering.read(document.part("word/numbering.xml"), styles)
    reader = Reader(numbering, styles_of(styles), document.picture)
    parsed = read_lines(_lines(reader.paragraphs(body)))
    parsed.drafts = [_illustrated(draft, document) for draft in parsed.drafts]
    for place, problem in enumerate(parsed.problems):
        parsed.problems[place] = replace(problem, excerpt=_KEPT.sub("", problem.excerpt))
    return parsed


def _relations(root: Element | None) -> Iterator[tuple[str, str]]:
    for one in root if root is not None else ():
        target = value(one, "Target")
        if value(one, "TargetMode") != "External":
            yield value(one, "Id"), target.lstrip("/") if target.startswith("/") else normpath(f"word/{target}")


def _illustrated(draft: Draft, document: Document) -> Draft:
    said = json.dumps([draft.stem, draft.explanation, draft.data], ensure_ascii=False)
    shown = {int(number) for number in _KEPT.findall(said)}
    if not shown:
        return draft
    pictures = [(_named(place), alt, document.contents[place]) for place, alt in document.pictures]
    said = _KEPT.sub(lambda found: "![{1}](tep:{0})".format(*pictures[int(found[1])]), said)
    stem, explanation, data = json.loads(said)
    kept = {name: content for name, _alt, content in (pictures[number] for number in sorted(shown))}
    return replace(draft, stem=stem, explanation=explanation, data=data, pictures=kept)


def _named(place: str) -> str:
    return quote(PurePosixPath(place).name, safe="")


def _lines(paragraphs: Iterator[Paragraph]) -> Iterator[Line]:
    """Line breaks within a paragraph end a line as well. Lengths are looked at first: what follows takes its time with each letter."""
    number = letters = 0
    for paragraph in paragraphs:
        length = sum(len(piece.words) for piece in paragraph.pieces)
        letters += length
        if length > LONGEST_RAW or letters > MOST_WORDS or number > MOST_LINES:
            raise _too_large()
        losses = tuple(dict.fromkeys(paragraph.losses))
        for pieces in _broken(paragraph.pieces):
            number += 1
            for part in _beside(pieces):
                words = "".join(piece.words for piece in part)
                marks, partly = _marked(part)
                yield Line(number, words, marks, partly, losses, paragraph.in_table)
                losses = ()


def _split(pieces: list[Piece], sign: str) -> list[list[Piece]]:
    parts: list[list[Piece]] = [[]]
    for piece in pieces:
        head, *rest = piece.words.split(sign)
        parts[-1].append(replace(piece, words=head))
        parts += [[replace(piece, words=one)] for one in rest]
    return parts


def _broken(pieces: list[Piece]) -> list[list[Piece]]:
    return _split(pieces, "\n")


def _beside(pieces: list[Piece]) -> list[list[Piece]]:
    """Choices that stand beside each other with tabs or wide blanks between are lines of their own; any other tab is a blank."""
    whole = "".join(piece.words for piece in pieces)
    spaced = [replace(piece, words=_WIDE.sub("\t", piece.words)) for piece in pieces] if _WIDE.search(whole) else pieces
    said = [part for part in _split(spaced, "\t") if _words(part).strip()]
    if len(said) > 1 and all(_LETTER.match(_words(part)) for part in said):
        return said
    return [[replace(piece, words=piece.words.replace("\t", " ")) for piece in pieces]]


def _words(part: list[Piece]) -> str:
    return "".join(piece.words for piece in part)


def _marked(part: list[Piece]) -> tuple[frozenset[str], bool]:
    """How the letter of a choice and all of its words are marked ("b letter", "u words"), and whether only some words are.

    Stops and blanks count for nothing: nobody sees whether they are bold.
    """
    found = _LETTER.match(_words(part))
    at, end = (found.start(1), found.end()) if found else (-1, 0)
    letter = (
        next((marks or frozenset() for _words, marks in _cut(part, at, at + 1)), frozenset()) if found else frozenset()
    )
    shown = [(words, marks) for words, marks in _cut(part, end) if marks is not None]
    rest = [marks for words, marks in shown if any(map(str.isalnum, words))]
    rest = rest or [marks for words, marks in shown if words.strip()]
    whole = frozenset.intersection(*rest) if rest else frozenset()
    some = frozenset.union(*rest) - whole if rest else frozenset()
    return frozenset(f"{one} letter" for one in letter) | frozenset(f"{one} words" for one in whole), bool(some)


def _cut(part: list[Piece], begin: int, end: int | None = None) -> Iterator[tuple[str, frozenset[str] | None]]:
    """What stands between two places, with its marks; pieces of which nothing does are left out."""
    place = 0
    for piece in part:
        words = piece.words[max(begin - place, 0) : None if end is None else max(end - place, 0)]
        place += len(piece.words)
        if words:
            yield words, piece.marks

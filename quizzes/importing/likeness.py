"""By what a question of a file is known again, and whether it says the same as what is there."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.text import slugify
from wagtail.images import get_image_model

from lib import text
from quizzes.formats.base import Draft
from quizzes.formats.tidy import tidy
from quizzes.models import QuestionBank, QuestionVersion

_SHORTENED = re.compile(r".{30}-[0-9a-f]{8}")  # how a long name ends here: a file that was exported says it again
_NUMBERED = re.compile(r"anh-(\d{1,9})\.\w+")
_PICTURE = re.compile(r"\((tep:[^)\s]+|anh:\d+)\)")


def prefix(bank: QuestionBank) -> str:
    """Of the keys that an import gives; nobody types one, because a typed key has no full stop."""
    return f"nh{bank.pk}."


def own_part(key: str, bank: QuestionBank) -> str:
    """What a file calls a question of a bank: how an import named it, or what an editor typed."""
    return key.removeprefix(prefix(bank)).replace(".", "-")


def newest(bank: QuestionBank) -> QuerySet[QuestionVersion]:
    """The newest version of each question of a bank, and of each that was ever imported into it and moved to another."""
    last = QuestionVersion.objects.filter(question=OuterRef("question")).order_by("-number").values("pk")[:1]
    mine = Q(question__key__startswith=prefix(bank)) | Q(question__bank=bank)
    return QuestionVersion.objects.filter(mine, pk=Subquery(last))


@dataclass(frozen=True)
class Known:
    """A question that an import brought, as it stands, and all that it says."""

    version: QuestionVersion
    content: str

    def lacks(self, tags: Iterable[str]) -> tuple[str, ...]:
        """Those of a file that the question has not got yet."""
        own = {tag.name.casefold() for tag in self.version.question.tags.all()}
        return tuple(tag for tag in tags if tag.casefold() not in own)


def known(bank: QuestionBank) -> dict[str, Known]:
    """By what names them in a file; by the same queries, however many there are. What an import named comes before what was typed."""
    if bank.pk is None:
        return {}
    own = prefix(bank)
    rows = newest(bank).select_related("question").prefetch_related("question__tags")  # type: ignore[misc]
    versions = sorted(rows, key=lambda one: one.question.key.startswith(own))
    written = {version: _written(version) for version in versions}
    pictures = _pictures(written.values())
    return {
        own_part(version.question.key, bank): Known(version, _exchanged(words, pictures))
        for version, words in written.items()
    }


def own_name(draft: Draft, content: str) -> str:
    """What the file calls it; else what it says: the same words are the same question."""
    slug = slugify(text.fold(draft.key))
    if not draft.key:
        return digest(content)[:10]
    if slug == draft.key and (len(slug) <= 30 or _SHORTENED.fullmatch(slug)):
        return slug
    return f"{slug[:30]}-{digest(draft.key)[:8]}".lstrip("-")


def digest(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()


def fingerprint(content: bytes) -> str:
    """As Wagtail keeps it of an image (`file_hash`)."""
    return hashlib.sha1(content, usedforsecurity=False).hexdigest()


def fingerprints(draft: Draft) -> dict[str, str]:
    """By name. What was exported from here comes back without what a phone wrote into it: it is known as what it was."""
    return {name: _of_library(name, content) or fingerprint(content) for name, content in draft.pictures.items()}


def _of_library(name: str, content: bytes) -> str:
    """Of the picture that the name numbers, if it is that very file."""
    found = _NUMBERED.fullmatch(name)
    image = get_image_model().objects.filter(pk=found[1]).first() if found else None
    if image is None or image.file_size not in (None, len(content)):
        return ""
    try:
        with image.open_file() as file:
            return str(image.file_hash) if file.read() == content else ""
    except OSError:
        return ""


def content_of_draft(draft: Draft, library: Mapping[str, str]) -> str:
    """`library`: the pictures that it shows by their numbers, as `pictures_of` finds them."""
    brought = {f"tep:{name}": print_ for name, print_ in fingerprints(draft).items()}
    return _exchanged(_written(draft), brought | dict(library))


def pictures_of(drafts: Iterable[Draft]) -> dict[str, str]:
    """The fingerprints of all pictures of the library that a file shows by their numbers, as an export writes them."""
    return _pictures(map(_written, drafts))


def _pictures(written: Iterable[str]) -> dict[str, str]:
    """The fingerprint of each picture of the library that is shown, by where it lies."""
    places = {place for words in written for place in _PICTURE.findall(words) if place.startswith("anh:")}
    pks = [place.removeprefix("anh:") for place in places]
    images = get_image_model().objects.filter(pk__in=pks).values_list("pk", "file_hash")
    return {f"anh:{pk}": content for pk, content in images if content}


def _written(words: Draft | QuestionVersion) -> str:
    said = [words.kind, text.nfc_lines(words.stem), tidy(words.kind, words.data), words.explanation]
    return json.dumps(said, sort_keys=True, ensure_ascii=False)


def _exchanged(written: str, pictures: Mapping[str, str]) -> str:
    """All that a question says, with what is in its pictures in place of where they lie."""
    return _PICTURE.sub(lambda found: f"({pictures.get(found[1], found[1])})", written)

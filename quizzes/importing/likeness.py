"""By what a question of a file is known again, and whether it says the same as what is there."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.text import slugify
from wagtail.images import get_image_model

from lib import text
from quizzes.formats.base import Draft
from quizzes.models import QuestionBank, QuestionVersion

_PICTURE = re.compile(r"\((tep:[^)\s]+|anh:\d+)\)")


def prefix(bank: QuestionBank) -> str:
    """Of the keys that an import gives; nobody types one, because a typed key has no full stop."""
    return f"nh{bank.pk}."


def newest(bank: QuestionBank) -> QuerySet[QuestionVersion]:
    """The newest version of each question that was ever imported into a bank, also where it was moved to another."""
    last = QuestionVersion.objects.filter(question=OuterRef("question")).order_by("-number").values("pk")[:1]
    return QuestionVersion.objects.filter(question__key__startswith=prefix(bank), pk=Subquery(last))


@dataclass(frozen=True)
class Known:
    """A question that an import brought, as it stands, and all that it says."""

    version: QuestionVersion
    content: str


def known(bank: QuestionBank) -> dict[str, Known]:
    """By what named them; two queries, however many there are."""
    if bank.pk is None:
        return {}
    versions = newest(bank).select_related("question")
    written = {version: _written(version) for version in versions}
    pictures = _pictures(written.values())
    return {
        version.question.key.removeprefix(prefix(bank)): Known(version, _exchanged(words, pictures))
        for version, words in written.items()
    }


def own_name(draft: Draft, content: str) -> str:
    """What the file calls it; else what it says: the same words are the same question."""
    slug = slugify(text.fold(draft.key))
    if not draft.key:
        return digest(content)[:10]
    return slug if slug == draft.key and len(slug) <= 30 else f"{slug[:30]}-{digest(draft.key)[:8]}".lstrip("-")


def digest(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()


def fingerprint(content: bytes) -> str:
    """As Wagtail keeps it of an image (`file_hash`)."""
    return hashlib.sha1(content, usedforsecurity=False).hexdigest()


def content_of_draft(draft: Draft) -> str:
    pictures = {f"tep:{name}": fingerprint(content) for name, content in draft.pictures.items()}
    return _exchanged(_written(draft), pictures)


def _pictures(written: Iterable[str]) -> dict[str, str]:
    """The fingerprint of each picture of the library that is shown, by where it lies."""
    places = {place for words in written for place in _PICTURE.findall(words) if place.startswith("anh:")}
    pks = [place.removeprefix("anh:") for place in places]
    images = get_image_model().objects.filter(pk__in=pks).values_list("pk", "file_hash")
    return {f"anh:{pk}": content for pk, content in images if content}


def _written(words: Draft | QuestionVersion) -> str:
    said = [words.kind, text.nfc_lines(words.stem), words.data, words.explanation]
    return json.dumps(said, sort_keys=True, ensure_ascii=False)


def _exchanged(written: str, pictures: Mapping[str, str]) -> str:
    """All that a question says, with what is in its pictures in place of where they lie."""
    return _PICTURE.sub(lambda found: f"({pictures.get(found[1], found[1])})", written)

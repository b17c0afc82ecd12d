"""By what a question of a file is known again, and whether it says the same as what is there."""

import hashlib
import json
import re
from collections.abc import Mapping

from django.db.models import QuerySet
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
    """Versions of what was ever imported into a bank, also where it was moved to another, the newest of each last."""
    return QuestionVersion.objects.filter(question__key__startswith=prefix(bank)).order_by("number")


def known(bank: QuestionBank) -> dict[str, QuestionVersion]:
    """The newest version of each question that an import brought, by what named it."""
    if bank.pk is None:
        return {}
    versions = newest(bank).select_related("question")
    return {one.question.key.removeprefix(prefix(bank)): one for one in versions}


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
    return _content(draft, pictures)


def content_of_version(version: QuestionVersion) -> str:
    written = json.dumps([version.stem, version.data, version.explanation])
    pks = [place.removeprefix("anh:") for place in _PICTURE.findall(written) if place.startswith("anh:")]
    images = get_image_model().objects.filter(pk__in=pks).values_list("pk", "file_hash") if pks else ()
    return _content(version, {f"anh:{pk}": digest for pk, digest in images if digest})


def _content(words: Draft | QuestionVersion, pictures: Mapping[str, str]) -> str:
    """All that a question says, with what is in its pictures in place of where they lie."""
    said = [words.kind, text.nfc_lines(words.stem), words.data, words.explanation]
    written = json.dumps(said, sort_keys=True, ensure_ascii=False)
    return _PICTURE.sub(lambda found: f"({pictures.get(found[1], found[1])})", written)

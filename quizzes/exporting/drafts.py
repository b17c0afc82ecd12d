"""Questions of a bank as drafts, the form in which every format is read and written."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import PurePath
from typing import Any

from django.db.models import QuerySet
from wagtail.images import get_image_model

from quizzes import wording
from quizzes.formats.base import Draft
from quizzes.formats.tidy import tidy
from quizzes.importing import own_part
from quizzes.models import Question, QuestionVersion


def newest(questions: QuerySet[Question]) -> list[QuestionVersion]:
    """Of each question what it says now, bank by bank."""
    asked = (
        questions.select_related("bank", "lesson")  # type: ignore[misc]
        .prefetch_related("versions", "tags")
        .order_by("bank__name", "bank", "key")
    )
    found = []
    for question in asked:
        if version := next(iter(question.versions.all()), None):
            version.question = question
            found.append(version)
    return found


def of_version(version: QuestionVersion, place: int) -> Draft:
    question = version.question
    return Draft(
        place=place,
        kind=version.kind,
        stem=version.stem,
        data=tidy(version.kind, version.data),
        explanation=version.explanation,
        category=(question.bank.name,),
        tags=tuple(sorted(tag.name for tag in question.tags.all())),
        key=own_part(question.key, question.bank),
        difficulty=question.difficulty,
        lesson=question.lesson.title if question.lesson else "",
    )


def images_of(drafts: Iterable[Draft]) -> dict[int, Any]:
    """Every picture that is shown anywhere, by its number; one query."""
    pks = {int(pk) for draft in drafts for _alt, pk in wording.PICTURES.findall(_written(draft))}
    return get_image_model().objects.in_bulk(pks)


def packed(draft: Draft, images: Mapping[int, Any]) -> tuple[Draft, list[str]]:
    """The draft with its pictures as files beside it, and the numbers of those that are not there any more."""
    files: dict[str, bytes] = {}
    missing: list[str] = []

    def name(found: re.Match[str]) -> str:
        content = _content(images.get(int(found[2])))
        if content is None:
            missing.append(found[2])
            return found[0]
        named = f"anh-{found[2]}{PurePath(images[int(found[2])].file.name).suffix.lower()}"
        files[named] = content
        return f"![{found[1]}](tep:{named})"

    stem, explanation, data = json.loads(wording.PICTURES.sub(name, _written(draft)))
    return replace(draft, stem=stem, explanation=explanation, data=data, pictures=files), missing


def _content(image: Any) -> bytes | None:
    if image is None:
        return None
    try:
        with image.open_file() as file:
            content: bytes = file.read()
    except OSError:
        return None
    return content


def _written(draft: Draft) -> str:
    return json.dumps([draft.stem, draft.explanation, draft.data], ensure_ascii=False)

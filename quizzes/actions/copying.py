"""Questions of a bank that others let one read, taken over into a bank of one's own. The originals stay as they are."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import count

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from lib import generation, text
from quizzes.models import Question, QuestionBank, QuestionTag, QuestionVersion, VersionTranslation
from quizzes.queries import newest_versions

from . import versions
from .many import COPY, Seen, Sorted, pick

_THERE = _("ngân hàng này đã có câu giống hệt")


@transaction.atomic
def copy_questions(*, seen: Seen, bank: QuestionBank, by: User, at: datetime) -> Sorted:
    """Drafts with the words that were read, their translations, tags and legal texts. What the bank has word by word, today or in
    an earlier version, is not copied again: a second press finds the first one's."""
    bank = QuestionBank.objects.select_for_update(no_key=True).get(pk=bank.pk)
    found = pick(COPY, seen, by, bank=bank)
    current = QuestionVersion.objects.filter(pk__in=newest_versions(one.pk for one in found.fit).values())
    said = {version.question_id: version for version in current.prefetch_related("translations")}
    there = {_content(version) for version in QuestionVersion.objects.filter(question__bank=bank)}
    fit, found.fit = found.fit, []
    for one in fit:
        content = _content(said[one.pk])
        if content in there:
            found.left.append((one, str(_THERE)))
        else:
            there.add(content)
            found.fit.append(one)
    _write([said[one.pk] for one in found.fit], found.fit, bank, by, at)
    generation.bump()  # pages of quizzes say how many questions there are
    return found


def _content(version: QuestionVersion) -> str:
    return json.dumps([version.kind, version.stem, version.data, version.explanation], sort_keys=True)


def _write(
    said: Sequence[QuestionVersion], originals: Sequence[Question], bank: QuestionBank, by: User, at: datetime
) -> None:
    keys = free_keys(bank)
    tagged = list(QuestionTag.objects.filter(content_object__in=originals).select_related("tag"))
    tags: dict[int, list[str]] = {one.pk: [] for one in originals}
    for pair in tagged:
        tags[pair.content_object_id].append(pair.tag.name)
    copies = [
        Question(
            bank=bank, key=(key := next(keys)), kind=version.kind, difficulty=one.difficulty, language=one.language,
            lesson_id=one.lesson_id, paragraph=one.paragraph, author=by,
            search=versions.search_text(key, versions.folded(version.stem), sorted(tags[one.pk])),
        )
        for one, version in zip(originals, said, strict=True)
    ]  # fmt: skip
    Question.objects.bulk_create(copies)
    made = [
        versions.next_version(copy, None, by=by, at=at, **{name: getattr(version, name) for name in versions.WORDS})
        for copy, version in zip(copies, said, strict=True)
    ]
    QuestionVersion.objects.bulk_create(made)
    VersionTranslation.objects.bulk_create(
        translation
        for version, before in zip(made, said, strict=True)
        for translation in versions.kept_translations(before, version)
    )
    copy_of = {one.pk: copy for one, copy in zip(originals, copies, strict=True)}
    QuestionTag.objects.bulk_create(
        QuestionTag(content_object=copy_of[pair.content_object_id], tag_id=pair.tag_id) for pair in tagged
    )
    laws = Question.legal_texts.through
    laws.objects.bulk_create(
        laws(question_id=copy_of[pk].pk, legaltext_id=law)
        for pk, law in laws.objects.filter(question__in=copy_of).values_list("question", "legaltext")
    )
    versions.note(copies, new={copy.key for copy in copies}, by=by, at=at)


def free_keys(bank: QuestionBank) -> Iterator[str]:
    """The bank's name with the next numbers. To be called with the bank locked, so that two editors don't get the same ones."""
    stem = slugify(text.fold(bank.name))[:50].strip("-") or f"nh{bank.pk}"
    taken = set(Question.objects.filter(key__startswith=f"{stem}-").values_list("key", flat=True))
    return (key for number in count(bank.questions.count() + 1) if (key := f"{stem}-{number}") not in taken)

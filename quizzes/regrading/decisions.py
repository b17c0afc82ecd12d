"""What a regrade decides: for each question whether the key of its newest version counts, or no key at all."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from quizzes import wording
from quizzes.kinds import KINDS
from quizzes.models import AttemptState, Counts, Item, QuestionVersion, Quiz

SUBMITTED = (AttemptState.MARKING, AttemptState.FINISHED)


@dataclass(frozen=True)
class Decision:
    """`version` is the one whose key counts; None where no key does, or a person has marked."""

    counts: str
    version: QuestionVersion | None = None


type Decisions = Mapping[int, Decision]  # by question


def fits(asked: QuestionVersion, key: QuestionVersion) -> bool:
    """Whether an answer to one version can be scored by the key of another: the same choices, and nobody marks by hand."""
    kind = KINDS[key.kind]
    is_alike = asked.kind == key.kind and kind.is_scored and not kind.is_marked_by_hand
    return is_alike and (asked.pk == key.pk or kind.names(asked.data) == kind.names(key.data))


def apply(item: Item, decision: Decision, state: str) -> bool:
    """Puts a decision into an item of an attempt in this state, unsaved; whether it counts otherwise than before.

    What nobody has marked keeps a finished attempt as it is: a result that somebody was told does not wait again.
    """
    if decision.version and not fits(item.version, decision.version):
        return False
    before = _standing(item)
    item.counts = decision.counts
    if decision.version:
        item.key_version = decision.version if decision.version.pk != item.version_id else None
    if state in SUBMITTED:
        item.score = item.earned()
    if state == AttemptState.FINISHED and item.score is None:
        item.counts, _key, item.score = before
    return _standing(item) != before


def _standing(item: Item) -> tuple[Any, ...]:
    return item.counts, item.key_version_id, item.score


@dataclass
class Asked:
    """A question that came up in a quiz, with its newest version, in `n` attempts: `outdated` of them would count otherwise by
    the newest key; to `unfit` of them it does not apply, as their choices were others."""

    newest: QuestionVersion
    n: int = 0
    outdated: int = 0
    unfit: int = 0

    @property
    def stem(self) -> str:
        return wording.plain(self.newest.stem)

    @property
    def has_key(self) -> bool:
        kind = KINDS[self.newest.kind]
        return kind.is_scored and not kind.is_marked_by_hand

    @property
    def by_key(self) -> Decision:
        """By its newest key, or by what a person gave."""
        return Decision(Counts.BY_KEY, self.newest if self.has_key else None)

    def add(self, version: QuestionVersion, key: int, counts: str, n: int) -> None:
        self.n += n
        if not self.has_key:
            return
        if not fits(version, self.newest):
            self.unfit += n
        elif (key, counts) != (self.newest.pk, Counts.BY_KEY):
            self.outdated += n


def asked(quiz: Quiz) -> list[Asked]:
    """What came up in a quiz and brings marks; first the questions that would count otherwise by their newest key."""
    counting = Item.objects.filter(attempt__quiz=quiz, attempt__annulled_at=None, marks__gt=0).order_by()
    rows = list(counting.values_list("version", "key_version", "counts").annotate(n=Count("pk")))
    questions = QuestionVersion.objects.filter(pk__in={row[0] for row in rows}).values("question")
    versions = QuestionVersion.objects.filter(question__in=questions).select_related("question").order_by("number")
    known = {version.pk: version for version in versions}
    found = {version.question_id: Asked(version) for version in known.values()}  # the last one stays
    for version, key, counts, n in rows:
        found[known[version].question_id].add(known[version], key or version, counts, n)
    return sorted(found.values(), key=lambda one: (not one.outdated, one.newest.question.key))


def by_newest_keys(questions: Iterable[Asked]) -> dict[int, Decision]:
    return {one.newest.question_id: one.by_key for one in questions}

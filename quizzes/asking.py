"""An attempt as the browser may see it: before submission by allow-list, afterwards with key and feedback."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet
from django.utils.translation import get_language

from courses import learning
from courses.blocks import anchor
from courses.models import Activity

from . import wording
from .kinds import KINDS, Review, Shown, ShownField, essay
from .models import Attempt, Counts, Item, Question, QuestionVersion, VersionTranslation


@dataclass(frozen=True)
class Place:
    """One of several places to answer in, with what stands in it."""

    field: ShownField
    value: str


class Worded:
    """A stem in its two parts."""

    stem: str

    @property
    def head(self) -> str:
        """The first paragraph of the words, which names the question; `body` follows it."""
        return wording.head_and_body(self.stem)[0]

    @property
    def body(self) -> str:
        return wording.head_and_body(self.stem)[1]


@dataclass(frozen=True)
class Asked(Worded):
    """One question as it may be shown before submission."""

    position: int
    language: str  # of its words: its own where it has no translation
    choices_language: str
    stem: str
    shown: Shown
    chosen: tuple[str, ...]
    revision: int
    is_answered: bool
    is_scored: bool = True
    section: str = ""
    is_revealed: bool = False

    @property
    def among(self) -> str:
        """What tells its fields from those of the other questions where all stand on one page."""
        return f"-{self.position}"

    @property
    def has_place_twice(self) -> bool:
        """Whether two steps have the same number."""
        taken = [one.partition(":")[2] for one in self.chosen] if self.shown.control == "places" else []
        return len(set(taken)) < len(taken)

    def places(self) -> list[Place]:
        """A choice says itself where it belongs; what is typed stands in the order of the fields."""
        typed = [*self.chosen, *[""] * len(self.shown.fields)]
        return [Place(field, self._chosen_in(field, typed[n])) for n, field in enumerate(self.shown.fields)]

    def _chosen_in(self, field: ShownField, typed: str) -> str:
        offered = [option.id for option in field.options if option.id in self.chosen]
        return offered[0] if offered else "" if field.options else typed


@dataclass(frozen=True)
class Reviewed(Worded):
    """One question after submission."""

    position: int
    language: str  # of what was asked
    said_language: str  # of the key's words: a later version may have a translation where the first has none, and the other way round
    choices_language: str
    explanation_language: str
    stem: str
    outcome: str  # "right", "partly", "wrong"; "given" and "dropped" where a regrade lets no key count
    said: Review
    explanation: str
    score: Decimal
    marks: Decimal
    to_verify: bool
    lesson_title: str
    lesson_address: str
    comment: str  # of whoever marked it by hand
    criteria: tuple[essay.Criterion, ...] = ()  # by which they did

    @property
    def points(self) -> Decimal:
        """By the criteria; what the marks of the question make of them is `score`."""
        return sum((one.points for one in self.criteria), Decimal(0))

    @property
    def most_points(self) -> Decimal:
        return sum((one.most for one in self.criteria), Decimal(0))

    @property
    def is_worth_reading(self) -> bool:
        """Again, or for the first time: what somebody said to it."""
        return self.outcome in ("partly", "wrong") or bool(self.comment)


def translation(version: QuestionVersion, language: str) -> VersionTranslation | None:
    if language == "vi" or version.pk is None:  # what is only being typed has no translation yet
        return None
    return next((words for words in version.translations.all() if words.language == language), None)


def _spoken(version: QuestionVersion, words: object) -> str:
    """The language in which a version speaks: the reader's where it has `words` for that, else the one it is written in."""
    return (get_language() or "vi") if words else version.question.language


def title(attempt: Attempt) -> learning.Title:
    """What its quiz is called in the reader's language, without asking again for what every page of it says."""
    return learning.activity_title(_activity(quiz=attempt.quiz_id))


def _activity(**which: int) -> Activity:
    """Many questions name the same few: asked for once after each publication."""
    key = ("activity", *which.items())
    return learning.reading.shelf.remember(key, lambda: Activity.objects.select_related("course").get(**which))


def items(attempt: Attempt) -> QuerySet[Item]:
    """In their order, with the words that the reader's language needs."""
    asked = attempt.items.select_related("version__question").order_by("position")
    return asked if get_language() == "vi" else asked.prefetch_related("version__translations")


def ask(item: Item) -> Asked:
    """In the reader's language; it may change within an attempt, because key and ids are the same in all of them."""
    language = get_language() or "vi"
    words = translation(item.version, language)
    kind = KINDS[item.version.kind]
    spoken = _spoken(item.version, words)
    return Asked(
        position=item.position,
        language=spoken,
        choices_language=language if kind.offers_own_words else spoken,
        stem=words.stem if words else item.version.stem,
        shown=kind.shown(item.version.data, item.order, words.texts if words else {}),
        chosen=chosen(item),
        revision=item.revision,
        is_answered=item.answer is not None,
        is_scored=kind.is_scored,
        section=item.section,
        is_revealed=item.revealed_at is not None,
    )


def preview(version: QuestionVersion) -> Asked:
    """A version as it would be asked, choices in the order in which they were written."""
    order = KINDS[version.kind].order(version.data)
    return ask(Item(version=version, position=1, order=order))


def preview_of_result(version: QuestionVersion) -> Reviewed:
    """A version as a result page shows it to somebody who answered it rightly."""
    kind = KINDS[version.kind]
    answer = kind.clean(version.data, kind.solution(version.data))
    return revealed(Item(version=version, position=1, marks=1, answer=answer))


def chosen(item: Item) -> tuple[str, ...]:
    """The stored answer as a browser would post it."""
    return tuple(KINDS[item.version.kind].chosen(item.version.data, item.answer))


def review(attempt: Attempt) -> list[Reviewed]:
    """Every question of a finished attempt with what was answered, what is right and where to read it again."""
    asked = items(attempt).filter(marks__gt=0)  # what was only read has no result
    asked = asked.select_related("key_version")
    if get_language() != "vi":
        asked = asked.prefetch_related("key_version__translations")
    return [_reviewed(item, get_language() or "vi") for item in asked]


def revealed(item: Item) -> Reviewed:
    """One question of a running practice, with its key: scored for the eye alone. Whatever has no row yet is what it says."""
    if item.pk:  # a question's page fetched what is shown before the key is
        item = Item.objects.select_related("version__question", "key_version").get(pk=item.pk)
    item.score = item.earned()
    return _reviewed(item, get_language() or "vi")


def _reviewed(item: Item, language: str) -> Reviewed:
    version, key, kind = item.version, item.key, KINDS[item.version.kind]
    words = translation(version, language)
    explained = translation(key, language) or words
    said = kind.review(key.data, item.answer, explained.texts if explained else {})
    title, address = _lesson(version.question)
    return Reviewed(
        position=item.position,
        language=_spoken(version, words),
        said_language=_spoken(key, explained),
        choices_language=language if kind.offers_own_words else _spoken(key, explained),
        explanation_language=_spoken(key, explained and explained.explanation),
        stem=words.stem if words else version.stem,
        outcome=_outcome(item),
        said=said,
        explanation=(explained.explanation if explained else "") or key.explanation,
        score=item.score or Decimal(0),
        marks=item.marks,
        to_verify=key.to_verify,
        lesson_title=title,
        lesson_address=address,
        comment=item.comment,
        criteria=_criteria(item, words),
    )


def _criteria(item: Item, words: VersionTranslation | None) -> tuple[essay.Criterion, ...]:
    """None where a regrade lets the points count no longer."""
    if item.marked_at is None or item.counts:
        return ()
    return essay.by_criterion(item.version.data, item.points, words.texts if words else {})


def _outcome(item: Item) -> str:
    if item.counts:
        return "given" if item.counts == Counts.FULL else "dropped"
    return "right" if item.score == item.marks else "partly" if item.score else "wrong"


def _lesson(question: Question) -> tuple[str, str]:
    """Title and address of the lesson to read again, at the paragraph where one is named: one that is gone leads to its top. Without
    an address when its page is gone."""
    lesson = question.lesson_id
    if lesson is None:
        return "", ""
    activity = _activity(pk=lesson)
    course_map = learning.reading.shelf.course(activity.course)[1]
    landing = course_map.at(activity.pk) if course_map else None
    there = f"#{anchor(question.paragraph)}" if question.paragraph else ""
    return (landing.title, landing.address + there) if landing else (activity.title, "")

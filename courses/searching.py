"""Search over courses and lessons, by whole words. Accents given count; accents left out find all; alike on both databases.

Each page carries the words of its text in a search field of its own (`folded`): without accents, then with them.
"""

from dataclasses import dataclass

from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Length, Replace
from django.http import HttpRequest
from django.utils.translation import get_language

from lib import text

from .models import CoursePage, Enrolment, LegalText, LessonPage

MOST_FOUND = 200  # people who are shown to tick
BOUND = 500  # courses, and lessons, that are ranked; the first of the tree when a word is in more of them


@dataclass(frozen=True)
class Hit:
    title: str
    address: str
    summary: str
    kind: str  # "course" or "lesson"
    is_exact: bool  # the words stand there side by side
    course: str = ""


def search(query: str, request: HttpRequest, limit: int = 30) -> list[Hit]:
    """Every word must occur; pages that say the whole phrase most come first. Only titles and summaries are shown: bodies may
    be closed.

    Alike ones stand in the order of the tree, courses before lessons. The number of queries does not grow with the hits.
    """
    for needles in _readings(query):
        if hits := _read(needles, request, limit):
            return hits
    return []


def _readings(query: str) -> list[tuple[str, ...]]:
    """What to look for, the strictest first: a looser reading is asked only where a stricter one finds nothing.

    The words with their accents; without; and the last one as the beginning of a word ("kho" for "không").
    """
    typed, folded = text.words(text.nfc(query).casefold()).split(), text.words(text.fold(query)).split()
    readings = [tuple(f" {word} " for word in words) for words in (typed, folded)]
    loose = (*readings[1][:-1], readings[1][-1].rstrip()) if folded else ()
    return [needles for needles in dict.fromkeys([*readings, loose]) if needles]


def _read(needles: tuple[str, ...], request: HttpRequest, limit: int) -> list[Hit]:
    lessons = _matching(LessonPage, needles)
    courses = _courses_of(lessons)
    pages = [*_matching(CoursePage, needles), *(lesson for lesson in lessons if _parent_path(lesson) in courses)]
    best = sorted(pages, key=lambda page: _rank(page, needles))[:limit]
    return [_hit(page, courses, request) for page in best]


def _phrase(needles: tuple[str, ...]) -> str:
    return "".join(needles).replace("  ", " ")


def _matching[P: CoursePage | LessonPage](model: type[P], needles: tuple[str, ...]) -> list[P]:
    found = Q(locale__language_code=get_language() or "vi")
    for needle in needles:
        found &= Q(folded__contains=needle)
    pages = model.objects.live().public().filter(found).select_related("locale").order_by("path")
    without = Replace("folded", Value(_phrase(needles)), Value(""))
    pages = pages.annotate(phrase=Length("folded") - Length(without))
    return list(pages.only("title", "summary", "path", "depth", "url_path", "locale")[:BOUND])


def _parent_path(page: LessonPage) -> str:
    return str(page.path)[: -page.steplen]


def _courses_of(lessons: list[LessonPage]) -> dict[str, str]:
    """path → title of the live courses of lessons."""
    paths = {_parent_path(lesson) for lesson in lessons}
    return dict(CoursePage.objects.live().filter(path__in=paths).values_list("path", "title"))


def _hit(page: CoursePage | LessonPage, courses: dict[str, str], request: HttpRequest) -> Hit:
    address = page.get_url(request) or ""
    if isinstance(page, CoursePage):
        return Hit(page.title, address, page.summary, "course", _said(page) > 0)
    return Hit(page.title, address, page.summary, "lesson", _said(page) > 0, courses[_parent_path(page)])


def _said(page: CoursePage | LessonPage) -> int:
    """How much of a page is the whole phrase, as the query found out; 0 where the words stand apart."""
    return int(page.phrase)  # type: ignore[union-attr]


def _rank(page: CoursePage | LessonPage, needles: tuple[str, ...]) -> tuple[bool, int, bool, bool]:
    title, summary = _words(page.title), _words(page.summary)
    return (
        _phrase(needles) not in title,
        -_said(page),
        not all(needle in title for needle in needles),
        not all(needle in summary for needle in needles),
    )


def _words(said: str) -> str:
    return text.words(text.fold(said)) + text.words(text.nfc(said).casefold())


def legal_texts(query: str, rows: QuerySet[LegalText]) -> QuerySet[LegalText]:
    """Rows of the register whose kind, number and name hold every word. It has some hundreds of rows at most: they are
    compared as they are, without a column for it."""
    words = text.fold(query).split()
    said = LegalText.objects.values_list("pk", "kind", "number", "name", "name_en")
    return rows.filter(pk__in=[pk for pk, *parts in said if all(w in text.fold(" ".join(parts)) for w in words)])


@dataclass(frozen=True)
class Found:
    """Who was looked for by `name`: the first of them, how many there are in all, and how many `more` than are shown."""

    name: str
    rows: QuerySet[Enrolment]
    count: int
    most: int

    @property
    def more(self) -> int:
        return max(0, self.count - self.most)


def enrolments(query: str, among: QuerySet[Enrolment]) -> Found:
    """By the person's name or the place's, without diacritics; nobody while nothing is asked."""
    name = query.strip()[:100]
    words = [Q(person__search__contains=word) | Q(place__search__contains=word) for word in text.fold(name).split()]
    found = among.filter(*words).order_by("person__search", "pk") if words else among.none()
    return Found(name, found[:MOST_FOUND], found.count(), MOST_FOUND)

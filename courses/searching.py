"""Search over courses and lessons. Accents given count; accents left out find all; alike on both databases.

Each page carries its folded text in a search field of its own (`folded`), and the query is matched folded. When the typed
query had accents, pages that hold it with the accents come first.
"""

from dataclasses import dataclass

from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import get_language

from lib import text

from .models import CoursePage, LessonPage

BOUND = 500  # courses, and lessons, that are ranked; the first of the tree when a word is in more of them


@dataclass(frozen=True)
class Hit:
    title: str
    address: str
    summary: str
    kind: str  # "course" or "lesson"
    course: str = ""


def search(query: str, request: HttpRequest, limit: int = 30) -> list[Hit]:
    """Every word must occur; titles before summaries before bodies. Only titles and summaries are shown: bodies may be closed.

    Alike ones stand in the order of the tree, courses before lessons. The number of queries does not grow with the hits.
    """
    words = text.fold(query).split()
    if not words:
        return []
    lessons = _matching(LessonPage, words)
    courses = _courses_of(lessons)
    pages = [*_matching(CoursePage, words), *(lesson for lesson in lessons if _parent_path(lesson) in courses)]
    typed = text.nfc(query).casefold()
    best = sorted(pages, key=lambda page: _rank(page, words, typed))[:limit]
    return [_hit(page, courses, request) for page in best]


def _matching[P: CoursePage | LessonPage](model: type[P], words: list[str]) -> list[P]:
    found = Q(locale__language_code=get_language() or "vi")
    for word in words:
        found &= Q(folded__contains=word)
    pages = model.objects.live().public().filter(found).select_related("locale").order_by("path")
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
        return Hit(page.title, address, page.summary, "course")
    return Hit(page.title, address, page.summary, "lesson", courses[_parent_path(page)])


def _rank(page: CoursePage | LessonPage, words: list[str], typed: str) -> tuple[bool, bool, bool]:
    title = text.fold(page.title)
    return (
        typed not in page.title.casefold(),
        not all(word in title for word in words),
        not all(word in text.fold(page.summary) for word in words),
    )

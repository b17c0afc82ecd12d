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


@dataclass(frozen=True)
class Hit:
    title: str
    address: str
    summary: str
    kind: str  # "course" or "lesson"
    course: str = ""


def search(query: str, request: HttpRequest, limit: int = 30) -> list[Hit]:
    """Every word must occur; titles before summaries before bodies. Only titles and summaries are shown: bodies may be closed."""
    words = text.fold(query).split()
    if not words:
        return []
    language = get_language() or "vi"
    matching = Q()
    for word in words:
        matching &= Q(folded__contains=word)
    courses = CoursePage.objects.live().public().filter(matching, locale__language_code=language)
    lessons = LessonPage.objects.live().public().filter(matching, locale__language_code=language)
    typed = text.nfc(query).casefold()
    ranked: list[tuple[tuple[bool, bool, bool], Hit]] = []
    for page in courses[:limit]:
        ranked.append((_rank(page, words, typed), Hit(page.title, page.get_url(request) or "", page.summary, "course")))
    for page in lessons[: 3 * limit]:
        parent = page.get_parent()
        if parent.live:
            hit = Hit(page.title, page.get_url(request) or "", page.summary, "lesson", parent.title)
            ranked.append((_rank(page, words, typed), hit))
    return [hit for _rank_of_hit, hit in sorted(ranked, key=lambda pair: pair[0])][:limit]


def _rank(page: CoursePage | LessonPage, words: list[str], typed: str) -> tuple[bool, bool, bool]:
    title = text.fold(page.title)
    return (
        typed not in page.title.casefold(),
        not all(word in title for word in words),
        not all(word in text.fold(page.summary) for word in words),
    )

"""What catalogue, course and lesson pages show to everybody. Used while a shared body is rendered, and in previews."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language

if TYPE_CHECKING:
    from .models import CataloguePage, Course, CoursePage, LessonPage, Topic


@dataclass(frozen=True)
class Card:
    page: CoursePage
    address: str
    lessons: int
    quizzes: int
    minutes: int
    is_empty: bool  # nothing to learn at one's own pace: meetings have a list of their own


@dataclass(frozen=True)
class Titled:
    title: str
    language: str


@dataclass(frozen=True)
class TopicLink:
    title: str
    address: str
    topic: Topic


def context(page: CataloguePage, topic: Topic | None) -> dict[str, Any]:
    from .models import TopicPage

    topics = page.get_children().live().type(TopicPage).specific().order_by("path")
    return {
        "current": "catalogue",
        "with_search": True,
        "topic": topic,
        "catalogue_address": page.get_url(),
        "topic_pages": [TopicLink(child.title, child.get_url() or "", child.topic) for child in topics],
        "cards": cards(page, topic),
    }


def cards(page: CataloguePage, topic: Topic | None) -> list[Card]:
    from .models import CoursePage

    pages = CoursePage.objects.child_of(page).live().public().select_related("art").order_by("path")
    shown = [card_of(child) for child in pages if topic is None or child.topic_id == topic.pk]
    return [card for card in shown if not card.is_empty]  # the author reads so in the admin


def card_of(page: CoursePage) -> Card:
    activities = activities_of(page)
    kinds = Counter(child.activity_kind for child in activities)
    minutes = sum(child.minutes for child in activities if child.is_required)
    return Card(
        page,
        page.get_url() or "",
        kinds["lesson"],
        kinds["quiz"],
        minutes,
        is_empty=all(child.is_dated for child in activities),
    )


def activities_of(page: CoursePage) -> list[Any]:
    from .queries import activity_pages

    return activity_pages(page)


def course_context(page: CoursePage) -> dict[str, Any]:
    card = card_of(page)
    return {
        "current": "catalogue",
        "lesson_count": card.lessons,
        "quiz_count": card.quizzes,
        "minutes": card.minutes,
        "prerequisites": [_titled(course) for course in page.prerequisites.all() if course.retired_at is None],
        "topic_name": page.topic.local_name,
        "topic_address": _topic_address(page),
    }


def _topic_address(page: CoursePage) -> str:
    """Where the other courses of the topic are; "" where it has no open page in the language of the course's page."""
    from .models import TopicPage

    pages = TopicPage.objects.live().public().filter(topic=page.topic_id, locale=page.locale_id)
    found = pages.first()
    return (found.get_url() or "") if found else ""


def _titled(course: Course) -> Titled:
    """A course by the title of its page in the reader's language, else by its own."""
    from .models import CoursePage

    language = get_language() or "vi"
    pages = CoursePage.objects.live().filter(translation_key=course.translation_key, locale__language_code=language)
    title = pages.values_list("title", flat=True).first()
    return Titled(title, language) if title else Titled(course.title, "vi")


def lesson_context(page: LessonPage) -> dict[str, Any]:
    """Also what a preview needs: the course's name and address come from the parent page."""
    parent = page.get_parent()
    siblings = [child for child in activities_of(parent.specific) if child.activity_kind == "lesson"]
    number = next((index for index, child in enumerate(siblings, start=1) if child.pk == page.pk), None)
    return {
        "current": "catalogue",
        "course_map": {"title": parent.title, "address": parent.get_url() or ""},
        "number": number,
        "lesson_count": len(siblings),
    }

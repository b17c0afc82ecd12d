"""The public reading door: path → page → cached body, with the personal part put in last.

What a page says to everybody is rendered once per worker and kept until `lib.generation` changes. Where a personal part
belongs (name, progress, the button that saves), the body holds a mark; the marks are replaced for each reader.
"""

import re
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.template import Engine
from django.template.context import make_context
from django.template.loader import render_to_string
from django.utils.translation import get_language
from wagtail.models import Page, Site

from lib import generation
from pages.display import variant_of
from pages.models import HomePage, TextPage

from .models import ActivityPage, CataloguePage, Course, CoursePage, TopicPage
from .queries import CourseMap, Landing, course_page, map_course

KEPT = 1000


@dataclass
class Entry:
    """What a path leads to. `course` and `landing` are None for pages outside a course."""

    page: Page
    is_restricted: bool
    language: str
    course: CourseMap | None = None
    landing: Landing | None = None
    bodies: dict[tuple[str, ...], str] = field(default_factory=dict)

    @property
    def is_closed(self) -> bool:
        """A page that is live although nothing is on offer behind it: its course was withdrawn, or never opened."""
        if isinstance(self.page, ActivityPage):
            return self.landing is None
        return isinstance(self.page, CoursePage) and self.course is None


class Shelf:
    """Entries of one generation, the most recently read kept."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        self.generation: generation.Moment | None = None
        self.entries: OrderedDict[tuple[str, str, str], Entry] = OrderedDict()
        self.facts: dict[Hashable, Any] = {}

    def _renew(self) -> None:
        """Empty once something was published, at midnight, and when a page says what holds no more."""
        now = generation.moment()
        if now != self.generation:
            self.clear()
            self.generation = now

    def remember[T](self, key: Hashable, find: Callable[[], T]) -> T:
        """A small fact about the published pages, looked up once a generation."""
        self._renew()
        if key not in self.facts:
            self.facts[key] = find()
        return self.facts[key]  # type: ignore[no-any-return]

    def course(self, course: Course) -> tuple[CoursePage | None, CourseMap | None]:
        """The live page of a course in the reader's language, else in any, and its map; without asking for them again."""
        language = get_language() or "vi"

        def find() -> tuple[CoursePage | None, CourseMap | None]:
            page = course_page(course, language)
            return page, map_course(course, page, language) if page else None

        return self.remember(("course", language, course.pk), find)

    def get(self, request: HttpRequest, path: str) -> Entry | None:
        """What is not ours is not kept: whoever tries addresses would push the lessons off the shelf."""
        self._renew()
        key = (request.get_host(), get_language() or "vi", path)
        if key in self.entries:
            self.entries.move_to_end(key)
            return self.entries[key]
        moment, entry = self.generation, self._find(request, path)
        if entry and moment == self.generation:  # else something was published meanwhile
            self.entries[key] = entry
            if len(self.entries) > KEPT:
                self.entries.popitem(last=False)
        return entry

    def _find(self, request: HttpRequest, path: str) -> Entry | None:
        page = _page_at(request, path)
        return self.entry_of(page) if page else None

    def entry_of(self, page: Page) -> Entry:
        entry = Entry(page, page.get_view_restrictions().exists(), page.locale.language_code)
        if isinstance(page, CoursePage | ActivityPage):
            entry.course = self._map_around(page)
        if entry.course and isinstance(page, ActivityPage):
            key = page.translation_key
            entry.landing = next((landing for landing in entry.course.landings if landing.key == key), None)
        return entry

    def _map_around(self, page: CoursePage | ActivityPage) -> CourseMap | None:
        """The map of the course to which a page belongs; None while the course is not on offer."""
        key = (page if isinstance(page, CoursePage) else page.get_parent()).translation_key
        course = Course.objects.filter(translation_key=key).first()
        return self.course(course)[1] if course else None


shelf = Shelf()


def _pages_at(request: HttpRequest, path: str) -> QuerySet[Page]:
    """Live or not."""
    site = Site.find_for_request(request)
    if site is None:
        return Page.objects.none()
    root = site.root_page.localized
    found: QuerySet[Page] = Page.objects.filter(
        url_path=root.url_path + (f"{path.strip('/')}/" if path.strip("/") else "")
    )
    return found


def _page_at(request: HttpRequest, path: str) -> Page | None:
    """The live page of ours under a path, or None: then Wagtail's own way decides."""
    page = _pages_at(request, path).filter(live=True).first()
    page = page.specific if page else None
    ours = HomePage | TextPage | CataloguePage | TopicPage | CoursePage | ActivityPage
    return page if isinstance(page, ours) else None


def once_live(request: HttpRequest, path: str) -> CoursePage | ActivityPage | None:
    """The page of a course under a path that is or was open to learners."""
    page = _pages_at(request, path).filter(first_published_at__isnull=False).first()
    page = page.specific if page else None
    return page if isinstance(page, CoursePage | ActivityPage) else None


def body_of(request: HttpRequest, entry: Entry) -> str:
    """The page as everybody sees it, with marks where the personal parts go."""
    key = variant_of(request)
    if key not in entry.bodies:
        context = entry.page.get_context(request)
        context |= {
            "is_body": True,
            "course_map": entry.course,
            "landing": entry.landing,
            **dict(zip(("text_size", "theme"), key, strict=True)),
        }
        entry.bodies[key] = render_to_string(entry.page.get_template(request), context, request=request)
    return entry.bodies[key]


_MARK = re.compile(r"<!--personal:(\w+)-->")


def fill(body: str, request: HttpRequest, context: dict[str, Any], drawn: Mapping[str, Callable[[], str]]) -> str:
    """Puts the personal parts (templates/components/_NAME.html) in the place of their marks; some are `drawn` without it.

    One context for all of them: what every template gets (user, messages) is made once, not for each part.
    """
    engine = Engine.get_default()
    parts = make_context(context, request)

    def part(found: re.Match[str]) -> str:
        if draw := drawn.get(found[1]):
            return draw()
        return engine.get_template(f"components/_{found[1]}.html").render(parts)

    with parts.bind_template(engine.get_template("base.html")):
        return _MARK.sub(part, body)

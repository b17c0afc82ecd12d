"""The public reading door: path → page → cached body, with the personal part put in last.

What a page says to everybody is rendered once per worker and kept until `lib.generation` changes. Where a personal part
belongs (name, progress, the button that saves), the body holds a mark; the marks are replaced for each reader.
"""

import re
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.template import Engine
from django.template.context import make_context
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language
from wagtail.models import Page, Site

from lib import generation
from lib.dates import local_day
from pages.display import variant_of
from pages.models import HomePage, TextPage

from .models import Activity, ActivityPage, CataloguePage, Course, CoursePage, TopicPage
from .rules import Step

KEPT = 1000


@dataclass(frozen=True)
class Landing:
    """One activity of a course as a reader meets it, in the language of the page."""

    activity_id: int
    key: UUID
    kind: str
    title: str
    summary: str
    address: str
    minutes: int
    is_required: bool


@dataclass(frozen=True)
class CourseMap:
    """A course in one language: what its pages need to know of each other."""

    course_id: int
    key: UUID
    title: str
    address: str
    is_sequential: bool
    landings: tuple[Landing, ...]

    @property
    def steps(self) -> list[Step]:
        return [Step(landing.activity_id, landing.is_required) for landing in self.landings]

    def at(self, activity_id: int | None) -> Landing | None:
        return next((landing for landing in self.landings if landing.activity_id == activity_id), None)


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
        self.generation: tuple[int, date] | None = None
        self.entries: OrderedDict[tuple[str, str, str], Entry | None] = OrderedDict()
        self.facts: dict[Hashable, Any] = {}

    def _renew(self) -> None:
        """Empty once something was published, and at midnight."""
        now = generation.current(), local_day(timezone.now())
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
            page = _page_of(course, language)
            return page, map_course(page) if page else None

        return self.remember(("course", language, course.pk), find)

    def get(self, request: HttpRequest, path: str) -> Entry | None:
        self._renew()
        language = get_language() or "vi"
        key = (request.get_host(), language, path)
        if key not in self.entries:
            self.entries[key] = _find(request, path)
            if len(self.entries) > KEPT:
                self.entries.popitem(last=False)
        self.entries.move_to_end(key)
        return self.entries[key]


shelf = Shelf()


def _find(request: HttpRequest, path: str) -> Entry | None:
    """The live page of ours under a path, or None: then Wagtail's own way decides."""
    site = Site.find_for_request(request)
    if site is None:
        return None
    root = site.root_page.localized
    address = root.url_path + (path.strip("/") + "/" if path.strip("/") else "")
    page = Page.objects.live().filter(url_path=address).first()
    if page is None:
        return None
    page = page.specific
    if not isinstance(page, HomePage | TextPage | CataloguePage | TopicPage | CoursePage | ActivityPage):
        return None
    language = page.locale.language_code
    entry = Entry(page=page, is_restricted=page.get_view_restrictions().exists(), language=language)
    if isinstance(page, CoursePage):
        entry.course = map_course(page)
    elif isinstance(page, ActivityPage):
        entry.course = map_course(page.get_parent().specific)
        if entry.course:
            key = page.translation_key
            entry.landing = next((landing for landing in entry.course.landings if landing.key == key), None)
    return entry


def _page_of(course: Course, language: str) -> CoursePage | None:
    pages = list(
        CoursePage.objects.live().filter(translation_key=course.translation_key).select_related("locale", "art")
    )
    return next((page for page in pages if page.locale.language_code == language), pages[0] if pages else None)


def map_course(page: CoursePage) -> CourseMap | None:
    """None while the course has no row yet (its page never went live)."""
    course = Course.objects.offered().filter(translation_key=page.translation_key).first()
    if course is None:
        return None
    pages = {
        child.translation_key: child
        for child in page.get_children().live().specific()
        if isinstance(child, ActivityPage)
    }
    rows = {row.translation_key: row for row in Activity.objects.offered().filter(course=course)}
    landings = tuple(
        Landing(
            activity_id=rows[key].pk,
            key=key,
            kind=rows[key].kind,
            title=child.title,
            summary=child.summary,
            address=child.get_url() or "",
            minutes=child.minutes,
            is_required=rows[key].is_required,
        )
        for key, child in pages.items()
        if key in rows
    )
    return CourseMap(course.pk, page.translation_key, page.title, page.get_url() or "", course.is_sequential, landings)


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


def fill(body: str, request: HttpRequest, context: dict[str, Any]) -> str:
    """Puts the personal parts (templates/components/_NAME.html) in the place of their marks.

    One context for all of them: what every template gets (user, messages) is made once, not for each part.
    """
    engine = Engine.get_default()
    parts = make_context(context, request)

    def part(found: re.Match[str]) -> str:
        return engine.get_template(f"components/_{found[1]}.html").render(parts)

    with parts.bind_template(engine.get_template("base.html")):
        return _MARK.sub(part, body)

"""What waits for the authors of each course: the panel on an editor's first page of the admin."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.urls import reverse
from wagtail.admin.ui.components import Component
from wagtail.models import Page
from wagtail.permissions import page_permission_policy

from accounts.access import AnyUser

from . import reviewing
from .models import Activity, ActivityPage, CataloguePage, CoursePage, LessonPage
from .queries import rank


@dataclass(frozen=True)
class Work:
    """A course with the pages in it: `drafts` have changes that readers do not see yet, `samples` lack a reviewer.

    `is_hidden`: it is live with nothing in it to learn, so that the catalogue leaves it out. `empty`: pages that
    hold nothing yet, live or not, such as a quiz without questions.
    """

    course: CoursePage
    pages: int
    drafts: int
    samples: int
    is_hidden: bool
    empty: list[Page]


def editable(user: AnyUser) -> QuerySet[Page]:
    if isinstance(user, AnonymousUser):
        return Page.objects.none()
    pages: QuerySet[Page] = page_permission_policy.instances_user_has_permission_for(user, "change")
    return pages


def work_of(user: AnyUser) -> list[Work]:
    """By course in the order of the catalogue; the number of queries does not grow with the courses."""
    mine = editable(user)
    courses = list(CoursePage.objects.filter(pk__in=mine.values("pk")).select_related("locale").order_by("path"))
    pages = list(mine.filter(depth__gt=1).order_by("path"))
    samples = set(LessonPage.objects.filter(pk__in=mine.values("pk"), is_sample=True).values_list("pk", flat=True))
    taught = set(Activity.objects.offered().values_list("course__translation_key", flat=True))
    empty = _empty_among(pages)
    return [_work(course, pages, samples, taught, empty) for course in courses]


def _empty_among(pages: list[Page]) -> set[UUID]:
    """Keys of the pages with nothing in them; each kind of activity is asked once."""
    keys: dict[type[ActivityPage], list[UUID]] = {}
    for page in pages:
        if page.specific_class and issubclass(page.specific_class, ActivityPage):
            keys.setdefault(page.specific_class, []).append(page.translation_key)
    return {key for kind, some in keys.items() for key in kind.empty_among(some)}


def _work(course: CoursePage, pages: list[Page], samples: set[int], taught: set[UUID], empty: set[UUID]) -> Work:
    within = [page for page in pages if page.path.startswith(course.path) and page.pk != course.pk]
    return Work(
        course=course,
        pages=len(within),
        drafts=sum(page.has_unpublished_changes for page in [course, *within]),
        samples=sum(page.pk in samples for page in within),
        is_hidden=course.live and course.translation_key not in taught,
        empty=[page for page in within if page.translation_key in empty],
    )


def new_course_address(user: AnyUser) -> str:
    """Where somebody who may writes a new course: in the Vietnamese catalogue, the first for want of one; "" for who may not."""
    found = CataloguePage.objects.filter(pk__in=editable(user).values("pk")).select_related("locale")
    page = min(found, key=lambda page: rank(page.locale.language_code), default=None)
    return reverse("wagtailadmin_pages:add", args=["courses", "coursepage", page.pk]) if page else ""


class AuthoringPanel(Component):
    name = "authoring"
    order = 60
    template_name = "courses/admin/authoring.html"

    def __init__(self, rows: list[Work], new_course: str) -> None:
        self.rows, self.new_course = rows, new_course

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        return {
            "rows": self.rows,
            "new_course": self.new_course,
            "to_review": reviewing.count_of(parent_context["request"].user),
        }

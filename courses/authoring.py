"""What waits for the authors of each course: the panel on an editor's first page of the admin."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from wagtail.admin.ui.components import Component
from wagtail.models import Page
from wagtail.permissions import page_permission_policy

from accounts.access import AnyUser

from . import reviewing
from .models import CoursePage, LessonPage


@dataclass(frozen=True)
class Work:
    """A course with the pages in it: `drafts` have changes that readers do not see yet, `samples` lack a reviewer."""

    course: CoursePage
    pages: int
    drafts: int
    samples: int


def editable(user: AnyUser) -> QuerySet[Page]:
    if isinstance(user, AnonymousUser):
        return Page.objects.none()
    pages: QuerySet[Page] = page_permission_policy.instances_user_has_permission_for(user, "change")
    return pages


def work_of(user: AnyUser) -> list[Work]:
    """By course in the order of the catalogue; three queries, however many courses there are."""
    mine = editable(user)
    courses = list(CoursePage.objects.filter(pk__in=mine.values("pk")).select_related("locale").order_by("path"))
    pages = list(mine.filter(depth__gt=1).order_by().values_list("path", "has_unpublished_changes"))
    samples = list(LessonPage.objects.filter(pk__in=mine.values("pk"), is_sample=True).values_list("path", flat=True))
    return [_work(course, pages, samples) for course in courses]


def _work(course: CoursePage, pages: list[tuple[str, bool]], samples: list[str]) -> Work:
    within = [is_changed for path, is_changed in pages if path.startswith(course.path)]
    return Work(
        course=course,
        pages=len(within) - 1,
        drafts=sum(within),
        samples=sum(path.startswith(course.path) for path in samples),
    )


class AuthoringPanel(Component):
    name = "authoring"
    order = 60
    template_name = "courses/admin/authoring.html"

    def __init__(self, rows: list[Work]) -> None:
        self.rows = rows

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        return {"rows": self.rows, "to_review": reviewing.count_of(parent_context["request"].user)}

"""What waits for the authors of each course: the panel on an editor's first page of the admin."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _
from wagtail.admin.ui.components import Component
from wagtail.models import Locale, Page
from wagtail.permissions import page_permission_policy

from accounts.access import AnyUser

from . import reviewing
from .models import Activity, ActivityPage, CataloguePage, Completion, CoursePage, Enrolment, LessonPage
from .queries import rank

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Work:
    """A course with the pages in it: `drafts` of them have changes that readers do not see yet, `samples` lack a reviewer.

    `has_draft`: so has the course's own page. `is_hidden`: it is live with nothing in it to learn, so that the catalogue
    leaves it out. `empty`: pages that hold nothing yet, live or not, such as a quiz without questions.
    """

    course: CoursePage
    pages: int
    drafts: int
    has_draft: bool
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
        drafts=sum(page.has_unpublished_changes for page in within),
        has_draft=course.has_unpublished_changes,
        samples=sum(page.pk in samples for page in within),
        is_hidden=course.live and course.translation_key not in taught,
        empty=[page for page in within if page.translation_key in empty],
    )


@dataclass(frozen=True)
class Use:
    """How many are in the courses of a page, how many of them have not finished, and what is `recorded` about the page
    itself: who completed an activity, else who is in the courses."""

    enrolled: int
    learning: int
    recorded: int


def use_of(page: Page) -> Use:
    """By two queries, however many courses stand below a page."""
    is_activity = isinstance(page, ActivityPage)
    around = page.get_parent() if is_activity else page
    keys = around.get_descendants(inclusive=True).type(CoursePage).values("translation_key")
    found = Enrolment.objects.filter(course__translation_key__in=keys).aggregate(
        enrolled=Count("pk"), learning=Count("pk", filter=Q(completed_at=None))
    )
    completed = Completion.objects.filter(activity__translation_key=page.translation_key)
    return Use(**found, recorded=completed.count() if is_activity else found["enrolled"])


def who_learns(page: Page) -> str:
    """Said before a page is unpublished; "" where nobody would notice."""
    use = use_of(page)
    if not (use.enrolled or use.recorded):
        return ""
    said = (
        _(
            "Khóa học chứa bài này có %(enrolled)s lượt ghi danh, trong đó %(learning)s người đang học dở; %(recorded)s người đã xong bài này."
        )
        if isinstance(page, ActivityPage)
        else _("Có %(enrolled)s lượt ghi danh, trong đó %(learning)s người đang học dở.")
    )
    counts = {"learning": use.learning, "enrolled": use.enrolled, "recorded": use.recorded}
    return f"{said % counts} {_what_follows(page)}"


def _what_follows(page: Page) -> str:
    """Where the same page stays on in another language, its readers are led there: that takes nothing off the site."""
    others = page.get_translations().live().select_related("locale")
    if named := ", ".join(f"“{other.title}” ({_in_words(other.locale)})" for other in others):
        return _(
            "Trang này ở ngôn ngữ khác vẫn đăng: %(pages)s. Nếu ngừng đăng trang này, học viên được dẫn sang đó, đọc bằng ngôn ngữ ấy và vẫn học tiếp được; muốn ngừng hẳn thì ngừng đăng cả trang ấy. Kết quả đã ghi vẫn được giữ."
        ) % {"pages": named}
    if isinstance(page, ActivityPage):
        return _("Nếu ngừng đăng, học viên không mở được bài nữa; kết quả và câu trả lời đã có vẫn được giữ.")
    return _("Nếu ngừng đăng, học viên không mở được khóa nữa; kết quả đã ghi vẫn được giữ.")


def _in_words(locale: Locale) -> str:
    return str(get_language_info(locale.language_code)["name_translated"])


def new_course_address(user: AnyUser) -> str:
    """Where somebody who may writes a new course: in the Vietnamese catalogue, the first for want of one; "" for who may not."""
    found = CataloguePage.objects.filter(pk__in=editable(user).values("pk")).select_related("locale")
    page = min(found, key=lambda page: rank(page.locale.language_code), default=None)
    return reverse("wagtailadmin_pages:add", args=["courses", "coursepage", page.pk]) if page else ""


def ways_to_add(course: Page, user: AnyUser) -> list[tuple["StrOrPromise", str]]:
    """What may be put into a course next, each with the address where it is written; none for who may not, or elsewhere."""
    if not isinstance(course, CoursePage) or not course.permissions_for_user(user).can_add_subpage():
        return []
    kinds = [kind for kind in CoursePage.allowed_subpage_models() if issubclass(kind, ActivityPage)]
    return [
        (kind.adding, reverse("wagtailadmin_pages:add", args=[kind._meta.app_label, kind._meta.model_name, course.pk]))
        for kind in kinds
    ]


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

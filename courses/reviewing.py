"""What is marked "cần rà soát", lessons first: the entries of the list that apps fill in `registries.under_review`."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.access import AnyUser
from lib import registries
from lib.registries import UnderReview, Waiting

from .actions import mark_reviewed
from .models import Activity
from .queries import pages_of


def _marked() -> QuerySet[Activity]:
    return Activity.objects.offered().filter(needs_review_since__isnull=False)


def count(user: AnyUser) -> int:
    return _marked().count()


def waiting(user: AnyUser) -> list[Waiting]:
    rows = list(_marked().select_related("course"))
    pages = pages_of(row.translation_key for row in rows)
    return [
        Waiting(
            row.pk,
            row.title,
            row.review_reason,
            row.needs_review_since,
            reverse("wagtailadmin_pages:edit", args=[pages[row.translation_key].pk])
            if row.translation_key in pages
            else "",
            row.course.title,
        )
        for row in rows
        if row.needs_review_since
    ]


ACTIVITIES = UnderReview(_("bài học"), "courses.view_activity", count, waiting, mark_reviewed)


@dataclass(frozen=True)
class Row:
    """A line of the editors' list; `value` names it and the mark that was seen, in the form that is sent back."""

    kind: str
    label: str
    one: Waiting

    @property
    def value(self) -> str:
        return f"{self.kind} {self.one.pk} {self.one.since.isoformat()}"


def entries_of(user: AnyUser) -> dict[str, UnderReview]:
    """The kinds whose marks somebody may see and lift."""
    return {name: kind for name, kind in registries.under_review if user.has_perm(kind.permission)}


def rows_of(user: AnyUser) -> list[Row]:
    """Everything that waits, what was marked first before the rest."""
    rows = [Row(name, str(kind.label), one) for name, kind in entries_of(user).items() for one in kind.waiting(user)]
    return sorted(rows, key=lambda row: (row.one.since, row.label, row.one.title))


def count_of(user: AnyUser) -> int:
    return sum(kind.count(user) for kind in entries_of(user).values())

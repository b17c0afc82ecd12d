"""Courses as editors choose among them: drafts and what was withdrawn are told from what is open."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext
from wagtail.models import Page

from pages.forms import AddressedForm

from .models.rows import Course  # the pages, which use this form, are not there yet


def standing(courses: QuerySet[Course]) -> QuerySet[Course]:
    """Those whose page stands, as a draft too: what was deleted does not come back. For `name_with_state`."""
    pages = Page.objects.filter(translation_key=OuterRef("translation_key"))
    once_live = Exists(pages.filter(first_published_at__isnull=False))
    return courses.filter(Exists(pages)).annotate(was_open=once_live).order_by("topic__position", "title")


def name_with_state(course: Course) -> str:
    if course.retired_at is None:
        return course.title
    state = gettext("đã ngừng mở") if course.was_open else gettext("bản nháp, chưa mở")  # type: ignore[attr-defined]
    return f"{course.title} ({state})"


class CoursePageForm(AddressedForm):
    """What comes first is one of the courses that people can take; what was chosen before stays in sight."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "prerequisites" not in self.fields:  # a form with other fields, as of Wagtail's copying
            return
        chosen = [course.pk for course in self.instance.prerequisites.all()]
        courses = standing(Course.objects.filter(Q(retired_at=None) | Q(pk__in=chosen)))
        field: Any = self.fields["prerequisites"]
        field.queryset = courses.exclude(translation_key=self.instance.translation_key)
        field.label_from_instance = name_with_state

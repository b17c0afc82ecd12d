"""The course of a workshop that is not for everybody stands in no list, and one without lessons not among the courses."""

import pytest
from wagtail.models import PageViewRestriction

from courses.models import CoursePage
from tests import cast
from workshops import actions
from workshops.models import SeenBy

from .conftest import main
from .test_planning_pages import planned

pytestmark = pytest.mark.django_db
TITLE = "Bộ tiêu chí OCOP mới"


def is_found(anybody) -> bool:
    return f"/khoa-hoc/{CoursePage.objects.get().slug}/" in main(anybody.get("/hoc/tim/?q=tieu+chi"))


def change(workshop, organiser, seen_by):
    details = {"seen_by": seen_by}
    said = {"title": workshop.title, "summary": "", "place": workshop.place, "details": details}
    actions.change_details(workshop=workshop, by=organiser, at=cast.NOW, **said)


@pytest.mark.parametrize("seen_by", [SeenBy.LINK, SeenBy.INVITED])
def test_it_is_hidden_at_once_and_shown_once_it_is_for_everybody(
    organiser, anybody, seen_by, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        workshop = planned(cast.client_of(organiser), title=TITLE, seen_by=seen_by)
    assert not is_found(anybody)
    with django_capture_on_commit_callbacks(execute=True):
        change(workshop, organiser, SeenBy.EVERYBODY)
    assert is_found(anybody)
    with django_capture_on_commit_callbacks(execute=True):
        change(workshop, organiser, seen_by)
    assert not is_found(anybody)


def test_what_is_held_on_a_day_alone_is_among_the_workshops_and_not_among_the_courses(
    organiser, anybody, django_capture_on_commit_callbacks
):
    planned(cast.client_of(organiser), title=TITLE)
    assert TITLE in main(anybody.get("/tap-huan/"))
    assert TITLE not in main(anybody.get("/khoa-hoc/"))
    with django_capture_on_commit_callbacks(execute=True):
        cast.lesson_page(CoursePage.objects.get(), "Đọc trước", "doc-truoc")
    assert TITLE in main(anybody.get("/khoa-hoc/"))


def test_who_has_the_address_of_the_workshop_reads_what_is_written_of_it(organiser, anybody):
    workshop = planned(cast.client_of(organiser), title=TITLE, seen_by="link", summary="Học để lên hạng sao")
    assert "Học để lên hạng sao" in anybody.get(f"/tap-huan/{workshop.slug}/").text


def test_a_course_with_lessons_is_its_editors_to_show(organiser):
    course = cast.course(lessons=1)
    planned(cast.client_of(organiser), course=str(course.pk), seen_by="invited")
    assert not PageViewRestriction.objects.exists()


def test_what_an_editor_restricted_stays_so(organiser):
    workshop = planned(cast.client_of(organiser), seen_by="everybody")
    PageViewRestriction.objects.create(
        page=CoursePage.objects.get(), restriction_type=PageViewRestriction.PASSWORD, password="x"
    )
    for seen_by in (SeenBy.INVITED, SeenBy.EVERYBODY):
        change(workshop, organiser, seen_by)
    assert PageViewRestriction.objects.get().restriction_type == PageViewRestriction.PASSWORD

"""The course of a workshop that is not for everybody stands in no list."""

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


@pytest.fixture
def organiser(db):
    cast.catalogue()
    return cast.staff("organiser", cast.province())


def is_listed(anybody) -> tuple[bool, bool]:
    listed = TITLE in main(anybody.get("/khoa-hoc/"))
    found = f"/khoa-hoc/{CoursePage.objects.get().slug}/" in main(anybody.get("/hoc/tim/?q=tieu+chi"))
    return listed, found


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
    assert is_listed(anybody) == (False, False)
    with django_capture_on_commit_callbacks(execute=True):
        change(workshop, organiser, SeenBy.EVERYBODY)
    assert is_listed(anybody) == (True, True)
    with django_capture_on_commit_callbacks(execute=True):
        change(workshop, organiser, seen_by)
    assert is_listed(anybody) == (False, False)


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

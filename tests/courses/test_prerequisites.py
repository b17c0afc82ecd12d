"""What comes first: chosen among courses that are open, and asked of nobody who cannot take it."""

import pytest
from django.test import Client

from courses.models import Course, CoursePage
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def basics():
    return cast.course(slug="co-ban", title="Cơ bản")


@pytest.fixture
def advanced(basics):
    page = cast.course_page("Nâng cao", "nang-cao")
    page.prerequisites.set([basics])
    page.save_revision().publish()
    return page


def draft(title: str, slug: str) -> CoursePage:
    """With a row, as after a quiz was prepared in it."""
    page = CoursePage(title=title, slug=slug, topic=cast.topic(), locale=cast.home().locale, live=False)
    cast.catalogue().add_child(instance=page)
    cast.draft_quiz(page)
    return page


def form_of(page: CoursePage) -> str:
    return cast.client_of(cast.staff("editor")).get(f"/quan-tri/pages/{page.pk}/edit/").text


def test_only_courses_that_are_open_are_offered_and_not_the_course_itself(advanced):
    draft("Còn viết", "con-viet")
    text = form_of(advanced)
    offered = {str(course.pk) for course in Course.objects.filter(title="Cơ bản")}
    boxes = text.split('name="prerequisites" value="')[1:]
    assert {box.split('"')[0] for box in boxes} == offered
    assert 'type="checkbox" name="prerequisites"' in text


def test_what_was_chosen_and_withdrawn_since_stays_in_sight_with_its_state(advanced):
    CoursePage.objects.get(slug="co-ban").unpublish()
    assert "Cơ bản (đã ngừng mở)" in form_of(advanced)


def test_what_was_chosen_and_deleted_since_is_gone_and_the_page_is_saved_without_it(advanced):
    CoursePage.objects.get(slug="co-ban").delete()
    assert 'name="prerequisites" value' not in form_of(advanced)


def test_nobody_is_asked_for_a_course_that_cannot_be_taken_now(advanced, django_capture_on_commit_callbacks):
    person = cast.trainee().person
    assert "Cần học trước" in Client().get("/khoa-hoc/nang-cao/").text
    with django_capture_on_commit_callbacks(execute=True):
        CoursePage.objects.get(slug="co-ban").unpublish()
    assert cast.enrolment(person, cast.row_of(advanced))
    assert "Cơ bản" not in Client().get("/khoa-hoc/nang-cao/").text


def test_a_draft_that_was_chosen_holds_nobody_back_and_is_not_named():
    page = cast.course_page("Nâng cao", "nang-cao")
    page.prerequisites.set([cast.row_of(draft("Bí mật", "bi-mat"))])
    page.save_revision().publish()
    assert "Bí mật" not in Client().get("/khoa-hoc/nang-cao/").text
    assert cast.enrolment(cast.person(), cast.row_of(page))


def test_a_course_whose_first_one_was_withdrawn_is_suggested():
    user, finished = cast.trainee(), cast.course(slug="xong", title="Xong")
    cast.finish(cast.enrolment(user.person, finished))
    cast.course(slug="co-ban", title="Cơ bản")
    advanced = cast.course(slug="nang-cao", title="Nâng cao")
    page, basics = CoursePage.objects.get(slug="nang-cao"), CoursePage.objects.get(slug="co-ban")
    page.prerequisites.set([cast.row_of(basics)])
    page.save_revision().publish()
    basics.unpublish()
    assert advanced.prerequisites.exists()
    assert "Nâng cao" in cast.client_of(user).get("/hoc/").text

"""The form of an award: which courses it offers, by names that tell a draft from what is open."""

from datetime import timedelta

import pytest

from certificates import actions
from certificates.models import Award, Template
from courses.models import CoursePage
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.once]
NEW = "/quan-tri/award/new/"


@pytest.fixture
def admin():
    return cast.client_of(cast.staff("administrator"))


def draft(title: str, slug: str) -> CoursePage:
    page = CoursePage(title=title, slug=slug, topic=cast.topic(), locale=cast.home().locale, live=False)
    cast.catalogue().add_child(instance=page)
    cast.draft_quiz(page)
    return page


def names(client, path: str = NEW) -> list[str]:
    select = client.get(path).text.split('name="course"')[1].split("</select>")[0]
    options = [part.split(">", 1)[1].split("</option")[0] for part in select.split("<option")[1:]]
    return [name for name in options if "Chọn" not in name]


def test_drafts_are_told_from_what_is_open_and_deleted_ones_are_gone(admin):
    cast.course(title="A mở", slug="a-mo")
    draft("B nháp", "b-nhap")
    draft("C xóa", "c-xoa").delete()
    cast.course(title="D ngừng", slug="d-ngung")
    CoursePage.objects.get(slug="d-ngung").unpublish()
    cast.award(cast.course(title="E có rồi", slug="e-co-roi"))
    assert names(admin) == ["A mở", "B nháp (bản nháp, chưa mở)", "D ngừng (đã ngừng mở)"]


def test_an_award_keeps_its_course_to_choose_from_until_papers_hang_on_it(admin):
    course = cast.course(title="Kể chuyện", lessons=1)
    award = cast.award(course)
    path = f"/quan-tri/award/edit/{award.pk}/"
    assert names(admin, path) == ["Kể chuyện"]
    assert "disabled" not in admin.get(path).text.split('name="course"')[1].split(">")[0]
    enrolment = cast.enrolment(cast.person(), course)
    cast.finish(enrolment)
    actions.issue(enrolment_id=enrolment.pk, at=cast.NOW + timedelta(days=2))
    other = cast.course(title="Khác", slug="khac")
    fields = {
        "course": other.pk,
        "issuer": award.issuer_id,
        "template": Template.objects.get(look="warm").pk,
        "course_kind": "x",
        "duration": "1 giờ",
    }
    assert admin.post(path, fields).status_code == 302
    award.refresh_from_db()
    assert (award.course, award.design) == (course, "warm")


def test_an_award_is_written_for_a_draft_and_holds_when_it_opens(admin):
    issuer = cast.award(cast.course()).issuer
    page = draft("B nháp", "b-nhap")
    cast.ask(page.get_children().first().specific)
    course = cast.row_of(page)
    fields = {
        "course": course.pk,
        "issuer": issuer.pk,
        "template": Template.objects.get(look="warm").pk,
        "course_kind": "x",
        "duration": "1 giờ",
    }
    assert admin.post(NEW, fields | {"is_active": "on"}).status_code == 302
    page.save_revision().publish()
    assert Award.objects.filter(course__retired_at=None, course=course).exists()

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from wagtail.models import Page
from wagtail.test.utils.form_data import nested_form_data, rich_text

from courses.models import CataloguePage
from pages.forms import reserved
from pages.models import BelowHome, HomePage, TextPage
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.once]
SENTENCE = "đã dành cho một chức năng của nền tảng"


@pytest.fixture
def editor(db):
    return cast.client_of(cast.staff("editor"))


def text_page(slug: str = "gioi-thieu") -> TextPage:
    return cast.publish(cast.home(), TextPage(title="Giới thiệu", slug=slug, locale=cast.home().locale))


def form(**changes):
    counts = {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0, "MIN_NUM_FORMS": 0, "MAX_NUM_FORMS": 1000}
    return nested_form_data(
        {"title": "Giới thiệu", "slug": "gioi-thieu", "body": rich_text("<p>Chữ</p>"), "intro": rich_text(""), "summary": "",
         "comments": counts} | changes
    )  # fmt: skip


ROUTES = {
    "hoc", "tai-khoan", "c", "quan-tri", "en", "kiem-tra", "tap-huan", "diem-danh", "tai-lieu", "demo", "media", "static", "hien-thi",
    "du-lieu-ca-nhan", "_util", "api", "nhac",
}  # fmt: skip


def test_the_reserved_parts_come_from_the_routes():
    assert reserved() == ROUTES


@pytest.mark.parametrize("slug", sorted(ROUTES))
def test_no_page_below_home_is_created_where_a_route_is(editor, slug):
    home = cast.home()
    for kind in ("pages/textpage", "courses/cataloguepage"):
        response = editor.post(f"/quan-tri/pages/add/{kind}/{home.pk}/", form(slug=slug))
        assert SENTENCE in response.text
    assert not Page.objects.filter(slug=slug).exists()


def test_other_addresses_are_taken(editor):
    response = editor.post(f"/quan-tri/pages/add/pages/textpage/{cast.home().pk}/", form() | {"action-publish": "1"})
    assert response.status_code == 302
    assert Client().get("/gioi-thieu/").status_code == 200


def test_no_page_below_home_is_moved_by_editing_to_where_a_route_is(editor):
    page = text_page()
    assert SENTENCE in editor.post(f"/quan-tri/pages/{page.pk}/edit/", form(slug="hoc")).text
    assert Page.objects.get(pk=page.pk).slug == "gioi-thieu"


def test_no_copy_is_put_where_a_route_is(editor):
    page = text_page()
    data = {"new_title": "Học", "new_slug": "hoc", "new_parent_page": page.get_parent().pk}
    response = editor.post(f"/quan-tri/pages/{page.pk}/copy/", data)
    assert response.status_code == 200
    assert SENTENCE in response.text
    assert editor.post(f"/quan-tri/pages/{page.pk}/copy/", data | {"new_slug": "gioi-thieu-2"}).status_code == 302


def test_no_page_is_moved_below_home_to_where_a_route_is(editor):
    page = text_page()
    other = HomePage(title="Home", slug="home-en", locale=cast.home().locale)
    cast.publish(Page.get_first_root_node(), other)
    Page.objects.filter(pk=page.pk).update(slug="hoc")
    response = editor.post(f"/quan-tri/pages/{page.pk}/move/{other.pk}/confirm/", follow=True)
    assert SENTENCE in response.text
    assert Page.objects.get(pk=page.pk).get_parent().pk == cast.home().pk


def test_code_that_makes_pages_is_refused_as_well():
    with pytest.raises(ValidationError, match=SENTENCE):
        text_page("kiem-tra")


def test_lessons_and_quizzes_below_a_course_may_be_called_as_they_like():
    page = cast.course_page()
    cast.lesson_page(page, "Học", "hoc")
    assert Client().get("/khoa-hoc/ke-chuyen/hoc/").status_code == 200


def test_every_kind_below_home_leaves_routes_alone():
    kinds = [kind for kind in HomePage.allowed_subpage_models() if kind.is_creatable]
    assert CataloguePage in kinds
    assert all(issubclass(kind, BelowHome) for kind in kinds)

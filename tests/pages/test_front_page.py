"""The page that the site begins with stays: without it every address would be gone."""

import pytest

from pages.models import HomePage
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.mark.parametrize("step", ["delete", "unpublish"])
@pytest.mark.parametrize("in_bulk", [False, True])
def test_the_front_page_is_neither_deleted_nor_taken_down(step, in_bulk):
    home = cast.home()
    client = cast.client_of(cast.staff("administrator"))
    door = f"bulk/wagtailcore/page/{step}/?id={home.pk}" if in_bulk else f"pages/{home.pk}/{step}/"
    answer = client.post(f"/quan-tri/{door}", {"wagtailadmin-confirm-delete": home.title}, follow=True)
    assert "trang chủ của cả trang web" in " ".join(str(one) for one in answer.context["messages"])
    assert HomePage.objects.live().filter(pk=home.pk).exists()


@pytest.mark.parametrize("step", ["delete", "unpublish"])
def test_another_page_goes(step):
    page = cast.course_page()
    client = cast.client_of(cast.staff("administrator"))
    client.post(f"/quan-tri/pages/{page.pk}/{step}/", follow=True)
    assert not type(page).objects.live().filter(pk=page.pk).exists()

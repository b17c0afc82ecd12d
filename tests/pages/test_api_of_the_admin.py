"""Wagtail's API of the admin lists pages to choose from, and does nothing to them: its actions know no hook and no approval."""

import json

import pytest
from wagtail.models import Page

from tests import cast

pytestmark = pytest.mark.django_db
ACTIONS = [
    "convert_alias", "copy", "delete", "publish", "unpublish", "move", "copy_for_translation", "create_alias",
    "revert_to_page_revision",
]  # fmt: skip


@pytest.mark.parametrize("action", ACTIONS)
def test_no_action_is_done_by_it(action):
    course = cast.course_page()
    lesson = cast.lesson_page(course, "Muối", "muoi")
    lesson.title = "Muối Bạc Liêu"
    lesson.save_revision()
    other = cast.course_page("Khác", "khac")
    body = {"destination_page_id": other.pk, "position": "last-child", "recursive": True, "revision_id": 1}
    before = list(Page.objects.order_by("pk").values())
    client = cast.client_of(cast.staff("administrator"))
    address = f"/quan-tri/api/main/pages/{lesson.pk}/action/{action}/"
    answer = client.post(address, json.dumps(body), content_type="application/json", HTTP_ACCEPT="application/json")
    assert answer.status_code == 404
    assert list(Page.objects.order_by("pk").values()) == before


def test_pages_are_listed_for_the_menu_and_the_choosers():
    page = cast.course_page()
    client = cast.client_of(cast.staff("editor"))
    found = client.get("/quan-tri/api/main/pages/", {"child_of": page.get_parent().pk}, HTTP_ACCEPT="application/json")
    assert [one["id"] for one in found.json()["items"]] == [page.pk]

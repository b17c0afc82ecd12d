"""A self-check in the editor: it opens with two empty choices, and what an earlier version wrote into them is gone."""

from importlib import import_module

import pytest
from django.apps import apps

from courses.blocks import CheckBlock
from courses.models import LessonPage
from tests import cast

EMPTY = {"text": None, "is_right": False, "feedback": None}
repair = import_module("courses.migrations.0010_two_empty_choices").Migration.operations[-1]


def test_it_opens_with_two_choices_in_which_every_field_is_empty():
    block = CheckBlock()
    state = block.get_form_state(block.get_default())
    assert [choice["value"] for choice in state["choices"]] == [EMPTY, EMPTY]


def checks(*feedback: str) -> list[dict]:
    choices = [{"text": "undefined", "is_right": True, "feedback": said} for said in feedback]
    return [{"type": "check", "value": {"question": "Kể gì?", "choices": choices}}]


@pytest.mark.django_db
def test_messages_that_nobody_typed_are_emptied_in_lessons_and_in_drafts():
    page = cast.lesson_page(cast.course_page(), "Bài 1", "bai-1")
    for said in (checks("undefined", "Đúng rồi"), checks("undefined"), checks()):
        page.body = page.body.stream_block.to_python(said)
        revision = page.save_revision()
        if said[0]["value"]["choices"][1:]:
            revision.publish()
    repair.code(apps, None)
    kept = [one.as_object() for one in page.revisions.order_by("pk")]
    assert [said_in(one) for one in kept] == [None, ["", "Đúng rồi"], [""], []]
    assert said_in(LessonPage.objects.get()) == ["", "Đúng rồi"]


def said_in(page: LessonPage) -> list[str] | None:
    check = next((block for block in page.body if block.block_type == "check"), None)
    return [choice["feedback"] for choice in check.value["choices"]] if check else None

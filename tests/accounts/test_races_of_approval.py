"""A page that two decide on in the same instant, proved on real connections, with a control that the race does happen."""

from copy import copy

import pytest
from wagtail.models import PageLogEntry, Workflow

from tests import cast
from tests.racing import overlapping, without_locks

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


@pytest.fixture
def two_editors():
    page, sender = cast.course_page(), cast.staff("editor")
    page.save_revision(user=sender)
    Workflow.objects.get(name="Duyệt bài").start(page, sender)
    step, state = page.current_workflow_task.specific, page.current_workflow_task_state
    editors = [cast.staff("editor", phone=phone) for phone in ("0987654322", "0987654323")]
    return [lambda editor=editor: step.on_action(copy(state), editor, "approve") for editor in editors]


def approvals():
    return PageLogEntry.objects.filter(action="wagtail.workflow.approve").count()


def test_of_two_who_approve_at_once_the_log_names_one(two_editors):
    overlapping(*two_editors)
    assert approvals() == 1


def test_without_the_lock_both_would_have_approved_it(two_editors, monkeypatch):
    """The control: both find a page that waits."""
    without_locks(monkeypatch)
    overlapping(*two_editors)
    assert approvals() == 2

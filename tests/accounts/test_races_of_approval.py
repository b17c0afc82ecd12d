"""A page that two decide on in the same instant, proved on real connections, with a control that the race does happen."""

from copy import copy

import pytest
from wagtail.models import PageLogEntry, Workflow

from tests import cast
from tests.racing import overlapping, without_locks

from .test_approval import FORM, LATE

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


@pytest.fixture
def draft():
    """A course that no reader sees yet, sent in by its author."""
    page, sender = cast.course_page(), cast.staff("editor")
    page.unpublish()
    page.save_revision(user=sender)
    Workflow.objects.get(name="Duyệt bài").start(page, sender)
    return page


@pytest.fixture
def two_presses(draft):
    """The same button of the editor, pressed by two."""
    address = f"/quan-tri/pages/{draft.pk}/edit/"
    decision = {"action-workflow-action": "1", "workflow-action-name": "approve"}
    fields = FORM | decision | {"title": draft.title, "slug": draft.slug, "topic": draft.topic_id}
    clients = [cast.client_of(cast.staff("editor", phone=phone)) for phone in ("0987654322", "0987654323")]
    return [lambda client=client: client.post(address, fields, follow=True).text for client in clients]


def test_of_two_who_press_at_once_one_approves_and_the_other_reads_that_it_came_too_late(draft, two_presses):
    first, second = overlapping(*two_presses)
    assert "Đã duyệt" in first
    assert LATE in second
    draft.refresh_from_db()
    assert draft.live
    assert draft.live_revision == draft.latest_revision
    assert approvals() == 1


def test_without_the_lock_the_second_would_have_failed_on_a_step_that_is_over(two_presses, monkeypatch):
    """The control: the second finds a page that waits, and none when it comes to decide."""
    without_locks(monkeypatch)
    _first, second = overlapping(*two_presses)
    assert isinstance(second, AttributeError)

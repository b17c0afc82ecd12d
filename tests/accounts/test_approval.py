"""A page that was sent in for approval is approved by somebody else than its sender."""

import pytest
from django.apps import apps
from wagtail.models import GroupApprovalTask, PageLogEntry, Task, Workflow, WorkflowTask

from accounts import groups
from accounts.models import ApprovalByAnother
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def sender():
    return cast.staff("editor", name="Trần Thị Gửi")


@pytest.fixture
def page(sender):
    page = cast.course_page()
    page.title = "Kể chuyện hay"
    page.save_revision(user=sender)
    Workflow.objects.get(name="Duyệt bài").start(page, sender)
    return page


def approve(page, user):
    state = page.current_workflow_task_state
    return cast.client_of(user).post(f"/quan-tri/pages/workflow/action/{page.pk}/approve/{state.pk}/")


def test_whoever_sent_a_page_in_may_not_approve_it_and_is_told(page, sender):
    assert approve(page, sender).status_code in (302, 403)
    page.refresh_from_db()
    assert page.workflow_in_progress
    assert page.title == "Kể chuyện"
    assert "một người biên soạn khác sẽ duyệt" in cast.client_of(sender).get(f"/quan-tri/pages/{page.pk}/edit/").text
    assert not page.current_workflow_task.specific.get_task_states_user_can_moderate(sender)


def test_another_editor_approves_it(page):
    other = cast.staff("editor", phone="0987654322")
    assert "biên soạn khác sẽ duyệt" not in cast.client_of(other).get(f"/quan-tri/pages/{page.pk}/edit/").text
    assert approve(page, other).status_code == 302
    page.refresh_from_db()
    assert page.title == "Kể chuyện hay"


def test_an_administrator_may_approve_what_she_sent_and_it_is_in_the_log():
    user = cast.staff("administrator")
    page = cast.course_page()
    page.save_revision(user=user)
    Workflow.objects.get(name="Duyệt bài").start(page, user)
    assert approve(page, user).status_code == 302
    assert PageLogEntry.objects.filter(page=page.pk, action="wagtail.workflow.approve", user=user).exists()


def test_what_waits_in_a_step_of_before_goes_on_in_the_new_one(sender):
    ApprovalByAnother.objects.all().delete()
    before = GroupApprovalTask.objects.create(name=groups.APPROVAL)
    WorkflowTask.objects.create(workflow=Workflow.objects.get(name="Duyệt bài"), task=before, sort_order=0)
    page = cast.course_page()
    page.save_revision(user=sender)
    Workflow.objects.get(name="Duyệt bài").start(page, sender)
    groups.ensure_page_permissions(apps.get_app_config("wagtailimages"))
    step = Task.objects.get(pk=before.pk).specific
    assert isinstance(step, ApprovalByAnother)
    assert page.current_workflow_task_state.task_id == step.pk
    assert step.get_actions(page, sender) == []
    assert step.get_actions(page, cast.staff("editor", phone="0987654322"))


def test_whoever_rewrites_a_page_while_approving_it_does_not_approve_her_own_words(page):
    other = cast.staff("editor", phone="0987654322")
    page.title = "Viết khác hẳn"
    page.save_revision(user=other)
    step, state = page.current_workflow_task.specific, page.current_workflow_task_state
    step.on_action(state, other, "approve")  # as the editor's form does after saving
    page.refresh_from_db()
    assert page.workflow_in_progress
    assert page.title == "Kể chuyện"
    assert approve(page, other).status_code in (302, 403)
    page.refresh_from_db()
    assert page.title == "Kể chuyện"
    assert "vừa sửa" in cast.client_of(other).get(f"/quan-tri/pages/{page.pk}/edit/").text


def test_a_third_editor_approves_what_the_second_rewrote(page):
    page.title = "Viết khác hẳn"
    page.save_revision(user=cast.staff("editor", phone="0987654322"))
    assert approve(page, cast.staff("editor", phone="0987654323")).status_code == 302
    page.refresh_from_db()
    assert page.title == "Viết khác hẳn"

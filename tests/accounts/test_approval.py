"""A page that was sent in for approval is approved by somebody else than its sender."""

import json
import re
from copy import copy, deepcopy

import pytest
from django.apps import apps
from wagtail.models import GroupApprovalTask, PageLogEntry, Task, TaskState, Workflow, WorkflowTask

from accounts import actions, groups
from accounts.models import ApprovalByAnother
from courses.models import CoursePage
from tests import cast
from tests.conftest import made_for_a_file

pytestmark = [pytest.mark.django_db, pytest.mark.once]  # who may, and what is said; races have a file of their own


@pytest.fixture
def sender(made_page, db):
    return deepcopy(made_page[1])


@pytest.fixture
def page(made_page, db):
    return deepcopy(made_page[0])


def sent_for_approval():
    sender = cast.staff("editor", name="Trần Thị Gửi")
    page = cast.course_page()
    page.title = "Kể chuyện hay"
    page.save_revision(user=sender)
    Workflow.objects.get(name="Duyệt bài").start(page, sender)
    return page, sender


made_page = made_for_a_file(sent_for_approval)


FORM = {
    "summary": "", "intro": "null", "officer_box": "null",
    "outcomes-count": "0", "is_sequential": "on", "comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0",
}  # fmt: skip


def send(page, user, action, **typed):
    """The editor's form, as a browser sends it."""
    page.refresh_from_db()
    page = page.get_latest_revision_as_object()
    own = {"topic": page.topic_id} if isinstance(page, CoursePage) else {"body-count": "0", "minutes": "5"}
    fields = FORM | {"title": page.title, "slug": page.slug} | own | action | typed
    return cast.client_of(user).post(f"/quan-tri/pages/{page.pk}/edit/", fields, follow=True).text


def titled(page):
    """What the last draft is called."""
    page.refresh_from_db()
    return page.get_latest_revision_as_object().title


def publish(page, user):
    return send(page, user, {"action-publish": "1"}, title="Kể chuyện hay hơn")


def approve(page, user, **typed):
    return send(page, user, {"action-workflow-action": "1", "workflow-action-name": "approve"}, **typed)


def reject(page, user, comment):
    action = {"action-workflow-action": "1", "workflow-action-name": "reject"}
    return send(page, user, action | {"workflow-action-extra-data": json.dumps({"comment": comment})})


def test_whoever_sent_a_page_in_may_not_approve_it_and_is_told(page, sender):
    approve(page, sender)
    page.refresh_from_db()
    assert page.workflow_in_progress
    assert page.title == "Kể chuyện"
    assert "Một người biên soạn khác sẽ duyệt" in cast.client_of(sender).get(f"/quan-tri/pages/{page.pk}/edit/").text
    assert not page.current_workflow_task.specific.get_task_states_user_can_moderate(sender)


def test_what_was_sent_in_is_locked_for_its_sender_until_she_withdraws_it(page, sender):
    opened = cast.client_of(sender).get(f"/quan-tri/pages/{page.pk}/edit/").text
    assert 'name="action-cancel-workflow"' in opened
    assert 'name="action-publish"' not in opened
    send(page, sender, {}, title="Đánh tráo")
    assert titled(page) == "Kể chuyện hay"
    send(page, sender, {"action-cancel-workflow": "1"})
    send(page, sender, {}, title="Viết tiếp")
    assert titled(page) == "Viết tiếp"


def test_nor_does_a_lock_of_her_own_open_it_again(page, sender):
    assert cast.client_of(sender).post(f"/quan-tri/pages/{page.pk}/lock/").status_code in (302, 403)
    page.refresh_from_db()
    assert not page.locked


def test_whoever_sent_it_in_does_not_publish_it_either_and_still_sees_what_was_typed(page, sender):
    assert "Kể chuyện hay hơn" in publish(page, sender)
    page.refresh_from_db()
    assert page.title == "Kể chuyện"
    assert page.workflow_in_progress
    assert titled(page) == "Kể chuyện hay"


def test_words_that_changed_while_somebody_read_are_not_approved(page):
    """The form carries what was read."""
    page.title = "Đánh tráo"
    page.save_revision(user=cast.staff("administrator", phone="0987654323"))
    assert "Chưa duyệt “Kể chuyện" in approve(page, cast.staff("editor", phone="0987654322"), title="Kể chuyện hay")
    page.refresh_from_db()
    assert page.title == "Kể chuyện"
    assert page.workflow_in_progress


def test_nothing_is_approved_outside_of_the_editor_that_shows_the_words(page):
    other, state = cast.staff("editor", phone="0987654322"), page.current_workflow_task_state
    answer = cast.client_of(other).post(f"/quan-tri/pages/workflow/action/{page.pk}/approve/{state.pk}/", follow=True)
    assert "Chưa duyệt. Anh/Chị đọc trang này" in answer.text
    page.refresh_from_db()
    assert page.title == "Kể chuyện"
    assert page.workflow_in_progress


def test_of_two_who_approve_one_after_the_other_the_log_names_the_first(page):
    step, state = page.current_workflow_task.specific, page.current_workflow_task_state
    for phone in ("0987654322", "0987654323"):
        step.on_action(copy(state), cast.staff("editor", phone=phone), "approve")
    assert PageLogEntry.objects.filter(page=page.pk, action="wagtail.workflow.approve").count() == 1


def test_nor_with_many_pages_or_with_those_below_a_page(page, sender):
    client = cast.client_of(sender)
    for one, fields in ((page, {}), (page.get_parent(), {"include_descendants": "on"})):
        address = f"/quan-tri/bulk/wagtailcore/page/publish/?id={one.pk}"
        assert "anh/chị đã gửi duyệt “Kể chuyện" in client.post(address, fields, follow=True).text
        page.refresh_from_db()
        assert page.title == "Kể chuyện"
        assert page.workflow_in_progress


def test_what_stands_beside_a_request_is_published_as_ever(page, sender):
    catalogue = page.get_parent().specific
    catalogue.title = "Các khóa học"
    catalogue.save_revision()
    cast.client_of(sender).post(f"/quan-tri/bulk/wagtailcore/page/publish/?id={catalogue.pk}", {})
    catalogue.refresh_from_db()
    assert catalogue.title == "Các khóa học"


def test_another_editor_and_an_administrator_may_publish_it(page):
    other = cast.staff("editor", phone="0987654322")
    assert 'name="action-publish"' in cast.client_of(other).get(f"/quan-tri/pages/{page.pk}/edit/").text
    publish(page, other)
    page.refresh_from_db()
    assert page.title == "Kể chuyện hay hơn"


def test_an_administrator_may_publish_her_own_request():
    user = cast.staff("administrator")
    page = cast.course_page()
    page.save_revision(user=user)
    Workflow.objects.get(name="Duyệt bài").start(page, user)
    assert page.current_workflow_task.specific.get_task_states_user_can_moderate(user)
    publish(page, user)
    page.refresh_from_db()
    assert page.title == "Kể chuyện hay hơn"


def test_who_withdraws_the_request_may_publish_again(page, sender):
    page.current_workflow_state.cancel(user=sender)
    publish(page, sender)
    page.refresh_from_db()
    assert page.title == "Kể chuyện hay hơn"


def test_another_editor_approves_it(page):
    other = cast.staff("editor", phone="0987654322")
    assert "biên soạn khác sẽ duyệt" not in cast.client_of(other).get(f"/quan-tri/pages/{page.pk}/edit/").text
    said = approve(page, other)
    assert "Đã duyệt. “Kể chuyện hay” đang mở cho học viên" in said
    assert "/khoa-hoc/ke-chuyen/" in said
    page.refresh_from_db()
    assert page.title == "Kể chuyện hay"


def test_an_administrator_may_approve_what_she_sent_and_it_is_in_the_log():
    user = cast.staff("administrator")
    page = cast.course_page()
    page.save_revision(user=user)
    Workflow.objects.get(name="Duyệt bài").start(page, user)
    approve(page, user)
    assert PageLogEntry.objects.filter(page=page.pk, action="wagtail.workflow.approve", user=user).exists()


def test_what_waits_in_a_step_of_before_goes_on_in_the_new_one():
    sender = cast.staff("editor")
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
    approve(page, other)
    page.refresh_from_db()
    assert page.title == "Kể chuyện"
    assert "Lần sửa gần nhất" in cast.client_of(other).get(f"/quan-tri/pages/{page.pk}/edit/").text


def test_the_first_page_of_the_admin_lists_for_approval_only_what_one_may_approve(page, sender):
    waiting = "Đang chờ anh/chị duyệt"
    second = cast.staff("editor", phone="0987654322")
    third = cast.staff("editor", phone="0987654323")
    shown = {user: waiting in cast.client_of(user).get("/quan-tri/").text for user in (sender, second, third)}
    assert shown == {sender: False, second: True, third: True}
    page.title = "Viết khác hẳn"
    page.save_revision(user=second)
    shown = {user: waiting in cast.client_of(user).get("/quan-tri/").text for user in (sender, second, third)}
    assert shown == {sender: False, second: False, third: True}
    page.save_revision(user=None)  # by a program
    shown = {user: waiting in cast.client_of(user).get("/quan-tri/").text for user in (sender, second, third)}
    assert shown == {sender: False, second: True, third: True}


def test_a_third_editor_approves_what_the_second_rewrote(page):
    page.title = "Viết khác hẳn"
    page.save_revision(user=cast.staff("editor", phone="0987654322"))
    approve(page, cast.staff("editor", phone="0987654323"))
    page.refresh_from_db()
    assert page.title == "Viết khác hẳn"


@pytest.fixture
def second_step():
    """A workflow of two steps."""
    workflow = Workflow.objects.get(name="Duyệt bài")
    step = ApprovalByAnother.objects.create(name="Soát lời văn")
    step.groups.set(ApprovalByAnother.objects.exclude(pk=step.pk).get().groups.all())
    return WorkflowTask.objects.create(workflow=workflow, task=step, sort_order=1)


def test_who_approves_the_first_step_of_two_reads_that_it_is_approved_and_what_it_waits_for(second_step, page):
    said = approve(page, cast.staff("editor", phone="0987654322"))
    assert f"Đã duyệt bước “{groups.APPROVAL}” của “Kể chuyện hay”. Trang còn chờ bước “Soát lời văn”" in said
    assert "Chưa duyệt" not in said
    assert "Đã duyệt. “Kể chuyện hay” đang mở" in approve(page, cast.staff("editor", phone="0987654323"))


LATE = "Chưa ghi quyết định của anh/chị về “Kể chuyện"


def test_a_rejection_that_comes_after_the_approval_is_said_and_its_comment_shown_again(page):
    approve(page, cast.staff("editor", phone="0987654322"))
    said = reject(page, cast.staff("editor", phone="0987654323"), "Sai <tên> sản phẩm")
    assert LATE in said
    assert "chép lại trước khi rời trang này: “Sai &lt;tên&gt; sản phẩm”" in said
    page.refresh_from_db()
    assert page.live


def test_an_approval_that_comes_after_the_sender_withdrew_is_said(page, sender):
    page.current_workflow_state.cancel(user=sender)
    said = approve(page, cast.staff("editor", phone="0987654322"))
    assert LATE in said
    assert "chép lại" not in said


def test_a_decision_that_another_one_overtakes_while_it_is_saved_is_said(page, monkeypatch):
    first, second = (cast.staff("editor", phone=phone) for phone in ("0987654322", "0987654323"))
    usual = ApprovalByAnother.on_action

    def overtaken(self, state, user, name, **kwargs):
        usual(self, copy(state), first, "approve")
        return usual(self, state, user, name, **kwargs)

    monkeypatch.setattr(ApprovalByAnother, "on_action", overtaken)
    assert LATE in reject(page, second, "Chưa được")
    assert TaskState.objects.get().finished_by == first


def test_a_decision_that_came_too_late_leaves_no_draft_behind(page):
    approve(page, cast.staff("editor", phone="0987654322"))
    assert LATE in approve(page, cast.staff("editor", phone="0987654323"))
    page.refresh_from_db()
    assert page.live_revision == page.latest_revision
    assert not page.has_unpublished_changes


def test_but_words_that_were_typed_with_it_are_kept_as_a_draft(page):
    approve(page, cast.staff("editor", phone="0987654322"))
    assert LATE in approve(page, cast.staff("editor", phone="0987654323"), title="Kể chuyện khác")
    assert titled(page) == "Kể chuyện khác"
    assert page.title == "Kể chuyện hay"


@pytest.fixture
def reject_from_the_list(page):
    """The button on the first page of the admin, with its box for a comment."""
    state = page.current_workflow_task_state
    address = f"/quan-tri/pages/workflow/action/{page.pk}/reject/{state.pk}/"
    client = cast.client_of(cast.staff("editor", phone="0987654323"))

    def reject(**headers):
        return client.post(address, {"comment": "Sai tên"}, headers=headers), client

    return reject


def test_a_rejection_from_the_list_that_comes_too_late_is_said_too(page, reject_from_the_list):
    approve(page, cast.staff("editor", phone="0987654322"))
    answer, client = reject_from_the_list()
    said = client.get(answer.url).text
    assert LATE in said
    assert "chép lại trước khi rời trang này: “Sai tên”" in said
    answer, client = reject_from_the_list(x_requested_with="XMLHttpRequest")
    assert answer.json() == {"step": "success", "redirect": f"/quan-tri/pages/{page.pk}/edit/"}
    assert LATE in client.get(answer.json()["redirect"]).text


def test_a_rejection_from_the_list_in_time_is_taken(page, reject_from_the_list):
    reject_from_the_list()
    assert TaskState.objects.get().status == TaskState.STATUS_REJECTED
    assert TaskState.objects.get().comment == "Sai tên"


def test_a_rejection_in_time_is_taken_and_nothing_of_delay_is_said(page):
    said = reject(page, cast.staff("editor", phone="0987654322"), "Thiếu nguồn")
    assert "Chưa ghi quyết định" not in said
    assert TaskState.objects.get().comment == "Thiếu nguồn"


def test_what_waits_for_approval_stands_first_on_the_first_page(page):
    actions.request_phone_change(
        name="Lê Bé", place=cast.commune(), old_phone="", new_phone="+84987111333", at=cast.NOW
    )
    shown = cast.client_of(cast.staff("administrator", phone="0987654322")).get("/quan-tri/").text
    assert shown.index("Đang chờ anh/chị duyệt") < shown.index("xin đổi số điện thoại đang chờ")


def test_who_approves_a_page_below_one_in_draft_reads_when_it_opens(page):
    page.get_parent().unpublish()
    said = approve(page, cast.staff("editor", phone="0987654322"))
    assert "Đã duyệt. “Kể chuyện hay” sẽ mở cho học viên khi “Khóa học” được đăng." in said
    assert "đang mở cho học viên" not in said


def test_who_publishes_below_a_page_in_draft_reads_that_it_does_not_open_yet():
    sender = cast.staff("editor")
    course = cast.course_page()
    lesson = cast.lesson_page(course, "Chọn cá", "chon-ca")
    course.unpublish()
    said = send(lesson, sender, {"action-publish": "1"})
    assert "“Chọn cá” đã đăng, nhưng học viên chỉ mở được khi “Kể chuyện” cũng được đăng." in said


def test_sending_is_called_what_people_call_it(page, sender):
    ours = cast.client_of(sender)
    new = ours.get(f"/quan-tri/pages/add/courses/coursepage/{page.get_parent().pk}/").text
    assert "Gửi duyệt\n" in new or "Gửi duyệt<" in new
    assert "Gửi đến Duyệt bài" not in new


def test_what_was_sent_back_is_sent_again(page, sender):
    page.current_workflow_task_state.reject(user=cast.staff("editor", phone="0987654322"))
    assert "Gửi duyệt lại" in cast.client_of(sender).get(f"/quan-tri/pages/{page.pk}/edit/").text


def first_button(client, page):
    """What stands in the foot of the editor for all to see; the rest is behind its arrow."""
    foot = client.get(f"/quan-tri/pages/{page.pk}/edit/").text.split("w-dropdown-button", 1)[1]
    return foot.split('data-controller="w-dropdown"', 1)[0]


def test_whoever_has_to_approve_sees_the_button_that_does_it(page):
    shown = first_button(cast.client_of(cast.staff("editor", phone="0987654322")), page)
    assert 'data-workflow-action-name="approve"' in shown
    assert "Duyệt và đăng" in shown
    assert "action-save" not in shown


def test_enter_in_a_field_saves_a_draft_and_approves_nothing(page):
    """A browser presses the form's first button then."""
    shown = first_button(cast.client_of(cast.staff("editor", phone="0987654322")), page)
    first = shown[shown.index("<button") :].split(">")[0]
    assert 'type="submit"' in first
    assert "hidden" in first
    assert "data-workflow-action-name" not in first


def test_nobody_else_sees_another_button_than_before():
    page, editor = cast.course_page(), cast.staff("editor", phone="0987654322")
    assert "action-save" in first_button(cast.client_of(editor), page)


def test_the_page_that_a_workflow_is_for_is_asked_for_in_vietnamese(page):
    asked = cast.client_of(cast.staff("administrator", phone="0987654322"))
    for address in ("add/", f"edit/{page.get_workflow().pk}/"):
        shown = asked.get(f"/quan-tri/workflows/{address}").text
        assert ">\n        Trang" in shown or ">Trang" in shown
        assert not re.search(r">\s*Page\s*<", shown)

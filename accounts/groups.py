"""Groups of roles: Wagtail's permissions hang on groups, and membership follows role assignments."""

from collections.abc import Iterable
from typing import Any

from django.apps import AppConfig
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Workflow,
)

from lib import registries

from .models import ApprovalByAnother, Role

# Records stay read-only in the admin (policies.ReadOnlyPolicy); "add" and "change" open the doors of admin_views.
OWN: dict[str, list[str]] = {
    Role.MANAGER: [
        "view_person", "add_person", "change_person", "view_subject", "add_subject", "change_subject", "view_phonechange", "change_phonechange", "view_move", "change_move", "view_consent", "view_datarequest", "change_datarequest",
    ],
    Role.ORGANISER: ["view_person", "add_person", "view_subject"],
}  # fmt: skip
ENTER: dict[str, list[str]] = {role: ["access_admin"] for role in Role}


def roles_with(permission: str) -> frozenset[str]:
    """The roles whose groups hold a permission. Without a query: groups hold what is listed here, and nobody edits them."""
    app, _dot, codename = permission.partition(".")
    wanted = dict(registries.role_permissions).get(app, {})
    return frozenset(role for role, codenames in wanted.items() if codename in codenames)


def permissions_of(roles: Iterable[str]) -> set[str]:
    """What those who hold one of some roles may do, as "app.codename". Without a query, as `roles_with`."""
    return {
        f"{app}.{codename}"
        for role in roles
        for app, wanted in registries.role_permissions
        for codename in wanted.get(role, ())
    }


def ensure(sender: AppConfig, **kwargs: Any) -> None:
    """After migrations of an app: each role's group holds those of that app's permissions that the app lists, and no others."""
    wanted = dict(registries.role_permissions).get(sender.label)
    if not wanted:
        return
    create_permissions(sender, verbosity=0)
    of_the_app = Permission.objects.filter(content_type__app_label=sender.label)
    for role in Role:
        group, _made = Group.objects.get_or_create(name=role)
        listed = of_the_app.filter(codename__in=wanted.get(role, []))
        group.permissions.remove(*of_the_app.exclude(pk__in=listed))
        group.permissions.add(*listed)


APPROVAL = "Người biên soạn khác duyệt"


def _approve_by_another(task: GroupApprovalTask, editors: Group) -> None:
    """The same step of the same workflow, with what waits in it, becomes one that asks for a second person."""
    step = ApprovalByAnother(task_ptr_id=task.pk, name=APPROVAL, active=task.active)
    step.save()
    step.groups.set([editors])
    task.delete(keep_parents=True)


def ensure_page_permissions(sender: AppConfig, **kwargs: Any) -> None:
    """Editors write everywhere in the page tree and in the root collection, authors of questions put pictures there;
    everybody with a role enters the admin."""
    if sender.label != "wagtailimages":  # the last of Wagtail's apps that editors need
        return
    editors, _made = Group.objects.get_or_create(name=Role.EDITOR)
    # Wagtail's own two groups have nobody in them here; its workflow is decided by our editors.
    for task in GroupApprovalTask.objects.filter(name__in=["Moderators approval", APPROVAL]):
        _approve_by_another(task, editors)  # as Wagtail made it: an office's own stay
    Workflow.objects.filter(name="Moderators approval").update(name="Duyệt bài")
    Group.objects.filter(name__in=["Moderators", "Editors"], user=None).delete()
    root, collection = Page.get_first_root_node(), Collection.get_first_root_node()
    for codename in ("add_page", "change_page", "publish_page"):
        permission = Permission.objects.get(content_type__app_label="wagtailcore", codename=codename)
        GroupPagePermission.objects.get_or_create(group=editors, page=root, permission=permission)
    for label, codename in (
        ("wagtailimages", "add_image"), ("wagtailimages", "change_image"), ("wagtailimages", "choose_image"),
        ("wagtaildocs", "add_document"), ("wagtaildocs", "change_document"), ("wagtaildocs", "choose_document"),
    ):  # fmt: skip
        for granted in Permission.objects.filter(content_type__app_label=label, codename=codename):
            GroupCollectionPermission.objects.get_or_create(group=editors, collection=collection, permission=granted)
    authors, _made = Group.objects.get_or_create(name=Role.AUTHOR)
    for codename in ("add_image", "choose_image"):
        granted = Permission.objects.get(content_type__app_label="wagtailimages", codename=codename)
        GroupCollectionPermission.objects.get_or_create(group=authors, collection=collection, permission=granted)

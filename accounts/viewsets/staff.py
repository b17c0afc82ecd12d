"""Colleagues: the list, making one, changing one, and when one can be deleted."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.bulk_action import BulkAction
from wagtail.users.utils import user_can_delete_user
from wagtail.users.views import bulk_actions
from wagtail.users.views.users import CreateView as UserCreateView
from wagtail.users.views.users import DeleteView as UserDeleteView
from wagtail.users.views.users import EditView as UserEditView
from wagtail.users.views.users import HistoryView, UserViewSet
from wagtail.users.views.users import IndexView as UserIndexView

from accounts import actions
from accounts.access import colleagues
from accounts.forms.staff import StaffCreationForm, StaffEditForm
from accounts.models import RoleAssignment, User
from accounts.queries import colleagues_called, has_second_factor
from lib import dates

from .base import TakenMeanwhile
from .words import WordColumn

STAFF = pgettext_lazy("colleagues", "Cán bộ")  # a person's kind has the same word


def with_days(role: RoleAssignment) -> str:
    """A role with the day on which it will begin or end, if there is one: nobody opens each colleague to find out."""
    begins = gettext("từ %(day)s") % {"day": dates.localised(role.valid_from)}
    ends = gettext("đến %(day)s") % {"day": dates.localised(role.valid_until)} if role.valid_until else ""
    return " ".join(filter(None, (str(role), begins if role.valid_from > timezone.localdate() else "", ends)))


class OfStaff:
    """Names the list as the menu does; Wagtail says the model's word, "accounts"."""

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = super().get_breadcrumbs_items()  # type: ignore[misc]
        index = reverse("wagtailusers_users:index")
        return [item | {"label": STAFF} if item["url"] == index else item for item in items]


class StaffIndexView(UserIndexView):
    is_searchable = True
    page_title = STAFF
    verbose_name_plural = pgettext_lazy("colleagues", "cán bộ")
    add_item_label = _("Thêm cán bộ")

    def get_delete_url(self, instance: User) -> None:
        """Offered on the colleague's own page, where it is known whether records name them."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if self.is_export:  # there is nothing to export, and Wagtail would send an empty table
            raise Http404

    @cached_property
    def columns(self) -> list[Any]:
        name, _number, _level, active, *rest = super().columns[1:]
        number = WordColumn("phone", label=_("Điện thoại"), sort_key="phone", classname="username")
        roles = Column("roles", accessor=lambda user: "; ".join(map(with_days, user.not_over)), label=_("Vai trò"))
        words = WordColumn("is_active", label=active.label, sort_key=active.sort_key, classname=active.classname)
        return [name, number, roles, words, *rest]

    def get_base_queryset(self) -> QuerySet[User]:
        known = (
            RoleAssignment.objects.not_over(timezone.localdate()).select_related("place").order_by("valid_from", "pk")
        )
        users = colleagues().select_related("wagtail_userprofile").order_by("display_name")
        return users.prefetch_related(Prefetch("roles", known, "not_over"))

    def search_queryset(self, queryset: QuerySet[User]) -> QuerySet[User]:
        if not self.is_searching:
            return queryset
        return colleagues_called(queryset, self.search_query)


class StaffCreateView(TakenMeanwhile, OfStaff, UserCreateView):
    page_title = _("Thêm cán bộ")

    def get_page_subtitle(self) -> str:
        return ""

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        *above, _this = super().get_breadcrumbs_items()
        return [*above, {"url": "", "label": self.page_title}]

    def save_instance(self) -> User:
        data = self.form.cleaned_data
        return actions.create_staff(
            phone=data["phone"],
            name=data["display_name"],
            password=data["password1"],
            roles=[(data["role"], data["place_name"])],
            by=self.request.user,
            at=timezone.now(),
            valid_from=data["valid_from"],
            valid_until=data["valid_until"],
        )


class StaffEditView(TakenMeanwhile, OfStaff, UserEditView):
    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.can_delete = user_can_delete_user(request.user, self.object) and not self.is_named

    @cached_property
    def is_named(self) -> bool:
        return not self.editing_self and has_history(self.object)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        is_others = not self.editing_self and has_second_factor(self.object)
        return super().get_context_data(**kwargs) | {"is_named": self.is_named, "has_second_factor": is_others}

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Any:
        """All of it at once: a colleague's row is read and locked before Wagtail's `dispatch`."""
        return transaction.atomic(super().as_view(**initkwargs))

    def get_queryset(self) -> QuerySet[User]:
        """Of two who save at once the second waits, and its form sees what the first has written."""
        return colleagues().select_for_update() if self.request.method == "POST" else colleagues()

    def get_form(self, *args: Any, **kwargs: Any) -> Any:
        if hasattr(self, "form"):  # a second look (`TakenMeanwhile`): the first has written into the object
            self.object.refresh_from_db()
        return super().get_form(*args, **kwargs)

    def form_invalid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)
        response.status_code = 422
        return response

    def save_instance(self) -> User:
        if self.object.phone != self.form.number_before:
            actions.doubt_number(user=self.object)
        user: User = super().save_instance()
        return user


def has_history(user: User) -> bool:
    """Whether anything names a log-in: a role, a decision, a record, a log entry. Deleting it would take the name away."""
    fields: list[Any] = [one for one in User._meta.get_fields(include_hidden=True) if one.one_to_many]
    naming = [
        one for one in fields if not one.related_model._meta.auto_created
    ]  # not Django's own of groups and rights
    return any(one.related_model._base_manager.filter(**{one.field.name: user}).exists() for one in naming)


class StaffHistoryView(OfStaff, HistoryView):
    """What happened to a colleague's log-in."""


class StaffDeleteView(OfStaff, UserDeleteView):
    def get_queryset(self) -> QuerySet[User]:
        return colleagues()

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user = self.get_object()
        if user_can_delete_user(request.user, user) and has_history(user):
            said = _(
                "Không xóa được %(name)s, vì sổ sách phải còn ghi ai đã làm gì. Không có gì bị mất. Muốn người này không vào được nữa thì bỏ dấu ở ô “%(field)s” dưới đây rồi lưu."
            )
            messages.error(request, said % {"name": user, "field": user._meta.get_field("is_active").verbose_name})
            return redirect("wagtailusers_users:edit", user.pk)
        answer: HttpResponse = super().dispatch(request, *args, **kwargs)
        return answer


class NotInBulk(BulkAction):
    """Stands where Wagtail would change many users at once, by group and past the role assignments, whose log tells why."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        raise Http404


def closed_bulk_actions() -> list[type[BulkAction]]:
    wagtails = (bulk_actions.AssignRoleBulkAction, bulk_actions.DeleteBulkAction, bulk_actions.SetActiveStateBulkAction)
    return [type(action.__name__, (NotInBulk, action), {}) for action in wagtails]


class StaffUserViewSet(UserViewSet):
    menu_label = STAFF
    index_template_name = "wagtailadmin/generic/index.html"
    index_view_class = StaffIndexView
    add_view_class = StaffCreateView
    edit_view_class = StaffEditView
    delete_view_class = StaffDeleteView
    history_view_class = StaffHistoryView

    def get_form_class(self, for_update: bool = False) -> type[forms.ModelForm]:
        return StaffEditForm if for_update else StaffCreationForm

"""The list of classes that were held without this platform, and the page of one."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django_filters import NumberFilter
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import TitleColumn
from wagtail.admin.widgets import HeaderButton

from accounts.access import AnyUser
from accounts.viewsets import RecordViewSet, ScopedIndexView, WithinFilter
from accounts.viewsets.base import ScopedInspectView, permission_to_see
from reports.models import OutsideClass

from . import access


def mine(queryset: QuerySet[Any], user: AnyUser) -> QuerySet[Any]:
    return queryset & access.outside_visible_to(user, permission_to_see(queryset))


class OutsideFilters(WagtailFilterSet):
    place = WithinFilter()
    year = NumberFilter(label=_("Năm"), field_name="day", lookup_expr="year", min_value=1900, max_value=9999)

    class Meta:
        model = OutsideClass
        fields = ["topic"]


class OutsideIndexView(ScopedIndexView):
    """Those that count: what was taken back is in the log."""

    def get_base_queryset(self) -> QuerySet[Any]:
        return super().get_base_queryset().filter(removed_at=None)

    @cached_property
    def header_buttons(self) -> list[Any]:
        if not self.request.user.has_perm(access.TO_ADD_OUTSIDE):
            return []
        return [HeaderButton(_("Ghi lớp ngoài hệ thống"), url=reverse("plan:add_outside"), icon_name="plus")]


class OutsideInspectView(ScopedInspectView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        changeable = access.outside_visible_to(self.request.user, access.TO_CHANGE_OUTSIDE).filter(removed_at=None)
        may_change = self.request.user.has_perm(access.TO_CHANGE_OUTSIDE) and changeable.contains(self.object)
        return super().get_context_data(**kwargs) | {"may_change": may_change}


class OutsideViewSet(RecordViewSet):
    model = OutsideClass
    icon = "list-ul"
    menu_label = _("Lớp ngoài hệ thống")
    menu_order = 980
    menu_hook = "register_reports_menu_item"
    scope = staticmethod(mine)
    related = ("place__parent", "topic", "by__person")
    index_view_class = OutsideIndexView
    inspect_view_class = OutsideInspectView
    inspect_template_name = "reports/admin/outside.html"
    filterset_class = OutsideFilters
    ordering = ["-day", "-pk"]
    list_display = [
        TitleColumn("title", label=_("Tên lớp"), get_url=lambda row: reverse("outsideclass:inspect", args=[row.pk])),
        "day",
        "place",
        "topic",
        "organiser",
        "people",
        "women",
    ]
    list_export = [
        "title", "day", "place.full_name", "topic", "organiser", "people", "women", "officials", "subjects", "legal_base",
    ]  # fmt: skip
    export_filename = "lop-ngoai-he-thong"
    inspect_view_fields = [
        "title", "day", "place", "topic", "organiser", "people", "women", "officials", "subjects", "legal_base", "by", "at",
        "removed_at", "removed_why",
    ]  # fmt: skip

"""Moves between places: what people asked for, and what was written down."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet

from accounts.access import AnyUser, moves_visible_to, people_visible_to
from accounts.models import Move
from accounts.queries import number_of
from provinces.models import Place
from provinces.queries import places_within

from .base import RecordViewSet, ScopedIndexView, ScopedInspectView, WithinFilter, permission_to_see


def my_moves(queryset: QuerySet[Any], user: AnyUser) -> QuerySet[Any]:
    return queryset & moves_visible_to(user, permission_to_see(queryset))


class EitherPlaceFilter(WithinFilter):
    """Moves out of a place, and into it."""

    def filter(self, qs: QuerySet[Any], value: Place | None) -> QuerySet[Any]:
        if value is None:
            return qs
        within = places_within(value)
        return qs.filter(Q(before__in=within) | Q(after__in=within))


class MoveFilters(WagtailFilterSet):
    place = EitherPlaceFilter()


class MoveIndexView(ScopedIndexView):
    base_filterset_class = MoveFilters


class MoveInspectView(ScopedInspectView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        move, user = self.object, self.request.user
        own = {
            "may_decide": moves_visible_to(user, "accounts.change_move").contains(move),
            "is_seen": people_visible_to(user, "accounts.view_person").filter(pk=move.person_id).exists(),
            "number": number_of(move.person) or move.person.contact_phone,
        }
        return super().get_context_data(**kwargs) | own


class MoveViewSet(RecordViewSet):
    model = Move
    icon = "redirect"
    menu_label = _("Chuyển nơi ở")
    index_view_class = MoveIndexView
    inspect_view_class = MoveInspectView
    scope = staticmethod(my_moves)
    folded_search = "person__search"
    related = ("person", "before__parent", "after__parent")
    list_display = ["person", "before", "after", "moves_on", "state"]
    list_filter = ["state"]
    ordering = ["-asked_at", "-pk"]
    inspect_view_fields = ["person", "before", "after", "moves_on", "state", "asked_at", "decided_at", "reason"]
    inspect_template_name = "accounts/admin/move.html"

"""The queue of requests about personal data in the admin: what is due first comes first, and what is late is said."""

from typing import Any

from django.db.models import Case, DateField, F, Q, QuerySet, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.components import Component

from accounts.access import AnyUser, people_visible_to, permission_to_see, person_of
from accounts.models import DataRequest
from accounts.viewsets.base import RecordViewSet, ScopedIndexView, ScopedInspectView, WithinFilter
from accounts.viewsets.waiting import OfficersItem
from accounts.viewsets.words import WordColumn
from lib.dates import localised

from .kept import requests_visible_to

TO_DECIDE = "accounts.change_datarequest"
UNSETTLED = Q(state__in=DataRequest.UNSETTLED)


def my_requests(queryset: QuerySet[Any], user: AnyUser) -> QuerySet[Any]:
    return queryset & requests_visible_to(user, permission_to_see(queryset))


def by_due_day(rows: QuerySet[Any]) -> QuerySet[Any]:
    """With `is_settled` and `next_day`, by which something has to happen; a deletion's is the day of erasing."""
    next_day = Case(
        When(erase_on__isnull=False, then=F("erase_on")),
        When(state=DataRequest.State.OPEN, then=F("reply_by")),
        default=F("done_by"),
        output_field=DateField(),
    )
    return rows.annotate(is_settled=Case(When(UNSETTLED, then=Value(0)), default=Value(1)), next_day=next_day)


def waiting(user: AnyUser) -> QuerySet[DataRequest]:
    """What an officer has to do: deletions do themselves."""
    return requests_visible_to(user, TO_DECIDE).filter(UNSETTLED, erase_on=None)


def count_waiting(user: AnyUser) -> int:
    return waiting(user).count() if user.has_perm(TO_DECIDE) else 0


def count_late(user: AnyUser) -> int:
    return by_due_day(waiting(user)).filter(next_day__lt=timezone.localdate()).count()


def due_in_words(request: DataRequest) -> str:
    """The day, and what it is for."""
    if not request.is_unsettled:
        return ""
    if request.erase_on:
        return gettext("tự xóa ngày %(day)s") % {"day": localised(request.erase_on)}
    if request.is_late(timezone.localdate()):
        return gettext("QUÁ HẠN từ %(day)s") % {"day": localised(request.due)}
    what = (
        gettext("trả lời chậm nhất ngày %(day)s")
        if request.state == "open"
        else gettext("làm xong chậm nhất ngày %(day)s")
    )
    return what % {"day": localised(request.due)}


class RequestFilters(WagtailFilterSet):
    place = WithinFilter("person__place")


class RequestIndexView(ScopedIndexView):
    base_filterset_class = RequestFilters
    verbose_name_plural = _("yêu cầu")

    def get_base_queryset(self) -> QuerySet[Any]:
        return by_due_day(super().get_base_queryset())


class RequestInspectView(ScopedInspectView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, one = self.request.user, self.object
        is_own = person_of(user) == one.person
        is_mine = not is_own and requests_visible_to(user, TO_DECIDE).contains(one)
        own = {"may_decide": is_mine and one.is_unsettled, "may_call_again": is_mine and one.stops_calls}
        own |= {"due": due_in_words(one), "is_late": one.is_late(timezone.localdate())}
        own["sees_person"] = people_visible_to(user, "accounts.view_person").filter(pk=one.person_id).exists()
        return super().get_context_data(**kwargs) | own


class DataRequestViewSet(RecordViewSet):
    model = DataRequest
    icon = "key"
    menu_label = _("Yêu cầu về dữ liệu")
    index_view_class = RequestIndexView
    inspect_view_class = RequestInspectView
    scope = staticmethod(my_requests)
    folded_search = "person__search"
    related = ("person__place__parent",)
    list_display = [
        "person",
        "kind",
        "way",
        "received_at",
        WordColumn("due", label=_("Hạn"), accessor=due_in_words, sort_key="next_day"),
        "state",
    ]
    list_filter = ["kind", "state", "way"]
    list_export = [
        "person", "person.place.full_name", "kind", "way", "received_at", "reply_by", "replied_at", "done_by", "state", "settled_at", "decided_by",
    ]  # fmt: skip
    export_headings = {"person.place.full_name": _("Địa bàn")}
    export_filename = "yeu-cau-du-lieu"
    ordering = ["is_settled", "next_day", "pk"]
    inspect_view_fields = [
        "person", "kind", "way", "note", "received_at", "reply_by", "replied_at", "done_by", "extension_reason", "erase_on", "state", "answer", "settled_at", "decided_by",
    ]  # fmt: skip
    inspect_template_name = "accounts/admin/rights/request.html"


class DataRequestsItem(OfficersItem):
    def __init__(self) -> None:
        more = {"name": "data-requests", "icon_name": "key", "order": 117}
        super().__init__(_("Yêu cầu dữ liệu"), reverse("datarequest:index"), waiting=count_waiting, **more)


class DataRequestsPanel(Component):
    """On the admin's first page, for whoever may decide."""

    name = "data_requests"
    order = 41
    template_name = "accounts/admin/rights/panel.html"

    def __init__(self, count: int, late: int) -> None:
        self.count, self.late = count, late

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        return {"address": reverse("datarequest:index"), "n": self.count, "late": self.late}

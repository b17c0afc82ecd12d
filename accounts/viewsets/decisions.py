"""The log of what colleagues decided, over Wagtail's log of models. Wagtail's own page of it knows kinds of rows and no places."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import batched, chain
from typing import Any

import django_filters
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db.models import BooleanField, CharField, ExpressionWrapper, Q, QuerySet
from django.db.models.functions import Cast
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import ContentTypeFilter
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.generic.history import HistoryFilterSet
from wagtail.models import ModelLogEntry

from accounts.access import AnyUser, colleagues, colleagues_visible_to, managed_places, permission_to_see
from accounts.models import Person, RoleAssignment, Subject, User
from lib import sheets, text
from lib.dates import local_day

from .base import ScopedIndexView, scopes
from .words import WordColumn

TO_READ = "accounts.change_person"  # managers of any level
NAMED = (Person, Subject)
CHUNK = 2000


def may_read_decisions(user: AnyUser) -> bool:
    return user.is_superuser or user.has_perm(TO_READ)


def decisions_visible_to(user: AnyUser) -> QuerySet[ModelLogEntry]:
    """What colleagues, or the system, did: all for administrators and for managers of the whole country; for others what was done to a
    record of their place (`is_mine`), or by somebody who has a role there today. Of the latter it is not told to whom."""
    by_staff = ModelLogEntry.objects.filter(Q(user=None) | Q(user__in=colleagues()))
    places = managed_places(user, TO_READ)
    if places is None:  # the whole country is theirs
        return by_staff.annotate(is_mine=ExpressionWrapper(Q(pk__isnull=False), BooleanField()))
    mine = _about_what_is_seen(user)
    here = RoleAssignment.objects.on(local_day(timezone.now())).filter(user__is_superuser=False, place__in=places)
    rows = by_staff.annotate(is_mine=ExpressionWrapper(mine, BooleanField()))
    return rows.filter(mine | Q(user__in=here.values("user")))


def _about_what_is_seen(user: AnyUser) -> Q:
    """Of each kind of record whose list has a scope: those rows that somebody finds there."""
    seen: list[QuerySet[Any]] = [colleagues_visible_to(user)]
    for model, scope in scopes.items():
        rows = model._default_manager.all()
        if user.has_perm(permission_to_see(rows)):
            seen.append(scope(rows, user))
    about = Q(pk__in=())
    for rows in seen:
        keys = rows.order_by().values(key=Cast("pk", CharField()))
        about |= Q(content_type=ContentType.objects.get_for_model(rows.model), object_id__in=keys)
    return about


def about(entry: Any) -> str:
    """Entries about people and subjects are titled without their names, which may change or be erased: what bears one now is named."""
    if entry.is_mine or _is_told_everywhere(entry):
        return getattr(entry, "named", "") or entry.label
    return gettext("(ngoài địa bàn)")


def _is_told_everywhere(entry: ModelLogEntry) -> bool:
    """Workshops, batches and the like have no list of a place's own, and no title that names anybody."""
    model = entry.content_type and entry.content_type.model_class()
    return model is not None and model is not User and model not in scopes


def named(entries: Iterable[ModelLogEntry]) -> list[Any]:
    """With the names that those whom they are about bear now, and where they are looked at: a query for each kind."""
    entries, by_kind = list(entries), defaultdict(list)
    for entry in entries:
        if entry.is_mine and entry.content_type and entry.content_type.model_class() in NAMED:
            by_kind[entry.content_type.model_class()].append(entry)
    for model, some in by_kind.items():
        rows = model._default_manager.in_bulk([int(entry.object_id) for entry in some])
        for entry in some:
            if row := rows.get(int(entry.object_id)):
                entry.named, entry.there = str(row), reverse(f"{model._meta.model_name}:inspect", args=[row.pk])
    return entries


def reason(entry: ModelLogEntry) -> str:
    return str(entry.data.get("reason") or "") if entry.is_mine else ""


def kind(entry: ModelLogEntry) -> str:
    return capfirst(str(entry.object_verbose_name)) if entry.content_type else ""


def local(entry: ModelLogEntry) -> Any:
    return timezone.localtime(entry.timestamp).replace(tzinfo=None)


class DecisionsFilterSet(HistoryFilterSet):
    about = django_filters.CharFilter(label=_("Tên, tiêu đề"), method="about_mine")
    kind = ContentTypeFilter(label=_("Loại"), method="of_kind")  # of those that occur: below

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = self.queryset.order_by().values("content_type")
        self.filters["kind"].extra["queryset"] = ContentType.objects.filter(pk__in=kinds).order_by("model")

    def about_mine(self, rows: QuerySet[ModelLogEntry], name: str, value: str) -> QuerySet[ModelLogEntry]:
        """Whom it is not told of is not found by name either."""
        said = Q(label__icontains=value)
        for model in NAMED:
            keys = model.objects.filter(search__contains=text.fold(value)).values(key=Cast("pk", CharField()))
            said |= Q(content_type=ContentType.objects.get_for_model(model), object_id__in=keys)
        return rows.filter(said, is_mine=True)

    def of_kind(self, rows: QuerySet[ModelLogEntry], name: str, value: ContentType) -> QuerySet[ModelLogEntry]:
        return rows.filter(content_type=value)

    def get_users_queryset(self) -> QuerySet[User]:
        return User.objects.filter(pk__in=self.queryset.order_by().values("user")).order_by("display_name")

    class Meta:
        model = ModelLogEntry
        fields: list[str] = []


class DecisionsView(ScopedIndexView):
    model = ModelLogEntry
    page_title = _("Nhật ký quyết định")
    header_icon = "history"
    index_url_name = "accounts_admin:decisions"
    index_results_url_name = "accounts_admin:decisions_results"
    any_permission_required = None  # type: ignore[assignment]  # who may read it: below
    default_ordering = ("-timestamp", "-pk")
    paginate_by = 50
    filterset_class = DecisionsFilterSet
    list_export = ["timestamp", "user", "action", "kind", "about", "reason"]
    export_filename = "nhat-ky-quyet-dinh"
    verbose_name_plural = _("quyết định")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_read_decisions(request.user):
            raise PermissionDenied
        response: HttpResponse = super().dispatch(request, *args, **kwargs)
        return response

    def get_base_queryset(self) -> QuerySet[ModelLogEntry]:
        return decisions_visible_to(self.request.user).select_related("user__person", "content_type")

    def get_filterset_kwargs(self) -> dict[str, Any]:
        """What can be chosen is what occurs in the rows that somebody may read: kinds, and who did it."""
        kwargs: dict[str, Any] = super().get_filterset_kwargs()
        return kwargs | {"queryset": self.get_base_queryset()}

    @cached_property
    def columns(self) -> list[Column]:
        return [
            WordColumn("timestamp", label=_("Thời điểm"), accessor=lambda entry: f"{local(entry):%H:%M %d/%m/%Y}"),
            WordColumn("user", label=_("Người thực hiện"), accessor="user_display_name"),
            WordColumn("action", label=_("Việc đã làm"), accessor="message"),
            WordColumn("kind", label=_("Loại"), accessor=kind),
            TitleColumn(
                "about", label=_("Đối tượng"), accessor=about, get_url=lambda entry: getattr(entry, "there", None)
            ),
            WordColumn("reason", label=_("Lý do"), accessor=reason),
        ]

    def paginate_queryset(self, queryset: QuerySet[Any], page_size: int) -> Any:
        paginator, page, rows, is_paginated = super().paginate_queryset(queryset, page_size)
        page.object_list = named(rows)
        return paginator, page, page.object_list, is_paginated

    def get_edit_url(self, instance: Any) -> None:
        """What was logged stays."""

    get_delete_url = get_copy_url = get_inspect_url = get_edit_url

    def heads(self, queryset: QuerySet[Any]) -> list[str]:
        return [str(column.label) for column in self.columns]

    def table(self, queryset: QuerySet[Any]) -> Iterator[list[Any]]:
        for entry in chain.from_iterable(map(named, batched(queryset.iterator(chunk_size=CHUNK), CHUNK))):
            who, did = str(entry.user_display_name), str(entry.message)
            yield [local(entry), who, did, kind(entry), about(entry), reason(entry)]

    def sheet(self, queryset: QuerySet[Any]) -> sheets.Table:
        widths = (18, 26, 38, 20, 38, 50)
        columns = list(zip(self.heads(queryset), widths, strict=True))
        return sheets.Table(str(self.page_title), columns, self.table(queryset))

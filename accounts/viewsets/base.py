"""Staff's views of people in the Wagtail admin, and the base of every other app's record views.

A record (what happened) is listed, searched and inspected; corrections are actions with a reason. Every list and every
single record goes through `scope`, so that a changed id shows nothing foreign.
"""

from collections.abc import Callable
from typing import Any

import django_filters
from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import formfield_for_dbfield
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.views.generic import history, usage
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets import Button

from accounts.access import AnyUser, people_visible_to, permission_to_see
from accounts.forms.places import PlaceOfLinkField
from accounts.models import User
from lib import registries, text
from lib.refusals import Refusal
from provinces.models import Place
from provinces.queries import places_within

from .downloads import DownloadedIndexView
from .paging import BoundedPaginator
from .words import WordColumn, in_words

type Scope = Callable[[QuerySet[Any], AnyUser], QuerySet[Any]]
scopes: dict[type[Model], Scope] = {}  # of every kind of record that the admin lists by place


class WithinFilter(django_filters.Filter):
    """Rows of a place by its name or key, former units that lead there included; within what the list may show anyway."""

    field_class = PlaceOfLinkField

    def __init__(self, path: str = "place") -> None:
        self.path = path
        super().__init__(
            label=_("Địa bàn"), provinces=True, help_text=_("Tên xã, phường hoặc tên tỉnh, không cần dấu.")
        )

    def filter(self, qs: QuerySet[Any], value: Place | None) -> QuerySet[Any]:
        return qs.filter(**{f"{self.path}__in": places_within(value)}) if value else qs


class ScopedIndexView(DownloadedIndexView):
    scope: Scope | None = None
    folded_search = ""
    related: tuple[str, ...] = ()
    any_permission_required = ["add", "change", "delete", "view"]
    paginator_class = BoundedPaginator

    def _get_custom_column(self, field_name: str, column_class: type[Column] = Column, **kwargs: Any) -> Column:
        usual = column_class is Column
        column: Column = super()._get_custom_column(field_name, WordColumn if usual else column_class, **kwargs)
        return column

    @cached_property
    def is_searchable(self) -> bool:
        return bool(self.folded_search or super().is_searchable)

    def get_base_queryset(self) -> QuerySet[Any]:
        queryset = super().get_base_queryset()
        if self.scope:
            queryset = self.scope(queryset, self.request.user)
        return queryset.select_related(*self.related) if self.related else queryset

    @cached_property
    def header_more_buttons(self) -> list[Any]:
        """What apps above offer for the list as it is filtered."""
        ways = [found for _name, way in registries.list_ways if (found := way(self.request))]
        return [*super().header_more_buttons, *(Button(words, url=url, icon_name="pick") for words, url in ways)]

    def get_paginator(self, *args: Any, **kwargs: Any) -> Any:
        """Counts what the view does; Wagtail's counts what the model is called."""
        paginator = super().get_paginator(*args, **kwargs)
        paginator.verbose_name_plural = self.verbose_name_plural
        return paginator

    def may_change(self, instance: Any) -> bool:
        """Of the rows that are seen; whether anything of the kind may be changed is the permission's to say."""
        return True

    def get_edit_url(self, instance: Any) -> str | None:
        return super().get_edit_url(instance) if self.may_change(instance) else None

    @cached_property
    def unread_filters(self) -> list[str]:
        """Why what was asked for cannot be read. A choice that there is none comes from an address, not from the list."""
        if self.filters is None or self.filters.is_valid():
            return []
        errors = [error for found in self.filters.form.errors.as_data().values() for error in found]
        known = {"invalid_choice": gettext("Danh sách lọc không có lựa chọn này.")}
        return [known.get(error.code or "") or " ".join(map(str, error.messages)) for error in errors]

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """A filter that cannot be read shows nothing; everything would look like an answer."""
        found: QuerySet[Any] = super().filter_queryset(queryset)
        return found.none() if self.unread_filters else found

    @cached_property
    def no_results_message(self) -> Any:
        if not self.unread_filters:
            return super().no_results_message
        said = gettext("Chưa hiện dòng nào, vì chưa đọc được điều kiện lọc. %(why)s")
        return format_html(
            '{} <a href="{}">{}</a>',
            said % {"why": " ".join(dict.fromkeys(self.unread_filters))},
            self.index_url,
            gettext("Bỏ điều kiện lọc"),
        )

    def search_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Finds without diacritics where the model keeps its folded text."""
        if self.folded_search and self.is_searching:
            query = self.search_query.strip()[:100]
            words = [Q((f"{self.folded_search}__contains", word)) for word in text.fold(query).split()]
            return queryset.filter(Q(*words) | self.also(query))
        return super().search_queryset(queryset)

    def also(self, query: str) -> Q:
        """Rows that the whole query names otherwise than by the folded words; none but where a list says so."""
        return Q(pk__in=())


class TakenMeanwhile:
    """For views with a form: what somebody else took between this form's look and its saving is found on a second look. Its
    sender reads the form's own sentence on it, as somebody does who comes a minute later."""

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            response: HttpResponse = super().form_valid(form)  # type: ignore[misc]
        except (IntegrityError, ValidationError):
            again = self.get_form()  # type: ignore[attr-defined]
            if self.is_valid(again):  # type: ignore[attr-defined]
                raise
            return self.form_invalid(again)  # type: ignore[attr-defined, no-any-return]
        return response


class SavedByAction:
    """For views with a form that an action saves. The form knows whose it is; what the action refuses is said in it, and what was
    typed stays."""

    request: HttpRequest
    refused_field: str | None = None  # where it is said; None: above all fields

    @property
    def user(self) -> User:
        assert isinstance(self.request.user, User)  # noqa: S101 (the admin lets nobody else in)
        return self.request.user

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"user": self.user}  # type: ignore[misc, no-any-return]

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            response: HttpResponse = super().form_valid(form)  # type: ignore[misc]
        except Refusal as refusal:
            form.add_error(self.refused_field, str(refusal))
            self.produced_error_code = "validation_error"
            self.produced_error_message = self.get_error_message()  # type: ignore[attr-defined]
            return self.form_invalid(form)  # type: ignore[attr-defined, no-any-return]
        return response


class ScopedCreateView(TakenMeanwhile, generic.CreateView):
    pass


class OneInScope:
    """For views of one row: who may not see it, or not change it where that is narrower, finds none."""

    scope: Scope | None = None
    request: HttpRequest

    def _within(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return self.scope(rows, self.request.user) if self.scope else rows


class ScopedEditView(OneInScope, TakenMeanwhile, generic.EditView):
    def get_queryset(self) -> QuerySet[Any]:
        return self._within(super().get_queryset())


class ScopedHistoryView(OneInScope, history.HistoryView):
    def get_base_object_queryset(self) -> QuerySet[Any]:
        return self._within(super().get_base_object_queryset())


class ScopedUsageView(OneInScope, usage.UsageView):
    def get_base_object_queryset(self) -> QuerySet[Any]:
        return self._within(super().get_base_object_queryset())


class ScopedInspectView(OneInScope, generic.InspectView):
    def get_field_display_value(self, field_name: str, field: Any) -> Any:
        return in_words(super().get_field_display_value(field_name, field))

    def get_object(self, queryset: QuerySet[Any] | None = None) -> Any:
        return get_object_or_404(self._within(self.model._default_manager.all()), pk=unquote(str(self.pk)))


class ScopedViewSet(ModelViewSet):
    """A model viewset whose rows are those that the user may see: `scope(queryset, user)`. Where not all of them may be changed,
    `scope_to_change` says which.

    `folded_search` is the column that search without diacritics looks into, `related` what the list shows of other rows.
    """

    scope: Scope | None = None
    scope_to_change: Scope | None = None
    folded_search = ""
    related: tuple[str, ...] = ()
    index_view_class = ScopedIndexView
    add_view_class = ScopedCreateView
    edit_view_class = ScopedEditView
    history_view_class = ScopedHistoryView
    usage_view_class = ScopedUsageView
    inspect_view_class = ScopedInspectView
    inspect_view_enabled = True
    copy_view_enabled = False
    formfield_for_dbfield = staticmethod(
        formfield_for_dbfield
    )  # as every other form of the admin: what is typed is tidied
    add_to_reference_index = False

    def on_register(self) -> None:
        super().on_register()
        if scope := type(self).scope:
            scopes[self.model] = scope

    def get_index_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        own = {"scope": type(self).scope, "folded_search": self.folded_search, "related": self.related}
        view_kwargs: dict[str, Any] = super().get_index_view_kwargs(**own, **kwargs)
        return view_kwargs

    def get_inspect_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        view_kwargs: dict[str, Any] = super().get_inspect_view_kwargs(scope=type(self).scope, **kwargs)
        return view_kwargs

    def get_edit_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        narrower = type(self).scope_to_change or type(self).scope
        view_kwargs: dict[str, Any] = super().get_edit_view_kwargs(scope=narrower, **kwargs)
        return view_kwargs

    def get_history_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        view_kwargs: dict[str, Any] = super().get_history_view_kwargs(scope=type(self).scope, **kwargs)
        return view_kwargs

    def get_usage_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        view_kwargs: dict[str, Any] = super().get_usage_view_kwargs(scope=type(self).scope, **kwargs)
        return view_kwargs


class RecordViewSet(ScopedViewSet):
    """For models whose app registers a ReadOnlyPolicy with `read_only`."""

    exclude_form_fields: list[str] = []


# Scopes are joined with `&`: as `pk__in` the database would read the whole table a second time.


def my_people(queryset: QuerySet[Any], user: AnyUser) -> QuerySet[Any]:
    return queryset & people_visible_to(user, permission_to_see(queryset))


def of_my_people(queryset: QuerySet[Any], user: AnyUser) -> QuerySet[Any]:
    """Rows about a person whose present place is one in which the user may see such rows."""
    return queryset.filter(person__in=people_visible_to(user, permission_to_see(queryset)))

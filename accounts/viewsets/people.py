"""People, requests and the consent ledger."""

from typing import Any

from django.contrib.admin.utils import unquote
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import BulkActionsCheckboxColumn
from wagtail.admin.views.bulk_action.registry import bulk_action_registry
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.admin.widgets import HeaderButton
from wagtail.admin.widgets.button import ListingButton

from accounts.access import AnyUser, people_visible_to, phone_changes_visible_to, roles_visible_to
from accounts.doubles import doubles_of, with_doubles
from accounts.models import PENDING, Consent, ConsentText, MoveState, Person, PhoneChange
from accounts.queries import deletion_of, log_of, number_of, told_to_staff
from accounts.rights.viewsets import DataRequestViewSet
from lib import phones, registries
from lib.dates import local_day
from lib.registries import Fact, PersonFacts
from lib.typed import key_of

from .base import (
    RecordViewSet,
    ScopedIndexView,
    ScopedInspectView,
    WithinFilter,
    my_people,
    of_my_people,
    permission_to_see,
)
from .moves import MoveViewSet
from .subjects import SubjectViewSet

SHOWN = 10


class PeopleFilters(WagtailFilterSet):
    place = WithinFilter()
    double = ChoiceFilter(
        label=_("Ghi trùng"), choices=[("yes", _("có thể là cùng một người"))], method="who_may_be_one"
    )

    def who_may_be_one(self, people: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return with_doubles(people)


class PersonIndexView(ScopedIndexView):
    verbose_name_plural = _("học viên")  # how many there are; the model's plural is the name of the list
    base_filterset_class = PeopleFilters

    def also(self, query: str) -> Q:
        """By the number of log-in or contact, all of it or its last digits."""
        if not (digits := phones.last_digits(query)):
            return super().also(query)
        return Q(user__phone__endswith=digits) | Q(contact_phone__endswith=digits)

    @cached_property
    def columns(self) -> list[Any]:
        return [BulkActionsCheckboxColumn("bulk_actions", obj_type="person"), *super().columns]

    def _get_title_column(self, field_name: str, *args: Any, **kwargs: Any) -> Any:
        """With the id by which a checkbox says whose it is."""
        return super()._get_title_column(field_name, *args, get_title_id=lambda one: f"person_{one.pk}_title", **kwargs)

    @cached_property
    def bulk_buttons(self) -> list[ListingButton]:
        """What somebody may do to those who are ticked; the place of each person is looked at then."""
        known = bulk_action_registry.get_bulk_actions_for_model("accounts", "person")
        own = [one for one in known if self.request.user.has_perm(one.permission)]
        return [
            ListingButton(
                one.display_name,
                reverse("wagtail_bulk_action", args=["accounts", "person", one.action_type]),
                attrs={"data-bulk-action-button": ""},
                priority=one.action_priority,
                classname="bulk-action-btn",
            )
            for one in sorted(own, key=lambda one: one.action_priority)
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"bulk_buttons": self.bulk_buttons}

    @cached_property
    def header_buttons(self) -> list[Any]:
        if not self.request.user.has_perm("accounts.add_person"):
            return []
        return [
            HeaderButton(_("Đăng ký giúp"), url=reverse("accounts_admin:register"), icon_name="plus"),
            HeaderButton(_("Nhập từ Excel"), url=reverse("accounts_admin:import_people"), icon_name="upload"),
            HeaderButton(_("In phiếu mã"), url=reverse("accounts_admin:cards"), icon_name="key"),
        ]


def facts_of(person: Person, user: AnyUser) -> list[tuple[PersonFacts, list[Fact]]]:
    """What the apps above tell this user about a person."""
    told = [
        (kind, kind.rows(person, user)) for _name, kind in registries.person_facts if user.has_perm(kind.permission)
    ]
    return [(kind, rows) for kind, rows in told if rows]


def _roles(person: Person, user: AnyUser) -> list[Any]:
    """Of a colleague who learns as well, as far as somebody may see them; those that run or will."""
    rows = roles_visible_to(user).filter(user__person=person).not_over(local_day(timezone.now()))
    return list(rows.select_related("place__parent").order_by("valid_from", "pk"))


class PersonInspectView(ScopedInspectView):
    pk: Any

    def get_object(self, queryset: QuerySet[Any] | None = None) -> Any:
        """Old links to a row that was joined to another lead on to that one, where it is seen."""
        gone = Person.objects.filter(pk=key_of(unquote(str(self.pk)))).exclude(merged_into=None)
        self.pk = str(gone.values_list("merged_into", flat=True).first() or self.pk)
        return super().get_object(queryset)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if key_of(unquote(str(kwargs.get("pk", self.pk)))) != self.object.pk:
            return redirect("person:inspect", self.object.pk)
        response: HttpResponse = super().get(request, *args, **kwargs)
        return response

    def get_contact_phone_display_value(self) -> Any:
        """To be dialled: whoever opens the page on a phone has it in hand."""
        stored = self.object.contact_phone
        return format_html('<a href="tel:{}">{}</a>', stored, phones.readable(stored)) if stored else "–"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        person, user = self.object, self.request.user
        mine = people_visible_to(user, "accounts.change_person")
        may_correct = mine.contains(person)
        own = {
            "facts": facts_of(person, user),
            "outdated": [fact for _name, ask in registries.outdated_papers for fact in ask(person, user)],
            "log": log_of(person),
            "moves": person.moves.filter(state__in=[MoveState.DONE, *PENDING])
            .select_related("before__parent", "after__parent")
            .order_by("-moves_on", "-pk"),
            "helps": person.helps.filter(begun_at__isnull=False).select_related("by__person")[:SHOWN],
            "roles": _roles(person, user),
            "number": phones.readable(number) if (number := number_of(person)) else "",
            "may_correct": may_correct,
            "deletion": deletion_of(person),
            "stops_calls": person.data_requests.filter(stops_calls=True).first(),
            "doubles": doubles_of(person, mine) if may_correct else [],
            "may_issue_card": people_visible_to(user, "accounts.add_person").contains(person),
        }
        return super().get_context_data(**kwargs) | own


class PersonViewSet(RecordViewSet):
    model = Person
    icon = "user"
    menu_label = _("Học viên")
    index_view_class = PersonIndexView
    index_template_name = "accounts/admin/people.html"
    inspect_view_class = PersonInspectView
    scope = staticmethod(my_people)
    folded_search = "search"
    related = ("place__parent", "subject")
    list_display = ["name", "place", "kind", "subject", "birth_year"]
    list_export = ["name", "birth_year", "place.full_name", "kind", "subject"]
    export_headings = {"place.full_name": _("Địa bàn")}
    export_filename = "hoc-vien"
    list_filter = ["kind", "subject_role", "official_level"]
    ordering = ["sort_key"]
    inspect_view_fields = [
        "name", "birth_year", "contact_phone", "place", "kind", "subject", "subject_role", "official_level", "created_at",
    ]  # fmt: skip
    inspect_template_name = "accounts/admin/person.html"


class PhoneChangeInspectView(ScopedInspectView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Whom the request may belong to: people of the officer whose name or number fits what was typed."""
        change: PhoneChange = self.object
        people = people_visible_to(self.request.user, "accounts.change_phonechange")
        fitting = people.filter(search=change.search) | people.filter(user__phone=change.old_phone)
        rows = list(fitting.distinct().select_related("place")[:20])
        return super().get_context_data(**kwargs) | {
            "candidates": [(row, facts_of(row, self.request.user)) for row in rows]
        }


def my_phone_changes(queryset: QuerySet[Any], user: AnyUser) -> QuerySet[Any]:
    return queryset & phone_changes_visible_to(user, permission_to_see(queryset))


class PhoneChangeViewSet(RecordViewSet):
    model = PhoneChange
    icon = "mobile-alt"
    menu_label = _("Đổi số điện thoại")
    inspect_view_class = PhoneChangeInspectView
    scope = staticmethod(my_phone_changes)
    related = ("place",)
    list_display = ["name", "place", "requested_at", "status"]
    list_filter = ["status"]
    ordering = ["status", "-requested_at"]
    inspect_view_fields = [
        "name",
        "place",
        "old_phone",
        "new_phone",
        "requested_at",
        "status",
        "person",
        "decided_at",
        "reason",
    ]
    inspect_template_name = "accounts/admin/phone_change.html"


def consents_of_my_people(queryset: QuerySet[Any], user: AnyUser) -> QuerySet[Any]:
    return told_to_staff(of_my_people(queryset, user))


class ConsentIndexView(ScopedIndexView):
    verbose_name_plural = _("lần đồng ý")  # how many there are; the model's plural is the name of the ledger


class ConsentViewSet(RecordViewSet):
    model = Consent
    index_view_class = ConsentIndexView
    icon = "clipboard-list"
    menu_label = _("Sổ đồng ý")
    scope = staticmethod(consents_of_my_people)
    related = ("person", "text")
    list_display = ["person", "text", "given_at", "how", "withdrawn_at"]
    list_filter = ["how"]
    inspect_view_fields = ["person", "text", "given_at", "how", "withdrawn_at"]


class ConsentTextViewSet(RecordViewSet):
    model = ConsentText
    icon = "doc-full"
    menu_label = _("Văn bản đồng ý")
    list_display = ["purpose", "version", "language", "published_at"]
    inspect_view_fields = ["purpose", "version", "language", "body", "published_at"]


class PeopleGroup(ViewSetGroup):
    menu_label = _("Người")
    menu_icon = "group"
    menu_order = 150
    items = (
        PersonViewSet,
        SubjectViewSet,
        MoveViewSet,
        PhoneChangeViewSet,
        DataRequestViewSet,
        ConsentViewSet,
        ConsentTextViewSet,
    )

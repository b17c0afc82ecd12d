"""Staff's views of people in the Wagtail admin, and the base of every other app's record views.

A record (what happened) is listed, searched and inspected; corrections are actions with a reason. Every list and every
single record goes through `scope`, so that a changed id shows nothing foreign.
"""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.users.forms import UserCreationForm, UserEditForm
from wagtail.users.views.users import UserViewSet

from lib import phones, text
from provinces.models import Place
from provinces.queries import search_communes

from . import actions
from .access import AnyUser, managed_places, people_visible_to
from .models import Consent, ConsentText, Person, PhoneChange, Role, Subject, User

type Scope = Callable[[QuerySet[Any], AnyUser], QuerySet[Any]]


def in_words(value: Any) -> Any:
    """Python's words for yes, no and nothing are no words for a reader."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return gettext("Có") if value else gettext("Không")
    return value


class WordColumn(Column):
    def get_value(self, instance: Any) -> Any:
        return in_words(super().get_value(instance))


class ScopedIndexView(generic.IndexView):
    scope: Scope | None = None
    folded_search = ""
    any_permission_required = ["add", "change", "delete", "view"]

    def _get_custom_column(self, field_name: str, column_class: type[Column] = Column, **kwargs: Any) -> Column:
        usual = column_class is Column
        column: Column = super()._get_custom_column(field_name, WordColumn if usual else column_class, **kwargs)
        return column

    def get_base_queryset(self) -> QuerySet[Any]:
        queryset = super().get_base_queryset()
        scope = type(self).scope
        return scope(queryset, self.request.user) if scope else queryset

    def search_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Finds without diacritics where the model keeps its folded text."""
        if self.folded_search and self.is_searching:
            for word in text.fold(self.search_query).split():
                queryset = queryset.filter(**{f"{self.folded_search}__contains": word})
            return queryset
        return super().search_queryset(queryset)


class ScopedInspectView(generic.InspectView):
    scope: Scope | None = None

    def get_field_display_value(self, field_name: str, field: Any) -> Any:
        return in_words(super().get_field_display_value(field_name, field))

    def get_object(self, queryset: QuerySet[Any] | None = None) -> Any:
        found, scope = super().get_object(queryset), type(self).scope
        if scope and not scope(self.model.objects.filter(pk=found.pk), self.request.user).exists():
            raise Http404
        return found


class ScopedViewSet(ModelViewSet):
    """A model viewset whose rows are those that the user may see. `scope(queryset, user)` is set by the subclass."""

    scope: Scope | None = None
    folded_search = ""
    inspect_view_enabled = True
    copy_view_enabled = False
    add_to_reference_index = False

    @cached_property
    def index_view_class(self) -> type:  # type: ignore[override]
        own = {"scope": staticmethod(self.scope) if self.scope else None, "folded_search": self.folded_search}
        return type("IndexView", (ScopedIndexView,), own)

    @cached_property
    def inspect_view_class(self) -> type:  # type: ignore[override]
        return type("InspectView", (ScopedInspectView,), {"scope": staticmethod(self.scope) if self.scope else None})


class RecordViewSet(ScopedViewSet):
    """For models whose app registers a ReadOnlyPolicy with `read_only`."""

    exclude_form_fields: list[str] = []


def in_my_places(queryset: QuerySet[Any], user: AnyUser) -> QuerySet[Any]:
    """Rows with a `place` that the user manages."""
    places = managed_places(user)
    return queryset if places is None else queryset.filter(place__in=places)


def my_people(queryset: QuerySet[Any], user: AnyUser) -> QuerySet[Any]:
    return queryset.filter(pk__in=people_visible_to(user))


def of_my_people(queryset: QuerySet[Any], user: AnyUser) -> QuerySet[Any]:
    """Rows about a person whose present place the user manages."""
    return queryset.filter(person__in=people_visible_to(user))


class PersonViewSet(RecordViewSet):
    model = Person
    icon = "user"
    menu_label = _("Người học")
    scope = staticmethod(my_people)
    folded_search = "search"
    list_display = ["name", "place", "kind", "subject", "birth_year"]
    list_filter = ["kind", "subject_role", "official_level"]
    ordering = ["sort_key"]
    inspect_view_fields = [
        "name", "birth_year", "contact_phone", "place", "kind", "subject", "subject_role", "official_level", "created_at",
    ]  # fmt: skip
    inspect_template_name = "accounts/admin/person.html"


class SubjectViewSet(RecordViewSet):
    model = Subject
    icon = "group"
    menu_label = _("Chủ thể OCOP")
    scope = staticmethod(in_my_places)
    folded_search = "search"
    list_display = ["name", "kind", "place", "is_confirmed"]
    list_filter = ["kind", "is_confirmed"]
    inspect_view_fields = ["name", "kind", "place", "is_confirmed", "created_at"]


class PhoneChangeInspectView(ScopedInspectView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Whom the request may belong to: people of the officer whose name or number fits what was typed."""
        change: PhoneChange = self.object
        people = people_visible_to(self.request.user)
        fitting = people.filter(search=text.fold(change.name)) | people.filter(user__phone=change.old_phone)
        return super().get_context_data(**kwargs) | {"candidates": fitting.distinct().select_related("place")[:20]}


class PhoneChangeViewSet(RecordViewSet):
    model = PhoneChange
    icon = "mobile-alt"
    menu_label = _("Đổi số điện thoại")
    scope = staticmethod(in_my_places)
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

    @cached_property
    def inspect_view_class(self) -> type:  # type: ignore[override]
        return type("InspectView", (PhoneChangeInspectView,), {"scope": staticmethod(in_my_places)})


class ConsentViewSet(RecordViewSet):
    model = Consent
    icon = "clipboard-list"
    menu_label = _("Sổ đồng ý")
    scope = staticmethod(of_my_people)
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
    items = (PersonViewSet, SubjectViewSet, PhoneChangeViewSet, ConsentViewSet, ConsentTextViewSet)


class StaffFields:
    """What a staff member has here: a name and a number; no e-mail address, first or last name."""

    fields: dict[str, forms.Field]
    cleaned_data: dict[str, Any]

    def drop_foreign_fields(self) -> None:
        for name in ("email", "first_name", "last_name", "groups", "is_superuser"):
            self.fields.pop(name, None)
        self.fields["display_name"].required = True

    def clean_phone(self) -> str:
        return phones.to_e164(self.cleaned_data["phone"] or "")


class StaffCreationForm(StaffFields, UserCreationForm):
    role = forms.ChoiceField(label=_("vai trò"), choices=Role.choices)
    place_name = forms.CharField(
        label=_("địa bàn"),
        required=False,
        help_text=_("Tên xã, phường (ví dụ: rach goc, Cà Mau) hoặc tên tỉnh. Để trống: cả nước."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.drop_foreign_fields()

    class Meta:
        model = User
        fields = ["phone", "display_name"]

    def clean_place_name(self) -> Any:
        typed = self.cleaned_data["place_name"].strip()
        if not typed:
            return None
        province = Place.objects.current().provinces().filter(search=text.fold(typed)).first()
        hits = search_communes(typed, limit=1)
        if not (province or hits):
            raise ValidationError(_("Không tìm thấy địa bàn này. Hãy gõ tên xã, phường hoặc tên tỉnh."))
        return province or hits[0].place

    def save(self, commit: bool = True) -> User:
        user: User = super().save(commit=False)
        user.is_staff, user.phone_verified_at = True, timezone.now()
        user.save()
        role, place = self.cleaned_data["role"], self.cleaned_data["place_name"]
        actions.grant_role(user=user, role=role, place=place, by=None, at=timezone.now())
        return user

    def save_m2m(self) -> None:
        """Groups follow roles; see accounts.actions.sync_groups."""


class StaffEditForm(StaffFields, UserEditForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.drop_foreign_fields()

    class Meta:
        model = User
        fields = ["phone", "display_name", "is_active"]


class StaffUserViewSet(UserViewSet):
    def get_form_class(self, for_update: bool = False) -> type[forms.ModelForm]:
        return StaffEditForm if for_update else StaffCreationForm

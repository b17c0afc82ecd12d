"""The register of certificates in the admin."""

from datetime import timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.forms import RadioSelect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter, ModelChoiceFilter
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.widgets import HeaderButton

from accounts.access import AnyUser
from accounts.viewsets import RecordViewSet, ScopedIndexView, WithinFilter
from accounts.viewsets.base import ScopedInspectView, permission_to_see
from certificates.access import visible_to
from certificates.models import Credential, CredentialStatus
from certificates.office.pages import trouble
from courses.models import Course
from courses.viewsets.cohorts import CohortFilter
from lib import codes


def visible(queryset: QuerySet[Any], user: AnyUser) -> QuerySet[Any]:
    return queryset.filter(pk__in=visible_to(user, permission_to_see(queryset)))


class CredentialFilters(WagtailFilterSet):
    time = ChoiceFilter(
        label=_("Thời hạn"),
        choices=[
            ("over", _("đã hết hạn")),
            ("soon", _("hết hạn trong 90 ngày tới")),
            ("ever", _("không có thời hạn")),
        ],
        method="by_time",
        widget=RadioSelect,
        empty_label=_("Tất cả"),
    )
    place = WithinFilter("person__place")
    course = ModelChoiceFilter(
        field_name="award__course", label=_("Khóa học"), queryset=Course.objects.exclude(award=None).order_by("title")
    )
    cohort = CohortFilter("enrolment__cohort")

    class Meta:
        model = Credential
        fields = ["status", "year", "issuer"]

    def by_time(self, queryset: QuerySet[Credential], name: str, value: str) -> QuerySet[Credential]:
        today = timezone.localdate()
        valid = queryset.filter(status=CredentialStatus.VALID)
        if value == "over":
            return valid.filter(expires_on__lt=today)
        if value == "soon":
            return valid.filter(expires_on__range=(today, today + timedelta(days=90)))
        return valid.filter(expires_on=None)


class CredentialIndexView(ScopedIndexView):
    def also(self, query: str) -> Q:
        """A paper by what is printed on it: its number or a part of that, its code with or without dash, a name of before."""
        return Q(number__icontains=query) | Q(code=codes.tidy(query)) | Q(evidence__name__icontains=query)

    @cached_property
    def header_buttons(self) -> list[Any]:
        buttons: list[Any] = list(super().header_buttons)
        if self.request.user.has_perm("certificates.change_credential"):
            buttons.append(
                HeaderButton(_("Ký số tại cơ quan"), url=reverse("certificates_admin:signing"), icon_name="download")
            )
        return buttons


class CredentialInspectView(ScopedInspectView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        may_revoke = visible_to(self.request.user, "certificates.change_credential").contains(self.object)
        copies = {copy.kind: copy for copy in self.object.copies.all()}
        context = {"may_revoke": may_revoke, "copies": copies, "trouble": trouble() if may_revoke else ""}
        return super().get_context_data(**kwargs) | context


class CredentialViewSet(RecordViewSet):
    model = Credential
    icon = "doc-full-inverse"
    menu_label = _("Sổ cấp giấy chứng nhận")
    scope = staticmethod(visible)
    folded_search = "person__search"
    related = ("award__course",)
    index_view_class = CredentialIndexView
    list_display = ["number", "printed_name", "award", "issued_at", "expires_on", "state"]
    filterset_class = CredentialFilters
    list_export = [
        "sequence", "number", "printed_name", "award", "issued_at", "expires_on", "state", "status_reason",
    ]  # fmt: skip
    export_filename = "so-cap-giay-chung-nhan"
    inspect_view_fields = [
        "number",
        "code",
        "printed_name",
        "award",
        "issuer",
        "issued_at",
        "expires_on",
        "state",
        "status_at",
        "status_by",
        "status_reason",
    ]
    inspect_view_class = CredentialInspectView
    inspect_template_name = "certificates/admin/credential.html"

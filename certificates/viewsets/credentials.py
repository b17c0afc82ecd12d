"""The register of certificates in the admin."""

from datetime import timedelta
from tempfile import TemporaryFile
from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.forms import RadioSelect
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter, ModelChoiceFilter
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.widgets import Button, HeaderButton

from accounts.access import AnyUser
from accounts.viewsets import RecordViewSet, ScopedIndexView, WithinFilter
from accounts.viewsets.base import ScopedInspectView, permission_to_see
from accounts.viewsets.words import WordColumn
from certificates import register
from certificates.access import TO_REGISTER, TO_REISSUE, lists_issued_by, scans_visible_to, visible_to
from certificates.models import Award, Credential, CredentialStatus, WorkshopList
from certificates.office.pages import trouble
from courses.models import Course
from courses.viewsets.cohorts import CohortFilter
from lib import codes, dates
from lib.typed import key_of

BOOK = "so-cap-giay-chung-nhan"


def visible(queryset: QuerySet[Any], user: AnyUser) -> QuerySet[Any]:
    return queryset & visible_to(user, permission_to_see(queryset))


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
    page_title = _("Sổ cấp giấy chứng nhận")

    def order_queryset(self, queryset: QuerySet[Credential]) -> QuerySet[Credential]:
        """Many are issued in one second: among them the numbers run the same way as the list."""
        first: str = self.ordering or "-issued_at"
        way = "-" if first.startswith("-") else ""
        return queryset.order_by(first, f"{way}year", f"{way}sequence", f"{way}pk")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The list as it is narrowed, as a book: `?so=pdf` or `?so=xlsx`."""
        if (form := request.GET.get("so")) in register.WRITERS:
            return self.as_book(form)
        return super().get(request, *args, **kwargs)

    def as_book(self, form: str) -> Any:
        rows = self.get_queryset()
        if form == "pdf" and rows.count() > register.MOST_ON_REQUEST:
            said = gettext(
                "Sổ này dài hơn %(most)s giấy nên chưa ghi ra PDF được. Hãy lọc theo năm, đơn vị cấp hay khóa học, hoặc tải Excel."
            )
            messages.warning(self.request, said % {"most": dates.grouped(register.MOST_ON_REQUEST)})
            query = self.request.GET.copy()
            query.pop("so")
            return HttpResponseRedirect(f"{self.index_url}?{query.urlencode()}")
        output = TemporaryFile()  # noqa: SIM115 (the response closes it)
        register.WRITERS[form](register.book_of(rows, about=self.about()), output)
        output.seek(0)
        return FileResponse(output, as_attachment=True, filename=f"{self.named(BOOK)}.{form}")

    def about(self) -> str:
        """What the list was narrowed to, as the title of the book says it."""
        known = dict(self.filters.form.cleaned_data) if self.filters and self.filters.is_valid() else {}
        year = f"Năm {known['year']}" if known.get("year") else ""
        return " · ".join(filter(None, [year, *self.chosen()]))

    @cached_property
    def header_buttons(self) -> list[Any]:
        buttons: list[Any] = list(super().header_buttons)
        user = self.request.user
        if not user.has_perm(TO_REISSUE):
            return buttons
        if user.has_perm(TO_REGISTER):
            address = reverse("certificates_admin:by_hand")
            buttons.append(HeaderButton(_("Cấp theo danh sách"), url=address, icon_name="plus"))
        return [*buttons, HeaderButton(_("In hàng loạt"), url=self._to_batches(), icon_name="doc-full-inverse")]

    def _to_batches(self) -> str:
        """With what the list was narrowed to, as far as a batch knows it."""
        query, given = QueryDict(mutable=True), self.request.GET
        query.update({name: given[name] for name in ("cohort", "issuer", "year") if given.get(name)})
        course = key_of(given.get("course"))
        if course and (award := Award.objects.filter(course=course).first()):
            query["award"] = str(award.pk)
        return f"{reverse('certificates_admin:batches')}?{query.urlencode()}"

    @cached_property
    def header_more_buttons(self) -> list[Any]:
        usual: list[Any] = super().header_more_buttons
        rows = {
            self.xlsx_export_url: _("Tải danh sách đang lọc (Excel)"),
            self.csv_export_url: _("Tải danh sách đang lọc (CSV)"),
        }
        for button in usual:
            button.label = rows.get(button.url, button.label)
        if self.request.user.has_perm(TO_REISSUE):
            address = reverse("certificates_admin:signing")
            usual.append(Button(_("Ký số tại cơ quan"), url=address, icon_name="download", priority=70))
            address = reverse("certificates_admin:by_hand_lists")
            usual.append(Button(_("Các danh sách đã cấp"), url=address, icon_name="list-ul", priority=60))
        query = self.request.GET.copy()
        query.pop("p", None)
        names = {"xlsx": _("Sổ cấp (Excel)"), "pdf": _("Sổ cấp (PDF để in)")}
        for form, name in names.items():
            query["so"] = form
            usual.append(Button(name, url=f"{self.index_url}?{query.urlencode()}", icon_name="download", priority=80))
        return usual

    def also(self, query: str) -> Q:
        """A paper by what is printed on it: its number or a part of that, its code with or without dash, a name of before."""
        return Q(number__icontains=query) | Q(code=codes.tidy(query)) | Q(evidence__name__icontains=query)


class CredentialInspectView(ScopedInspectView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        may_change = visible_to(self.request.user, TO_REISSUE).contains(self.object)
        lists = WorkshopList.objects.filter(entries__enrolment=self.object.enrolment_id).select_related("issued_by")
        copies = {copy.kind: copy for copy in self.object.copies.all()}
        context = {
            "may_change": may_change,
            "lists": lists,
            "mine": lists_issued_by(self.request.user).filter(pk__in=lists),
            "scans": scans_visible_to(self.request.user).filter(pk__in=lists),
            "copies": copies,
            "trouble": trouble() if may_change else "",
        }
        return super().get_context_data(**kwargs) | context


class CredentialViewSet(RecordViewSet):
    model = Credential
    icon = "doc-full-inverse"
    menu_label = _("Sổ cấp giấy chứng nhận")
    scope = staticmethod(visible)
    folded_search = "person__search"
    related = ("award__course",)
    index_view_class = CredentialIndexView
    list_display = [
        "number",
        "printed_name",
        "award",
        WordColumn("issued_at", label=_("Cấp lúc"), sort_key="issued_at", classname="in-one-piece"),
        WordColumn("expires_on", label=_("Có giá trị đến"), sort_key="expires_on", classname="in-one-piece"),
        WordColumn("state", label=_("Tình trạng"), classname="in-one-piece"),
    ]
    filterset_class = CredentialFilters
    list_export = [
        "sequence", "number", "printed_name", "award", "issued_at", "expires_on", "state", "status_reason",
    ]  # fmt: skip
    export_filename = "danh-sach-giay-chung-nhan"
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

"""The register of subjects in the admin: the list, the page of one, and the register as a file that the import reads again."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.widgets import HeaderButton

from accounts.access import AnyUser, people_visible_to, subjects_visible_to
from accounts.admin_views.subjects import likely
from accounts.models import Product, Subject
from accounts.queries import are_stars_ending, has_learner, has_trained_leader, log_of
from accounts.rules import STARS_ENDING
from lib import dates, phones, sheets

from .base import RecordViewSet, ScopedIndexView, ScopedInspectView, WithinFilter, permission_to_see
from .words import WordColumn

NEVER = date(9999, 12, 31)
MOST_PEOPLE = 200
# Heads and widths of the file. The import knows its own heads again (`accounts.importing`).
COLUMNS = [
    (_("Tên chủ thể"), 34), (_("Loại hình"), 15), (_("Xã, phường"), 38), (_("Người đứng đầu"), 24), (_("Điện thoại"), 16),
    (_("Tên sản phẩm"), 30), (_("Hạng sao"), 10), (_("Quyết định công nhận"), 34), (_("Có giá trị đến"), 14), (_("Tình trạng"), 20),
]  # fmt: skip


def my_subjects(queryset: QuerySet[Any], user: AnyUser) -> QuerySet[Any]:
    return queryset & subjects_visible_to(user, permission_to_see(queryset))


def today() -> date:
    return dates.local_day(timezone.now())


def with_products(subjects: QuerySet[Any]) -> QuerySet[Any]:
    """With the most stars that a subject has, the first day on which some run out, and how many products. Where there is none, 0 and
    `NEVER` stand, which databases sort alike."""
    own = Product.objects.filter(subject=OuterRef("pk")).order_by()
    ends = own.filter(valid_until__isnull=False).order_by("valid_until").values("valid_until")[:1]
    counted = own.values("subject").annotate(n=Count("pk")).values("n")
    best = own.filter(stars__isnull=False).order_by("-stars").values("stars")[:1]
    return subjects.annotate(
        best=Coalesce(Subquery(best), 0),
        ends_on=Coalesce(Subquery(ends), Value(NEVER)),
        product_count=Coalesce(Subquery(counted), 0),
    )


def state_of(subject: Subject) -> str:
    if subject.closed_at:
        return gettext("Ngừng hoạt động")
    return gettext("Đã xác nhận") if subject.is_confirmed else gettext("Chưa xác nhận")


class SubjectFilters(WagtailFilterSet):
    place = WithinFilter()
    stars = ChoiceFilter(
        label=_("Có sản phẩm"), choices=[(n, _("%(n)s sao") % {"n": n}) for n in range(5, 0, -1)], method="of_stars"
    )
    valid = ChoiceFilter(
        label=_("Hạn công nhận"),
        choices=[("soon", _("hết hạn trong 6 tháng tới")), ("over", _("đã hết hạn"))],
        method="of_validity",
    )
    trained = ChoiceFilter(
        label=_("Người đứng đầu"),
        choices=[("no", _("chưa học xong khóa nào")), ("yes", _("đã học xong ít nhất một khóa"))],
        method="of_leader",
    )
    learning = ChoiceFilter(
        label=_("Người học"),
        choices=[("no", _("chưa có ai ghi danh học")), ("yes", _("đã có người ghi danh học"))],
        method="of_learners",
    )
    state = ChoiceFilter(
        label=_("Tình trạng"),
        choices=[
            ("open", _("đang hoạt động")),
            ("unconfirmed", _("chưa xác nhận")),
            ("confirmed", _("đã xác nhận")),
            ("closed", _("ngừng hoạt động")),
        ],
        method="of_state",
    )

    def of_stars(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(pk__in=Product.objects.filter(stars=value).values("subject"))

    def of_validity(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        day = today()
        within = Q(stars__isnull=False, valid_until__lt=day) if value == "over" else are_stars_ending(day)
        return queryset.filter(pk__in=Product.objects.filter(within).values("subject"))

    def of_leader(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(has_trained_leader() if value == "yes" else ~has_trained_leader())

    def of_learners(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(has_learner() if value == "yes" else ~has_learner())

    def of_state(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        wanted = {
            "open": Q(closed_at=None),
            "unconfirmed": Q(closed_at=None, is_confirmed=False),
            "confirmed": Q(closed_at=None, is_confirmed=True),
            "closed": Q(closed_at__isnull=False),
        }
        return queryset.filter(wanted[value])


class SubjectIndexView(ScopedIndexView):
    verbose_name_plural = _("chủ thể OCOP")  # how many there are; the model's plural is the name of the register
    base_filterset_class = SubjectFilters

    def get_base_queryset(self) -> QuerySet[Any]:
        return with_products(super().get_base_queryset())

    def also(self, query: str) -> Q:
        """By a product, the leader as written, or the last digits of the number."""
        if digits := phones.last_digits(query):
            return Q(
                phone__regex="[^0-9]*".join(digits) + "([^0-9]|$)"
            )  # written in groups, and two with a word between
        folded = Subject.folded(query)
        return Q(leader__icontains=query) | Q(pk__in=Product.objects.filter(search__contains=folded).values("subject"))

    @cached_property
    def header_buttons(self) -> list[Any]:
        if not self.request.user.has_perm("accounts.add_subject"):
            return []
        return [
            HeaderButton(_("Ghi chủ thể vào sổ"), url=reverse("accounts_admin:add_subject"), icon_name="plus"),
            HeaderButton(_("Nhập từ Excel"), url=reverse("accounts_admin:import_subjects"), icon_name="upload"),
        ]

    def heads(self, queryset: QuerySet[Any]) -> list[str]:
        return [str(head) for head, _width in COLUMNS]

    def table(self, queryset: QuerySet[Any]) -> Iterator[list[Any]]:
        """A row for each product with its subject beside it, as the department's own lists have them."""
        for one in queryset.prefetch_related("products").iterator(chunk_size=2000):
            own = [one.name, one.get_kind_display(), one.place.full_name, one.leader, one.phone]
            state = state_of(one)
            for product in one.products.all():
                stars = gettext("%(n)s sao") % {"n": product.stars} if product.stars else ""
                until = dates.short(product.valid_until) if product.valid_until else ""
                yield [*own, product.name, stars, product.decision, until, state]
            if not one.product_count:
                yield [*own, "", "", "", "", state]

    def sheet(self, queryset: QuerySet[Any]) -> sheets.Table:
        columns = [(str(head), width) for head, width in COLUMNS]
        return sheets.Table(gettext("Sổ chủ thể"), columns, self.table(queryset))


class SubjectInspectView(ScopedInspectView):
    template_name = "accounts/admin/subject.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        subject, user, day = self.object, self.request.user, today()
        mine = subjects_visible_to(user, "accounts.change_subject")
        may_change = mine.contains(subject)
        people = subject.people.filter(merged_into=None)
        seen = people_visible_to(user, "accounts.view_person").filter(pk__in=people)
        shown = list(seen.select_related("place__parent").order_by("sort_key")[:MOST_PEOPLE])
        is_open = may_change and not subject.closed_at
        own = {
            "products": [
                (one, one.is_over(day), bool(one.valid_until and day <= one.valid_until <= day + STARS_ENDING))
                for one in subject.products.all()
            ],
            "people": shown,
            "elsewhere": people.count() - seen.count(),
            "names": subject.merged_from.all(),
            "is_led": Subject.objects.filter(has_trained_leader(), pk=subject.pk).exists(),
            "likely": likely(subject, mine.exclude(pk=subject.pk))[:5] if is_open and not subject.is_confirmed else [],
            "log": log_of(subject),
            "may_change": may_change,
            "state": state_of(subject),
        }
        return super().get_context_data(**kwargs) | own


class SubjectViewSet(RecordViewSet):
    model = Subject
    icon = "clipboard-list"
    menu_label = _("Sổ chủ thể")
    index_view_class = SubjectIndexView
    inspect_view_class = SubjectInspectView
    inspect_template_name = "accounts/admin/subject.html"
    scope = staticmethod(my_subjects)
    folded_search = "search"
    related = ("place__parent",)
    list_display = [
        "name",
        "place",
        "kind",
        WordColumn("best", label=_("Sao cao nhất"), sort_key="best", accessor=lambda one: one.best or None),
        WordColumn(
            "ends_on",
            label=_("Hạn gần nhất"),
            sort_key="ends_on",
            accessor=lambda one: None if one.ends_on == NEVER else dates.localised(one.ends_on),
        ),
        WordColumn("state", label=_("Tình trạng"), sort_key="is_confirmed", accessor=state_of),
    ]
    list_export = ["name"]  # what stands in the file, the index view says
    export_filename = "so-chu-the"
    list_filter = ["kind"]
    ordering = ["search"]
    inspect_view_fields = ["name", "kind", "place", "leader", "phone", "created_at"]

"""Cohorts in the Wagtail admin: the list, the form, and the page on which people are put in and taken out."""

from collections.abc import Callable
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import ModelChoiceFilter
from django_filters.fields import ModelChoiceField
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import TitleColumn

from accounts.access import AnyUser, permission_to_see
from accounts.models import User
from accounts.viewsets import ScopedIndexView, ScopedViewSet, WithinFilter
from accounts.viewsets.base import SavedByAction, ScopedCreateView, ScopedEditView, ScopedInspectView
from accounts.viewsets.words import WordColumn
from courses import actions, queries, searching
from courses.access import TO_CHANGE_COHORTS, cohorts_visible_to, enrolments_to_gather, enrolments_visible_to
from courses.forms import CohortForm, JoiningForm
from courses.models import Cohort, Enrolment
from lib import registries


class CohortChoiceField(ModelChoiceField):
    def label_from_instance(self, cohort: Cohort) -> str:
        """With its course: names are told apart within one."""
        return f"{cohort.course}: {cohort}"


def _to_choose(request: HttpRequest) -> QuerySet[Cohort]:
    mine = cohorts_visible_to(request.user, "courses.view_cohort")
    return mine.select_related("course").order_by("course__title", "-starts_on", "name")


class CohortFilter(ModelChoiceFilter):
    field_class = CohortChoiceField

    def __init__(self, path: str = "cohort") -> None:
        super().__init__(field_name=path, label=_("nhóm học"), queryset=_to_choose)


def visible(queryset: QuerySet[Any], user: AnyUser) -> QuerySet[Any]:
    return queryset & cohorts_visible_to(user, permission_to_see(queryset))


def to_change(queryset: QuerySet[Any], user: AnyUser) -> QuerySet[Any]:
    return queryset & cohorts_visible_to(user, TO_CHANGE_COHORTS)


def _counted(**which: Any) -> Coalesce:
    """Members of a row of the list, counted for the rows of a page alone."""
    members = Enrolment.objects.filter(cohort=OuterRef("pk"), person__merged_into=None, **which)
    return Coalesce(members.order_by().values("cohort").annotate(n=Count("pk")).values("n"), 0)


class CohortIndexView(ScopedIndexView):
    def get_base_queryset(self) -> QuerySet[Cohort]:
        rows: QuerySet[Cohort] = super().get_base_queryset()
        return rows.annotate(members=_counted(), completed=_counted(completed_at__isnull=False))


class CohortFilters(WagtailFilterSet):
    place = WithinFilter()

    class Meta:
        model = Cohort
        fields = ["course"]


class Written(SavedByAction):
    """What making and changing share: the form of this colleague, and saving by the action."""

    request: HttpRequest
    object: Cohort | None
    form: CohortForm

    def write(self, action: Callable[..., Cohort], **known: Any) -> Cohort:
        return action(**known, **self.form.arguments(), by=self.request.user, at=timezone.now())

    def get_success_url(self) -> str:
        return reverse("cohort:inspect", args=[self.object.pk])  # type: ignore[union-attr]

    def get_success_buttons(self) -> list[Any]:
        """The page that follows leads on."""
        return []


class CohortCreateView(Written, ScopedCreateView):
    success_message = _("Đã lập nhóm “%(object)s”. Giờ anh/chị tìm và thêm học viên vào nhóm.")

    def save_instance(self) -> Cohort:
        return self.write(actions.open_cohort)


class CohortEditView(Written, ScopedEditView):
    success_message = _("Đã lưu nhóm “%(object)s”.")

    def save_instance(self) -> Cohort:
        return self.write(actions.change_cohort, cohort=self.object)


class CohortInspectView(ScopedInspectView):
    page_title = _("Nhóm học")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        cohort, user = self.object, self.request.user
        mine = enrolments_visible_to(user, "courses.view_enrolment").filter(cohort=cohort)
        members, all_members = mine.count(), Enrolment.objects.filter(cohort=cohort, person__merged_into=None).count()
        may_change = cohorts_visible_to(user, TO_CHANGE_COHORTS).contains(cohort)
        context = {
            "members": self._with_progress(mine),
            "shown": searching.MOST_FOUND,
            "count": members,
            "elsewhere": all_members - members,
            "lists": [(one.label, one.address(cohort.pk)) for _name, one in registries.cohort_lists if user.has_perm(one.permission)],
            "may_change": may_change,
        }  # fmt: skip
        if isinstance(user, User) and may_change and cohort.closed_at is None:
            context |= self._search(user)
        return super().get_context_data(**kwargs) | context

    def _with_progress(self, members: QuerySet[Enrolment]) -> list[Enrolment]:
        required = [step.activity_id for step in queries.requirements_of(self.object.course_id) if step.is_required]
        done = Count("completions", filter=Q(completions__activity__in=required))
        rows: list[Enrolment] = list(
            members.select_related("person", "place")
            .annotate(done=done)
            .order_by("person__sort_key", "pk")[: searching.MOST_FOUND]
        )
        for row in rows:
            row.required = len(required)  # type: ignore[attr-defined]
        return rows

    def _search(self, user: User) -> dict[str, Any]:
        """Who may be added, and apart from them who is in another cohort of this course."""
        among = enrolments_to_gather(user, self.object)
        found = searching.enrolments(self.request.GET.get("q", ""), among.filter(cohort=None))
        others = searching.enrolments(found.name, among.exclude(cohort=None).select_related("cohort"))
        mine = set(
            cohorts_visible_to(user, TO_CHANGE_COHORTS)
            .filter(pk__in=[one.cohort_id for one in others.rows])
            .values_list("pk", flat=True)
        )
        return {
            "found": found,
            "form": JoiningForm(among=found.rows),
            "others": [
                (one, one.cohort_id in mine and one.cohort.closed_at is None) for one in others.rows if one.cohort
            ],
        }


class CohortViewSet(ScopedViewSet):
    model = Cohort
    icon = "group"
    menu_label = _("Nhóm học")
    scope = staticmethod(visible)
    scope_to_change = staticmethod(to_change)
    folded_search = "search"
    related = ("course", "place__parent")
    index_view_class = CohortIndexView
    add_view_class = CohortCreateView
    edit_view_class = CohortEditView
    inspect_view_class = CohortInspectView
    inspect_template_name = "courses/admin/cohort.html"
    filterset_class = CohortFilters
    ordering = ["-starts_on"]
    list_display = [
        TitleColumn("name", label=_("Nhóm học"), get_url=lambda row: reverse("cohort:inspect", args=[row.pk])),
        "course",
        "starts_on",
        "ends_on",
        "place",
        WordColumn("members", label=_("Số người")),
        WordColumn("completed", label=_("Hoàn thành")),
        "closed_at",
    ]
    inspect_view_fields = [
        "course", "starts_on", "ends_on", "place", "organised_by", "closed_at",
    ]  # fmt: skip

    def get_form_class(self, for_update: bool = False) -> type[CohortForm]:
        return CohortForm

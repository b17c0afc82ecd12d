"""The list of questions: what it is narrowed by, and the column in which questions are ticked for one change to many."""

from collections.abc import Iterator
from datetime import UTC
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_filters import ChoiceFilter, IsoDateTimeFilter, ModelChoiceFilter
from django_filters.fields import IsoDateTimeField
from wagtail.admin.active_filters import ActiveFilter, BaseFilterAdapter, filter_adapter_class_registry
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import BaseColumn
from wagtail.admin.widgets import HeaderButton

from accounts.models import User
from accounts.viewsets.base import ScopedIndexView
from courses.queries import legal_texts_due as due
from lib import dates
from quizzes import access, queries
from quizzes.kinds import KINDS
from quizzes.models import Question

OF_THE_LIST = ("p", "id", "all", "change", "_w_filter_fragment")  # what a request says besides how the list is narrowed


class TickColumn(BaseColumn):
    cell_template_name = "quizzes/admin/_tick.html"


class MomentField(IsoDateTimeField):
    def to_python(self, value: Any) -> Any:
        """The calendar's last hours are beyond it on another clock."""
        try:
            moment = super().to_python(value)
            return moment and moment.astimezone(UTC)
        except OverflowError as error:
            raise forms.ValidationError(self.error_messages["invalid"]) from error


class MomentFilter(IsoDateTimeFilter):
    """Comes in the address of the list, after an import or a copy."""

    field_class = MomentField


class MomentAdapter(BaseFilterAdapter):
    """On the clock of whoever reads it."""

    def get_active_filters(self) -> Iterator[ActiveFilter]:
        here = self.get_url_without_filter_param(self.name)
        yield ActiveFilter(self.bound_field.auto_id, self.filter.label, dates.moment(self.value), here)


filter_adapter_class_registry.register(MomentFilter, MomentAdapter)


def seen_by(request: HttpRequest) -> QuerySet[Question]:
    return access.questions_visible_to(request.user)


class QuestionFilters(WagtailFilterSet):
    kind = ChoiceFilter(
        label=gettext_lazy("Dạng"),
        choices=[(kind.name, kind.label) for kind in KINDS.values()],
        widget=forms.RadioSelect,
        empty_label=gettext_lazy("Tất cả"),
    )
    written = MomentFilter(
        field_name="versions__created_at", label=gettext_lazy("Nhập hoặc viết lúc"), widget=forms.HiddenInput
    )

    bank = ModelChoiceFilter(
        label=gettext_lazy("Ngân hàng"), queryset=lambda request: access.banks_visible_to(request.user)
    )
    tags = ModelChoiceFilter(label=gettext_lazy("Nhãn"), queryset=lambda request: queries.tags_of(seen_by(request)))
    reviewed_by = ModelChoiceFilter(
        label=gettext_lazy("Người duyệt"),
        queryset=lambda request: User.objects.filter(pk__in=queries.reviewers(seen_by(request))),
    )

    law = ChoiceFilter(
        label=gettext_lazy("Căn cứ pháp luật đến hạn rà soát"),
        choices=[("past", gettext_lazy("đã quá ngày")), ("soon", gettext_lazy("trong 30 ngày tới"))],
        method="by_law",
        widget=forms.RadioSelect,
        empty_label=gettext_lazy("Tất cả"),
    )

    class Meta:
        model = Question
        fields = ["bank", "kind", "status", "difficulty", "form", "tags", "language"]

    def by_law(self, queryset: QuerySet[Question], name: str, value: str) -> QuerySet[Question]:
        """As the register of legal texts has it."""
        return queryset.filter(
            pk__in=Question.legal_texts.through.objects.filter(legaltext__in=due(value)).values("question")
        )


class QuestionIndexView(ScopedIndexView):
    @cached_property
    def header_buttons(self) -> list[Any]:
        usual: list[Any] = super().header_buttons
        narrowed = f"{reverse('question:export')}?{self.request.GET.urlencode()}"
        out = HeaderButton(_("Xuất ra tệp"), url=narrowed, icon_name="download")
        if not self.request.user.has_perm("quizzes.add_question"):
            return [*usual, out]
        return [*usual, HeaderButton(_("Nhập từ tệp"), url=reverse("quizzes_admin:import"), icon_name="upload"), out]

    @cached_property
    def _mine(self) -> set[int]:
        return set(access.banks_to_write(self.request.user).values_list("pk", flat=True))

    def may_change(self, instance: Question) -> bool:
        return instance.bank_id in self._mine

    @cached_property
    def columns(self) -> list[Any]:
        usual: list[Any] = super().columns
        return [TickColumn("tick", label=_("Chọn")), *usual] if self.user_has_permission("change") else usual

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        narrowed = [(name, value) for name, values in self.request.GET.lists() for value in values]
        return super().get_context_data(**kwargs) | {
            "may_change": self.user_has_permission("change"),
            "narrowed": [(name, value) for name, value in narrowed if name not in OF_THE_LIST],
        }

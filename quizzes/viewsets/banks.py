"""Banks of questions: whose they are, and which provinces may read or write in them."""

from typing import Any

from django.db.models import Count, OuterRef, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin.ui.tables import Column, TitleColumn

from accounts.access import AnyUser
from accounts.viewsets.base import SavedByAction, ScopedCreateView, ScopedEditView, ScopedIndexView, ScopedViewSet
from quizzes import access, actions, queries
from quizzes.forms import BankForm
from quizzes.models import QuestionBank


def visible(banks: QuerySet[Any], user: AnyUser) -> QuerySet[Any]:
    return banks.filter(pk__in=access.banks_visible_to(user).values("pk"))


def own(banks: QuerySet[Any], user: AnyUser) -> QuerySet[Any]:
    return banks.filter(pk__in=access.banks_of(user).values("pk"))


def shared_with(bank: Any) -> str:
    """In a word; the page of the bank says which provinces."""
    if bank.owner_place_id is None or bank.is_open:
        said = _("mọi tỉnh xem và dùng")
    else:
        said = _count(ngettext("%(n)s tỉnh xem và dùng", "%(n)s tỉnh xem và dùng", bank.reading), bank.reading)
    writing = _count(ngettext("%(n)s tỉnh cùng biên soạn", "%(n)s tỉnh cùng biên soạn", bank.writing), bank.writing)
    return "; ".join(filter(None, (said, writing))) or "–"


def _count(said: str, number: int) -> str:
    return said % {"n": number} if number else ""


def _provinces(who: str) -> Coalesce:
    """Counted apart: joined, every question would be there once for each province."""
    let = getattr(QuestionBank, who).through.objects.filter(questionbank=OuterRef("pk"))
    return Coalesce(let.order_by().values("questionbank").annotate(n=Count("pk")).values("n"), 0)


class BankIndexView(ScopedIndexView):
    def get_base_queryset(self) -> QuerySet[QuestionBank]:
        banks = queries.with_counts(super().get_base_queryset())
        return banks.annotate(reading=_provinces("readers"), writing=_provinces("writers"))

    @cached_property
    def _own(self) -> set[int]:
        return set(access.banks_of(self.request.user).values_list("pk", flat=True))

    def may_change(self, instance: QuestionBank) -> bool:
        return instance.pk in self._own


class Writing(SavedByAction):
    form: BankForm
    refused_field = "owner_place"

    def save_instance(self) -> QuestionBank:
        return actions.save_bank(**self.form.arguments(), by=self.user, at=timezone.now())


class BankCreateView(Writing, ScopedCreateView):
    pass


class BankEditView(Writing, ScopedEditView):
    pass


class QuestionBankViewSet(ScopedViewSet):
    model = QuestionBank
    index_view_class = BankIndexView
    add_view_class = BankCreateView
    edit_view_class = BankEditView
    scope = staticmethod(visible)
    scope_to_change = staticmethod(own)
    icon = "folder-inverse"
    menu_label = gettext_lazy("Ngân hàng câu hỏi")
    list_display = [
        "name",
        "topic",
        Column(
            "owner",
            label=gettext_lazy("Thuộc về"),
            accessor=lambda bank: bank.owner_place or _("cả nước"),
            sort_key="owner_place",
        ),
        Column("shared_with", label=gettext_lazy("Chia sẻ"), accessor=shared_with),
        TitleColumn(
            "questions",
            label=gettext_lazy("Câu đã duyệt / tất cả"),
            accessor=lambda bank: f"{bank.reviewed}/{bank.written}",
            get_url=queries.address_of_questions,
        ),
        TitleColumn(
            "export",
            label=gettext_lazy("Tệp"),
            accessor=lambda bank: _("Xuất ra tệp"),
            get_url=queries.address_of_export,
        ),
    ]
    inspect_view_enabled = False
    related = ("topic", "owner_place")
    list_filter = ["topic", "owner_place"]

    def get_form_class(self, for_update: bool = False) -> type[BankForm]:
        return BankForm

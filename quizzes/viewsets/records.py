from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, Table
from wagtail.admin.views import generic
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.admin.viewsets.model import ModelViewSet

from accounts.access import AnyUser
from accounts.viewsets import RecordViewSet
from accounts.viewsets.base import ScopedInspectView, permission_to_see
from quizzes import queries
from quizzes.access import TO_ALLOW, attempts_visible_to
from quizzes.analysis import pages
from quizzes.models import Attempt, Quiz
from quizzes.wording import points

from .banks import QuestionBankViewSet
from .downloads import AttemptFilters, AttemptIndexView
from .questions import QuestionViewSet


def visible(queryset: QuerySet[Any], user: AnyUser) -> QuerySet[Any]:
    return queryset & attempts_visible_to(user, permission_to_see(queryset))


class QuizEditView(generic.EditView):
    """Quizzes are set in a page of our own, together with their questions; links of the list and the log lead there."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return redirect("quizzes_admin:questions", self.get_object().pk)


class QuizIndexView(generic.IndexView):
    def get_base_queryset(self) -> QuerySet[Quiz]:
        quizzes: QuerySet[Quiz] = super().get_base_queryset()
        return quizzes.select_related("activity__course")

    def get_table(self, object_list: Iterable[Quiz]) -> Table:
        """With what each quiz asks, looked up for the whole page at once."""
        quizzes = list(object_list)
        for outlook in queries.outlooks(quizzes):
            outlook.quiz.outlook = outlook  # type: ignore[attr-defined]
        return super().get_table(quizzes)


class QuizViewSet(ModelViewSet):
    model = Quiz
    index_view_class = QuizIndexView
    icon = "tasks"
    menu_label = _("Bài kiểm tra")
    list_display = [
        "activity",
        Column("course", label=_("Khóa học"), accessor="activity.course"),
        Column("questions", label=_("Số câu hỏi"), accessor="outlook.questions"),
        "pass_percent",
        "attempts_allowed",
        "needs_review_since",
    ]
    edit_view_class = QuizEditView
    copy_view_enabled = False
    form_fields: list[str] = []


class AttemptInspectView(ScopedInspectView):
    def get_fields_context(self) -> list[dict[str, Any]]:
        """Why and by whom an attempt was annulled or regraded is told of those that were."""
        attempt = self.object
        told = {"annulled": attempt.annulled_at, "regraded": attempt.regraded_at, "due": attempt.due_at}
        names = [name for name in self.fields if told.get(name.partition("_")[0], True)]
        return [self.get_context_for_field(name) for name in names]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        attempt: Attempt = self.object
        allowances = queries.allowances_of(attempt.enrolment, attempt.quiz).select_related("given_by", "cohort")
        stands = queries.standing(attempt.enrolment, attempt.quiz)
        return super().get_context_data(**kwargs) | {"allowances": allowances, "stands": stands}

    def get_score_display_value(self) -> str:
        return points(self.object.score) or "–"

    def get_max_score_display_value(self) -> str:
        return points(self.object.max_score)

    def get_help_in_words_display_value(self) -> str:
        return self.object.help_in_words() or "–"

    def get_outcome_display_value(self) -> str:
        return self.object.outcome() or "–"


def score_of(attempt: Attempt) -> str:
    return "" if attempt.score is None else f"{points(attempt.score)}/{points(attempt.max_score)}"


SCORE = Column("score", label=_("Điểm"), accessor=score_of)


class AttemptViewSet(RecordViewSet):
    model = Attempt
    icon = "history"
    menu_label = _("Lượt làm")
    scope = staticmethod(visible)
    folded_search = "enrolment__person__search"
    related = (
        "enrolment__person", "enrolment__course", "enrolment__cohort", "enrolment__place__parent", "quiz__activity__course",
    )  # fmt: skip
    index_view_class = AttemptIndexView
    list_display = ["enrolment", "quiz", "number", "state", SCORE, "outcome", "help_in_words", "finished_at"]
    list_export = [
        "enrolment.person", "enrolment.place.full_name", "quiz.activity.course", "quiz", "number", "state",
        "started_at", "finished_at", "minutes", "score", "max_score", "percent", "outcome", "help_in_words",
        "enrolment.cohort",
    ]  # fmt: skip
    export_headings = {
        "enrolment.person": _("Học viên"),
        "enrolment.cohort": _("Nhóm học"),
        "enrolment.place.full_name": _("Địa bàn lúc ghi danh"),
        "quiz.activity.course": _("Khóa học"),
        "minutes": _("Số phút"),
        "percent": _("Điểm (%)"),
    }
    export_filename = "luot-lam"
    filterset_class = AttemptFilters
    inspect_view_fields = [
        "enrolment",
        "quiz",
        "number",
        "state",
        "score",
        "max_score",
        "outcome",
        "help_in_words",
        "started_at",
        "due_at",
        "finished_at",
        "regraded_at",
        "regraded_reason",
        "annulled_at",
        "annulled_by",
        "annulled_reason",
    ]
    inspect_view_class = AttemptInspectView
    inspect_template_name = "quizzes/admin/attempt.html"


class ItemFor(MenuItem):
    """Of the menu, for whoever holds one of some permissions."""

    def __init__(self, label: Any, address: str, *permissions: str, **more: Any) -> None:
        super().__init__(label, address, **more)
        self.permissions = permissions

    def is_shown(self, request: HttpRequest) -> bool:
        return any(map(request.user.has_perm, self.permissions))


class QuizzesGroup(ViewSetGroup):
    menu_label = _("Kiểm tra")
    menu_icon = "help"
    menu_order = 165
    items = (QuestionBankViewSet, QuestionViewSet, QuizViewSet, AttemptViewSet)

    def get_submenu_items(self) -> list[MenuItem]:
        """The lists, where somebody gets more time before there is anything in them, and what all answers together say."""
        address = reverse("quizzes_admin:allow_ahead")
        ahead = ItemFor(_("Thêm giờ, thêm lượt"), address, TO_ALLOW, name="allowing", icon_name="plus", order=900)
        address, who = reverse("quizzes_admin:analyses"), (pages.OF_ALL, pages.OF_PLACES)
        analyses = ItemFor(_("Phân tích câu hỏi"), address, *who, name="analyses", icon_name="table", order=910)
        return [*super().get_submenu_items(), ahead, analyses]

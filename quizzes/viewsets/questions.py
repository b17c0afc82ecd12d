"""Questions are written here. Every save goes through `actions.save_question`, so that versions stay what they were."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language_info, gettext_lazy
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic

from accounts.access import AnyUser
from accounts.viewsets.base import SavedByAction, ScopedEditView, ScopedInspectView, ScopedViewSet
from lib.dates import local_day
from lib.refusals import Refusal
from quizzes import access, actions, editions, queries
from quizzes.forms import QuestionForm
from quizzes.kinds import KINDS, Kind
from quizzes.models import Question, QuestionStatus, Quiz

from .listing import QuestionFilters, QuestionIndexView
from .many import ManyQuestionsView
from .taking_out import QuestionExportView

FATES = {
    QuestionStatus.DRAFT: gettext_lazy("Câu còn là bản nháp. Duyệt xong, bài kiểm tra mới hỏi câu này."),
    QuestionStatus.REVIEWED: gettext_lazy(
        "Câu đã duyệt: các bài kiểm tra rút câu từ ngân hàng này có thể hỏi từ bây giờ."
    ),
    QuestionStatus.RETIRED: gettext_lazy("Câu đã ngừng dùng: không bài kiểm tra nào hỏi nữa."),
}


class Writing(SavedByAction):
    """What the create and the edit view share: the form of the kind, and saving by the action."""

    request: HttpRequest
    object: Question | None
    form: QuestionForm
    form_class = QuestionForm
    template_name = "quizzes/admin/question_form.html"

    def kind(self) -> Kind | None:
        """The kind that the author chose, else the question's own; None for one that nobody knows."""
        to = self.request.POST.get("to") if self.is_changing_kind else None
        named = (to if to in KINDS else None) or self.request.POST.get("kind") or self.request.GET.get("kind")
        question = getattr(self, "object", None)
        return KINDS.get(named or (question.kind if question else ""))

    @property
    def is_changing_kind(self) -> bool:
        """Nothing is saved then: what was typed goes into the form of the other kind."""
        return "change_kind" in self.request.POST

    def get_form_kwargs(self) -> dict[str, Any]:
        kind = self.kind()
        if kind is None:
            raise Http404
        kwargs = super().get_form_kwargs() | {"kind": kind}
        if not self.is_changing_kind:
            return kwargs
        return kwargs | {"data": None, "files": None, "typed": self.request.POST}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        more: dict[str, Any] = {"kind": self.kind(), "kinds": KINDS.values(), "preview_address": self.preview_address()}
        if self.is_changing_kind:
            more["has_unsaved_changes"] = True
        return super().get_context_data(**kwargs) | more  # type: ignore[misc]

    def preview_address(self) -> str:
        """Where what is typed is shown as trainees meet it."""
        known = self.object and self.object.pk
        return reverse("quizzes_admin:preview", args=[known]) if known else reverse("quizzes_admin:preview_of_new")

    def is_to_save(self) -> bool:
        return self.kind() is not None and not self.is_changing_kind

    def save_instance(self) -> Question:
        before = _made_to_wait(self.stored())
        question = actions.save_question(**self.form.arguments(), by=self.user, at=timezone.now())
        if quizzes := [quiz for quiz in _made_to_wait(question) if quiz not in before]:
            messages.warning(self.request, said_of_marking(quizzes))
        return question

    def stored(self) -> Question | None:
        """As it was before the form put into `self.object` what was typed; None while it is new."""
        return Question.objects.get(pk=self.object.pk) if self.object and self.object.pk else None

    def get_success_url(self) -> str:
        return reverse("question:inspect", args=[self.object.pk])  # type: ignore[union-attr]

    def get_success_message(self, instance: Question | None = None) -> str:
        question = instance or self.object
        assert question is not None  # noqa: S101 (called after saving)
        fate = FATES[QuestionStatus(question.status)]
        if (known := self.form.version) is None:
            return _("Đã lưu câu hỏi %(key)s, phiên bản 1.") % {"key": question.key} + f" {fate}"
        is_asked = question.status == QuestionStatus.REVIEWED
        return said_of_versions(question, known.number) + ("" if is_asked else f" {fate}")


def _made_to_wait(question: Question | None) -> list[Quiz]:
    return queries.made_to_wait([question]) if question and question.status == QuestionStatus.REVIEWED else []


def said_of_marking(quizzes: list[Quiz]) -> str:
    names = "; ".join(f"“{quiz}” ({quiz.activity.course})" for quiz in quizzes)
    return _(
        "Từ giờ câu tự luận này có thể được hỏi trong %(quizzes)s: ai gặp câu này phải chờ người chấm mới có kết quả."
    ) % {"quizzes": names}


def said_of_versions(question: Question, known: int) -> str:
    number = question.versions.values_list("number", flat=True).first()
    if known == number:
        return _("Đã lưu. Câu chữ không đổi, vẫn dùng phiên bản %(n)s.") % {"n": number}
    return _("Đã lưu. Từ giờ dùng phiên bản %(n)s; bài đang làm và đã nộp giữ nguyên câu cũ.") % {"n": number}


def without_translation(languages: list[str]) -> str:
    names = ", ".join(str(get_language_info(code)["name_translated"]) for code in languages)
    return _(
        "Câu chữ đã đổi nên phiên bản này chưa có bản dịch: %(languages)s. Ai học bằng tiếng đó sẽ thấy câu này bằng "
        "tiếng Việt, cho đến khi có bản dịch mới."
    ) % {"languages": names}


class QuestionCreateView(Writing, generic.CreateView):
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.kind() is None:
            context = {
                "kinds": KINDS.values(),
                "header_title": _("Câu hỏi mới"),
                "header_icon": self.header_icon,
                "breadcrumbs_items": self.get_breadcrumbs_items(),
            }
            return render(request, "quizzes/admin/choose_kind.html", context)
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().post(request, *args, **kwargs) if self.is_to_save() else self.get(request)


class QuestionEditView(Writing, ScopedEditView):
    def _within(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Who is left with reading keeps what was typed until then, and is told."""
        return visible(rows, self.request.user) if self.request.method == "POST" else super()._within(rows)

    def asked(self) -> list[Quiz]:
        """Where it is asked until it is saved."""
        stored = self.stored()
        return queries.asked_in(stored) if stored else []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = self.asked()
        after = queries.outlooks(asked, without=[self.object.pk])  # type: ignore[union-attr]
        return super().get_context_data(**kwargs) | {"without_it": after}

    def save_instance(self) -> Question:
        if not access.questions_to_write(self.request.user).filter(pk=self.object.pk).exists():  # type: ignore[union-attr]
            raise Refusal(
                _(
                    "Chưa lưu: anh/chị không còn được sửa câu của ngân hàng này, vì việc chia sẻ vừa thay đổi. Những gì anh/chị ghi vẫn còn ở đây để chép lại."
                )
            )
        asked = self.asked()
        question = super().save_instance()
        still = queries.asked_in(question)
        for quiz in asked:
            if quiz not in still:
                self._say_what_is_left(quiz)
        if lost := queries.lost_languages(question):
            messages.warning(self.request, without_translation(lost))
        return question

    def _say_what_is_left(self, quiz: Quiz) -> None:
        left = queries.outlook(quiz)
        names = {"quiz": quiz, "course": quiz.activity.course, "n": left.questions, "wanted": left.wanted}
        if not left.short:
            messages.info(self.request, _("“%(quiz)s” (%(course)s) không hỏi câu này nữa và vẫn đủ câu hỏi.") % names)
            return
        said = _(
            "“%(quiz)s” (%(course)s) không hỏi câu này nữa nên thiếu câu hỏi: cần %(wanted)s câu mà chỉ chắc có %(n)s. "
            "Hãy duyệt thêm câu hỏi hoặc bớt số câu rút."
        )
        link = messages.button(reverse("quizzes_admin:questions", args=[quiz.pk]), _("Câu hỏi của bài kiểm tra"))
        messages.warning(self.request, said % names, buttons=[link])

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.object = self.get_object()
        return super().post(request, *args, **kwargs) if self.is_to_save() else self.get(request)


class QuestionInspectView(ScopedInspectView):
    @cached_property
    def may_change(self) -> bool:
        return bool(access.questions_to_write(self.request.user).filter(pk=self.object.pk).exists())

    def get_edit_url(self) -> str | None:
        return super().get_edit_url() if self.may_change else None

    def get_tags_display_value(self) -> str:
        return ", ".join(self.object.tags.names()) or "–"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        question: Question = self.object
        return super().get_context_data(**kwargs) | {
            "may_change": self.may_change,
            "editions": editions.of(question),
            "usage": queries.usage(question),
            "compared": editions.compared(question, self.request.GET.getlist("v")),
            "laws": question.legal_texts.select_related("replaced_by"),
            "today": local_day(timezone.now()),
            "untranslated": without_translation(lost) if (lost := queries.lost_languages(question)) else "",
        }


def visible(questions: QuerySet[Any], user: AnyUser) -> QuerySet[Any]:
    """With their words, which the list shows."""
    mine = questions.filter(bank__in=access.banks_visible_to(user).values("pk"))
    return mine.select_related("bank", "reviewed_by").prefetch_related("versions")


def to_write(questions: QuerySet[Any], user: AnyUser) -> QuerySet[Any]:
    return questions.filter(bank__in=access.banks_to_write(user).values("pk"))


class QuestionViewSet(ScopedViewSet):
    model = Question
    index_view_class = QuestionIndexView
    icon = "help"
    menu_label = gettext_lazy("Câu hỏi")
    scope = staticmethod(visible)
    scope_to_change = staticmethod(to_write)
    folded_search = "search"
    list_display = [
        "key",
        Column("stem", label=gettext_lazy("Câu hỏi"), classname="wide"),
        "bank",
        "kind",
        "difficulty",
        "status",
        "needs_review_since",
    ]
    filterset_class = QuestionFilters
    index_results_template_name = "quizzes/admin/questions_results.html"
    inspect_view_fields = [
        "key", "bank", "kind", "difficulty", "tags", "language", "status", "reviewed_by", "reviewed_at", "lesson", "author", "needs_review_since",
    ]  # fmt: skip
    inspect_template_name = "quizzes/admin/question.html"
    add_view_class = QuestionCreateView
    edit_view_class = QuestionEditView
    inspect_view_class = QuestionInspectView

    def get_form_class(self, for_update: bool = False) -> type[QuestionForm]:
        return QuestionForm

    def get_urlpatterns(self) -> list[Any]:
        views = {"nhieu": (ManyQuestionsView, "many"), "xuat": (QuestionExportView, "export")}
        own = [
            path(f"{address}/", self.construct_view(view, **self.get_index_view_kwargs()), name=name)
            for address, (view, name) in views.items()
        ]
        return [*super().get_urlpatterns(), *own]  # the menu leads to the first

"""The list of attempts, and what of it can be taken along: attempts, and on request the answers in them, but for those quizzes of
which the analysis does not show them either."""

from collections.abc import Iterator
from typing import IO, Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_filters import ModelChoiceFilter
from django_filters.fields import ModelChoiceField
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.views.mixins import ExcelDateFormatter
from wagtail.admin.widgets.button import Button

from accounts.viewsets import ScopedIndexView, WithinFilter
from courses.viewsets import CohortFilter
from lib import sheets
from quizzes import access, wording
from quizzes.kinds import KINDS
from quizzes.models import Attempt, Item, Quiz

ANSWERS = "answers"  # in the address


class QuizChoiceField(ModelChoiceField):
    def label_from_instance(self, quiz: Quiz) -> str:
        """With its course: final quizzes bear the same name."""
        return f"{quiz.activity.course}: {quiz}"


class QuizFilter(ModelChoiceFilter):
    field_class = QuizChoiceField


class AttemptFilters(WagtailFilterSet):
    place = WithinFilter("enrolment__place")
    quiz = QuizFilter(
        label=gettext_lazy("bài kiểm tra"),
        queryset=Quiz.objects.select_related("activity__course").order_by("activity__course__title", "pk"),
    )
    cohort = CohortFilter("enrolment__cohort")

    class Meta:
        model = Attempt
        fields = ["quiz", "state", "passed"]


class AttemptIndexView(ScopedIndexView):
    @cached_property
    def header_more_buttons(self) -> list[Button]:
        usual: list[Button] = super().header_more_buttons
        address = f"{self.xlsx_export_url}&{ANSWERS}=1"
        return [
            *usual,
            Button(_("Tải XLSX kèm từng câu trả lời"), url=address, icon_name="download", priority=95),
        ]

    def as_spreadsheet(self, queryset: QuerySet[Any], spreadsheet_format: str) -> HttpResponse:
        if self.with_answers and self.items(queryset).count() > sheets.MOST_ROWS:
            said = _(
                "Chưa tải được: danh sách này có quá nhiều câu trả lời cho một trang tính. Không có gì thay đổi; hãy lọc theo bài kiểm tra hoặc địa bàn rồi tải lại."
            )
            messages.warning(self.request, said)
            return HttpResponseRedirect(self.index_url)
        response: HttpResponse = super().as_spreadsheet(queryset, spreadsheet_format)
        return response

    @cached_property
    def with_answers(self) -> bool:
        return ANSWERS in self.request.GET

    def write_xlsx(self, queryset: QuerySet[Any], output: IO[bytes]) -> None:
        tables = [self.sheet(queryset)]
        if self.with_answers:
            tables.append(sheets.Table(_("Câu trả lời"), _columns(), _rows(self.items(queryset))))
            if hidden := self.hidden(queryset):
                tables.append(_without_answers(hidden))
        sheets.write_tables(output, tables, moments=ExcelDateFormatter().get())

    def hidden(self, attempts: QuerySet[Attempt]) -> list[Quiz]:
        """Whose answers are left out: of whoever got full marks they are the key."""
        finished = attempts.filter(finished_at__isnull=False).order_by()
        asked = Quiz.objects.filter(pk__in=finished.values("quiz")).select_related("activity__course")
        return access.keys_hidden_from(self.request.user, asked.order_by("activity__course__title", "pk"))

    def items(self, attempts: QuerySet[Attempt]) -> QuerySet[Item]:
        """Answers that were handed in; a running attempt is still its person's own."""
        handed_in = Item.objects.filter(attempt__in=attempts.order_by(), attempt__finished_at__isnull=False)
        return handed_in.filter(marks__gt=0).exclude(attempt__quiz__in=self.hidden(attempts))


def _without_answers(quizzes: list[Quiz]) -> sheets.Table:
    why = _("bài kiểm tra đang giấu đáp án, hoặc anh/chị cũng học khóa này")
    columns = [(_("Khóa học"), 38), (_("Bài kiểm tra"), 38), (_("Vì sao không kèm câu trả lời"), 60)]
    return sheets.Table(_("Không kèm câu trả lời"), columns, ([str(q.activity.course), str(q), why] for q in quizzes))


def _columns() -> list[tuple[str, int]]:
    return [
        (_("Học viên"), 26),
        (_("Bài kiểm tra"), 38),
        (_("Lượt"), 8),
        (_("Câu thứ"), 8),
        (_("Mã câu hỏi"), 26),
        (_("Phiên bản"), 8),
        (_("Chấm theo phiên bản"), 8),
        (_("Trả lời"), 50),
        (_("Điểm"), 8),
        (_("Điểm của câu"), 8),
        (_("Cách tính"), 20),
    ]


def _rows(items: QuerySet[Item]) -> Iterator[list[Any]]:
    """They pass through: a table of the whole country is never in memory."""
    related = ("attempt__enrolment__person", "attempt__quiz__activity", "version__question", "key_version")
    for item in items.select_related(*related).order_by("attempt", "position").iterator(chunk_size=2000):
        yield [
            str(item.attempt.enrolment.person),
            str(item.attempt.quiz),
            item.attempt.number,
            item.position,
            item.version.question.key,
            item.version.number,
            item.key.number,
            _in_words(item),
            item.score,
            item.marks,
            item.get_counts_display(),
        ]


def _in_words(item: Item) -> str:
    """What was answered as its author reads it: the words of choices, not their ids."""
    if item.answer is None:
        return ""
    said = KINDS[item.key.kind].review(item.key.data, item.answer, {}).answer
    return "; ".join(said if KINDS[item.key.kind].is_marked_by_hand else map(wording.plain, said))

"""The list of questions, as it is narrowed on screen, as a file: first what the file cannot hold, then the file."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.viewsets.base import ScopedIndexView
from lib import dates, text
from lib.headings import heading
from quizzes import exporting
from quizzes.models import Question

MOST = 2_000  # questions at once, as many as one file may bring in
SHOWN = 500  # lines of what stays behind
FORMATS = {
    "xlsx": ("Excel (.xlsx)", gettext_lazy("giữ được mọi dạng câu; mở ra sửa rồi nhập lại được")),
    "moodle_xml": ("Moodle XML (.xml)", gettext_lazy("cho Moodle; có hình")),
    "gift": ("GIFT (.gift)", gettext_lazy("cho Moodle và nhiều hệ thống khác; không có hình")),
    "docx": ("Word (.docx)", gettext_lazy("để in và đọc: Câu 1: … A. … Đáp án: B")),
    "aiken": ("Aiken (.txt)", gettext_lazy("chỉ câu một lựa chọn")),
}
OWN = ("format", "download")  # of the address, beside the filters of the list


class QuestionExportView(ScopedIndexView):
    """Who may see the list may have it as a file; there is nothing in the file that is not on these pages."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.count > MOST:
            return self._page({"is_too_many": True, "most": MOST}, status=422)
        wanted = request.GET.get("format", "")
        if wanted not in FORMATS:
            return self._page({}, status=422 if wanted else 200)
        made = exporting.export(self.questions, wanted)
        if "download" in request.GET and made.written:
            return self._file(made, wanted)
        return self._page({"made": made, "format": wanted, "losses": made.losses[:SHOWN]}, status=200)

    @cached_property
    def questions(self) -> Any:
        return Question.objects.filter(pk__in=self.get_queryset().order_by().values("pk"))

    @cached_property
    def count(self) -> int:
        return int(self.questions.count())

    def _file(self, made: exporting.Exported, wanted: str) -> HttpResponse:
        writer = exporting.WRITERS[wanted]
        words = ["cau hoi", *self.chosen(), f"{dates.local_day(timezone.now()):%Y-%m-%d}"]
        name = f"{slugify(text.fold(' '.join(words)))}.{writer.suffix}"
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
        return HttpResponse(made.content, content_type=writer.content_type, headers=headers)

    def _page(self, context: dict[str, Any], *, status: int) -> HttpResponse:
        frame = heading(_("Xuất câu hỏi ra tệp"), "download", (reverse("question:index"), _("Câu hỏi")))
        kept = [(name, value) for name, values in self.request.GET.lists() for value in values if name not in OWN]
        more = {"count": self.count, "formats": FORMATS, "kept": kept, "narrowed": self.chosen()}
        return render(self.request, "quizzes/admin/export.html", context | frame | more, status=status)

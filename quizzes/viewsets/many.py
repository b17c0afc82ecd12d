"""One change to many questions of the list: ticked ones, or all that the list was narrowed to."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from lib.headings import heading
from lib.refusals import Refusal
from lib.typed import key_of
from quizzes import access, actions, queries
from quizzes.actions import many
from quizzes.models import Question, QuestionBank

from .listing import QuestionIndexView

SHOWN = 200  # rows of each list
LABELS = {
    many.APPROVE: gettext_lazy("Duyệt"),
    many.RETIRE: gettext_lazy("Ngừng dùng"),
    many.REOPEN: gettext_lazy("Đưa về nháp để dùng lại"),
    many.MOVE: gettext_lazy("Chuyển ngân hàng"),
    many.COPY: gettext_lazy("Chép sang ngân hàng khác"),
    many.DEAL: gettext_lazy("Chia đề A, B"),
}
FATES = {
    many.APPROVE: gettext_lazy(
        "Các câu dưới đây thành câu đã duyệt: bài kiểm tra rút câu từ ngân hàng của chúng có thể hỏi ngay. Hãy đọc từng câu trước khi duyệt."
    ),
    many.RETIRE: gettext_lazy(
        "Không bài kiểm tra nào hỏi các câu dưới đây nữa. Câu không bị xóa; bài đang làm và đã nộp giữ nguyên."
    ),
    many.REOPEN: gettext_lazy("Các câu dưới đây trở về bản nháp. Duyệt rồi bài kiểm tra mới hỏi."),
    many.MOVE: gettext_lazy(
        "Các câu dưới đây chuyển sang ngân hàng khác, giữ nguyên mã và các phiên bản. Bài kiểm tra rút câu từ ngân hàng cũ không rút các câu này nữa."
    ),
    many.COPY: gettext_lazy(
        "Mỗi câu dưới đây được chép thành một câu nháp trong ngân hàng anh/chị chọn. Câu gốc giữ nguyên; sửa câu này không làm đổi câu kia."
    ),
    many.DEAL: gettext_lazy(
        "Các câu dưới đây chia đều thành đề A và đề B, theo từng ngân hàng và độ khó. Bài trước khóa lấy đề A, bài sau khóa lấy đề B thì so được kết quả mà không câu nào hỏi hai lần. Câu nháp và câu ngừng dùng cũng được chia: hãy lọc lấy câu đã duyệt trước, vì chia rồi thì không đổi lại được."
    ),
}


DONE = {
    many.APPROVE: gettext_lazy("Đã duyệt"),
    many.RETIRE: gettext_lazy("Đã ngừng dùng"),
    many.REOPEN: gettext_lazy("Đã đưa về nháp"),
    many.MOVE: gettext_lazy("Đã chuyển"),
    many.COPY: gettext_lazy("Đã chép thành câu nháp, dưới đây là bản chép"),
    many.DEAL: gettext_lazy("Đã chia đề"),
}


class WhereForm(forms.Form):
    bank = forms.ModelChoiceField(
        label=gettext_lazy("Sang ngân hàng"),
        queryset=QuestionBank.objects.none(),
        error_messages={"required": gettext_lazy("Chưa đổi câu nào. Hãy chọn ngân hàng.")},
    )

    def __init__(self, *args: Any, user: User) -> None:
        super().__init__(*args)
        self.fields["bank"].queryset = access.banks_to_write(user)  # type: ignore[attr-defined]


class ManyQuestionsView(QuestionIndexView):
    """First what will happen, to which questions, and which stay as they are and why; the button below does it."""

    http_method_names = ["get", "head", "post"]
    any_permission_required = ["change"]

    @cached_property
    def change(self) -> str:
        return self.request.GET.get("change", "")

    @property
    def user(self) -> User:
        assert isinstance(self.request.user, User)  # noqa: S101 (the admin lets nobody else in)
        return self.request.user

    def ticked(self) -> QuerySet[Question]:
        """Of the list as it was narrowed, in its order."""
        found: QuerySet[Question] = self.get_queryset()
        if "all" in self.request.GET:
            return found
        return found.filter(pk__in=map(key_of, self.request.GET.getlist("id")))

    @property
    def back(self) -> str:
        kept = self.request.GET.copy()
        for name in ("id", "all", "change"):
            kept.pop(name, None)
        return f"{self.index_url}?{kept.urlencode()}"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.page(WhereForm(user=self.user) if self.change in many.INTO_A_BANK else None)

    def page(self, form: WhereForm | None) -> HttpResponse:
        chosen = list(self.ticked()[: many.MOST + 1])
        if refusal := self._refusal(len(chosen)):
            messages.warning(self.request, refusal)
            return redirect(self.back)
        return render(self.request, "quizzes/admin/many.html", self._context(chosen, form), status=_status(form))

    def _refusal(self, count: int) -> str:
        if self.change not in LABELS:
            return _("Chưa đổi gì. Hãy chọn một việc để làm với các câu đã đánh dấu.")
        if not count:
            return _("Chưa đổi gì, vì chưa có câu nào được đánh dấu. Hãy đánh dấu các câu rồi bấm lại.")
        if count > many.MOST:
            return _("Chưa đổi gì: mỗi lần nhiều nhất %(n)s câu. Hãy lọc danh sách cho hẹp lại.") % {"n": many.MOST}
        return ""

    def _context(self, chosen: list[Question], form: WhereForm | None) -> dict[str, Any]:
        found = many.sort_out(self.change, chosen, self.user)
        label = LABELS[self.change]
        versions = queries.newest_versions(question.pk for question in found.fit)
        return {
            "form": form,
            "fate": FATES[self.change],
            "label": label,
            "count": len(found.fit),
            "fit": found.fit[:SHOWN],
            "left": found.left[:SHOWN],
            "left_count": len(found.left),
            "waiting": queries.made_to_wait(found.fit) if self.change == many.APPROVE else [],
            "shorter": queries.shortened(found.fit) if self.change in (many.RETIRE, many.MOVE) else [],
            "seen": " ".join(f"{question.pk}:{versions.get(question.pk, 0)}" for question in found.fit),
            "back": self.back,
        } | heading(str(label), "help", (self.index_url, _("Câu hỏi")))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = WhereForm(request.POST, user=self.user) if self.change in many.INTO_A_BANK else None
        if self.change not in LABELS or (form and not form.is_valid()):
            return self.page(form)
        where, at = form.cleaned_data if form else {}, timezone.now()
        action = getattr(actions, f"{self.change}_questions")
        try:
            found: many.Sorted = action(seen=_read(request.POST.get("seen", "")), by=self.user, at=at, **where)
        except Refusal as refusal:
            messages.error(request, str(refusal))
            return redirect(self.back)
        if found.fit:
            messages.success(request, f"{DONE[self.change]}: {_count(found.fit)}.")
        if found.left:
            messages.warning(request, _said_of(found.left))
        if self.change == many.COPY and found.fit:
            return redirect(f"{self.index_url}?{urlencode({'written': at.isoformat()})}")
        return redirect(self.back)


def _count(questions: list[Question]) -> str:
    return ngettext("%(n)s câu", "%(n)s câu", len(questions)) % {"n": len(questions)}


def _status(form: WhereForm | None) -> int:
    return 422 if form and form.errors else 200


def _read(seen: str) -> dict[int, int]:
    pairs = [pair.split(":") for pair in seen.split()[: many.MOST] if pair.count(":") == 1]
    return {pk: version for pk, version in ((key_of(a), key_of(b)) for a, b in pairs) if pk and version}


def _said_of(left: list[tuple[Question, str]]) -> str:
    names = "; ".join(f"{question.key}: {why}" for question, why in left[:10])
    more = "…" if len(left) > 10 else ""
    return _("%(n)s câu giữ nguyên. %(names)s") % {"n": len(left), "names": names + more}

"""A whole quiz on one page. Its script saves each answer by itself where every question does (`views.autosave`); without it the
one button saves what was typed, question by question, by the same action and with the same revisions."""

import json
from dataclasses import dataclass, replace

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.access import consent_required
from lib import codes
from lib.refusals import Refusal
from lib.typed import key_of

from . import actions, asking
from .kinds import KINDS
from .kinds.base import Answer
from .models import Attempt, AttemptState, Item
from .views import as_of_now, numbers_of

ELSEWHERE = _(
    "Câu này vừa được trả lời ở một cửa sổ hoặc máy khác. Câu trả lời đang hiện là của máy này, chưa lưu. Muốn giữ câu trả lời này thì bấm nút ở cuối trang; muốn lấy câu trả lời đã lưu thì mở lại trang này."
)
UNFIT = _("Câu trả lời này không khớp với câu hỏi nên chưa lưu. Hãy chọn hoặc viết lại.")


@dataclass(frozen=True)
class Row:
    """A question on the page, and why what was typed to it is not saved. `stored` tells later whether its field was touched."""

    asked: asking.Asked
    stored: str
    why: str = ""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@consent_required
def whole(request: HttpRequest, pk: int) -> HttpResponse:
    found = as_of_now(request, pk)
    items, unsaved = list(asking.items(found)), {}
    if request.method == "POST":
        try:
            unsaved = {item: why for item in items if (why := _save(request, item))}
        except Refusal as refusal:
            messages.warning(request, str(refusal))
            return redirect("quizzes:attempt", pk=pk)
        if not unsaved:
            return redirect("quizzes:submit", pk=pk)
    if not (found.is_whole and found.state == AttemptState.IN_PROGRESS):
        return redirect("quizzes:attempt", pk=pk)
    return _page(request, found, items, unsaved)


def _typed(request: HttpRequest, item: Item) -> list[str]:
    return request.POST.getlist(f"answer-{item.position}")


def _save(request: HttpRequest, item: Item) -> str:
    """Why an answer is not saved; a field that nobody touched says nothing against what another tab saved. Raises Refusal once the
    attempt takes no answers."""
    if (shown := request.POST.get(f"revision-{item.position}")) is None:  # only read, or not on the page that was sent
        return ""
    try:
        answer = KINDS[item.version.kind].clean(item.version.data, _typed(request, item))
        if answer != item.answer and _told(answer) != request.POST.get(f"stored-{item.position}"):
            actions.save_answer(item=item, answer=answer, revision=key_of(shown), at=timezone.now())
    except actions.StaleAnswer:
        return str(ELSEWHERE)
    except ValueError:
        return str(UNFIT)
    return ""


def _told(answer: Answer) -> str:
    return codes.digest("answer", json.dumps(answer, ensure_ascii=False, sort_keys=True))


def _page(request: HttpRequest, found: Attempt, items: list[Item], unsaved: dict[Item, str]) -> HttpResponse:
    rows = [
        Row(_asked(request, item, is_kept=item in unsaved), _told(item.answer), unsaved.get(item, "")) for item in items
    ]
    context = {
        "attempt": found,
        "rows": rows,
        "unsaved": [row for row in rows if row.why],
        "has_sections": any(item.section for item in items),
        "numbers": numbers_of(items),
        "total": len(rows),
        "title": asking.title(found),
        "now": timezone.now(),
    }
    return render(request, "quizzes/whole.html", context, status=409 if unsaved else 200)


def _asked(request: HttpRequest, item: Item, *, is_kept: bool) -> asking.Asked:
    """With what was typed where that is not saved: the next press saves it over what it was told of."""
    asked = asking.ask(item)
    return replace(asked, chosen=tuple(_typed(request, item))) if is_kept else asked

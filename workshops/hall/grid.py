"""Paper comes back: rows that are typed by the keyboard alone, each saved by itself where a script can, all at once where none can."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.access import staff_with
from accounts.models import User
from lib.headings import heading
from lib.refusals import Refusal
from lib.typed import key_of
from workshops import actions, queries
from workshops.access import TO_MANAGE, workshops_visible_to
from workshops.actions import Entry
from workshops.models import FeedbackSheet, HallTest, SheetSource, TestSheet, Workshop

from .forms import LARGEST
from .items import Paper
from .marks import Cell, Marks
from .moments import above, moment_of

ROWS, MOST = 20, 400  # on a page; that are read of one form
ICON = "calendar-alt"


@dataclass
class Row:
    """One sheet as it was typed, and what became of it."""

    number: str = ""
    typed: dict[str, str] = field(default_factory=dict)
    is_sure: bool = False
    is_done: bool = False
    is_asking: bool = False  # a second colleague typed something else: whether that is right
    said: str = ""
    doubt: str = ""  # of what was taken all the same

    @property
    def is_empty(self) -> bool:
        return not any(self.typed.values())

    def say(self, said: str, *, is_done: bool = False, is_asking: bool = False) -> "Row":
        self.said, self.is_done, self.is_asking = said, is_done, is_asking
        return self


type Enter = Callable[[Row, int], Row]


def rows_of(request: HttpRequest, names: list[str]) -> Iterator[Row]:
    """Of a form that holds many rows ("number-3"), or, from the script, of one ("number-row")."""
    starts = [name.removeprefix("number-") for name in request.POST if name.startswith("number-")]
    for at in starts[:MOST]:
        typed = {name: request.POST.get(f"{name}-{at}", "")[:600].strip() for name in names}
        number = request.POST.get(f"number-{at}", "")[:20].strip()
        yield Row(number, typed, is_sure=f"sure-{at}" in request.POST)


def entered(row: Row, enter: Enter) -> Row:
    number = key_of(row.number)
    if not 1 <= number <= LARGEST:
        return row.say(_("Hãy ghi số, chỉ gồm chữ số."))
    try:
        return enter(row, number)
    except Refusal as refusal:
        return row.say(str(refusal))


def _outcome(entry: Entry) -> str:
    return {
        Entry.WRITTEN: _("Đã ghi"),
        Entry.SAME: _("Đã có, không đổi"),
        Entry.CHECKED: _("Hai người nhập khớp nhau: đã kiểm"),
        Entry.CORRECTED: _("Đã sửa"),
    }[entry]


def _differs(row: Row, differences: Any) -> Row:
    shown = "; ".join(
        _("%(what)s: đang là %(kept)s, vừa gõ %(typed)s") % {"what": what, "kept": kept, "typed": typed}
        for what, kept, typed in differences
    )
    return row.say(
        _("Khác bản người trước nhập (%(differences)s). Xem lại phiếu.") % {"differences": shown}, is_asking=True
    )


def answered(
    request: HttpRequest, names: list[str], enter: Enter, told: Callable[[], str]
) -> tuple[HttpResponse | None, list[Row]]:
    """What the script is told of its row, and how many sheets there are now (`told`); else the rows that need another look."""
    rows = [row for row in rows_of(request, names) if not row.is_empty]
    rows = [entered(row, enter) for row in rows]
    if "application/json" in request.headers.get("Accept", ""):
        row = rows[0] if rows else Row(said=_("Dòng trống."))
        said = {"said": f"{row.said}. {row.doubt}" if row.doubt else row.said, "isDone": row.is_done}
        said |= {"isAsking": row.is_asking, "isDoubtful": bool(row.doubt)}
        return JsonResponse(said | ({"told": told()} if row.is_done else {})), []
    done = sum(row.is_done for row in rows)
    if done:
        messages.success(request, ngettext("Đã ghi %(n)s phiếu.", "Đã ghi %(n)s phiếu.", done) % {"n": done})
    if doubts := [row.doubt for row in rows if row.doubt]:
        messages.warning(request, " ".join(doubts))
    return None, [row for row in rows if not row.is_done]


def _of(user: User, pk: int) -> Workshop:
    return get_object_or_404(workshops_visible_to(user, TO_MANAGE), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_with(TO_MANAGE)
def test(request: HttpRequest, user: User, pk: int, moment: str) -> HttpResponse:
    workshop = _of(user, pk)
    found = queries.tests_of(workshop).get(moment_of(moment))
    if found is None:
        raise Http404
    left: list[Row] = []
    if request.method == "POST":
        response, left = answered(
            request, ["letters"], lambda row, number: _enter_sheet(found, row, number, user), lambda: _told(found)
        )
        if response or not left:
            return response or redirect(request.path)
    context = {
        "workshop": workshop, "test": found, "rows": [(row, _cells(row.typed)) for row in [*left, *(Row() for _blank in range(ROWS))]], "empty": _cells({}),
        "count": found.items.count(), "known": _known(found, user), "told": _told(found), "example": "ABDCA-BCDA"[: found.items.count()],
    }  # fmt: skip
    title = _("Nhập phiếu đầu vào") if found.moment == "before" else _("Nhập phiếu đầu ra")
    return render(
        request,
        "workshops/hall/grid_test.html",
        context | heading(title, ICON, *_above(workshop)),
        status=422 if left else 200,
    )


def _told(test: HallTest) -> str:
    n = TestSheet.objects.filter(test=test).count()
    return ngettext("Đã có %(n)s phiếu", "Đã có %(n)s phiếu", n) % {"n": n}


def _cells(typed: dict[str, str]) -> list[Cell]:
    return [Cell("letters", _("Các chữ đã khoanh"), typed.get("letters", ""), is_marks=True)]


def _enter_sheet(test: HallTest, row: Row, number: int, user: User) -> Row:
    done = actions.write_sheet(
        test=test, badge=number, letters=row.typed["letters"], by=user, at=timezone.now(), is_sure=row.is_sure
    )
    if done.entry is Entry.DIFFERS:
        return _differs(row, [(_("câu %s") % at, kept, typed) for at, kept, typed in done.differences])
    sheet = done.sheet
    who = f"{sheet.registration.person.name}, " if sheet.registration else ""
    if queries.is_absent(test.workshop, number):
        row.doubt = _("Số thẻ %(badge)s chưa điểm danh buổi nào: xem lại số trên phiếu.") % {"badge": number}
    return row.say(f"{_outcome(done.entry)}: {who}{sheet.right}/{sheet.questions}", is_done=True)


@dataclass(frozen=True)
class Known:
    """A sheet that is there. What another typed and nobody checked is not shown: who checks it looks at the paper."""

    sheet: TestSheet
    letters: str

    @property
    def is_to_check(self) -> bool:
        return not self.letters and self.sheet.source == SheetSource.PAPER


def _known(test: HallTest, user: User) -> list[Known]:
    paper = Paper(test)
    sheets = TestSheet.objects.filter(test=test).select_related("registration__person", "entered_by", "checked_by")
    return [Known(one, paper.written(one.answers) if _may_see(one, user) else "") for one in sheets.order_by("badge")]


def _may_see(sheet: TestSheet, user: User) -> bool:
    return sheet.source == SheetSource.PAPER and (sheet.entered_by_id == user.pk or sheet.checked_by_id is not None)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_with(TO_MANAGE)
def feedback(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    workshop = _of(user, pk)
    marks = Marks(queries.feedback_questions(workshop))
    if not marks.questions:
        raise Http404
    left: list[Row] = []
    if request.method == "POST":
        response, left = answered(
            request,
            [*marks.names, "quote"],
            lambda row, number: _enter_feedback(workshop, marks, row, number, user),
            lambda: _told_of_feedback(workshop),
        )
        if response or not left:
            return response or redirect(request.path)
    known = FeedbackSheet.objects.filter(workshop=workshop, source=SheetSource.PAPER)
    known = known.select_related("entered_by", "checked_by").order_by("paper_number")
    last = max([one.paper_number or 0 for one in known] + [key_of(row.number) for row in left], default=0)
    blank = [Row(str(number)) for number in range(last + 1, last + 1 + ROWS)]
    context = {
        "workshop": workshop, "marks": marks, "known": known,
        "rows": [(row, marks.cells(row.typed)) for row in [*left, *blank]], "empty": marks.cells({}),
        "told": _told_of_feedback(workshop),
    }  # fmt: skip
    return render(
        request,
        "workshops/hall/grid_feedback.html",
        context | heading(_("Nhập phiếu đánh giá"), ICON, *_above(workshop)),
        status=422 if left else 200,
    )


def _told_of_feedback(workshop: Workshop) -> str:
    counts = {
        "all": FeedbackSheet.objects.filter(workshop=workshop).count(),
        "present": queries.present_count(workshop),
    }
    return _("Đã có %(all)s phiếu, lớp có %(present)s người có mặt.") % counts


def _enter_feedback(workshop: Workshop, marks: Marks, row: Row, number: int, user: User) -> Row:
    done = actions.write_feedback(
        workshop=workshop, number=number, answers=marks.read(row.typed), is_quotable=bool(row.typed["quote"]),
        by=user, at=timezone.now(), is_sure=row.is_sure,
    )  # fmt: skip
    if done.entry is Entry.DIFFERS:
        return _differs(row, done.differences)
    return row.say(_outcome(done.entry), is_done=True)


def _above(workshop: Workshop) -> tuple[tuple[str, str], ...]:
    return (
        *above(workshop),
        (reverse("workshops_hall:tests", args=[workshop.pk]), _("Kiểm tra và đánh giá")),
    )

"""What a report says by mail: figures, and no names of people. By message it is the link alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from lib import dates, sheets, sms
from lib.dates import grouped
from messaging.mailing import Attachment
from provinces.models import Level
from reports import actions as kept
from reports import exports, papers, queries
from reports.calling import actions as calling
from reports.calling import pages as calls
from reports.covered import queries as covered
from reports.minority import queries as minority
from reports.models import CallList
from reports.plan import exports as plan_exports
from reports.plan import queries as plans
from reports.states import queries as states

from .models import Subscription, What

ADDRESSES = {What.BOARD: "reports:board", What.PLAN: "plan:year", What.CALLS: "calling:week"}


@dataclass(frozen=True)
class Report:
    subject: str
    lines: list[str]
    attachments: list[Attachment]


def of(subscription: Subscription, at: datetime) -> Report:
    """As its reader would see it now, in their own rights."""
    if subscription.what == What.CALLS:
        return _calls(subscription, at)
    kept.bring_up_to_date(at=at)
    return _plan(subscription, at) if subscription.what == What.PLAN else _board(subscription, at)


def mail(subscription: Subscription, at: datetime) -> tuple[str, str, list[Attachment]]:
    """Subject, text and what is attached."""
    said = of(subscription, at)
    attached = _("Chi tiết từng nơi: xem tệp Excel kèm theo.") if said.attachments else ""
    words = [
        _("Kính gửi anh/chị,"),
        "",
        *said.lines,
        "",
        *filter(None, [attached]),
        _("Xem trên trang, cần đăng nhập: %(link)s") % {"link": link_of(subscription)},
        "",
        _("Thư này gửi tự động %(every)s. Xem ai đặt, hoặc thôi nhận: %(link)s")
        % {"every": subscription.get_every_display(), "link": list_link()},
        _("Xin đừng trả lời thư này, vì hộp thư gửi không có người đọc."),
    ]
    return said.subject, "\n".join(words), said.attachments


def message(subscription: Subscription) -> str:
    place = sms.plain(str(subscription.place)) if subscription.place else "ca nuoc"
    return f"Hoc OCOP: bao cao {sms.plain(subscription.get_what_display())}, {place}, da co. Dang nhap de xem: {link_of(subscription)}"


def link_of(subscription: Subscription) -> str:
    place = f"?dia-ban={subscription.place_id}" if subscription.place_id else ""
    return f"{settings.BASE_URL}{reverse(ADDRESSES[What(subscription.what)])}{place}"


def list_link() -> str:
    return settings.BASE_URL + reverse("sending:list")


def _name(subscription: Subscription) -> str:
    return subscription.place.full_name if subscription.place else _("cả nước")


def _head(subscription: Subscription, at: datetime) -> str:
    moment = timezone.localtime(at)
    said = _("%(what)s, %(place)s, tính đến %(moment)s.")
    return said % {
        "what": capfirst(subscription.get_what_display()),
        "place": _name(subscription),
        "moment": f"{moment:%H:%M} {dates.short(moment.date())}",
    }


def _subject(subscription: Subscription) -> str:
    return f"Học OCOP: {subscription.get_what_display()}, {_name(subscription)}"


def _board(subscription: Subscription, at: datetime) -> Report:
    user, place = subscription.user, subscription.place
    board = queries.board(user, place, now=at)
    year = plans.of_year(user, place, dates.local_day(at).year, scope=board.scope, now=at)
    concerns = states.concerns(board.scope, place)
    f = board.total
    lines = [
        _head(subscription, at),
        "",
        *_lines(
            (_("Số người"), f.persons), (_("Lượt ghi danh"), f.enrolled), (_("Học trong 30 ngày qua"), f.active), (_("Đã cấp giấy"), f.certified),
            (_("Hoàn thành"), f.completed),
        ),
        _("- Tỷ lệ hoàn thành: %(n)s%%") % {"n": f.completion_percent},
        "",
        _("Cần quan tâm:"),
        *_lines(*((one.label, one.number) for one in concerns)),
    ]  # fmt: skip
    tables = exports.tables(
        board, year, concerns, covered.reached(place, board.scope), minority.total(place, board.scope)
    )
    return Report(_subject(subscription), lines, [_workbook(exports.file_name(board), tables)])


def _plan(subscription: Subscription, at: datetime) -> Report:
    plan = plans.plan(subscription.user, subscription.place, dates.local_day(at).year, now=at)
    lines = [_head(subscription, at), ""]
    for goal in plan.goals:
        line = f"- {capfirst(str(goal.label))}: {grouped(goal.value)}"
        if goal.target:
            said = _("đạt %(percent)s%% chỉ tiêu %(target)s")
            line += ", " + said % {"percent": grouped(goal.percent or 0), "target": grouped(goal.target)}
        lines.append(line)
    return Report(_subject(subscription), lines, [_workbook(plan_exports.file_name(plan), plan_exports.tables(plan))])


def _workbook(name: str, tables: Sequence[sheets.Table]) -> Attachment:
    return papers.file_name(name, "xlsx"), papers.workbook(tables), sheets.XLSX


def _calls(subscription: Subscription, at: datetime) -> Report:
    """Numbers of each place: whom to call is read where one logs in."""
    place, user = subscription.place, subscription.user
    is_commune = place is not None and place.level == Level.COMMUNE
    if place and is_commune:
        calling.drawn(place=place, at=at)
    rows = calls.progress(user, place.parent if place and is_commune else place)
    rows = [row for row in rows if not is_commune or row.place == place]
    said = _("- %(place)s: %(n)s người và chủ thể cần liên hệ, đã ghi kết quả %(done)s")
    lines = [_head(subscription, at), ""]
    for row in rows:
        if row.listed:
            lines.append(said % {"place": capfirst(str(row.place)), "n": row.listed, "done": row.done})
    if len(lines) == 2:
        lists = CallList.objects.filter(week=calling.week_of(at), place__in=[row.place.pk for row in rows])
        is_drawn = lists.exists() or place is None
        lines.append(_("Tuần này không có ai cần liên hệ.") if is_drawn else _("Danh sách tuần này đang được lập."))
    return Report(_subject(subscription), lines, [])


def _lines(*rows: tuple[str, int]) -> list[str]:
    return [f"- {label}: {grouped(number)}" for label, number in rows]

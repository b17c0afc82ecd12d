"""Taking a snapshot; nothing changes one afterwards."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from accounts.models import User
from lib import text
from lib.dates import local_day, short
from lib.refusals import Refusal
from provinces.models import Place
from reports import actions as kept
from reports import queries
from reports.minority import queries as minority
from reports.models import Snapshot
from reports.plan import queries as plans

from . import content
from .access import may_take

PRESSED_TWICE = timedelta(minutes=1)


def take(*, name: str, place: Place | None, year: int, by: User, at: datetime) -> Snapshot:
    """The figures of a place as they are now. Two presses of the button are one snapshot.

    Raises Refusal without a name, for one that the place has already, and for a place that is not theirs.
    """
    name = text.nfc(name)[:100]
    if not text.is_seen(name):
        raise Refusal(_("Hãy đặt tên cho bản chốt, ví dụ “Hội nghị sơ kết sáu tháng”."))
    if not may_take(by, place):
        raise Refusal(_("Chưa chốt, vì nơi này ngoài địa bàn của anh/chị."))
    kept.bring_up_to_date(at=at)
    board = queries.board(by, place, now=at)
    total = minority.total(place, board.scope)
    said = content.of(board, plans.plan(by, place, year, now=at), total).as_json()
    try:
        with transaction.atomic():
            made = Snapshot.objects.create(name=name, place=place, year=year, taken_at=at, by=by, content=said)
            log(instance=made, action="reports.snapshot_taken", user=by, timestamp=at)
    except IntegrityError:
        return _known(name, place, year, by, at)
    return made


def _known(name: str, place: Place | None, year: int, by: User, at: datetime) -> Snapshot:
    found = Snapshot.objects.get(name=name, place=place)
    if (found.by_id, found.year) == (by.pk, year) and at - found.taken_at < PRESSED_TWICE:
        return found
    said = _("Nơi này đã có bản chốt tên “%(name)s” của năm %(year)s, ngày %(day)s. Hãy đặt tên khác.")
    raise Refusal(said % {"name": name, "year": found.year, "day": short(local_day(found.taken_at))})

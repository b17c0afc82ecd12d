"""Saving, renaming and removing."""

from datetime import datetime
from urllib.parse import urlencode

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from lib import text
from lib.refusals import Refusal
from reports.models import SavedView

from .views import LONGEST, PAGES, units_of

MOST = 100  # of one person


def save(*, name: str, page: str, query: dict[str, str], unit: str, by: User, at: datetime) -> SavedView:
    """`unit` is the key of one of `units_of(by)` to share with, or "". Raises Refusal for a name that is none or is taken, for a page
    that is none of ours, and for a unit that is not theirs."""
    asked = urlencode(query)
    if page not in PAGES or len(asked) > LONGEST:
        raise Refusal(_("Trang này không lưu được."))
    if SavedView.objects.filter(owner=by).count() >= MOST:
        raise Refusal(_("Đã có %(most)s cách xem. Hãy bỏ bớt rồi lưu.") % {"most": MOST})
    return _written(SavedView(owner=by, page=page, query=asked, at=at), name, unit, by)


def change(*, view: SavedView, name: str, unit: str, by: User) -> SavedView:
    """Another name, and with whom it is shared."""
    return _written(view, name, unit, by)


def _written(view: SavedView, name: str, unit: str, by: User) -> SavedView:
    view.name = text.nfc(name)[:100]
    if not text.is_seen(view.name):
        raise Refusal(_("Hãy đặt tên cho cách xem này."))
    if unit and unit not in {one.key for one in units_of(by)}:
        raise Refusal(_("Chỉ dùng chung được trong đơn vị của anh/chị."))
    view.is_shared, view.place_id = bool(unit), int(unit or 0) or None
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError as error:
        raise Refusal(_("Anh/Chị đã có cách xem tên này. Hãy đặt tên khác.")) from error
    return view

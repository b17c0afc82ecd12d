"""How many posts there are, said by whoever plans for the place; the log of decisions tells of each change."""

from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from accounts.models import User
from lib.refusals import Refusal
from provinces.models import Place
from reports.models import Posts
from reports.plan.access import may_plan

from .rules import levels_of


def set_posts(*, place: Place | None, numbers: Mapping[str, int | None], by: User, at: datetime) -> list[Posts]:
    """Of a place, or of the country: by level a number, or None where it is not known. Returns those that changed.

    Raises Refusal for a place that is not theirs to plan, and for who is late where two say the same at once.
    """
    if not may_plan(by, place):
        raise Refusal(_("Chưa lưu, vì anh/chị không được giao ghi số vị trí của nơi này."))
    try:
        with transaction.atomic():
            return _set(place, numbers, by, at)
    except IntegrityError as error:
        raise Refusal(
            _("Chưa lưu, vì một cán bộ khác vừa ghi số vị trí của nơi này. Hãy xem lại rồi bấm Lưu.")
        ) from error


def _set(place: Place | None, numbers: Mapping[str, int | None], by: User, at: datetime) -> list[Posts]:
    known = {one.level: one for one in Posts.objects.select_for_update().filter(place=place)}
    changed = []
    for level in levels_of(place):
        number, posts = numbers.get(level), known.get(level)
        before = posts.number if posts else None
        if number == before:
            continue
        posts = posts or Posts(place=place, level=level)
        posts.number, posts.by, posts.at = number, by, at
        posts.save()
        said = {"before": before, "after": number}
        log(instance=posts, action="reports.posts_set", user=by, timestamp=at, data=said)
        changed.append(posts)
    return changed

"""What can be saved, and whose is whose. A saved view leads to a page that asks who opens it: it widens nobody's scope."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.db.models import Q, QuerySet
from django.urls import Resolver404, resolve, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.access import AnyUser, roles_that_allow
from accounts.models import User
from lib import text
from reports.calling.access import TO_CALL
from reports.models import SavedView
from reports.queries import PERMISSION

MOST_SHOWN = 8  # beside the figures; all of them have a page
LONGEST, MOST_FIELDS = 1000, 30  # of what an address asks
# A page, a download, and the words of a search, which may be somebody's name, are not part of a view.
DROPPED = {"p", "page", "export", "q", "csrfmiddlewaretoken"}


@dataclass(frozen=True)
class Page:
    label: Any
    permission: str


PAGES = {
    "reports:board": Page(gettext_lazy("Tiến độ"), PERMISSION),
    "plan:year": Page(gettext_lazy("Chỉ tiêu và kết quả"), PERMISSION),
    "states:behind": Page(gettext_lazy("Cần quan tâm"), PERMISSION),
    "states:absent": Page(gettext_lazy("Chủ thể chưa có ai học"), PERMISSION),
    "trends:page": Page(gettext_lazy("Xu hướng và so sánh"), PERMISSION),
    "calling:week": Page(gettext_lazy("Cần liên hệ tuần này"), TO_CALL),
    "person:index": Page(gettext_lazy("Học viên"), "accounts.view_person"),
    "subject:index": Page(gettext_lazy("Sổ chủ thể"), "accounts.view_subject"),
    "enrolment:index": Page(gettext_lazy("Lượt ghi danh"), PERMISSION),
    "outsideclass:index": Page(gettext_lazy("Lớp ngoài hệ thống"), "reports.view_outsideclass"),
}


@dataclass(frozen=True)
class Unit:
    """A unit of somebody's, whose colleagues find what is shared: `key` is "" in no form; "0" is the country's."""

    key: str
    name: str


def units_of(user: AnyUser) -> list[Unit]:
    """Those of which somebody has a role that sees figures; administrators share with the centre."""
    if user.is_superuser:
        return [Unit("0", _("Cả nước"))]
    places = {role.place_id: role.place for role in roles_that_allow(user, PERMISSION)}
    return [Unit(str(pk or 0), capfirst(place.full_name) if place else _("Cả nước")) for pk, place in places.items()]


def visible_to(user: AnyUser) -> QuerySet[SavedView]:
    """One's own, and those that colleagues of the same unit share."""
    if not (isinstance(user, User) and user.has_perm(PERMISSION)):
        return SavedView.objects.none()
    keys = {int(unit.key) for unit in units_of(user)}
    shared = Q(place__in=keys - {0}) | (Q(place=None) if 0 in keys else Q(pk__in=()))
    return SavedView.objects.filter(Q(owner=user) | Q(shared, is_shared=True))


def removable_by(user: AnyUser) -> QuerySet[SavedView]:
    """One's own, and what is shared in one's unit: whoever shared it may have left."""
    return visible_to(user)


def to_open(user: AnyUser) -> list[SavedView]:
    """Of the pages that somebody may enter, the first few by name."""
    may_enter = [name for name, page in PAGES.items() if user.has_perm(page.permission)]
    return list(visible_to(user).filter(page__in=may_enter)[:MOST_SHOWN])


def address_of(view: SavedView) -> str:
    return reverse(view.page) + (f"?{view.query}" if view.query else "")


def read(address: str) -> tuple[str, dict[str, str]] | None:
    """Page and question of one of our own addresses; None for any other, whoever it would lead to."""
    try:
        parts = urlsplit(address[: 2 * LONGEST])
        match = resolve(parts.path)
        asked = parse_qsl(parts.query, max_num_fields=MOST_FIELDS)
    except (ValueError, Resolver404):
        return None
    if parts.scheme or parts.netloc or match.view_name not in PAGES:
        return None
    return match.view_name, cleaned(asked)


def cleaned(asked: list[tuple[str, str]]) -> dict[str, str]:
    return {name: text.nfc(value) for name, value in asked if name not in DROPPED and value.strip()}


def way_to_save(request: Any) -> tuple[Any, str] | None:
    """For the page that a request asks for, if it is one that can be saved by whoever asks."""
    match = request.resolver_match
    if match is None or match.view_name not in PAGES or not request.user.has_perm(PERMISSION):
        return None
    query = urlencode({"tu": request.get_full_path()})
    return gettext_lazy("Lưu cách xem này"), f"{reverse('saving:save')}?{query}"

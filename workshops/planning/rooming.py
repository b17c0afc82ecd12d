"""Who goes to which of the rooms at one hour: looked at, assigned one by one, or all who have none at once."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.access import staff_with
from accounts.models import User
from lib import dates, text
from lib.headings import heading
from lib.refusals import Refusal
from lib.typed import key_of
from workshops import actions, parallel, queries, rules
from workshops.access import TO_MANAGE, workshops_visible_to
from workshops.inviting import receiving
from workshops.models import HOLDING, Registration, Workshop

ICON, A_PAGE = "group", 50
NAMED = 5  # of those to whom the same happened
NOBODY_KNOWS = "chua"  # in an address: those without a room


@dataclass(frozen=True)
class Cell:
    """Of one delegate and one slot: `was` is the key of the room as it was shown, 0 for none."""

    name: str
    label: str
    slot: parallel.Slot
    was: int


@require_http_methods(["GET", "HEAD", "POST"])
@staff_with(TO_MANAGE)
def rooms(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    workshop = get_object_or_404(workshops_visible_to(user, TO_MANAGE), pk=pk)
    if request.method == "POST":
        if _assign(request, user, workshop) and request.POST.get("do") == "spread":
            _spread(request, user, workshop)
        query = request.META.get("QUERY_STRING", "")
        return redirect(reverse("workshops_admin:rooms", args=[pk]) + (f"?{query}" if query else ""))
    found = parallel.rooms(workshop)
    pools, only, query = parallel.seats(found.slots), request.GET.get("phong", ""), request.GET.get("q", "")[:100]
    everybody = _holding(workshop)
    rows = [one for one in everybody if _fits(one, found, only, query)]
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("p"))
    is_over = rules.has_begun(queries.begins_at(workshop), timezone.now())  # no message goes any more
    context = {
        "workshop": workshop, "found": found, "page": page, "only": only, "q": query, "all": len(everybody),
        "slots": [(slot, [(one, pools[one.pk]) for one in slot.sessions]) for slot in found.parallel],
        "untold": None if is_over else receiving.untold(workshop, found), "lacking": sum(bool(found.lacks(one.pk)) for one in everybody), "several": len(found.parallel) > 1,
        "rows": [(one, [_cell(one, slot, found) for slot in found.parallel]) for one in page],
        "may_change": not (workshop.closed_at or workshop.cancelled_at), "query": urlencode({"phong": only, "q": query}),
    }  # fmt: skip
    above = [
        (reverse("workshops_admin:workshops"), _("Lớp tập huấn")),
        (reverse("workshops_admin:workshop", args=[pk]), workshop.title),
    ]
    return render(request, "workshops/admin/rooms.html", context | heading(_("Xếp phòng"), ICON, *above))


def _holding(workshop: Workshop) -> list[Registration]:
    rows = Registration.objects.filter(workshop=workshop, state__in=HOLDING)
    return list(rows.select_related("person", "place__parent").order_by("number"))


def _fits(one: Registration, found: parallel.Rooms, only: str, query: str) -> bool:
    folded = text.fold(f"{one.number} {one.person.name} {one.unit} {one.place}")
    if not all(word in folded for word in text.fold(query).split()):
        return False
    if only == NOBODY_KNOWS:
        return bool(found.lacks(one.pk))
    return not key_of(only) or key_of(only) in found.assigned.get(one.pk, ())


def _name(one: Registration, slot: parallel.Slot) -> str:
    return f"{one.pk}-{slot.key}"


def _cell(one: Registration, slot: parallel.Slot, found: parallel.Rooms) -> Cell:
    mine = found.chosen(one.pk, slot)
    label = _("Phòng của %(person)s") % {"person": one.person}
    if len(found.parallel) > 1:
        label += f", {dates.moment(slot.begins_at)}"
    return Cell(_name(one, slot), label, slot, mine.pk if mine else 0)


def _spread(request: HttpRequest, user: User, workshop: Workshop) -> None:
    try:
        placed, left = actions.spread_rooms(workshop=workshop, by=user, at=timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return
    if placed:
        said = ngettext("Đã xếp phòng cho %(n)s đại biểu.", "Đã xếp phòng cho %(n)s đại biểu.", placed)
        messages.success(request, said % {"n": placed})
    if left:
        said = ngettext(
            "%(n)s đại biểu chưa có phòng, vì các phòng đã hết chỗ. Hãy tăng số chỗ của phòng ở “Các buổi”.",
            "%(n)s đại biểu chưa có phòng, vì các phòng đã hết chỗ. Hãy tăng số chỗ của phòng ở “Các buổi”.",
            left,
        )
        messages.warning(request, said % {"n": left})
    if not placed and not left:
        messages.info(request, _("Ai cũng đã có phòng."))


def _assign(request: HttpRequest, user: User, workshop: Workshop) -> bool:
    """What was changed on the page, and nothing that others changed meanwhile. Whether nobody was refused."""
    slots = parallel.choices(workshop)
    changed = ((one.pk, dict(_changed(request, one, slots))) for one in _holding(workshop))
    wanted = {pk: said for pk, said in changed if said}
    try:
        done = actions.assign_rooms(workshop=workshop, wanted=wanted, by=user, at=timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return False
    if done.refused:
        messages.error(request, _refused(done))
    if done.changed:
        said = ngettext("Đã đổi %(n)s chỗ.", "Đã đổi %(n)s chỗ.", done.changed)
        messages.success(request, said % {"n": done.changed})
    return not done.refused


def _changed(
    request: HttpRequest, one: Registration, slots: Iterable[parallel.Slot]
) -> Iterator[tuple[int, int | None]]:
    """By slot the room that was chosen, None for none yet."""
    for slot in slots:
        said, was = request.POST.get(_name(one, slot)), request.POST.get(f"was-{_name(one, slot)}", "")
        if said is not None and (key_of(said) or not said) and key_of(said) != key_of(was):
            yield slot.key, key_of(said) or None


def _refused(done: actions.Assigned) -> str:
    """One sentence for however many: why, and who, the first few of them by name."""
    count = len({one.pk for some in done.refused.values() for one in some})
    said = ngettext("Chưa đổi phòng cho %(n)s đại biểu: ", "Chưa đổi phòng cho %(n)s đại biểu: ", count) % {"n": count}
    return said + "; ".join(f"{why} ({_named(some)})" for why, some in done.refused.items()) + "."


def _named(some: Sequence[Registration]) -> str:
    names = ", ".join(f"{one.number}. {one.person.name}" for one in some[:NAMED])
    more = len(some) - NAMED
    if more <= 0:
        return names
    return names + " " + ngettext("và %(n)s người nữa", "và %(n)s người nữa", more) % {"n": more}

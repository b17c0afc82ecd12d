"""Who somebody is on a phone in the hall: by the ticket, the account, or the badge's number with the last digits of a phone."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from allauth.core.exceptions import RateLimited
from django.conf import settings
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from accounts.access import person_of
from accounts.rosters.matching import last_digits
from lib import codes, limits
from lib.refusals import Refusal
from workshops import access, queries, showing
from workshops.models import HOLDING, HallTest, Registration, Workshop
from workshops.showing import Shown

COOKIE, SALT, HOURS = "hall", "workshops.hall", 12
type View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class Visitor:
    """Somebody with a phone. `is_proven`: more was said than a number that anybody may read on a badge; `handed_in`: tests that were handed
    in from this very phone."""

    registration: Registration | None = None
    is_proven: bool = False
    handed_in: tuple[int, ...] = ()

    def known_as(self, *, is_anonymous: bool) -> Registration | None:
        """Whoever may answer what asks for no more than that."""
        return self.registration if self.is_proven or is_anonymous else None

    def may_see_score_of(self, test: HallTest) -> bool:
        return self.is_proven or test.pk in self.handed_in


def in_the_hall(view: View) -> View:
    """The view gets the workshop and who asks. `?ve=` names a ticket, `?k=` lets into a workshop of the invited, `?khac` forgets who somebody
    was; each leads on to the plain address. Nothing is kept on the way or found by robots."""

    @wraps(view)
    def guarded(request: HttpRequest, slug: str, **more: Any) -> HttpResponse:
        shown = showing.of(slug)
        response = _from_address(request, shown.workshop) or view(request, *_entered(request, shown), **more)
        response["Cache-Control"] = "private, no-store"
        response["X-Robots-Tag"] = "noindex"
        response["Referrer-Policy"] = "same-origin"
        return response

    return guarded


def _from_address(request: HttpRequest, workshop: Workshop) -> HttpResponse | None:
    if code := request.GET.get("ve"):
        limits.take(request, "open_ticket")
        ticket = Registration.objects.filter(workshop=workshop, code=codes.tidy(code)[:16]).first()
        return remembered(request, workshop, Visitor(queries.left_of(ticket), is_proven=True)) if ticket else None
    if constant_time_compare(request.GET.get("k", "").lower(), access.hall_key(workshop)):
        return remembered(request, workshop, _from_cookie(request, workshop) or Visitor())
    if "khac" in request.GET and request.method != "POST" and COOKIE in request.COOKIES:
        return remembered(request, workshop, Visitor(), query="?khac=1") if _is_other(request, workshop) else None
    return None


def _is_other(request: HttpRequest, workshop: Workshop) -> bool:
    known = _from_cookie(request, workshop)
    return known is not None and known.registration is not None


def _entered(request: HttpRequest, shown: Shown) -> tuple[Shown, Visitor]:
    """404 for who may not see the workshop and did not come in by the hall."""
    known = _from_cookie(request, shown.workshop)
    if known is None and not access.admits(request.user, shown.workshop):
        raise Http404
    if (known is None or known.registration is None) and "khac" not in request.GET:
        person = person_of(request.user)
        own = access.registration_of(person, shown.workshop) if person else None
        if own and own.state in HOLDING:
            return shown, Visitor(own, is_proven=True)
    return shown, known or Visitor()


def _from_cookie(request: HttpRequest, workshop: Workshop) -> Visitor | None:
    try:
        said = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=HOURS * 3600)
    except signing.BadSignature:
        return None
    if said["workshop"] != workshop.pk:
        return None
    rows = Registration.objects.select_related("person")
    found = rows.filter(workshop=workshop, pk=said["registration"]).first() if said["registration"] else None
    return Visitor(found, said["is_proven"], tuple(said["handed_in"]))


def remembered(request: HttpRequest, workshop: Workshop, visitor: Visitor, query: str = "") -> HttpResponse:
    """On to the plain address; the phone knows who it is for as long as an afternoon takes."""
    response = redirect(request.path + query)
    said = {
        "workshop": workshop.pk,
        "registration": visitor.registration.pk if visitor.registration else None,
        "is_proven": visitor.is_proven,
        "handed_in": visitor.handed_in,
    }
    response.set_cookie(
        COOKIE,
        signing.dumps(said, salt=SALT),
        max_age=HOURS * 3600,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def by_badge(request: HttpRequest, workshop: Workshop, badge: int, digits: str | None) -> Visitor:
    """`digits` None: the number alone is enough. Raises Refusal, the same whichever of the two is wrong, and where one badge was tried too
    often."""
    try:
        taken = limits.take(request, "name_badge", key=f"{workshop.pk}-{badge}")
    except RateLimited:
        raise Refusal(
            _("Số thẻ này đã gõ sai quá nhiều lần. Anh/Chị mở vé của mình rồi vào từ đó, hoặc nhờ bàn điểm danh.")
        ) from None
    rows = Registration.objects.select_related("person__user")
    found = rows.filter(workshop=workshop, number=badge).first()
    found = found and queries.left_of(found, rows)
    if (
        found is None
        or found.state not in HOLDING
        or (digits is not None and digits not in last_digits(found.person, len(digits)))
    ):
        raise Refusal(
            _("Số thẻ này không có trong lớp. Anh/Chị xem lại số in trên thẻ.")
            if digits is None
            else _("Số thẻ và bốn số cuối điện thoại không khớp. Anh/Chị xem lại, hoặc nhờ bàn điểm danh.")
        )
    taken.rollback()
    return Visitor(found, is_proven=digits is not None)

"""One-time cards for people who get no messages: one alone, or many on sheets to cut."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import actions
from accounts.access import managed_places, people_visible_to, staff_with
from accounts.forms.cards import MOST, CardsForm, CardsOfPlaceForm
from accounts.models import OneTimeCard, Person, User
from accounts.queries import people_listed_by
from lib import qr
from lib.headings import heading
from provinces.queries import places_within

TO_ISSUE = "accounts.add_person"
SHOWN = 200


@require_http_methods(["GET", "HEAD", "POST"])
@staff_with(TO_ISSUE)
def cards(request: HttpRequest, user: User) -> HttpResponse:
    """Of the people of a place who have no number to log in with, those who are ticked."""
    among = people_visible_to(user, TO_ISSUE).filter(user__phone=None).exclude(pk=user.person_id or 0)
    narrowed = CardsOfPlaceForm(request.GET or None, within=managed_places(user, TO_ISSUE))
    place = narrowed.cleaned_data["place"] if narrowed.is_bound and narrowed.is_valid() else None
    among = among.filter(place__in=places_within(place)) if place else among
    key = narrowed.cleaned_data["nhap"] if narrowed.is_bound and narrowed.is_valid() else None
    if key:  # of one file, those who have no card yet: the next sheets follow without a look at who had the first
        waiting = OneTimeCard.objects.filter(used_at=None, expires_at__gt=timezone.now(), help=None)
        among = among.filter(pk__in=people_listed_by(key)).exclude(pk__in=waiting.values("person"))
    shown = among.filter(user__is_active=True) | among.filter(user=None)
    keys = list(shown.order_by("sort_key", "pk").values_list("pk", flat=True)[: SHOWN + 1])
    listed = among.filter(pk__in=keys[:SHOWN]).select_related("place__parent").order_by("sort_key", "pk")
    ticked = {"people": keys[:MOST]} if key else {}  # as many as a press prints
    form = CardsForm(request.POST if request.method == "POST" else None, among=listed, initial=ticked)
    if form.is_bound and form.is_valid():
        return _sheets(request, user, list(form.cleaned_data["people"]))
    if form.errors:
        messages.error(request, _("Chưa in phiếu nào. Hãy xem chỗ chưa đúng ở dưới đây."))
    context = {
        "form": form,
        "narrowed": narrowed,
        "is_empty": not keys,
        "has_more": len(keys) > SHOWN,
        "shown": SHOWN,
        "is_of_list": bool(key),
        "most": MOST,
    } | heading(_("In nhiều phiếu mã"), "key", (reverse("person:index"), _("Học viên")))
    return render(request, "accounts/admin/cards.html", context, status=422 if form.errors else 200)


def _sheets(request: HttpRequest, user: User, people: list[Person]) -> HttpResponse:
    """The codes are shown this once."""
    now = timezone.now()
    codes = actions.issue_cards(people=people, by=user, at=now)
    address = settings.BASE_URL + reverse("accounts_card")
    context = {
        "cards": list(zip(people, codes, strict=True)),
        "address": address.partition("://")[2],
        "qr": qr.picture(address, scale=6),
        "last": actions.last_day_of_card(now),
    }
    return render(request, "accounts/admin/card_sheets.html", context)

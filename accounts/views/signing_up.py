"""A profile in three steps: name, place, role and consent."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts import actions, forms
from accounts.models import PersonKind, Subject, User
from accounts.queries import current_consent_texts
from provinces.models import Place
from provinces.queries import MOST, CommuneHit, search_communes, search_provinces

from .journey import errand_of, next_address, onward, the_user, to


@never_cache
@login_required
def profile(request: HttpRequest) -> HttpResponse:
    """Leads to the first step that is not done yet."""
    user = the_user(request)
    if user.person_id:
        return onward(request, settings.LOGIN_REDIRECT_URL)
    draft = user.profile_draft
    if not draft.get("name"):
        return to("accounts_profile_name", request)
    return to("accounts_profile_consent" if draft.get("place") else "accounts_profile_place", request)


def unfinished(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A step for who is no person yet. What is kept with a person's log-in may be what a stranger began under its number."""

    @never_cache
    @login_required
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        return to("accounts_profile", request) if the_user(request).person_id else view(request)

    return guarded


@unfinished
def profile_name(request: HttpRequest) -> HttpResponse:
    user = the_user(request)
    form = forms.NameForm(request.POST or None, initial=user.profile_draft)
    if request.method == "POST" and form.is_valid():
        actions.keep_draft(user=user, values=form.cleaned_data)
        return to("accounts_profile_place", request)
    return render(request, "accounts/profile_name.html", {"form": form, "next": next_address(request)})


@unfinished
def profile_place(request: HttpRequest) -> HttpResponse:
    """Search and choice in one form, so that it works without JavaScript."""
    user = the_user(request)
    query = (request.POST.get("q") or request.GET.get("q") or "").strip()
    form = forms.PlaceForm(request.POST if request.method == "POST" and "search" not in request.POST else None)
    is_chosen = form.is_bound and form.is_valid()
    if is_chosen:
        actions.keep_draft(user=user, values={"place": form.cleaned_data["place"].pk})
    if "back" in request.POST:
        return to("accounts_profile_name", request)
    if is_chosen:
        return to("accounts_profile_consent", request)
    hits = search_communes(query)
    chosen = user.profile_draft.get("place")
    if not query and chosen:
        hits = [*search_communes(Place.objects.get(pk=chosen).name)]
    context = {"form": form, "query": query, "chosen": chosen, "next": next_address(request)} | _offered(hits)
    return render(request, "accounts/profile_place.html", context)


def _offered(hits: list[CommuneHit]) -> dict[str, Any]:
    return {"hits": hits[:MOST], "has_more": len(hits) > MOST}


@unfinished
def profile_consent(request: HttpRequest) -> HttpResponse:
    """The last step: role and consent, then the person is written."""
    user = the_user(request)
    draft = user.profile_draft
    if not (draft.get("name") and draft.get("place")):
        return to("accounts_profile", request)
    texts = current_consent_texts(get_language() or "vi")
    data = request.POST if request.method == "POST" else None
    role_form_class = forms.SubjectForm if draft["kind"] == PersonKind.SUBJECT else forms.OfficialForm
    role_form, consent_form = role_form_class(data, initial=draft), forms.ConsentForm(data, texts=texts)
    place = Place.objects.current().filter(pk=draft["place"]).first()
    if place is None or "back" in request.POST:
        return _back(request, user, role_form, is_place_gone=place is None)
    if data is not None and role_form.is_valid() and consent_form.is_valid():
        actions.register_person(
            user=user,
            name=draft["name"],
            birth_year=draft.get("birth_year"),
            kind=draft["kind"],
            place=place,
            consents=consent_form.given(),
            at=timezone.now(),
            **role_form.cleaned_data,
        )
        if not errand_of(request):  # else nothing is done yet of what they came for
            messages.success(request, _("Đã đăng ký xong. Từ nay anh/chị học đến đâu, trang lưu đến đó."))
        return onward(request, settings.LOGIN_REDIRECT_URL)
    context = {
        "role_form": role_form,
        "consent_form": consent_form,
        "subjects": Subject.objects.open().filter(place=place).order_by("-is_confirmed", "search")[:200],
        "place": place,
        "draft_name": draft["name"],
        "next": next_address(request),
    }
    return render(request, "accounts/profile_consent.html", context)


def _back(request: HttpRequest, user: User, role_form: BaseForm, *, is_place_gone: bool) -> HttpResponse:
    """To an earlier step; what was typed here is kept. What was agreed to is not: that is asked with all of it in sight.

    A draft outlives a reform of communes: what was chosen then is no place to live in now. The step offers what became of it.
    """
    if role_form.is_bound:
        role_form.is_valid()
        actions.keep_draft(user=user, values=role_form.cleaned_data)
    if not is_place_gone:
        return to("accounts_profile_name" if request.POST["back"] == "name" else "accounts_profile_place", request)
    messages.warning(
        request,
        _(
            "Xã, phường vừa được sắp xếp lại, nên nơi ở anh/chị đã chọn nay mang tên khác. Những gì đã ghi vẫn còn. Hãy chọn nơi ở theo tên mới, rồi bấm “Tiếp tục: đồng ý”."
        ),
    )
    return to("accounts_profile_place", request)


@require_safe
def search_places(request: HttpRequest) -> JsonResponse:
    """{"places": [{id, name, label}], "has_more"} for the type-ahead, with provinces where `tinh` asks; public knowledge, so no
    log-in is needed."""
    query = request.GET.get("q", "")[:100]
    offered = _offered(search_communes(query))
    provinces = search_provinces(query) if "tinh" in request.GET else []
    found = [CommuneHit(place) for place in provinces] + offered["hits"]
    rows = [{"id": hit.place.pk, "name": capfirst(hit.place.full_name), "label": capfirst(hit.label)} for hit in found]
    response = JsonResponse({"places": rows, "has_more": offered["has_more"]})
    response["Cache-Control"] = "public, max-age=3600"
    return response

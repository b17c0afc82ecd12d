"""Log-in by another issuer (OpenID Connect), where the operator set one: to it, back from it, and what is said when that failed."""

from collections.abc import Callable
from functools import wraps

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from accounts import actions, helping, oidc, sessions
from accounts.access import person_required, the_person
from accounts.actions import Statement
from accounts.oidc import Reason
from accounts.queries import is_written_down
from lib import limits, text
from lib.refusals import Refusal

from .journey import enter, next_address, onward, the_user, to

LINKING = "oidc_linking"  # in the session: whom the issuer named, until that is confirmed
View = Callable[[HttpRequest], HttpResponse]


def offered(view: View) -> View:
    """Without an issuer there is no such address."""

    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        if not oidc.is_on():
            raise Http404
        return view(request)

    return guarded


@offered
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest) -> HttpResponse:
    """The button beside the number; a link would let any page send people there."""
    if request.user.is_authenticated:
        return onward(request, settings.LOGIN_REDIRECT_URL)
    if request.method != "POST":
        return to("account_request_login_code", request)
    sessions.forget_proven(request)
    return _away(
        request, oidc.Journey(translation.get_language() or "vi", next_address(request), "is_shared" in request.POST)
    )


def _away(request: HttpRequest, journey: oidc.Journey) -> HttpResponse:
    limits.take(request, "oidc")
    try:
        return HttpResponseRedirect(oidc.way_there(request, journey))
    except oidc.Failed as failed:
        return _failure(failed.reason, journey)


@offered
@require_safe
@sensitive_variables()
def back(request: HttpRequest) -> HttpResponse:
    """Where the issuer sends people, whatever became of it; the page that follows is in their language."""
    try:
        said, journey = oidc.statement(request)
    except oidc.Failed as failed:
        if (
            request.user.is_authenticated
            and failed.reason == Reason.LATE
            and not (failed.journey and failed.journey.links)
        ):
            return redirect(settings.LOGIN_REDIRECT_URL)  # the same answer once more: they are in
        return _failure(failed.reason, failed.journey)
    with translation.override(journey.language):
        return _linking(request, said, journey) if journey.links else _come_in(request, said, journey)


def _failure(reason: Reason, journey: oidc.Journey | None) -> HttpResponse:
    with translation.override(journey.language if journey else translation.get_language()):
        asked = {"vi-sao": reason.value} | ({"next": journey.there} if journey and journey.there else {})
        return HttpResponseRedirect(f"{reverse('accounts_oidc_failed')}?{urlencode(asked)}")


def _come_in(request: HttpRequest, said: Statement, journey: oidc.Journey) -> HttpResponse:
    """As after a code: the one is in, the other is asked whose the number is, the third signs up."""
    if request.user.is_authenticated:  # in another tab, meanwhile
        return HttpResponseRedirect(journey.there or get_adapter(request).get_login_redirect_url(request))
    request.session["is_shared_device"] = journey.is_shared
    linked = actions.holder_of(said)
    try:
        user = linked or actions.user_of_statement(statement=said, at=timezone.now())
    except actions.NumberTaken:
        return _failure(Reason.TAKEN, journey)
    if user is None:
        return _failure(Reason.NO_NUMBER, journey)
    if not user.is_active:
        return redirect("account_inactive")
    if not linked and is_written_down(user):
        sessions.keep_proven(request, user, method=oidc.METHOD)
        return to("accounts_whose_number", request, journey.there)
    if not linked:
        get_adapter(request).set_phone_verified(user, said.phone)
    return enter(request, user, method=oidc.METHOD, there=journey.there)


@offered
@require_safe
def failed(request: HttpRequest) -> HttpResponse:
    reason = request.GET.get("vi-sao", "")
    if reason not in list(Reason):
        return to("account_request_login_code", request)
    context = {"reason": reason, "issuer": oidc.name(), "next": next_address(request)}
    return render(request, "accounts/oidc_failed.html", context)


# --- one's own link ---


def by_oneself(view: View) -> View:
    """Of a learner's own account: while an officer helps, nobody gives the device a key of its own."""

    @offered
    @person_required
    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        if not helping.of(request):
            return view(request)
        said = _("Chưa nối được, vì cán bộ đang giúp trên máy này. Anh/Chị hãy tự nối trên máy của mình.")
        messages.warning(request, said)
        return redirect("accounts_home")

    return guarded


@by_oneself
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest) -> HttpResponse:
    """What linking is, and what is so today; the button leads to the issuer."""
    user = the_user(request)
    linked = user.identities.filter(issuer=settings.OIDC["issuer"]).first()
    if request.method == "POST" and linked is None:
        is_shared = bool(request.session.get("is_shared_device"))
        language = translation.get_language() or "vi"
        return _away(request, oidc.Journey(language, reverse("accounts_link"), is_shared, links=user.pk))
    return render(request, "accounts/link.html", {"issuer": oidc.name(), "linked": linked})


def _linking(request: HttpRequest, said: Statement, journey: oidc.Journey) -> HttpResponse:
    """Nothing is linked before its holder has seen whom the issuer named: on a family's phone it may be somebody else."""
    if request.user.pk != journey.links:
        return _failure(Reason.OTHER_ACCOUNT, journey)
    actions.holder_of(said)  # what was linked under a key of before is known by today's from now on
    at = int(timezone.now().timestamp())
    request.session[LINKING] = {"user": journey.links, "digest": said.digests[0], "name": said.name, "at": at}
    return redirect("accounts_link_confirm")


def _waiting(request: HttpRequest) -> dict[str, str]:
    kept = request.session.get(LINKING, {})
    is_late = timezone.now().timestamp() - kept.get("at", 0) > sessions.PROVEN_SECONDS
    return {} if is_late or kept["user"] != request.user.pk else kept


@by_oneself
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_link(request: HttpRequest) -> HttpResponse:
    waiting = _waiting(request)
    if not waiting:
        return redirect("accounts_link")
    if request.method != "POST":
        named, person = waiting["name"], the_person(request)
        context = {
            "issuer": oidc.name(),
            "named": named,
            "person": person,
            "is_another_name": bool(named) and text.fold(named) != person.search,
        }
        return render(request, "accounts/link_confirm.html", context)
    del request.session[LINKING]
    if "link" not in request.POST:
        messages.info(request, _("Chưa nối gì. Cách đăng nhập của anh/chị vẫn như cũ."))
        return redirect("accounts_home")
    try:
        actions.link_identity(
            user=the_user(request), issuer=settings.OIDC["issuer"], digest=waiting["digest"], at=timezone.now()
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("accounts_link")
    said = _("Đã nối. Lần sau anh/chị bấm “Đăng nhập bằng %(name)s” là vào; cách đăng nhập cũ vẫn dùng được.")
    messages.success(request, said % {"name": oidc.name()})
    return redirect("accounts_home")


@by_oneself
@require_http_methods(["GET", "HEAD", "POST"])
def unlink(request: HttpRequest) -> HttpResponse:
    issuer = settings.OIDC["issuer"]
    if request.method == "POST":
        if actions.unlink_identity(user=the_user(request), issuer=issuer):
            messages.success(request, _("Đã gỡ. Những cách đăng nhập khác vẫn dùng được; kết quả học vẫn còn nguyên."))
        return redirect("accounts_home")
    if not the_user(request).identities.filter(issuer=issuer).exists():
        return redirect("accounts_link")
    return render(request, "accounts/unlink.html", {"issuer": oidc.name()})

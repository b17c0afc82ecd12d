import re
from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from django.views.static import serve
from wagtail.models import Site

from lib import limits

from .display import SIZES, THEMES, variant_of
from .models import Operator

YEAR = 365 * 24 * 3600
# Only pictures are public; documents go through Wagtail's own door, which knows who may have them.
PUBLIC_MEDIA = re.compile(r"^(original_images|images)/[\w.\-]+$")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def display(request: HttpRequest) -> HttpResponse:
    """Text size and colours for whoever has no JavaScript; app.js sets the same cookies."""
    if request.method == "POST":
        there = request.POST.get("next", "")
        safe = url_has_allowed_host_and_scheme(there, {request.get_host()}, request.is_secure())
        response = HttpResponseRedirect(there if safe else reverse("read", args=[""]))
        for name, values in (("text_size", SIZES), ("theme", THEMES)):
            if request.POST.get(name) in values:
                response.set_cookie(name, request.POST[name], max_age=YEAR, samesite="Lax", secure=settings.HTTPS)
        return response
    size, theme = variant_of(request)
    context = {
        "size": size,
        "chosen_theme": theme or "auto",
        "next": request.headers.get("Referer", reverse("read", args=[""])),
    }
    return render(request, "pages/display.html", context)


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    site = Site.find_for_request(request)
    return render(request, "pages/privacy.html", {"operator": Operator.for_site(site) if site else None})


def guesses_limited(asking: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For the views in which Wagtail asks for the password of a page or of documents: wrong ones end after a while.

    A hall of people who type the right one use nothing up. When there were too many, the right one waits as well.
    """

    @wraps(asking)
    def limited(request: HttpRequest, **ids: int) -> HttpResponse:
        if request.method != "POST":
            return asking(request, **ids)
        restriction = ids.get("page_view_restriction_id") or ids.get("restriction_id")
        taken = limits.take(request, "password_of_page", f"{asking.__module__} {restriction}")
        response = asking(request, **ids)
        if isinstance(response, HttpResponseRedirect):
            taken.rollback()
        return response

    return limited


@require_safe
def media(request: HttpRequest, path: str) -> HttpResponseBase:
    """Uploaded pictures, where no other server delivers them. Whatever a picture contains, nothing in it may run."""
    if not PUBLIC_MEDIA.match(path):
        raise Http404
    response = serve(request, path, document_root=str(settings.MEDIA_ROOT))
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    response["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    return response

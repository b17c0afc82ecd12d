"""What a phone keeps of the desk's page: a shell that is the same for everybody. The roster is no part of it (static/js/desk-keeping.js)."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from lib import workers

AN_HOUR = 3600
SHELL = "workshops/desk/door.html"
SCRIPTS = ("answers", "app", "desk", "desk-keeping", "desk-scanning", "desk-showing", "desk-work")
FILES = ("css/site.css", "css/door.css", "img/art/mark.svg", "img/icons.svg", *(f"js/{name}.js" for name in SCRIPTS))
OF_SOME = ("js/vendor/jsQR.js",)  # phones whose browser reads no codes by itself


@cache_control(no_cache=True)
@require_safe
def shell(_request: HttpRequest) -> HttpResponse:
    return workers.shell(SHELL)


@cache_control(public=True, max_age=AN_HOUR)
@require_safe
def worker(_request: HttpRequest) -> HttpResponse:
    return workers.script("desk", template=SHELL, shell=reverse("desk:shell"), files=FILES, more=OF_SOME)


@cache_control(public=True, max_age=AN_HOUR)
@require_safe
def manifest(_request: HttpRequest) -> HttpResponse:
    there = reverse("desk:door")
    told = {
        "name": _("Bàn điểm danh · Học OCOP"), "short_name": _("Điểm danh"), "start_url": there, "scope": there, "id": there,
        "display": "standalone", "background_color": "#faf6ec", "theme_color": "#faf6ec",
        "icons": [{"src": static("img/art/mark.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any"}],
    }  # fmt: skip
    return JsonResponse(told, content_type="application/manifest+json")

"""A quiz page that is opened anew without a network: its worker, and the shell into which a device puts what it has (static/js/kept.js)."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from lib import workers

AN_HOUR = 3600
SHELL = "quizzes/offline.html"
SCRIPTS = ("answers", "app", "kept", "keeping", "offline", "question", "quiz", "saying", "sender", "waiting")
# Of quizzes with a time limit, and of those on one page: they bring them along.
OF_SOME = ("js/clock.js", "js/whole.js")
FILES = ("css/site.css", "img/art/mark.svg", "img/icons.svg", *(f"js/{name}.js" for name in SCRIPTS))


@cache_control(no_cache=True)
@require_safe
def shell(_request: HttpRequest) -> HttpResponse:
    return workers.shell(SHELL)


@cache_control(public=True, max_age=AN_HOUR)
@require_safe
def worker(_request: HttpRequest) -> HttpResponse:
    """For the attempts of one language."""
    return workers.script("quiz", template=SHELL, shell=reverse("quizzes:shell"), files=FILES, more=OF_SOME)

"""A quiz page that is opened anew without a network: the worker that answers then (static/js/worker.js), and the shell that it shows.

Both say the same to everybody. What a shell shows of a person comes from their device alone (static/js/kept.js).
"""

import json
from hashlib import sha256

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

AN_HOUR = 3600
SCRIPTS = ("answers", "app", "kept", "keeping", "offline", "question", "quiz", "saying", "sender", "waiting")
# Of quizzes with a time limit, and of those on one page: they bring them along.
OF_SOME = ("js/clock.js", "js/whole.js")
FILES = ("css/site.css", "img/art/mark.svg", "img/icons.svg", *(f"js/{name}.js" for name in SCRIPTS))


def _shell() -> str:
    """Drawn without the request, so that nothing of whoever asks can get into it."""
    return render_to_string("quizzes/offline.html", {"is_demo": settings.DEMO})


@cache_control(no_cache=True)
@require_safe
def shell(_request: HttpRequest) -> HttpResponse:
    response = HttpResponse(_shell())
    response.is_anonymous_page = True  # type: ignore[attr-defined]
    return response


@cache_control(public=True, max_age=AN_HOUR)
@require_safe
def worker(_request: HttpRequest) -> HttpResponse:
    """Its address decides which pages it may answer for: the attempts of one language. Its cache bears a name that follows from all
    that is in it, so that another shell or file makes another worker."""
    files, more = [static(name) for name in FILES], [static(name) for name in OF_SOME]
    state = sha256("\n".join([_shell(), *files, *more]).encode()).hexdigest()[:12]
    told = {"cache": f"quiz-{get_language()}-{state}", "shell": reverse("quizzes:shell"), "files": files, "more": more}
    script = f"self.shell = {json.dumps(told)};\nimportScripts({json.dumps(static('js/worker.js'))});\n"
    return HttpResponse(script, content_type="text/javascript; charset=utf-8")

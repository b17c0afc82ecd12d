"""Scripts of service workers that answer in the network's place (static/js/worker.js), and the shells that they show.

Both say the same to everybody: what a shell shows of a person comes from their device alone.
"""

import json
from collections.abc import Sequence
from hashlib import sha256

from django.conf import settings
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.translation import get_language


def _drawn(template: str) -> str:
    """Without the request, so that nothing of whoever asks can get into it."""
    return render_to_string(template, {"is_demo": settings.DEMO})


def shell(template: str) -> HttpResponse:
    response = HttpResponse(_drawn(template))
    response.is_anonymous_page = True  # type: ignore[attr-defined]
    return response


def script(name: str, *, template: str, shell: str, files: Sequence[str], more: Sequence[str] = ()) -> HttpResponse:
    """`files` and, for some pages, `more` are kept with the shell whose address and template are given.

    The address of this script decides for which pages the worker may answer. Its cache bears a name that follows from all that is in
    it, so that another shell or file makes another worker.
    """
    files, more = [static(one) for one in files], [static(one) for one in more]
    state = sha256("\n".join([_drawn(template), *files, *more]).encode()).hexdigest()[:12]
    told = {"cache": f"{name}-{get_language()}-{state}", "shell": shell, "files": files, "more": more}
    text = f"self.shell = {json.dumps(told)};\nimportScripts({json.dumps(static('js/worker.js'))});\n"
    return HttpResponse(text, content_type="text/javascript; charset=utf-8")

"""The entry point for a WSGI server: `elearning.wsgi:application`."""

import os
import re
from collections.abc import Callable
from typing import Any

import django
from django.core.handlers.wsgi import WSGIHandler

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "elearning.settings")
django.setup(set_prefix=False)

from elearning.checks import refuse_demo_data  # noqa: E402 (needs the apps)

refuse_demo_data()
_CHARSET = re.compile(r";\s*charset\s*=[^;]*", re.IGNORECASE)


class Utf8Handler(WSGIHandler):
    """What a request says of its encoding is not believed: browsers send what our pages have, UTF-8, and Django would read
    the address and the form by any codec of Python, before the first middleware, and fail on some.

    A HEAD is answered without the page: Django leaves that to the server, and ours sends what it gets.
    """

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        answer = super().__call__(in_utf8(environ), start_response)
        if environ["REQUEST_METHOD"] != "HEAD":
            return answer
        answer.close()
        return []


def in_utf8(environ: dict[str, Any]) -> dict[str, Any]:
    return environ | {"CONTENT_TYPE": _CHARSET.sub("", environ.get("CONTENT_TYPE", ""))}


application = Utf8Handler()

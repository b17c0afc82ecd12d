"""The entry point for a WSGI server: `elearning.wsgi:application`."""

import os
import re
from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "elearning.settings")
_django = get_wsgi_application()

from elearning.checks import refuse_demo_data  # noqa: E402 (needs the apps)

refuse_demo_data()
_CHARSET = re.compile(r";\s*charset\s*=[^;]*", re.IGNORECASE)


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    return _django(in_utf8(environ), start_response)


def in_utf8(environ: dict[str, Any]) -> dict[str, Any]:
    """What a request says of its encoding is not believed: browsers send what our pages have, UTF-8, and Django would read
    the address and the form by any codec of Python, before the first middleware, and fail on some."""
    return environ | {"CONTENT_TYPE": _CHARSET.sub("", environ.get("CONTENT_TYPE", ""))}

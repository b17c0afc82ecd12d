"""`manage.py serve`: the site as it runs for real. The application is read in once, before the workers fork, and shared.

Waitress takes in a request whole before a worker looks at it and gives out the answer by itself, so that a slow phone, or
somebody who opens connections and sends nothing, keeps no worker busy.
"""

import gc
import importlib
import logging
import socket
import sys
from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import waitress
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections
from django.test import RequestFactory

from certificates import rendering
from lib.crew import Crew

FIRST_ADDRESSES = ("/", "/en/", "/tai-khoan/dang-nhap/")
CONNECTIONS = 1000  # open at once in a worker; most of them wait for their phones
SILENCE = 60  # seconds after which a connection that says nothing is closed
LARGEST_BODY = 64_000_000  # bytes; documents are the largest, up to 50 MB


def load() -> Callable[..., Any]:
    application: Callable[..., Any] = importlib.import_module("elearning.wsgi").application
    return application


def read_in() -> None:
    """What each worker would otherwise read into memory of its own: modules, addresses, templates, translations.

    A first visitor is played for that; whatever is answered, a fault included, is thrown away. No connection to the
    database outlives it, because two processes must not share one.
    """
    application: Any = load()
    rendering.read_in()
    scheme, host = urlsplit(settings.BASE_URL)[:2]
    visitor = RequestFactory(HTTP_HOST=host, HTTP_X_FORWARDED_PROTO=scheme)
    for address in FIRST_ADDRESSES:
        request = visitor.get(address, secure=settings.HTTPS)
        application.get_response(application.request_class(request.environ)).close()
    connections.close_all()
    gc.collect()
    gc.freeze()  # the collector writes into what it looks at, and a page written to is no longer shared


def work(listener: socket.socket, scheme: str = "http") -> None:
    """One worker, until it is told to end. One request at a time, as nothing here is shared between threads. `scheme`: of what stands
    in front, where that adds no header (workshops.desk.relay)."""
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # that requests wait their turn is no news
    waitress.serve(
        load(),
        sockets=[listener],
        url_scheme=scheme,
        threads=1,
        connection_limit=CONNECTIONS,
        channel_timeout=SILENCE,
        max_request_body_size=LARGEST_BODY,
        asyncore_use_poll=True,
        clear_untrusted_proxy_headers=False,  # settings say which of a proxy's headers count
        ident=None,
        _quiet=True,
    )


class Command(BaseCommand):
    help = "Chạy trang như thật, nhiều tiến trình. / Serves the site with several worker processes until stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--workers", type=int, default=2)
        parser.add_argument("--scheme", choices=["http", "https"], default="http")

    def handle(self, *, host: str, port: int, workers: int, scheme: str, **options: Any) -> None:
        try:
            crew = Crew.of(workers, (host, port))
        except OSError as error:
            taken = f"Không mở được {host}, cổng {port}: {error.strerror}. / Cannot listen there; PORT= chooses another port."
            raise CommandError(taken) from error
        if sys.platform == "linux":  # elsewhere forking what was read in is not safe: each worker reads in its own
            read_in()
        crew.run(partial(work, scheme=scheme))

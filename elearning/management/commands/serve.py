"""`manage.py serve`: the site as it runs for real. The application is read in once, before the workers fork, and shared."""

import gc
import importlib
import multiprocessing
import sys
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import connections
from django.test import RequestFactory
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

APPLICATION = "elearning.wsgi:application"
FIRST_ADDRESSES = ("/", "/en/", "/tai-khoan/dang-nhap/")


def load() -> Callable[..., Any]:
    application: Callable[..., Any] = importlib.import_module("elearning.wsgi").application
    return application


def read_in() -> None:
    """What each worker would otherwise read into memory of its own: modules, addresses, templates, translations.

    A first visitor is played for that; whatever is answered, a fault included, is thrown away. No connection to the
    database outlives it, because two processes must not share one.
    """
    application: Any = load()
    importlib.import_module("weasyprint")  # certificates load it on first use
    scheme, host = urlsplit(settings.BASE_URL)[:2]
    visitor = RequestFactory(HTTP_HOST=host, HTTP_X_FORWARDED_PROTO=scheme)
    for address in FIRST_ADDRESSES:
        request = visitor.get(address, secure=settings.HTTPS)
        application.get_response(application.request_class(request.environ)).close()
    connections.close_all()
    gc.collect()
    gc.freeze()  # the collector writes into what it looks at, and a page written to is no longer shared


class Command(BaseCommand):
    help = "Chạy trang như thật, nhiều tiến trình. / Serves the site with several worker processes until stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--workers", type=int, default=2)

    def handle(self, *, host: str, port: int, workers: int, **options: Any) -> None:
        if sys.platform == "linux":  # elsewhere forking is not safe: each worker reads in its own
            multiprocessing.set_start_method("fork", force=True)
            read_in()
        Server(
            APPLICATION,
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=workers,
            blocking_threads=1,
            websockets=False,
            log_level=LogLevels.warning,
            respawn_failed_workers=True,
        ).serve(target_loader=load, wrap_loader=False)

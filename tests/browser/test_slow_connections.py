"""Whoever is slow keeps nobody else waiting: the server takes in a request whole before a worker looks at it."""

import socket
import urllib.request
from contextlib import ExitStack
from urllib.parse import urlsplit

from .conftest import Demo

SLOW = 12  # several times as many as there are workers
HALF = "POST /tai-khoan/dien-thoai/ HTTP/1.1\r\nHost: {host}\r\nContent-Length: 200\r\n\r\nphone="


def test_requests_that_never_end_do_not_stop_the_others(demo: Demo):
    host = urlsplit(demo.address).netloc
    address = (urlsplit(demo.address).hostname, urlsplit(demo.address).port)
    with ExitStack() as open_connections:
        for _slow in range(SLOW):
            slow = open_connections.enter_context(socket.create_connection(address, timeout=10))
            slow.sendall(HALF.format(host=host).encode())
        for _quick in range(SLOW):
            with urllib.request.urlopen(f"{demo.address}/khoa-hoc/", timeout=10) as answer:  # noqa: S310 (our own)
                assert answer.status == 200

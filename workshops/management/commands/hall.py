"""`manage.py hall`: the site on the hall's own network, over HTTPS for cameras and work without a network, and over HTTP for all the rest."""

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from workshops.desk import authority, relay, securing

PATIENCE = 15  # seconds for a server to end
AGAIN = 1


class Command(BaseCommand):
    help = "Chạy trang trong hội trường, có HTTPS của riêng hội trường. / Serves the site on a hall's own network, with an HTTPS of its own."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--host", required=True, help="the address that phones in the hall reach, such as 192.168.1.10"
        )
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--secure-port", type=int, default=8443)
        parser.add_argument("--workers", type=int, default=2)

    def handle(self, *, host: str, port: int, secure_port: int, workers: int, **options: Any) -> None:
        if host in ("0.0.0.0", "::"):  # noqa: S104 (refused)
            raise CommandError(
                "HOST= phải là địa chỉ của máy này trong mạng hội trường. / Name this machine's own address, which phones open."
            )
        plain, secure = f"http://{host}:{port}", f"https://{host}:{secure_port}"
        authority.prepare(securing.folder(), host)
        (securing.folder() / "address").write_text(f"{secure}\n{plain}\n")
        inner = _free_port()
        servers = [
            _serve(plain, "--host", host, "--port", str(port), "--workers", str(workers)),
            _serve(secure, "--host", "127.0.0.1", "--port", str(inner), "--workers", str(workers), "--scheme", "https"),
        ]
        self.stdout.write(
            f"» {secure}   HTTP: {plain}   chứng chỉ, hướng dẫn / certificate: {plain}/diem-danh/bao-mat/"
        )
        self.stdout.flush()
        try:
            if not asyncio.run(_hold(host, secure_port, inner, servers)):
                raise CommandError(
                    f"Máy chủ trong hội trường đã dừng (cổng {port} đang bận?). / A server of the hall has ended; is port {port} taken?"
                )
        except OSError as error:
            raise CommandError(
                f"Không mở được {host}, cổng {secure_port}: {error.strerror}. / Cannot listen there."
            ) from error
        finally:
            (securing.folder() / "address").unlink(missing_ok=True)  # no longer offered
            for server in servers:
                server.terminate()
            for server in servers:
                server.wait(PATIENCE)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _serve(address: str, *arguments: str) -> subprocess.Popen[bytes]:
    """HSTS would shut whoever has no certificate out of the plain pages, also on other days."""
    environment = os.environ | {"BASE_URL": address, "HSTS_SECONDS": "0"}
    manage = Path(settings.BASE_DIR) / "manage.py"
    return subprocess.Popen([sys.executable, str(manage), "serve", *arguments], env=environment)  # noqa: S603


async def _hold(host: str, port: int, inner: int, servers: list[subprocess.Popen[bytes]]) -> bool:
    """Until it is told to end (True), or one of the servers has ended by itself."""
    told = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, told.set)
    listener = await relay.listen(host, port, inner, securing.folder())
    while not told.is_set() and all(server.poll() is None for server in servers):
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(told.wait(), AGAIN)
    listener.close()
    return told.is_set()

"""Servers on loopback, stopped by their own pid, and what their process tree costs (read from /proc: Linux only)."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from .world import BIN, ENVIRONMENT, FOLDER, IS_POSTGRES, ROOT

TICKS = os.sysconf("SC_CLK_TCK")
STARTED_WITHIN = 60  # seconds
APPLICATION = "elearning.wsgi:application"


def _stat(pid: int) -> list[str]:
    """The fields of /proc/PID/stat after the command's name, from the state on."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def tree(root: int) -> list[int]:
    """A process and all below it."""
    parents = {}
    for path in Path("/proc").iterdir():
        if path.name.isdigit():
            try:
                parents[int(path.name)] = int(_stat(int(path.name))[1])
            except OSError:
                continue
    found = [root]
    for pid in found:
        found += [child for child, parent in parents.items() if parent == pid]
    return found


def cpu(root: int) -> float:
    """Seconds of user and system time of a tree, those that have ended and were waited for included."""
    total = 0
    for pid in tree(root):
        try:
            total += sum(int(field) for field in _stat(pid)[11:15])
        except OSError:
            continue
    return total / TICKS


def pss(root: int) -> float:
    """Megabytes of memory of a tree; what processes share is counted once."""
    kilobytes = 0
    for pid in tree(root):
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        kilobytes += next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return kilobytes / 1024


def _database_pid() -> int | None:
    """The throw-away cluster's first process (script/postgres)."""
    if not IS_POSTGRES:
        return None
    folder = parse_qs(urlsplit(os.environ["DATABASE_URL"]).query)["host"][0]
    return int((Path(folder) / "data" / "postmaster.pid").read_text().split()[0])


@dataclass(frozen=True)
class Server:
    base: str
    pid: int

    def cpu(self) -> float:
        """The server's and, on PostgreSQL, the database's."""
        database = _database_pid()
        return cpu(self.pid) + (cpu(database) if database else 0)


def _command(kind: str, port: int) -> list[str]:
    if kind == "gunicorn":
        return [
            str(BIN / "gunicorn"),
            "--workers",
            "2",
            "--bind",
            f"127.0.0.1:{port}",
            "--log-level",
            "warning",
            APPLICATION,
        ]
    # As the Procfile serves.
    web = next(line for line in (ROOT / "Procfile").read_text().splitlines() if line.startswith("web:"))
    values = {"$HOST": "127.0.0.1", "$PORT": str(port), "$WORKERS": "2", ".venv/bin/python": sys.executable}
    return [values.get(word, word) for word in web.removeprefix("web:").split()]


@contextmanager
def serving(kind: str = "gunicorn") -> Iterator[Server]:
    """Two workers, no proxy."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with (FOLDER / f"{kind}.log").open("a") as log:
        process = subprocess.Popen(_command(kind, port), cwd=ROOT, env=ENVIRONMENT, stdout=log, stderr=log)  # noqa: S603
    try:
        server = Server(f"http://127.0.0.1:{port}", process.pid)
        _wait_for(server.base + "/bench-ok/", process)
        yield server
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + STARTED_WITHIN
    while time.monotonic() < until and process.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=5).close()  # noqa: S310 (our own server)
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise RuntimeError(f"the server did not answer; see {FOLDER}/*.log")

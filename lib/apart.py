"""Work that is done in a process of its own, which is thrown away afterwards: bounded in time and memory, and nothing of it stays.

The process is forked from this one, so that what was read in here (fonts, style sheets, templates) is there at once. It may compute
and read files, but asks no database: a connection cannot be shared by two processes. Elsewhere than on Linux, where forking is
not safe, the work is done here and without bounds. Decision: docs/decisions/0019-drawing-apart.md.
"""

import ctypes
import faulthandler
import gc
import math
import os
import pickle
import resource
import select
import signal
import sys
import time
import warnings
from collections.abc import Callable
from typing import Any, NoReturn

from django.db import connections

MEGABYTES = 600  # a certificate takes 30
CAN_FORK = sys.platform == "linux"
LIBC = ctypes.CDLL(None) if CAN_FORK else None
PR_SET_PDEATHSIG = 1


class ApartError(Exception):
    """The work could not be done."""


class TooLongError(ApartError):
    """It took longer than it may."""


class FailedError(ApartError):
    """It raised something, or its process died, most often for want of memory. `kind` may be logged, words may name somebody."""

    def __init__(self, kind: str, words: str = "") -> None:
        super().__init__(f"{kind}: {words}")
        self.kind = kind


SLOWLY = 3  # times as long by the clock, on a machine that is busy with others


def run[T](work: Callable[[], T], *, seconds: float = 20, megabytes: int = MEGABYTES) -> T:
    """What `work` returns (anything that can be pickled); it may take `seconds` of a processor. Raises ApartError."""
    return Running(work, seconds=seconds, megabytes=megabytes).result()


class Running[T]:
    """Work that goes on beside this process. `select` says when its `pipe` has something to read."""

    def __init__(self, work: Callable[[], T], *, seconds: float = 20, megabytes: int = MEGABYTES) -> None:
        self.until = time.monotonic() + SLOWLY * seconds
        self.pipe, writing = os.pipe()
        if not CAN_FORK:
            self.pid, self.answer = 0, _answer(work)
            os.close(writing)
            return
        with warnings.catch_warnings():
            # The server's other threads wait for phones and pipes, and hold no lock that a child needs.
            warnings.simplefilter("ignore", DeprecationWarning)
            parent, self.pid, self.answer = os.getpid(), os.fork(), b""
        if self.pid == 0:
            _be_child(work, writing, parent, seconds, megabytes)
        os.close(writing)

    def result(self) -> T:
        """Waits for its end, which is also that of its process."""
        try:
            answer = self.answer or self._read()
        except BaseException:
            self.kill()
            raise
        status = self._end()
        if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU:
            raise TooLongError("of a processor")
        if status != 0:
            raise FailedError("died")
        is_done, value = pickle.loads(answer)  # noqa: S301 (from our own child)
        if not is_done:
            raise FailedError(*value)
        return value  # type: ignore[no-any-return]

    def kill(self) -> None:
        if self.pid:
            os.kill(self.pid, signal.SIGKILL)
        self._end()

    def _end(self) -> int:
        os.close(self.pipe)
        return os.waitpid(self.pid, 0)[1] if self.pid else 0

    def _read(self) -> bytes:
        said = bytearray()
        while True:
            left = self.until - time.monotonic()
            if left <= 0 or not select.select([self.pipe], [], [], left)[0]:
                raise TooLongError(f"{len(said)} bytes until then")
            part = os.read(self.pipe, 1 << 20)
            if not part:
                return bytes(said)
            said += part


def _answer(work: Callable[[], Any]) -> bytes:
    try:
        return pickle.dumps((True, work()))
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as problem:  # WeasyPrint's FatalURLFetchingError is no Exception
        return pickle.dumps((False, (type(problem).__name__, str(problem))))


def _be_child(work: Callable[[], Any], writing: int, parent: int, seconds: float, megabytes: int) -> NoReturn:
    """Ends without any of the farewells of the process that it is a copy of."""
    try:
        _bind(parent, seconds, megabytes)
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(_answer(work))
        os._exit(0)
    finally:
        os._exit(1)


def _bind(parent: int, seconds: float, megabytes: int) -> None:
    """It ends with its parent, and for itself if nobody looks at the clock."""
    gc.disable()
    faulthandler.disable()  # a library that finds no memory aborts, which is told by whoever asked
    for name in (signal.SIGTERM, signal.SIGINT, signal.SIGALRM):
        signal.signal(name, signal.SIG_DFL)
    signal.alarm(SLOWLY * math.ceil(seconds) + 1)
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(seconds), math.ceil(seconds) + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if LIBC is not None:
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
    with open("/proc/self/statm") as file:
        used = int(file.read().split()[0]) * resource.getpagesize()
    most = used + megabytes * 1_000_000
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    for connection in connections.all():
        connection.execute_wrappers.append(_refuse)


def _refuse(*_query: Any) -> NoReturn:
    raise RuntimeError("no database here")

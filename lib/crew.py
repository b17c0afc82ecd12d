"""Worker processes that share what was read in before they forked, for as long as the process that forked them lives."""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

PAUSE = 1  # seconds between the start of a worker that failed and of the next in its place
ENDINGS = (signal.SIGTERM, signal.SIGINT)


class Crew:
    """One that dies is replaced; all end together.

    Each worker holds the reading end of a pipe to which nobody ever writes. It closes when the crew is told to end, and
    just as well when the crew's own process is killed and can tell nobody: no worker is left that keeps the port.
    """

    def __init__(self, size: int, work: Callable[[], object], pause: float = PAUSE) -> None:
        self.size, self.work, self.pause = size, work, pause
        self.begun: dict[int, float] = {}
        self.ending, self.held = os.pipe()
        self.is_ending = False

    def run(self) -> None:
        for name in ENDINGS:
            signal.signal(name, self._end)
        for _worker in range(self.size):
            self._start()
        while self.begun:
            pid, _status = os.wait()
            begun = self.begun.pop(pid, 0)
            if not self.is_ending:
                time.sleep(max(0, self.pause - (time.monotonic() - begun)))
                self._start()  # should the signal have come meanwhile, it ends at once

    def _start(self) -> None:
        pid = os.fork()
        if pid:
            self.begun[pid] = time.monotonic()
            return
        try:
            self._serve()
        finally:
            os._exit(0)

    def _serve(self) -> None:
        self._let_go()
        for name in ENDINGS:
            signal.signal(name, lambda *_signal: sys.exit())
        threading.Thread(target=_end_with, args=(self.ending,), daemon=True).start()
        self.work()

    def _end(self, *_signal: Any) -> None:
        self.is_ending = True
        self._let_go()

    def _let_go(self) -> None:
        held, self.held = self.held, -1
        if held >= 0:
            os.close(held)


def _end_with(pipe: int) -> None:
    os.read(pipe, 1)
    os.kill(os.getpid(), signal.SIGTERM)

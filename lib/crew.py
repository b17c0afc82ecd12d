"""Worker processes on one socket that share what was read in before they forked. One that dies is replaced; all end together.

Whoever forks them keeps nothing of it: a process that only waits would hold a third copy of every page of memory that both
workers have written to, a fifth of the whole. So it becomes the `watch`, a few lines of Python that know nothing of the
site, under the same number. In place of a worker that died the watch starts the command anew, as one worker: if that fails,
those who live go on, and it is tried again.

Each worker holds the reading end of a pipe to which nobody ever writes. It closes when the watch is told to end, and just as
well when the watch is killed and can tell nobody: no worker is left that keeps the port.
"""

import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

from . import watch

HANDED_OVER = "HOC_OCOP_CREW"  # descriptors of the socket and of the pipe, from the watch to the command that it starts
WAITING = 1024  # connections that no worker has taken yet
PATIENCE = 10  # seconds for what a worker is in the middle of; the server itself waits for five


@dataclass(frozen=True)
class Crew:
    listener: socket.socket
    ending: int
    held: int = -1
    size: int = 0  # none: this process is to be a worker itself

    @classmethod
    def of(cls, size: int, address: tuple[str, int]) -> Self:
        """A new one, or a place in the one that the watch keeps. OSError where the address cannot be had."""
        if known := os.environ.pop(HANDED_OVER, None):
            handed, ending = map(int, known.split(","))
            return cls(socket.socket(fileno=handed), ending)
        listener = socket.socket(socket.AF_INET6 if ":" in address[0] else socket.AF_INET)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        return cls(listener, *os.pipe(), size)

    def run(self, work: Callable[[socket.socket], object]) -> None:
        """Does not return: this process becomes the watch, or a worker."""
        self.listener.listen(WAITING)  # not before: a site that is being read in does not answer yet
        signal.pthread_sigmask(signal.SIG_BLOCK, watch.ENDINGS)  # until the watch is there to hear them
        for _worker in range(self.size):
            if os.fork() == 0:
                os.close(self.held)
                self._serve(work)
        if self.size:
            self._watch()
        self._serve(work)

    def _serve(self, work: Callable[[socket.socket], object]) -> None:
        try:
            for name in watch.ENDINGS:
                signal.signal(name, _leave)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, watch.ENDINGS)
            threading.Thread(target=_end_with, args=(self.ending,), daemon=True).start()
            work(self.listener)
        finally:
            os._exit(0)

    def _watch(self) -> None:
        handed = (self.listener.fileno(), self.ending)
        for descriptor in (*handed, self.held):
            os.set_inheritable(descriptor, True)
        state = os.environ | {HANDED_OVER: ",".join(map(str, handed))}
        program = [sys.executable, "-I", "-S", watch.__file__, str(self.held), *sys.orig_argv]
        os.execve(sys.executable, program, state)  # noqa: S606 (no shell)


def _leave(*_signal: object) -> None:
    """By an exception, so that the server finishes what it is doing. One that is raised where Python ignores them (a destructor,
    a weak reference's callback) is lost: then the alarm ends the process."""
    signal.alarm(PATIENCE)
    sys.exit()


def _end_with(pipe: int) -> None:
    os.read(pipe, 1)
    os.kill(os.getpid(), signal.SIGTERM)

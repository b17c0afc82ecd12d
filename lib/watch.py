"""What waits for the workers of a `crew`: run as a program, with `held` (the writing end of their pipe) and the command of a worker.

It imports as little as it can: this is all that stands in memory beside the workers.
"""

import os
import signal
import sys
import time

PAUSE = 1  # seconds between the end of a worker and the next in its place
ENDINGS = (signal.SIGTERM, signal.SIGINT)


def wait(held: int, command: list[str]) -> None:
    told: list[int] = []

    def end(*_signal: object) -> None:
        if not told:
            told.append(held)
            os.close(held)

    for name in ENDINGS:
        signal.signal(name, end)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDINGS)
    while True:
        try:
            os.wait()
        except ChildProcessError:
            return
        if not told:
            time.sleep(PAUSE)
        if not told and os.fork() == 0:
            os.close(held)
            os.execv(sys.executable, [sys.executable, *command[1:]])  # noqa: S606 (no shell)


if __name__ == "__main__":
    wait(int(sys.argv[1]), sys.argv[2:])

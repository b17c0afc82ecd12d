"""What a load costs a server: CPU seconds of the whole tree while a second process asks."""

import json
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

from .server import Server
from .world import ENVIRONMENT, ROOT

PATIENCE = 600  # seconds for a whole load


@dataclass(frozen=True)
class Seen:
    """`cost`: CPU milliseconds for one request; `rate`: requests in a second of wall time."""

    cost: float
    rate: float
    waits: list[float]
    cpu: float
    wall: float


class LoadError(Exception):
    """Answers that were errors: a benchmark of error pages would be worth nothing."""


def load(server: Server, task: str, path: str, *, sessions: list[str | None], count: int = 1, over: float = 0) -> Seen:
    command = [sys.executable, "-m", "bench.load"]
    with subprocess.Popen(  # noqa: S603
        command, cwd=ROOT, env=ENVIRONMENT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdin is not None and child.stdout is not None  # noqa: S101, PT018
        question: dict[str, Any] = {"base": server.base, "task": task, "path": path}
        child.stdin.write(json.dumps(question | {"sessions": sessions, "count": count, "over": over}) + "\n")
        child.stdin.flush()
        if child.stdout.readline().strip() != "ready":
            raise LoadError(f"{task} {path} could not be prepared")
        before = server.cpu()
        answer = json.loads(child.communicate("go\n", PATIENCE)[0])
        spent = server.cpu() - before
    if answer["errors"]:
        raise LoadError(f"{task} {path}: {len(answer['errors'])} errors, e.g. {answer['errors'][0]}")
    done = len(answer["waits"])
    return Seen(1000 * spent / done, done / answer["wall"], answer["waits"], spent, answer["wall"])


def percentile(waits: list[float], share: float) -> float:
    """Milliseconds within which this share of the answers came."""
    return 1000 * sorted(waits)[min(len(waits) - 1, int(share * len(waits)))]

"""`manage.py run_jobs`: the outbox, scheduled publishing and clean-ups, again and again until it is stopped."""

import logging
import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections
from django.utils import timezone

from elearning.checks import refuse_demo_data
from lib import registries

logger = logging.getLogger("jobs")


class Command(BaseCommand):
    help = "Chạy các việc nền: gửi tin, đăng bài hẹn giờ, dọn dẹp. / Runs background jobs until stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="what there is to do now, then stop")
        parser.add_argument("--every", type=int, default=30, metavar="SECONDS")

    def handle(self, *, once: bool, every: int, **options: Any) -> None:
        refuse_demo_data()
        stopped = threading.Event()

        def stop(signum: int, frame: FrameType | None) -> None:
            stopped.set()

        if not once:
            signal.signal(signal.SIGTERM, stop)
            signal.signal(signal.SIGINT, stop)
        while True:
            failed, is_more = run_round()
            if once and not is_more:
                self.stdout.write(_said_of(failed))
                return
            if not once and stopped.wait(0 if is_more else every):
                return


def _said_of(failed: list[str]) -> str:
    number = len(list(registries.jobs)) + len(OWN)
    names = ", ".join(failed) or "0"
    return f"Đã chạy {number} việc nền; lỗi: {names}. / Ran {number} jobs; failed: {names}."


def run_round() -> tuple[list[str], bool]:
    """Each job once. One that fails is logged and does not keep the others from running; returns the names of those, and whether a
    job has more to do."""
    failed, is_more = [], False
    for name, job in [*registries.jobs, *OWN.items()]:
        close_old_connections()
        try:
            done = job(at=timezone.now())
        except Exception:
            logger.exception("job %s failed", name)
            failed.append(name)
        else:
            is_more |= isinstance(done, registries.Unfinished)
            if done:
                logger.info("job %s: %s", name, done)
    return failed, is_more


def _command(name: str, **options: object) -> Callable[..., int]:
    """A command of Django or Wagtail as a job; it does not say how much it did."""

    def job(*, at: object) -> int:
        call_command(name, **options)
        return 0

    return job


OWN = {
    "wagtail.publish_scheduled": _command("publish_scheduled", verbosity=0),
    "django.clearsessions": _command("clearsessions"),
}

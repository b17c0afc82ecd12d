"""What an organiser ought to know before sessions are closed: each is a reason to ask a second time."""

from collections.abc import Collection, Iterator
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from workshops import queries, rules
from workshops.models import HallTest, Moment, Session, TestSheet, Workshop


def warnings(workshop: Workshop, sessions: Collection[Session], now: datetime) -> list[str]:
    """For those of its sessions that are to be closed."""
    rest = workshop.sessions.filter(cancelled_at=None, closed_at=None)
    is_last = bool(sessions) and not rest.exclude(pk__in=[one.pk for one in sessions]).exists()
    return [*_running(sessions, now), *_of_tests(workshop, is_last=is_last)] if sessions else []


def _running(sessions: Collection[Session], now: datetime) -> Iterator[str]:
    for one in sessions:
        if one.closed_at is None and one.ends_at > now:
            said = {"session": one, "end": f"{timezone.localtime(one.ends_at):%H:%M %d/%m/%Y}"}
            yield _("“%(session)s” đến %(end)s mới kết thúc. Chốt bây giờ thì ai đến sau bị tính là vắng.") % said


def _of_tests(workshop: Workshop, *, is_last: bool) -> Iterator[str]:
    present = queries.present_count(workshop)
    for test in queries.tests_of(workshop).values():
        if not present or not (test.opened_at or is_last):
            continue
        sheets = list(TestSheet.objects.filter(test=test))
        failed = sum(not rules.has_passed(one.right, one.questions, test.pass_percent) for one in sheets)
        is_after = test.moment == Moment.AFTER
        if len(sheets) < present or (is_after and failed):
            yield " ".join(
                filter(
                    None,
                    [_counted(test, len(sheets), present), _failing(test, failed) if is_after else "", _meaning(test)],
                )
            )


def _counted(test: HallTest, sheets: int, present: int) -> str:
    said = {"test": test.get_moment_display(), "sheets": sheets, "present": present}
    return _("Bài kiểm tra %(test)s: có %(sheets)s phiếu trên %(present)s người có mặt.") % said


def _failing(test: HallTest, failed: int) -> str:
    said = {"failed": failed, "percent": test.pass_percent}
    return _("%(failed)s phiếu chưa đạt %(percent)s%%.") % said if failed else ""


def _meaning(test: HallTest) -> str:
    """What counts and what does not."""
    if test.activity and test.moment == Moment.AFTER and not test.is_anonymous:
        said = {"title": test.activity.title}
        return (
            _(
                "Ai đạt thì được ghi luôn bài “%(title)s” của khóa học; chưa đạt hoặc thiếu phiếu thì còn phải làm bài ấy."
            )
            % said
        )
    return _(
        "Bài này không tính vào việc hoàn thành: ai có mặt đủ buổi vẫn được ghi và được cấp giấy, dù chưa nộp hay chưa đạt."
    )

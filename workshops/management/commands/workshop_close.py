import json
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import override

from accounts.models import User
from lib import phones
from lib.refusals import Refusal
from workshops import actions
from workshops.closing.verdicts import Outcome, Verdicts, judge
from workshops.closing.warnings import warnings
from workshops.models import Session, Workshop

WORDS = {
    Outcome.CERTIFICATE: "giấy chứng nhận / certificate", Outcome.COURSE: "học xong khóa / course completed",
    Outcome.ACTIVITY: "xong lớp / workshop completed", Outcome.DONE: "đã ghi / recorded before",
    Outcome.SHORT: "đã ghi, nay không đủ buổi / recorded, would not be now", Outcome.NOTHING: "chưa hoàn thành / not completed",
}  # fmt: skip


class Command(BaseCommand):
    help = (
        "Chốt một lớp tập huấn: ai có mặt đủ thì hoàn thành, được cấp giấy. / Closes a workshop: who was there enough has completed it. "
        "Exit code 1: some could not be recorded."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug")
        parser.add_argument(
            "--by", required=True, metavar="PHONE", help="cán bộ chốt lớp / the colleague who closes it"
        )
        parser.add_argument(
            "--session", type=int, action="append", default=[], metavar="NUMBER",
            help="by time, the first is 1; all that have begun where nothing is said",
        )  # fmt: skip
        parser.add_argument("--dry-run", action="store_true", help="say who gets what and why not; write nothing")
        parser.add_argument("--sure", action="store_true", help="close in spite of what is warned of")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(
        self, *, slug: str, by: str, session: list[int], dry_run: bool, sure: bool, as_json: bool, **_more: Any
    ) -> None:
        workshop = Workshop.objects.select_related("activity__course", "cohort").filter(slug=slug).first()
        if workshop is None:
            raise CommandError(f"Không có lớp “{slug}”. / There is no such workshop.")
        user, at = _colleague(by), timezone.now()
        every = list(workshop.sessions.order_by("starts_at", "pk"))
        chosen = _chosen(every, session)
        verdicts, doubts = judge(workshop, user), warnings(workshop, chosen, at)
        told = _told(workshop, every, chosen, verdicts, doubts)
        if not dry_run:
            if doubts and not sure:
                raise CommandError(
                    "\n".join(
                        [*doubts, "Chưa chốt: vẫn muốn chốt thì thêm --sure. / Add --sure to close all the same."]
                    )
                )
            try:
                done = actions.close_sessions(workshop=workshop, sessions=chosen, by=user, at=at)
            except Refusal as refusal:
                raise CommandError(str(refusal)) from refusal
            told |= {
                "written": True,
                "sessions_closed": done.sessions,
                "completed": done.completed,
                "failed": done.failed,
            }
        self.stdout.write(json.dumps(told, ensure_ascii=False, indent=1) if as_json else _in_words(told))
        if told.get("failed"):
            raise SystemExit(1)


def _colleague(phone: str) -> User:
    try:
        found = User.objects.filter(phone=phones.to_e164(phone), is_staff=True, is_active=True).first()
    except ValidationError as error:
        raise CommandError(error.messages[0]) from error
    if found is None:
        raise CommandError("Không có cán bộ nào dùng số này. / No colleague has this number.")
    return found


def _chosen(every: list[Session], numbers: list[int]) -> list[Session]:
    if any(not 1 <= number <= len(every) for number in numbers):
        raise CommandError(f"--session: lớp có {len(every)} buổi. / There are so many sessions.")
    now = timezone.now()
    begun = [one for one in every if one.cancelled_at is None and one.starts_at <= now]
    wanted = [every[number - 1] for number in sorted(set(numbers))] or begun
    if not wanted or any(one not in begun for one in wanted):
        raise CommandError(
            "Chưa chốt được: buổi ấy chưa bắt đầu, hoặc đã hủy. / The session has not begun, or was cancelled."
        )
    return [one for one in wanted if one.closed_at is None]


def _told(
    workshop: Workshop, every: list[Session], chosen: list[Session], verdicts: Verdicts, doubts: list[str]
) -> dict[str, Any]:
    return {
        "workshop": workshop.slug,
        "sessions": [
            {"number": number, "name": str(one), "closes": one in chosen, "closed": one.closed_at is not None}
            for number, one in enumerate(every, 1)
        ],
        "slots": verdicts.slots, "needed": verdicts.needed, "warnings": doubts, "written": False,
        "counts": {outcome.value: verdicts.counts[outcome] for outcome in Outcome},
        "rows": [
            {
                "badge": one.registration.number, "name": one.registration.person.name,
                "unit": one.registration.unit or one.registration.place.full_name,
                "attended": one.attended, "outcome": one.outcome.value, "why": one.why,
            }
            for one in verdicts.rows
        ],
    }  # fmt: skip


@override("vi")
def _in_words(told: dict[str, Any]) -> str:
    said = [
        f"{one['badge']}: {one['name']}, {one['attended']}/{told['slots']}: {WORDS[Outcome(one['outcome'])]}{f' ({one["why"]})' if one['why'] else ''}"
        for one in told["rows"]
    ]
    said += [f"{WORDS[Outcome(name)]}: {count}" for name, count in told["counts"].items() if count]
    said += told["warnings"]
    if not told["written"]:
        return "\n".join([*said, "Chưa ghi gì. / Nothing was written."])
    said += [f"{name}: {why}" for name, why in told["failed"]]
    return "\n".join(
        [
            *said,
            f"Đã chốt {told['sessions_closed']} buổi, ghi hoàn thành {told['completed']} đại biểu. / Closed and recorded.",
        ]
    )

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from lib.refusals import Refusal
from quizzes import actions, regrading
from quizzes.models import Counts, Quiz


class Command(BaseCommand):
    help = "Chấm lại một bài kiểm tra theo đáp án mới. / Regrades a quiz by the newest keys, or without some questions."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("quiz", type=int, help="its number, as in the address of its page in the admin")
        parser.add_argument("--reason", default="", help="trainees read it on their result page")
        parser.add_argument("--key", action="append", default=[], help="a question that follows its newest key")
        parser.add_argument("--full", action="append", default=[], help="a question whose marks everybody gets")
        parser.add_argument("--nothing", action="append", default=[], help="a question that counts for nothing")
        parser.add_argument("--dry-run", action="store_true", help="says what would happen, writes nothing")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *, quiz: int, reason: str, dry_run: bool, as_json: bool, **options: Any) -> None:
        found = Quiz.objects.filter(pk=quiz).select_related("activity").first()
        if found is None:
            raise CommandError(f"Không có bài kiểm tra số {quiz}. / quiz {quiz}: there is none")
        decisions = _decisions(found, options)
        plan = regrading.plan(found, decisions)
        report = _report(plan, decisions) | {"written": False}
        if not dry_run:
            report |= {"written": True} | _write(found, decisions, reason)
        self.stdout.write(json.dumps(report, ensure_ascii=False, indent=2) if as_json else _in_words(report))


def _decisions(quiz: Quiz, options: dict[str, Any]) -> regrading.Decisions:
    """Without a question by name: all that have another key since."""
    asked = {one.newest.question.key: one for one in regrading.asked(quiz)}
    if unknown := {*options["key"], *options["full"], *options["nothing"]} - asked.keys():
        named = ", ".join(sorted(unknown))
        raise CommandError(f"Bài kiểm tra này chưa từng hỏi: {named}. / never asked in this quiz: {named}")
    if not any(options[name] for name in ("key", "full", "nothing")):
        return regrading.by_newest_keys(one for one in asked.values() if one.outdated)
    chosen = {
        asked[key].newest.question_id: regrading.Decision(counts)
        for name, counts in (("full", Counts.FULL), ("nothing", Counts.NOTHING))
        for key in options[name]
    }
    return regrading.by_newest_keys(asked[key] for key in options["key"]) | chosen


def _report(plan: regrading.Plan, decisions: regrading.Decisions) -> dict[str, Any]:
    figures = {name: value for name, value in vars(plan).items() if name != "shown"}
    shown = [
        {
            "attempt": change.attempt.pk,
            "before": _text(change.attempt.score),
            "after": _text(change.score),
            "max_before": str(change.attempt.max_score),
            "max_after": str(change.max_score),
            "passes_now": change.passes_now,
            "keeps_pass": change.keeps_pass,
        }
        for change in plan.shown
    ]
    return {"questions": len(decisions), **figures, "first": shown}


def _text(score: Any) -> str | None:
    return None if score is None else str(score)


def _write(quiz: Quiz, decisions: regrading.Decisions, reason: str) -> dict[str, int]:
    """Some hundred attempts at a time, until none is left."""
    attempts = passing = 0
    while decisions:
        try:
            done = actions.regrade(quiz=quiz, decisions=decisions, reason=reason, by=None, at=timezone.now())
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        attempts, passing = attempts + done.attempts, passing + done.passing
        if not done.has_more:
            break
    return {"done": attempts, "done_passing": passing}


def _in_words(report: dict[str, Any]) -> str:
    if not report["questions"]:
        return "Không câu nào có đáp án mới; hãy nêu câu bằng --key, --full hay --nothing. / No question has another key: name a question"
    words = "câu/questions {questions}, chấm lại/regraded {regraded}, tăng/up {up}, giảm/down {down}, nay đạt/pass now {passing}, vẫn giữ đạt/keep their pass {kept}"
    done = ", đã ghi/written {done}" if report["written"] else ", chưa ghi gì/nothing written"
    return (words + done).format(**report)

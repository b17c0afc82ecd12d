import json
from argparse import ArgumentTypeError
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import override

from courses.models import Cohort
from provinces.models import Place
from quizzes import analysis
from quizzes.models import Quiz


class Command(BaseCommand):
    help = "Phân tích câu hỏi của một bài kiểm tra. / Item analysis of a quiz; no names."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("quiz", type=int, help="its number, as in the address of its page in the admin")
        parser.add_argument("--place", default="", help="code of a province or commune")
        parser.add_argument("--cohort", type=int, help="number of a cohort, as in the address of its page in the admin")
        parser.add_argument("--since", type=_day, help="handed in on this day (2026-11-23) or later")
        parser.add_argument("--until", type=_day, help="handed in on this day or earlier")
        parser.add_argument("--all-attempts", action="store_true", help="not only the first one of each person")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *, quiz: int, as_json: bool, **options: Any) -> None:
        found = Quiz.objects.filter(pk=quiz).first()
        if found is None:
            raise CommandError(f"Không có bài kiểm tra số {quiz}. / quiz {quiz}: there is none")
        selection = analysis.Selection(
            only_first=not options["all_attempts"],
            place=_place(options["place"]),
            cohort=_cohort(options["cohort"], found),
            since=options["since"],
            until=options["until"],
        )
        with override("vi"):
            report = _report(analysis.of_quiz(found, selection))
        self.stdout.write(json.dumps(report, ensure_ascii=False, indent=2) if as_json else _in_words(report))


def _day(words: str) -> date:
    try:
        return date.fromisoformat(words)
    except ValueError as error:
        raise ArgumentTypeError(f"{words}: not a day such as 2026-11-23") from error


def _place(code: str) -> Place | None:
    if not code:
        return None
    place = Place.objects.current().filter(code=code).first()
    if place is None:
        raise CommandError(f"Hiện không có địa bàn mã {code}. / place {code}: there is none with this code today")
    return place


def _cohort(pk: int | None, quiz: Quiz) -> Cohort | None:
    if pk is None:
        return None
    cohort = Cohort.objects.filter(pk=pk, course=quiz.activity.course_id).first()
    if cohort is None:
        raise CommandError(
            f"Khóa học của bài này không có lớp số {pk}. / cohort {pk}: there is none in the course of this quiz"
        )
    return cohort


def _report(report: analysis.Report) -> dict[str, Any]:
    known = report.reliability
    return {
        "attempts": report.totals.n,
        "mean_percent": report.totals.facility,
        "deviation_percent": report.totals.deviation,
        "alpha_percent": known.alpha if known else None,
        "standard_error_percent": known.standard_error if known else None,
        "positions": [
            {"position": place.number, "facility": place.sums.facility, "effective_weight": place.weight}
            for place in report.positions
        ],
        "questions": [_question(line) for line in report.lines],
    }


def _question(line: analysis.Line) -> dict[str, Any]:
    return {
        "key": line.version.question.key,
        "version": line.version.number,
        "stem": line.stem,
        "answers": line.sums.n,
        "facility": line.sums.facility,
        "deviation": line.sums.deviation,
        "discrimination": line.sums.discrimination,
        "responses": [vars(row) for row in line.responses],
        "advice": [one.words for one in line.advice],
    }


def _in_words(report: dict[str, Any]) -> str:
    lines = [f"lượt làm/attempts {report['attempts']}, trung bình/mean {_percent(report['mean_percent'])}"]
    for one in report["questions"]:
        figures = f"điểm trung bình/facility {_percent(one['facility'])}, phân biệt/discrimination {_percent(one['discrimination'])}"
        lines.append(f"{one['key']} v{one['version']}: lượt trả lời/answers {one['answers']}, {figures}")
        lines += [f"  {words}" for words in one["advice"]]
    return "\n".join(lines)


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{value:.0f} %"

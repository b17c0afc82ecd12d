"""Which questions of a bank stand on the two papers: parallel forms, equally hard."""

import random
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from quizzes import rules, wording
from quizzes.models import ParallelForm, Question, QuestionBank, QuestionVersion

LETTERS = "ABCD"
LETTERED = ("single", "truefalse")  # kinds whose answer is one letter

type ByDifficulty = Mapping[int, Sequence[QuestionVersion]]


@dataclass(frozen=True)
class Forms:
    """What a bank gives for each of the two papers."""

    before: ByDifficulty
    after: ByDifficulty

    @property
    def most(self) -> int:
        """As many questions as both papers can have, each as hard as its counterpart."""
        return sum(self.pairs().values())

    def pairs(self) -> dict[int, int]:
        return {level: min(len(self.before[level]), len(self.after.get(level, ()))) for level in self.before}


def forms_of(bank: QuestionBank) -> Forms:
    """What one bank gives; see `forms_by_bank`."""
    return forms_by_bank([bank])[bank.pk]


def forms_by_bank(banks: Iterable[QuestionBank]) -> dict[int, Forms]:
    """The newest reviewed words of what can be asked on paper: one letter as answer, in Vietnamese, without pictures. What the authors
    dealt into forms A and B stays there; the rest of a bank is halved in the same way for these papers alone. Two queries for all banks."""
    usable: dict[int, list[Question]] = {bank.pk: [] for bank in banks}
    questions = Question.objects.askable().filter(bank__in=usable, kind__in=LETTERED, language="vi").order_by("key")
    newest: dict[int, QuestionVersion] = {}
    for version in QuestionVersion.objects.filter(question__in=questions).order_by("number"):
        newest[version.question_id] = version
    for one in questions:
        if one.pk in newest and _fits_paper(newest[one.pk]):
            usable[one.bank_id].append(one)
    return {bank: _dealt(of_it, newest) for bank, of_it in usable.items()}


def _dealt(questions: Sequence[Question], newest: Mapping[int, QuestionVersion]) -> Forms:
    loose: dict[int, list[int]] = defaultdict(list)
    for one in questions:
        if not one.form:
            loose[one.difficulty].append(one.pk)
    dealt = rules.deal(loose.values())
    sides: dict[str, dict[int, list[QuestionVersion]]] = {form: defaultdict(list) for form in ParallelForm}
    for one in questions:
        sides[one.form or dealt[one.pk]][one.difficulty].append(newest[one.pk])
    return Forms(before=dict(sides[ParallelForm.A]), after=dict(sides[ParallelForm.B]))


def _fits_paper(version: QuestionVersion) -> bool:
    choices = version.data.get("choices", [])
    words = [version.stem, *(choice["text"] for choice in choices)]
    return len(choices) <= len(LETTERS) and not any(wording.PICTURE in one for one in words)


def chosen(forms: Forms, count: int, rng: random.Random) -> tuple[list[QuestionVersion], list[QuestionVersion]]:
    """As many of each difficulty on both papers, the easy ones first; `count` is no more than `forms.most`."""
    shares = shared_out(forms.pairs(), count)
    return _drawn(forms.before, shares, rng), _drawn(forms.after, shares, rng)


def shared_out(pairs: Mapping[int, int], count: int) -> dict[int, int]:
    """`count` over the difficulties in proportion to what there is of each; what is left over goes to the largest remainders."""
    total = sum(pairs.values())
    shares = {level: count * there // total for level, there in pairs.items()}
    by_remainder = sorted(pairs, key=lambda level: (-(count * pairs[level] % total), level))
    for level in by_remainder[: count - sum(shares.values())]:
        shares[level] += 1
    return shares


def _drawn(side: ByDifficulty, shares: Mapping[int, int], rng: random.Random) -> list[QuestionVersion]:
    drawn: list[QuestionVersion] = []
    for level in sorted(shares):
        drawn += rng.sample(list(side[level]), shares[level]) if shares[level] else []
    return drawn

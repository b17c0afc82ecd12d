"""The numbers of a workshop, gathered once: plain values, in as many queries for 500 delegates as for five."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import override

from lib import text
from provinces.queries import units_of_today
from workshops import parallel, queries
from workshops.forms import FACES, FIVE, YES_NO
from workshops.models import (
    AgendaItem,
    Attendance,
    CallOutcome,
    FeedbackSheet,
    FormQuestion,
    Gender,
    HallTest,
    LegalBasis,
    Moment,
    QuestionKind,
    Registration,
    RegistrationSource,
    Speaker,
    Stage,
    TestSheet,
    Used,
    Workshop,
)

from . import measures, rolls
from .measures import Comparison, Pair
from .rolls import Delegate

LISTED = (RegistrationSource.NOMINATED, RegistrationSource.IMPORT)  # by their unit, on a list


@dataclass(frozen=True)
class Count:
    """A line of a table. `invited`: on a list that units sent; `registered`: has a seat, or had one and was there; `present`: was at one
    session at least. `pairs` and `passed` are None where tests name nobody, too few did both, or it would give away such a line."""

    label: str
    invited: int
    registered: int
    present: int
    women: int = 0  # of those who were present and of whom a list says it
    former: str = ""  # names as recorded on the day, where the unit is called otherwise now
    pairs: int | None = None
    passed: int | None = None


@dataclass(frozen=True)
class Presence:
    name: str
    starts_at: datetime
    ends_at: datetime
    room: str
    present: int
    expected: int  # of a parallel one, who goes there; else all who are registered


@dataclass(frozen=True)
class Item:
    """One question of the feedback. `counts`: how often each of `steps` was chosen, the lowest level first; `mean` of levels alone. Both are
    left out where fewer than `measures.LEAST` answered."""

    label: str
    kind: str
    answered: int
    steps: Sequence[str] = ()
    counts: Sequence[int] = ()
    mean: float | None = None
    quotes: Sequence[str] = ()


@dataclass(frozen=True)
class FollowedUp:
    """Of those who were drawn to be called months afterwards and answered or can be called still: how many were called by now and answered, and what they had put to use.
    `done` and `hindrances`: in their own words, in the order of the alphabet, so that none stands beside whose it is."""

    drawn: int
    called: int
    used: Mapping[str, int]  # by the words of `Used`
    done: Sequence[str] = ()
    hindrances: Sequence[str] = ()

    @property
    def answered(self) -> int:
        return sum(self.used.values())

    @property
    def is_told(self) -> bool:
        return self.answered >= measures.LEAST


@dataclass(frozen=True)
class Facts:
    workshop: Workshop
    province: str
    bases: Sequence[LegalBasis]
    speakers: Sequence[Speaker]
    agenda: Sequence[AgendaItem]
    sessions: Sequence[Presence]
    slots: int  # stretches of time; parallel sessions are one
    delegates: Sequence[Delegate]  # all that were ever on the list
    attended: Mapping[int, int]  # at how many slots, by the key of a registration; who was at none is not in it
    total: Count
    genders: rolls.Genders  # of those who were present
    components: Sequence[Count]
    places: Sequence[Count]
    instead: int
    walk_ins: int
    sheets: Mapping[str, int]  # handed in, by moment
    pass_percent: int
    pairs: int
    compared: Comparison | None
    feedback: int
    items: Sequence[Item]
    followed_up: FollowedUp

    @property
    def is_told(self) -> bool:
        """Whether there are enough sheets of feedback to tell of."""
        return self.feedback >= measures.LEAST


@override("vi")
def gather(workshop: Workshop) -> Facts:
    rooms = parallel.rooms(workshop)
    delegates = rolls.delegates_of(Registration.objects.filter(workshop=workshop), rooms)
    attended = parallel.presence(workshop)
    tests = {one.moment: one for one in HallTest.objects.filter(workshop=workshop)}
    handed = _sheets(workshop)
    paired = _pairs(tests, handed)
    are_named = bool(tests) and not any(one.is_anonymous for one in tests.values())
    answers = list(FeedbackSheet.objects.filter(workshop=workshop).values_list("answers", "is_quotable"))
    return Facts(
        workshop=workshop,
        province=workshop.place.province.name,
        bases=list(workshop.bases.all()),
        speakers=list(workshop.speakers.all()),
        agenda=queries.agenda(workshop),
        sessions=_sessions(workshop, rooms, rolls.counted(delegates, attended)),
        slots=len(rooms.slots),
        delegates=delegates,
        attended=attended,
        total=_count("", delegates, attended, paired if are_named else None),
        genders=rolls.genders_of(one.gender for one in delegates if one.pk in attended),
        components=_components(delegates, attended, paired if are_named else None),
        places=_places(delegates, attended),
        instead=sum(bool(one.instead_of) and one.pk in attended for one in delegates),
        walk_ins=sum(one.is_walk_in and one.pk in attended for one in delegates),
        sheets={moment: len(handed[moment]) for moment in handed},
        pass_percent=tests[Moment.AFTER].pass_percent if Moment.AFTER in tests else 0,
        pairs=len(paired),
        compared=measures.compared(list(paired.values())),
        feedback=len(answers),
        items=_items(workshop, answers),
        followed_up=_followed_up(workshop),
    )


def _followed_up(workshop: Workshop) -> FollowedUp:
    calls = list(queries.calls_that_count().filter(registration__workshop=workshop))
    answers = [one for one in calls if one.outcome == CallOutcome.ANSWERED]
    used = Counter(one.used for one in answers)
    return FollowedUp(
        drawn=len(calls),
        called=sum(one.outcome != CallOutcome.TO_CALL for one in calls),
        used={str(Used(value).label): used[value] for value in Used.values},
        done=sorted(filter(None, (one.what for one in answers)), key=text.fold),
        hindrances=sorted(filter(None, (one.hindrance for one in answers)), key=text.fold),
    )


def _sessions(workshop: Workshop, rooms: parallel.Rooms, registered: Collection[Delegate]) -> list[Presence]:
    here = Attendance.objects.filter(session__workshop=workshop, taken_back_at=None)
    present = Counter(here.values_list("session", flat=True))
    return [
        Presence(
            one.name, one.starts_at, one.ends_at, one.room, present[one.pk],
            sum(rooms.is_expected(one, delegate.pk) for delegate in registered),
        )
        for slot in rooms.slots
        for one in slot.sessions
    ]  # fmt: skip


def _sheets(workshop: Workshop) -> dict[str, dict[int, tuple[int, int]]]:
    """By moment and badge: right, of how many."""
    found: dict[str, dict[int, tuple[int, int]]] = defaultdict(dict)
    rows = TestSheet.objects.filter(test__workshop=workshop, questions__gt=0)
    for moment, badge, right, questions in rows.values_list("test__moment", "badge", "right", "questions"):
        found[moment][badge] = right, questions
    return found


def _pairs(tests: Mapping[str, HallTest], handed: Mapping[str, Mapping[int, tuple[int, int]]]) -> dict[int, Pair]:
    """By badge: whoever handed in both tests."""
    before, after = handed.get(Moment.BEFORE, {}), handed.get(Moment.AFTER, {})
    return {
        badge: Pair(
            _share(before[badge]),
            _share(after[badge]),
            _passed(before[badge], tests[Moment.BEFORE]),
            _passed(after[badge], tests[Moment.AFTER]),
        )
        for badge in sorted(before.keys() & after.keys())
    }


def _share(sheet: tuple[int, int]) -> float:
    return sheet[0] / sheet[1]


def _passed(sheet: tuple[int, int], test: HallTest) -> bool:
    return sheet[0] * 100 >= test.pass_percent * sheet[1]


def _count(
    label: str,
    delegates: Iterable[Delegate],
    attended: Mapping[int, int],
    paired: Mapping[int, Pair] | None,
    former: str = "",
) -> Count:
    these = list(delegates)
    both = [paired[one.number] for one in these if one.number in paired] if paired is not None else []
    is_told = paired is not None and len(both) >= measures.LEAST
    return Count(
        label=label,
        invited=sum(one.source in LISTED and not one.instead_of for one in these),
        registered=len(rolls.counted(these, attended)),
        present=sum(one.pk in attended for one in these),
        women=sum(one.gender == Gender.FEMALE and one.pk in attended for one in these),
        former=former,
        pairs=len(both) if is_told else None,
        passed=sum(pair.passed_after for pair in both) if is_told else None,
    )


def _components(
    delegates: Sequence[Delegate], attended: Mapping[int, int], paired: Mapping[int, Pair] | None
) -> list[Count]:
    of: dict[str, list[Delegate]] = defaultdict(list)
    for one in delegates:
        of[one.component].append(one)
    kept_back = (
        _kept_back({name: sum(one.number in paired for one in these) for name, these in of.items()}) if paired else ()
    )
    return [
        _count(name, of[name], attended, None if name in kept_back else paired) for name in rolls.COMPONENTS if of[name]
    ]


def _kept_back(pairs: Mapping[str, int]) -> set[str]:
    """Lines of which no results are told: those of few, and the smallest of the others where the total less the rest would tell theirs."""
    few = {name for name, count in pairs.items() if count < measures.LEAST}
    others = sorted(pairs.keys() - few, key=lambda name: (pairs[name], name))
    if others and 0 < sum(pairs[name] for name in few) < measures.LEAST:
        few.add(others[0])
    return few


def _places(delegates: Sequence[Delegate], attended: Mapping[int, int]) -> list[Count]:
    """By the unit that each place counts for today; names as recorded stand beside it where they differ."""
    today = units_of_today({one.place_id for one in delegates})
    of: dict[int, list[Delegate]] = defaultdict(list)
    for one in delegates:
        of[today[one.place_id].pk].append(one)
    units = {unit.pk: unit for unit in today.values()}
    ordered = sorted(of, key=lambda pk: (units[pk].province.search, units[pk].parent_id is not None, units[pk].search))
    return [_count(units[pk].full_name, of[pk], attended, None, _former(of[pk], pk)) for pk in ordered]


def _former(delegates: Iterable[Delegate], unit: int) -> str:
    return "; ".join(dict.fromkeys(one.place for one in delegates if one.place_id != unit))


def _items(workshop: Workshop, answers: Sequence[tuple[dict[str, Any], bool]]) -> list[Item]:
    """Also of questions that were retired after somebody had answered them."""
    asked = FormQuestion.objects.filter(workshop=workshop, stage=Stage.FEEDBACK)
    items = [_item(one, answers) for one in asked]
    return [item for item in items if item.answered]


def _item(question: FormQuestion, answers: Sequence[tuple[dict[str, Any], bool]]) -> Item:
    key = str(question.pk)
    given = [(found[key], is_quotable) for found, is_quotable in answers if found.get(key) not in (None, "", [])]
    label, kind = question.label, question.kind
    if kind in (QuestionKind.SCALE, QuestionKind.FACES):
        said = FIVE if kind == QuestionKind.SCALE else FACES
        counts = [sum(str(answer) == value for answer, _quotable in given) for value, _name in reversed(said)]
        steps = [str(name) for _value, name in reversed(said)]
        if sum(counts) < measures.LEAST:
            return Item(label, kind, sum(counts), steps)
        return Item(label, kind, sum(counts), steps, counts, measures.mean_of_levels(counts))
    if kind == QuestionKind.TEXT:
        return Item(label, kind, len(given), quotes=[str(answer) for answer, is_quotable in given if is_quotable])
    if len(given) < measures.LEAST:
        return Item(label, kind, len(given))
    chosen = Counter(
        str(one) for answer, _quotable in given for one in (answer if isinstance(answer, list) else [answer])
    )
    names = {value: str(name) for value, name in YES_NO} if kind == QuestionKind.YES_NO else {}
    ranked = chosen.most_common()
    return Item(label, kind, len(given), [names.get(one, one) for one, _n in ranked], [n for _one, n in ranked])

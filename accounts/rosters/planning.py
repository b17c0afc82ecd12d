"""What would come of a list of people, row by row, before anything is written; and what somebody has to decide first.

Here is what holds for every list: whom a line means, and where. What comes of somebody who is known is said by the importer.
"""

from abc import ABC, abstractmethod
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.importing.finding import Places
from accounts.models import Person
from accounts.queries import numbers_of
from accounts.rules import is_adult_birth_year, looks_like_a_name
from lib import phones, text
from lib.lists import SKIP, TAKE, Decisions, Question
from provinces.models import Place

from . import matching
from .deciding import NEW, Planned, Verdict
from .lines import Line
from .matching import Records

ASKED_ALIKE = frozenset({"place", "subject"})


def asked_once[P: Planned](planned: Sequence[P]) -> list[P]:  # type: ignore[type-arg]
    """The first of several lines of which the very same is asked says how many they are."""
    alike: Counter[Any] = Counter(_asked(one) for one in planned)
    told: set[Any] = {None}
    said = []
    for one in planned:
        key = _asked(one)
        is_first = key not in told and alike[key] > 1
        told.add(key)
        said.append(replace(one, questions=(replace(one.questions[0], alike=alike[key]),)) if is_first else one)
    return said


def _asked(one: Planned[Any]) -> Any:
    """The question which place, or which subject, is meant, if that is what is asked."""
    found = [question for question in one.questions if question.kind in ASKED_ALIKE]
    return (found[0].words, found[0].options) if found else None


class Planning[P: Planned](ABC):  # type: ignore[type-arg]
    """A line after another. An importer says how a line is noted (`noted`), what its token is, and what comes of who is known."""

    def __init__(
        self, *, decisions: Decisions, known: Records, places: Places, otherwise: Place | None, this_year: int
    ) -> None:
        """`otherwise`: where whoever's row says no place is."""
        self.decisions, self.known, self.places, self.otherwise = decisions, known, places, otherwise
        self.this_year = this_year
        self.seen: dict[Any, list[P]] = defaultdict(list)
        self.tokens: Counter[UUID] = Counter()

    @abstractmethod
    def noted(self, line: Any, verdict: Verdict, why: str = "", questions: tuple[Question, ...] = ()) -> P: ...

    @abstractmethod
    def token_of(self, line: Any, place: Place, nth: int) -> UUID:
        """`nth`: how many lines before say the very same and are other people."""

    @abstractmethod
    def of_known(self, one: P, said: Mapping[str, str]) -> P:
        """What comes of somebody who is in the records."""

    def completed(self, one: P, said: Mapping[str, str]) -> P:
        """With what else the list says, of whoever is new or known."""
        return one

    def is_there(self, person: Person) -> bool:
        """Whether somebody is among those whom the list is about already."""
        return False

    def of(self, line: Any) -> P:
        said = self.decisions.get(line.key, {})
        if SKIP in said.values():
            return self.noted(line, Verdict.SKIPPED, _("anh/chị chọn bỏ dòng này"), (undo(said),))
        if not looks_like_a_name(line.name):
            return self.noted(line, Verdict.REFUSED, _no_name(line))
        doubts = list(self._doubts(line))
        if doubts and said.get("take") != TAKE:
            return self.noted(line, Verdict.ASK, "; ".join(doubts), (to_take("take", "; ".join(doubts)),))
        return self._with_place(
            self.noted(line if self._is_born_fine(line) else replace(line, born=""), Verdict.NEW), said
        )

    def _doubts(self, line: Line) -> Iterator[str]:
        if line.is_hidden:
            yield _("dòng này đang ẩn trong tệp")
        if line.said.get("phone") and not line.phones:
            yield _("%(column)sđiện thoại “%(cell)s” không đọc được") % {
                "column": column_of(line, "phone"),
                "cell": line.said["phone"],
            }
        if not self._is_born_fine(line):
            yield _("%(column)snăm sinh “%(cell)s” không đọc được hoặc chưa đúng") % {
                "column": column_of(line, "born"),
                "cell": line.said["born"],
            }

    def _is_born_fine(self, line: Line) -> bool:
        return not line.born or (line.is_year and is_adult_birth_year(int(line.born), self.this_year))

    def _with_place(self, one: P, said: Mapping[str, str]) -> P:
        line = one.line
        found = self.places.of(line)
        if len(found) > 1 and (chosen := [place for place in found if str(place.pk) == said.get("place")]):
            found = chosen
        if len(found) > 1:
            options = tuple((str(place.pk), place.full_name) for place in found[:20])
            words = _("%(column)s“%(cell)s” là nơi nào?") % {
                "column": column_of(line, "place"),
                "cell": line.place or line.unit,
            }
            return replace(
                one, verdict=Verdict.ASK, why=words, questions=(Question("place", words, (*options, skip())),)
            )
        if found:
            return self._with_person(self.placed(one, found[0]), said)
        same = [
            who
            for who in matching.of_number(line, self.known)
            if who.search == text.fold(line.name) and matching.fits(who, line)
        ]
        if not line.place and len(same) == 1:
            return self._with_person(replace(one, place=same[0].place), said)
        if not line.place and self.otherwise:
            return self._with_person(replace(one, place=self.otherwise), said)
        return replace(one, verdict=Verdict.REFUSED, why=_no_place(line, is_bounded=self.places.allowed is not None))

    def placed(self, one: P, found: Place) -> P:
        """`found` may be a unit of the list's day."""
        return replace(one, place=self.places.today(found))

    def _with_person(self, one: P, said: Mapping[str, str]) -> P:
        assert one.place is not None  # noqa: S101 (found before)
        if first := self._before(one):
            return first
        key = self.token_of(one.line, one.place, 0)
        token = self.token_of(one.line, one.place, self.tokens[key])
        people, words = self._people(one, token)
        if words and said.get("person") == NEW:
            people, words = [], ""
        elif words and (chosen := [who for who in people if str(who.pk) == said.get("person")]):
            people, words = chosen, ""
        if words:
            options = tuple((str(who.pk), _("là %(who)s") % {"who": described(who)}) for who in people[:20])
            question = Question("person", words, (*options, (NEW, _("là người khác, lập hồ sơ mới")), skip()))
            return replace(one, verdict=Verdict.ASK, why=words, questions=(question,))
        self.tokens[key] += 1
        made = self._joined(one, people[0], said) if people else replace(one, token=token)
        return self._remembered(self.completed(made, said))

    def _people(self, one: P, token: UUID) -> tuple[list[Person], str]:
        """Whom the line means; and, where that is for somebody to decide, why."""
        line, known = one.line, self.known
        assert one.place is not None  # noqa: S101 (found before)
        if before := known.by_token.get(token):
            return [before], ""
        by_number = matching.of_number(line, known)
        same = [who for who in by_number if who.search == text.fold(line.name)]
        named = same or matching.of_name(line, one.place, known)
        fitting = [who for who in named if matching.fits(who, line)]
        here = [who for who in fitting if self.is_there(who)]
        if len(fitting) > 1 and len(here) == 1:
            fitting = here
        if fitting:
            return fitting, self._doubt(fitting, line)
        if named:
            return named, _("trùng tên, nhưng khác năm sinh")
        others = [who for who in by_number if not self._has_own_line(who)]
        if others:
            return others, _("số điện thoại này trong hồ sơ là của người tên khác")
        return [], ""

    def _doubt(self, fitting: list[Person], line: Line) -> str:
        if len(fitting) > 1:
            return _("có %(n)s người giống nhau trong hồ sơ") % {"n": len(fitting)}
        if matching.has_other_number(fitting[0], line) and not self.is_there(fitting[0]):
            return _("trùng tên, cùng nơi, nhưng khác số điện thoại")
        return ""

    def _has_own_line(self, who: Person) -> bool:
        """A couple with one number: whoever stands on the list under the own name is not meant by the other line."""
        return bool(self.seen.get(("person", who.pk))) or self.is_there(who)

    def _joined(self, one: P, person: Person, said: Mapping[str, str]) -> P:
        return self.of_known(replace(one, person=person, is_elsewhere=person.pk in self.known.elsewhere), said)

    def _before(self, one: P) -> P | None:
        """The same person further up in the file."""
        line, place = one.line, one.place
        for other in [*self.seen[text.fold(line.name), place], *self._of_phones(line)]:
            years = {year for year in (line.born, other.line.born) if year}
            if len(years) > 1:
                continue
            is_one = len(years) == 1 and line.born == other.line.born
            if line.phones and other.line.phones and not set(line.phones) & set(other.line.phones) and not is_one:
                if self.decisions.get(line.key, {}).get("apart") == TAKE:
                    continue
                words = _("cùng tên, cùng nơi với dòng %(n)s, nhưng khác số điện thoại") % {"n": other.line.where}
                return replace(one, verdict=Verdict.ASK, why=words, questions=(to_take("apart", words),))
            return replace(one, verdict=Verdict.TWICE, why=_("trùng với dòng %(n)s") % {"n": other.line.where})
        return None

    def _of_phones(self, line: Line) -> list[P]:
        return [one for phone in line.phones for one in self.seen[text.fold(line.name), phone]]

    def _remembered(self, one: P) -> P:
        if one.verdict not in (Verdict.ASK, Verdict.REFUSED):
            if one.person and (before := self.seen["person", one.person.pk]):
                return replace(one, verdict=Verdict.TWICE, why=_("trùng với dòng %(n)s") % {"n": before[0].line.where})
            if one.person:
                self.seen["person", one.person.pk].append(one)
            for key in (one.place, *one.line.phones):
                self.seen[text.fold(one.line.name), key].append(one)
        return one


def skip() -> tuple[str, str]:
    return SKIP, _("bỏ dòng này")


def to_take(kind: str, words: str) -> Question:
    """Each doubt is asked by itself (`kind`): who is taken with an unreadable number is not taken back after cancelling."""
    return Question(kind, words, ((TAKE, _("vẫn nhận người này")), skip()))


def undo(said: Mapping[str, str]) -> Question:
    kind = next(kind for kind, value in said.items() if value == SKIP)
    return Question(kind, _("anh/chị chọn bỏ dòng này"), (skip(),), chosen=SKIP)


def described(who: Person) -> str:
    """Read in a question, where a name alone tells nobody apart."""
    numbers = [phones.masked(one) for one in sorted(numbers_of(who))]
    return ", ".join(
        filter(
            None,
            [
                who.name,
                str(who.birth_year or ""),
                who.place.full_name,
                who.subject.name if who.subject else "",
                *numbers,
            ],
        )
    )


def column_of(line: Line, role: str) -> str:
    letter = line.letters.get(role)
    return _("cột %(letter)s: ") % {"letter": letter} if letter else ""


def _no_name(line: Line) -> str:
    said = line.said.get("name", "")
    if not said:
        return _("chưa có họ và tên")
    return _("%(column)shọ và tên “%(cell)s” chưa đúng") % {"column": column_of(line, "name"), "cell": said[:80]}


def _no_place(line: Line, *, is_bounded: bool) -> str:
    said = ", ".join(filter(None, [line.place, line.district, line.province]))
    if not said:
        return _("chưa ghi xã, phường")
    why = (
        _("không tìm thấy nơi này, hoặc nơi này ngoài địa bàn của anh/chị")
        if is_bounded
        else _("không tìm thấy nơi này")
    )
    return _("%(column)s“%(cell)s” – %(why)s") % {"column": column_of(line, "place"), "cell": said[:120], "why": why}

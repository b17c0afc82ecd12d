"""What would come of a list, row by row, before anything is written; and what somebody has to decide first."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.importing.finding import Places
from accounts.models import Person
from accounts.queries import numbers_of
from accounts.rules import is_adult_birth_year, looks_like_a_name
from lib import phones, text
from lib.lists import SKIP, TAKE, Question
from provinces.models import Place
from provinces.queries import units_of_today
from workshops import parallel, queries
from workshops.models import HOLDING, Quota, RegistrationState, Workshop
from workshops.rules import Pool, seat_from

from . import matching
from .deciding import BY_PLACE, NEW, Plan, Planned, Roster, Scope, Share, Verdict
from .lines import Line, people
from .matching import Records

GIVEN_UP: Mapping[str, Any] = {
    RegistrationState.CANCELLED: gettext_lazy("đã hủy chỗ trong lớp này"),
    RegistrationState.EXPIRED: gettext_lazy("đã hết hạn giữ chỗ trong lớp này"),
}


def plan(roster: Roster, *, workshop: Workshop, scope: Scope, this_year: int) -> Plan:
    lines, others = people(roster.sheets, roster.columns)
    known = matching.records(lines, workshop=workshop, among=scope.people)
    planning = _Planning(roster, workshop, known, scope, this_year)
    planned = [planning.of(line) for line in lines]
    return Plan(_asked_once(planned), others, _shares(planned, planning.pools))


def _shares(planned: Sequence[Planned], pools: Mapping[int | None, Pool]) -> list[Share]:
    """As `actions.register_list` will give them out, in the order of the list."""
    quotas = {one.quota.pk if one.quota else None: one.quota for one in planned if one.is_written}
    wanted, outside, waiting, left = Counter[Any](), Counter[Any](), Counter[Any](), dict(pools)
    for key in (one.quota.pk if one.quota else None for one in planned if one.is_written):
        wanted[key] += 1
        free = seat_from(left, key)
        if free:
            left[free[0]] = left[free[0]].taking(1)
        outside[key] += bool(free) and free[0] != key
        waiting[key] += not free
    shares = [
        Share(quota, wanted[key], pools[key].free, outside=outside[key], waiting=waiting[key])
        for key, quota in quotas.items()
    ]
    return sorted(shares, key=lambda one: (one.quota is None, str(one.quota)))


def _asked_once(planned: Sequence[Planned]) -> list[Planned]:
    """The first of several lines whose place is the same question says how many they are."""
    alike: Counter[Any] = Counter(_asked(one) for one in planned)
    told: set[Any] = {None}
    said = []
    for one in planned:
        key = _asked(one)
        is_first = key not in told and alike[key] > 1
        told.add(key)
        said.append(replace(one, questions=(replace(one.questions[0], alike=alike[key]),)) if is_first else one)
    return said


def _asked(one: Planned) -> Any:
    """The question which place is meant, if that is what is asked."""
    places = [question for question in one.questions if question.kind == "place"]
    return (places[0].words, places[0].options) if places else None


class _Planning:
    def __init__(self, roster: Roster, workshop: Workshop, known: Records, scope: Scope, this_year: int) -> None:
        self.roster, self.workshop, self.known, self.this_year = roster, workshop, known, this_year
        self.home = units_of_today({workshop.place_id})[workshop.place_id]
        self.places = Places(within=scope.places, home=self.home, begins_at=queries.begins_at(workshop))
        self.otherwise = (
            Place.objects.select_related("parent").filter(pk=roster.place).first() if roster.place else None
        )
        self.quotas = list(workshop.quotas.select_related("place")) if roster.quota else []
        self.pools = queries.pools(workshop)
        self.seen: dict[Any, list[Planned]] = defaultdict(list)
        self.tokens: Counter[UUID] = Counter()
        self.by_place = self._by_place()
        self.by_unit = {text.fold(one.unit): one for one in self.quotas if one.unit}
        self.slots = parallel.choices(workshop)

    def _by_place(self) -> dict[int, Quota]:
        """Of what is over a quota is that of the very unit it names, whose neighbours may have become the same commune since; of what is to
        come it is that of the unit of today."""
        found = {one.place_id: one for one in self.quotas if one.place_id and not one.unit}
        if self.places.day:
            return found
        today = units_of_today(set(found))
        return {today[place].pk: quota for place, quota in found.items()}

    def of(self, line: Line) -> Planned:
        said = self.roster.decisions.get(line.key, {})
        if SKIP in said.values():
            return Planned(line, Verdict.SKIPPED, _("anh/chị chọn bỏ dòng này"), questions=(_undo(said),))
        if not looks_like_a_name(line.name):
            return Planned(line, Verdict.REFUSED, _no_name(line))
        doubts = list(self._doubts(line))
        if doubts and said.get("take") != TAKE:
            return Planned(line, Verdict.ASK, "; ".join(doubts), questions=(_to_take("take", "; ".join(doubts)),))
        return self._with_place(
            Planned(line if self._is_born_fine(line) else replace(line, born=""), Verdict.NEW), said
        )

    def _doubts(self, line: Line) -> Iterator[str]:
        if line.is_hidden:
            yield _("dòng này đang ẩn trong tệp")
        if line.said.get("phone") and not line.phones:
            yield _("%(column)sđiện thoại “%(cell)s” không đọc được") % {
                "column": _column(line, "phone"),
                "cell": line.said["phone"],
            }
        if not self._is_born_fine(line):
            yield _("%(column)snăm sinh “%(cell)s” không đọc được hoặc chưa đúng") % {
                "column": _column(line, "born"),
                "cell": line.said["born"],
            }

    def _is_born_fine(self, line: Line) -> bool:
        return not line.born or (line.is_year and is_adult_birth_year(int(line.born), self.this_year))

    def _with_place(self, one: Planned, said: Mapping[str, str]) -> Planned:
        line = one.line
        found = self.places.of(line)
        if len(found) > 1 and (chosen := [place for place in found if str(place.pk) == said.get("place")]):
            found = chosen
        if len(found) > 1:
            options = tuple((str(place.pk), place.full_name) for place in found[:20])
            words = _("%(column)s“%(cell)s” là nơi nào?") % {
                "column": _column(line, "place"),
                "cell": line.place or line.unit,
            }
            return replace(
                one, verdict=Verdict.ASK, why=words, questions=(Question("place", words, (*options, _skip())),)
            )
        if found:
            place = self.places.today(found[0])
            then = None if found[0].is_current else found[0]
            return self._with_person(replace(one, place=place, then=then), said)
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

    def _with_person(self, one: Planned, said: Mapping[str, str]) -> Planned:
        assert one.place is not None  # noqa: S101 (found before)
        first = self._before(one)
        if isinstance(first, Planned):
            return first
        token = matching.token_of(
            one.line,
            one.place,
            self.workshop,
            self.tokens[key := matching.token_of(one.line, one.place, self.workshop, 0)],
        )
        people, words = self._people(one, token)
        if words and said.get("person") == NEW:
            people, words = [], ""
        elif words and (chosen := [who for who in people if str(who.pk) == said.get("person")]):
            people, words = chosen, ""
        if words:
            options = tuple((str(who.pk), _("là %(who)s") % {"who": _described(who)}) for who in people[:20])
            question = Question("person", words, (*options, (NEW, _("là người khác, lập hồ sơ mới")), _skip()))
            return replace(one, verdict=Verdict.ASK, why=words, questions=(question,))
        self.tokens[key] += 1
        made = self._joined(one, people[0], said) if people else replace(one, token=token)
        return self._remembered(self._with_rooms(replace(made, quota=self._quota(made))))

    def _with_rooms(self, one: Planned) -> Planned:
        """A room that nobody knows keeps nobody out: the organiser finds one later."""
        if not (self.slots and one.line.room and one.is_written):
            return one
        rooms = tuple(parallel.called(self.slots, one.line.room))
        why = "" if rooms else _("%(column)skhông có phòng “%(cell)s”: xếp phòng sau")
        said = {"column": _column(one.line, "room"), "cell": one.line.room[:80]}
        return replace(one, rooms=rooms, why=one.why or why % said)

    def _people(self, one: Planned, token: UUID) -> tuple[list[Person], str]:
        """Whom the line means; and, where that is for somebody to decide, why."""
        line, known = one.line, self.known
        assert one.place is not None  # noqa: S101 (found before)
        if before := known.by_token.get(token):
            return [before], ""
        by_number = matching.of_number(line, known)
        same = [who for who in by_number if who.search == text.fold(line.name)]
        named = same or matching.of_name(line, one.place, known)
        fitting = [who for who in named if matching.fits(who, line)]
        here = [who for who in fitting if who.pk in known.states]
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
        if matching.has_other_number(fitting[0], line) and fitting[0].pk not in self.known.states:
            return _("trùng tên, cùng nơi, nhưng khác số điện thoại")
        return ""

    def _has_own_line(self, who: Person) -> bool:
        """A couple with one number: whoever stands on the list under the own name is not meant by the other line."""
        return bool(self.seen.get(("person", who.pk))) or who.pk in self.known.states

    def _joined(self, one: Planned, person: Person, said: Mapping[str, str]) -> Planned:
        return self._of_known(replace(one, person=person, is_elsewhere=person.pk in self.known.elsewhere), said)

    def _of_known(self, one: Planned, said: Mapping[str, str]) -> Planned:
        assert one.person is not None  # noqa: S101 (found before)
        state = self.known.states.get(one.person.pk)
        if state in HOLDING:
            return replace(one, verdict=Verdict.ALREADY, why=_("đã có trong danh sách lớp"))
        if state == RegistrationState.REPLACED:
            return replace(one, verdict=Verdict.ALREADY, why=_("đã có người đi thay"))
        if not one.person.has_consented:
            return replace(one, verdict=Verdict.REFUSED, why=_("chưa đồng ý cho ghi kết quả học, hoặc đã rút lại"))
        if state == RegistrationState.WAITING and not self._has_room(self._quota(one)):
            return replace(one, verdict=Verdict.ALREADY, why=_("đang ở danh sách dự bị"))
        if state and state in GIVEN_UP and said.get("again") != TAKE:
            words = str(GIVEN_UP[state])
            return replace(one, verdict=Verdict.ASK, why=words, questions=(_to_take("again", words),))
        return replace(one, verdict=Verdict.KNOWN)

    def _has_room(self, quota: Quota | None) -> bool:
        return bool(seat_from(self.pools, quota.pk if quota else None))

    def _before(self, one: Planned) -> Planned | None:
        """The same person further up in the file."""
        line, place = one.line, one.place
        for other in [*self.seen[text.fold(line.name), place], *self._of_phones(line)]:
            years = {year for year in (line.born, other.line.born) if year}
            if len(years) > 1:
                continue
            is_one = len(years) == 1 and line.born == other.line.born
            if line.phones and other.line.phones and not set(line.phones) & set(other.line.phones) and not is_one:
                if self.roster.decisions.get(line.key, {}).get("apart") == TAKE:
                    continue
                words = _("cùng tên, cùng nơi với dòng %(n)s, nhưng khác số điện thoại") % {"n": other.line.where}
                return replace(one, verdict=Verdict.ASK, why=words, questions=(_to_take("apart", words),))
            return replace(one, verdict=Verdict.TWICE, why=_("trùng với dòng %(n)s") % {"n": other.line.where})
        return None

    def _of_phones(self, line: Line) -> list[Planned]:
        return [one for phone in line.phones for one in self.seen[text.fold(line.name), phone]]

    def _remembered(self, one: Planned) -> Planned:
        if one.verdict not in (Verdict.ASK, Verdict.REFUSED):
            if one.person and (before := self.seen["person", one.person.pk]):
                return replace(one, verdict=Verdict.TWICE, why=_("trùng với dòng %(n)s") % {"n": before[0].line.where})
            if one.person:
                self.seen["person", one.person.pk].append(one)
            for key in (one.place, *one.line.phones):
                self.seen[text.fold(one.line.name), key].append(one)
        return one

    def _quota(self, one: Planned) -> Quota | None:
        if self.roster.quota != BY_PLACE:
            return next((quota for quota in self.quotas if str(quota.pk) == self.roster.quota), None)
        today = one.person.place if one.person else one.place
        named = [key for place in (one.then, today) if place for key in (place.pk, place.province.pk)]
        by_place = (self.by_place[key] for key in named if key in self.by_place)
        return self.by_unit.get(text.fold(one.line.unit)) or next(by_place, None)


def _skip() -> tuple[str, str]:
    return SKIP, _("bỏ dòng này")


def _to_take(kind: str, words: str) -> Question:
    """Each doubt is asked by itself (`kind`): who is taken with an unreadable number is not taken back after cancelling."""
    return Question(kind, words, ((TAKE, _("vẫn nhận người này")), _skip()))


def _undo(said: Mapping[str, str]) -> Question:
    kind = next(kind for kind, value in said.items() if value == SKIP)
    return Question(kind, _("anh/chị chọn bỏ dòng này"), (_skip(),), chosen=SKIP)


def _described(who: Person) -> str:
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


def _column(line: Line, role: str) -> str:
    letter = line.letters.get(role)
    return _("cột %(letter)s: ") % {"letter": letter} if letter else ""


def _no_name(line: Line) -> str:
    said = line.said.get("name", "")
    if not said:
        return _("chưa có họ và tên")
    return _("%(column)shọ và tên “%(cell)s” chưa đúng") % {"column": _column(line, "name"), "cell": said[:80]}


def _no_place(line: Line, *, is_bounded: bool) -> str:
    said = ", ".join(filter(None, [line.place, line.district, line.province]))
    if not said:
        return _("chưa ghi xã, phường")
    why = (
        _("không tìm thấy nơi này, hoặc nơi này ngoài địa bàn của anh/chị")
        if is_bounded
        else _("không tìm thấy nơi này")
    )
    return _("%(column)s“%(cell)s” – %(why)s") % {"column": _column(line, "place"), "cell": said[:120], "why": why}

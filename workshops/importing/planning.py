"""What would come of a list of delegates, row by row, before anything is written; and what somebody has to decide first."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.importing.finding import Places
from accounts.models import Person
from accounts.rosters.planning import Planning, asked_once, column_of, to_take
from lib import text
from lib.lists import TAKE, Question
from provinces.models import Place
from provinces.queries import units_of_today
from workshops import parallel, queries
from workshops.models import HOLDING, Quota, RegistrationState, Workshop
from workshops.rules import Pool, seat_from

from . import matching
from .deciding import BY_PLACE, Plan, Planned, Roster, Scope, Share, Verdict
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
    return Plan(asked_once(planned), others, _shares(planned, planning.pools))


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


class _Planning(Planning[Planned]):
    known: Records

    def __init__(self, roster: Roster, workshop: Workshop, known: Records, scope: Scope, this_year: int) -> None:
        home = units_of_today({workshop.place_id})[workshop.place_id]
        super().__init__(
            decisions=roster.decisions,
            known=known,
            places=Places(within=scope.places, home=home, begins_at=queries.begins_at(workshop)),
            otherwise=Place.objects.select_related("parent").filter(pk=roster.place).first() if roster.place else None,
            this_year=this_year,
        )
        self.roster, self.workshop = roster, workshop
        self.quotas = list(workshop.quotas.select_related("place")) if roster.quota else []
        self.pools = queries.pools(workshop)
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

    def noted(self, line: Line, verdict: Verdict, why: str = "", questions: tuple[Question, ...] = ()) -> Planned:
        return Planned(line, verdict, why, questions=questions)

    def token_of(self, line: Line, place: Place, nth: int) -> UUID:
        return matching.token_of(line, place, self.workshop, nth)

    def is_there(self, person: Person) -> bool:
        return person.pk in self.known.states

    def placed(self, one: Planned, found: Place) -> Planned:
        return replace(super().placed(one, found), then=None if found.is_current else found)

    def completed(self, one: Planned, said: Mapping[str, str]) -> Planned:
        return self._with_rooms(replace(one, quota=self._quota(one)))

    def _with_rooms(self, one: Planned) -> Planned:
        """A room that nobody knows keeps nobody out: the organiser finds one later."""
        if not (self.slots and one.line.room and one.is_written):
            return one
        rooms = tuple(parallel.called(self.slots, one.line.room))
        why = "" if rooms else _("%(column)skhông có phòng “%(cell)s”: xếp phòng sau")
        said = {"column": column_of(one.line, "room"), "cell": one.line.room[:80]}
        return replace(one, rooms=rooms, why=one.why or why % said)

    def of_known(self, one: Planned, said: Mapping[str, str]) -> Planned:
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
            return replace(one, verdict=Verdict.ASK, why=words, questions=(to_take("again", words),))
        return replace(one, verdict=Verdict.KNOWN)

    def _has_room(self, quota: Quota | None) -> bool:
        return bool(seat_from(self.pools, quota.pk if quota else None))

    def _quota(self, one: Planned) -> Quota | None:
        if self.roster.quota != BY_PLACE:
            return next((quota for quota in self.quotas if str(quota.pk) == self.roster.quota), None)
        today = one.person.place if one.person else one.place
        named = [key for place in (one.then, today) if place for key in (place.pk, place.province.pk)]
        by_place = (self.by_place[key] for key in named if key in self.by_place)
        return self.by_unit.get(text.fold(one.line.unit)) or next(by_place, None)

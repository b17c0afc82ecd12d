"""What would come of a list of people, row by row, before anything is written; and what somebody has to decide first."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.importing.finding import Places
from accounts.models import OfficialLevel, Person, PersonKind, Subject, SubjectRole
from accounts.queries import numbers_of
from accounts.rosters import deciding, matching
from accounts.rosters.deciding import NEW
from accounts.rosters.matching import Records
from accounts.rosters.planning import Planning, asked_once, skip
from accounts.rules import are_alike
from lib import phones
from lib.lists import Question
from provinces.models import Place

from .deciding import Change, Listing, Plan, Planned, Scope, Verdict
from .lines import Line, people, standing_of

MOST_COMPARED, MOST_OFFERED = 100, 10  # subjects of a commune with which a name is compared, as registers are


def plan(listing: Listing, *, scope: Scope, this_year: int) -> Plan:
    lines, others = people(listing.sheets, listing.columns)
    planning = _Planning(listing, lines, scope, this_year)
    return deciding.Plan(asked_once([planning.of(line) for line in lines]), others)


def token_of(line: Line, place: Place, nth: int) -> UUID:
    return matching.token("people", *matching.said_of(line), place.pk, nth)


class _Planning(Planning[Planned]):
    def __init__(self, listing: Listing, lines: Sequence[Line], scope: Scope, this_year: int) -> None:
        super().__init__(
            decisions=listing.decisions,
            known=Records(),
            places=Places(within=scope.places, home=scope.home),
            otherwise=self._otherwise(listing, scope),
            this_year=this_year,
        )
        self.listing, self.own = listing, scope.own
        known = matching.look_up(self.known, lines, among=scope.people)
        places = {place.pk for line in lines for place in self.places.of(line)}
        places |= {self.otherwise.pk} if self.otherwise else set()
        self._know_by_token(lines, scope)
        self.correctable = _among(scope.correctable, known)
        self.subjects = _subjects(places | {one.place_id for one in known.values()})
        self._meant: dict[tuple[int, str], list[Subject]] = {}

    @staticmethod
    def _otherwise(listing: Listing, scope: Scope) -> Place | None:
        """Asked again, as a role may have ended."""
        rows = Place.objects.current() if scope.places is None else scope.places.current()
        return rows.select_related("parent").filter(pk=listing.place).first() if listing.place else None

    def _know_by_token(self, lines: Sequence[Line], scope: Scope) -> None:
        """Whom this very list wrote down is known by it, wherever they live by now and whoever they were joined to."""
        default = [self.otherwise] if self.otherwise else []
        tokens = {token_of(line, place, 0) for line in lines for place in self.places.of(line) or default}
        rows = Person.objects.select_related(*matching.JOINED, "merged_into__place__parent", "merged_into__subject")
        written = [one for some in matching.chunks(tokens) for one in rows.filter(form_token__in=some)]
        self.known.by_token = {one.form_token: one.merged_into or one for one in written if one.form_token}
        found = {one.pk: one for one in self.known.by_token.values()}
        self.known.elsewhere = set(found) - _among(scope.people, found)

    def noted(self, line: Line, verdict: Verdict, why: str = "", questions: tuple[Question, ...] = ()) -> Planned:
        return Planned(line, verdict, why, questions=questions)

    def token_of(self, line: Line, place: Place, nth: int) -> UUID:
        return token_of(line, place, nth)

    def completed(self, one: Planned, said: Mapping[str, str]) -> Planned:
        if one.verdict is not Verdict.NEW or one.place is None:
            return one
        return self._with_subject(replace(one, standing=standing_of(one.line, one.place)), one.place, said)

    def of_known(self, one: Planned, said: Mapping[str, str]) -> Planned:
        assert one.person is not None  # noqa: S101 (asked by whoever calls)
        person = one.person
        one = replace(one, verdict=Verdict.ALREADY, standing=standing_of(one.line, person.place))
        if why := self._left_alone(one, person):
            return replace(one, why=why)
        changes, differences = self._changes(one, person), self._differences(one, person)
        if self.listing.is_correcting:
            changes, differences = (
                [*changes, *(change for change in differences if change.field)],
                [change for change in differences if not change.field],
            )
        told = [change.words for change in changes]
        if differences:
            kept = ", ".join(change.words for change in differences)
            told.append(_("hồ sơ ghi khác, giữ như hồ sơ: %(what)s") % {"what": kept})
        one = replace(one, why="; ".join(told), changes=tuple(changes))
        if not changes:
            return one
        one = replace(one, verdict=Verdict.KNOWN)
        return self._with_subject(one, person.place, said) if any(c.field == "subject" for c in changes) else one

    def _left_alone(self, one: Planned, person: Person) -> str:
        if one.is_elsewhere:
            return _("đã có hồ sơ, nay ở nơi khác")
        if person.pk == self.own:
            return _("hồ sơ của chính anh/chị: không sửa bằng tệp")
        if not person.has_consented:
            return _("chưa đồng ý cho ghi kết quả học, hoặc đã rút lại: giữ nguyên")
        if person.pk not in self.correctable:
            return _("đã có hồ sơ; anh/chị không được giao sửa nên giữ nguyên")
        return ""

    def _changes(self, one: Planned, person: Person) -> list[Change]:
        """What the records do not say and the list does."""
        line, standing = one.line, one.standing
        changes = []
        if line.born and person.birth_year is None:
            changes.append(_change("birth_year", int(line.born), line.born))
        if one.phone and not numbers_of(person):
            changes.append(_change("contact_phone", one.phone, one.masked_phone))
        if standing["kind"] != person.kind:
            return changes
        if one.subject_name and person.subject is None:
            changes.append(_change("subject", None, one.subject_name))
        if (role := standing.get("subject_role")) and not person.subject_role:
            changes.append(_change("subject_role", role, SubjectRole(role).label))
        if (level := standing.get("official_level")) and line.says_what and not person.official_level:
            changes.append(_change("official_level", level, OfficialLevel(level).label))
        return changes

    def _differences(self, one: Planned, person: Person) -> list[Change]:
        """What the records say otherwise; one without a field is no list's to change."""
        line, standing = one.line, one.standing
        found = []
        if line.born and person.birth_year not in (None, int(line.born)):
            found.append(_change("birth_year", int(line.born), line.born, person.birth_year))
        if one.phone and (numbers := numbers_of(person)) and numbers.isdisjoint(line.phones):
            found.append(
                _change("contact_phone", one.phone, one.masked_phone, *map(phones.masked, sorted(numbers)[:1]))
            )
        if standing["kind"] != person.kind:
            if line.says_what:
                said = PersonKind(standing["kind"]).label
                found.append(Change("", None, _("tệp ghi là %(what)s") % {"what": said}))
            return found
        if one.subject_name and person.subject and not self._is_of(person, one.subject_name):
            found.append(_change("subject", None, one.subject_name, person.subject.name))
        if (role := standing.get("subject_role")) and person.subject_role not in ("", role):
            before = person.get_subject_role_display()
            found.append(_change("subject_role", role, SubjectRole(role).label, before))
        if line.says_what and (level := standing.get("official_level")) and person.official_level not in ("", level):
            before = person.get_official_level_display()
            found.append(_change("official_level", level, OfficialLevel(level).label, before))
        return found

    def _is_of(self, person: Person, name: str) -> bool:
        """The name, or a further one, of the subject that somebody belongs to; one nearly the same was decided on before."""
        folded, subject = Subject.folded(name), person.subject
        assert subject is not None  # noqa: S101 (asked by whoever calls)
        known = self.subjects[person.place_id].get(folded)
        return subject.meant.pk == known.pk if known else are_alike(subject.search, folded)

    def _with_subject(self, one: Planned, place: Place, said: Mapping[str, str]) -> Planned:
        """A name nearly that of a subject of the register is asked about, once for all its people."""
        if not one.subject_name:
            return one
        likely = self._likely(place.pk, Subject.folded(one.subject_name))
        chosen = said.get("subject", "")
        if not likely or chosen == NEW:
            return one
        if meant := next((subject for subject in likely if str(subject.pk) == chosen), None):
            return replace(one, standing={**one.standing, "subject_name": meant.name})
        words = _("“%(name)s” có phải là chủ thể đã có trong sổ không?") % {"name": one.subject_name}
        options = (
            *((str(subject.pk), _("là “%(name)s”") % {"name": subject.name}) for subject in likely),
            (NEW, _("là chủ thể khác, ghi mới")),
            skip(),
        )
        return replace(one, verdict=Verdict.ASK, why=words, questions=(Question("subject", words, options),))

    def _likely(self, place: int, folded: str) -> list[Subject]:
        """None where the register knows the very name."""
        if (place, folded) not in self._meant:
            known = self.subjects[place]
            others = {} if folded in known else {one.pk: one for one in known.values()}
            some = list(others.values())[:MOST_COMPARED]
            self._meant[place, folded] = [one for one in some if are_alike(one.search, folded)][:MOST_OFFERED]
        return self._meant[place, folded]


def _among(people: QuerySet[Person], keys: Mapping[int, Person]) -> set[int]:
    return {pk for some in matching.chunks(keys) for pk in people.filter(pk__in=some).values_list("pk", flat=True)}


def _subjects(places: set[int]) -> dict[int, dict[str, Subject]]:
    """By place and folded name, further names too: whom each means."""
    found: dict[int, dict[str, Subject]] = defaultdict(dict)
    rows = Subject.objects.select_related("merged_into").order_by("search")
    for one in (one for some in matching.chunks(places) for one in rows.filter(place__in=some)):
        found[one.place_id][one.search] = one.meant
    return found


def _change(name: str, after: object, *words: object) -> Change:
    """`words`: what the list says, and what the records did."""
    field, (now, *before) = Person._meta.get_field(name), words
    label = getattr(field, "verbose_name", "")
    return Change(name, after, f"{label}: {before[0]} → {now}" if before else f"{label}: {now}")

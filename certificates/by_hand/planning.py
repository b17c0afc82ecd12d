"""What would come of a list, line by line, before anything is written."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.forms.places import PlaceNameField
from accounts.models import Person, User
from accounts.rules import is_adult_birth_year, looks_like_a_name
from certificates.access import people_to_certify, places_to_certify
from certificates.models import Award, Credential, CredentialStatus
from courses.models import Course, Enrolment
from lib import phones, text
from provinces.models import Place

from .reading import Line, is_year


class Outcome(StrEnum):
    NEW = "new"  # is registered, and gets a certificate
    KNOWN = "known"  # is in the records, and gets a certificate
    HAS_ONE = "has_one"
    CANNOT = "cannot"


@dataclass(frozen=True)
class Planned:
    line: Line
    outcome: Outcome
    why: str = ""
    person: Person | None = None
    place: Place | None = None
    phone: str = ""

    @property
    def masked_phone(self) -> str:
        return phones.masked(self.phone) if self.phone else ""

    @property
    def is_issued(self) -> bool:
        return self.outcome in (Outcome.NEW, Outcome.KNOWN)


@dataclass(frozen=True)
class Plan:
    lines: Sequence[Planned]

    def of(self, outcome: Outcome) -> list[Planned]:
        return [one for one in self.lines if one.outcome is outcome]

    @property
    def new(self) -> list[Planned]:
        return self.of(Outcome.NEW)

    @property
    def known(self) -> list[Planned]:
        return self.of(Outcome.KNOWN)

    @property
    def has_one(self) -> list[Planned]:
        return self.of(Outcome.HAS_ONE)

    @property
    def cannot(self) -> list[Planned]:
        return self.of(Outcome.CANNOT)

    @property
    def fingerprint(self) -> str:
        """Of what was looked at: what changed since is shown again before it is written."""
        said = "|".join(f"{one.line.number}:{one.outcome}:{one.person.pk if one.person else ''}" for one in self.lines)
        return hashlib.sha256(said.encode()).hexdigest()[:16]


def plan(lines: Sequence[Line], *, award: Award, by: User, this_year: int) -> Plan:
    field, people = PlaceNameField(within=places_to_certify(by)), people_to_certify(by)
    places = _remembered(field.clean)
    found: list[Planned] = []
    seen: dict[object, list[Planned]] = {}
    for line in lines:
        one = _planned(line, places, people, award=award, by=by, this_year=this_year)
        if one.is_issued:
            others = seen.setdefault(one.person.pk if one.person else text.fold(line.name), [])
            if before := next((other for other in others if one.person or _may_be_one(one, other)), None):
                one = Planned(line, Outcome.CANNOT, _("trùng với dòng %(n)s của danh sách") % {"n": before.line.number})
            else:
                others.append(one)
        found.append(one)
    return Plan(found)


def _may_be_one(one: Planned, other: Planned) -> bool:
    """Two new people of one name: as `_alike` would find the one who was registered first."""
    is_there = one.place == other.place or (one.phone and one.phone == other.phone)
    return bool(is_there) and (one.line.born == other.line.born or not (one.line.born and other.line.born))


def _remembered(clean: Callable[[str], Place]) -> Callable[[str], Place]:
    """Of a commune there are many on a list, of one that nobody knows too: each name is looked up once."""

    @cache
    def found(name: str) -> Place | ValidationError:
        try:
            return clean(name)
        except ValidationError as error:
            return error

    def place(name: str) -> Place:
        answer = found(name)
        if isinstance(answer, ValidationError):
            raise answer
        return answer

    return place


def _planned(
    line: Line, places: Callable[[str], Place], among: QuerySet[Person], *, award: Award, by: User, this_year: int
) -> Planned:
    if not line.place:
        return Planned(line, Outcome.CANNOT, _("chưa ghi xã, phường"))
    try:
        with _quoted(line.place):
            place = places(line.place)
        with _quoted(line.phone):
            phone = phones.to_e164(line.phone) if line.phone else ""
    except ValidationError as error:
        return Planned(line, Outcome.CANNOT, " ".join(error.messages))
    if why := _fault(line, this_year):
        return Planned(line, Outcome.CANNOT, why)
    people = _alike(line, place, phone, among)
    if len(people) > 1:
        why = _("có %(n)s người giống nhau trong hồ sơ: hãy ghi thêm năm sinh hay số điện thoại") % {"n": len(people)}
        return Planned(line, Outcome.CANNOT, why)
    if not people:
        needed = award.course.prerequisites.offered().first()
        outcome, why = (Outcome.CANNOT, _needs(needed)) if needed else (Outcome.NEW, "")
        return Planned(line, outcome, why, place=place, phone=phone)
    outcome, why = _of_known(people[0], award, by)
    return Planned(line, outcome, why, people[0], place, phone)


@contextmanager
def _quoted(cell: str) -> Iterator[None]:
    """Of two hundred lines nobody looks up what stands in the one that is wrong."""
    try:
        yield
    except ValidationError as error:
        why = " ".join(error.messages)
        raise ValidationError(f"“{cell}” – {why[:1].lower()}{why[1:]}") from error


def _fault(line: Line, this_year: int) -> str:
    if not looks_like_a_name(line.name):
        return _("họ và tên chưa đúng")
    if line.born and not is_year(line.born):
        return _("không đọc được năm sinh “%(born)s”") % {"born": line.born}
    if line.born and not is_adult_birth_year(int(line.born), this_year):
        return _("năm sinh “%(born)s” chưa đúng") % {"born": line.born}
    return ""


def _alike(line: Line, place: Place, phone: str, among: QuerySet[Person]) -> list[Person]:
    """Of this name, in the commune or with the number; a year of birth that differs makes another person."""
    people = among.filter(search=text.fold(line.name))
    where = Q(place=place)
    if phone:
        where |= Q(user__phone=phone) | Q(contact_phone=phone)
    found = list(people.filter(where).select_related("place__parent").distinct()[:9])
    if line.born:
        found = [one for one in found if one.birth_year in (None, int(line.born))]
    by_phone = [
        one for one in found if phone and phone in (one.contact_phone, getattr(one, "user", None) and one.user.phone)
    ]
    return by_phone or found


def _of_known(person: Person, award: Award, by: User) -> tuple[Outcome, str]:
    if person.pk == by.person_id:
        return Outcome.CANNOT, _("là chính anh/chị: hãy nhờ một cán bộ khác cấp")
    if not person.has_consented:
        return Outcome.CANNOT, _("chưa đồng ý cho ghi kết quả học, hoặc đã rút lại")
    enrolment = Enrolment.objects.filter(person=person, course=award.course_id).first()
    if enrolment is None:
        return _of_prerequisites(person, award)
    held = Credential.objects.filter(enrolment=enrolment)
    valid = held.filter(status=CredentialStatus.VALID).first()
    if valid:
        return Outcome.HAS_ONE, valid.number
    if enrolment.completed_at:
        revoked = held.filter(status=CredentialStatus.REVOKED).exists()
        return Outcome.CANNOT, _("giấy của khóa này đã bị thu hồi") if revoked else _("đã học xong, giấy đang được cấp")
    return Outcome.KNOWN, ""


def _of_prerequisites(person: Person, award: Award) -> tuple[Outcome, str]:
    done = Enrolment.objects.filter(person=person, completed_at__isnull=False).values("course")
    missing = award.course.prerequisites.offered().exclude(pk__in=done).first()
    if missing:
        return Outcome.CANNOT, _needs(missing)
    return Outcome.KNOWN, ""


def _needs(course: Course) -> str:
    return _("cần học xong khóa “%(title)s” trước") % {"title": course.title}

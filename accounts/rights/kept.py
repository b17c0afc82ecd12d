"""What is kept of a person, as that person reads it and takes it along."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from accounts.access import AnyUser, managed_places
from accounts.models import DataRequest, Person
from accounts.rules import OWN_ONLY
from lib import phones
from lib.registries import PersonRecords, person_records

type Line = list[tuple[str, str]]


@dataclass(frozen=True)
class Kind:
    """One kind of record: what is there, and what of it stays after an erasure."""

    name: str
    title: str
    kept: str
    words: dict[str, str]
    rows: list[dict[str, Any]]

    @property
    def lines(self) -> list[Line]:
        """Each row as (what it is called, value) in plain words; empty values are left out."""
        return [
            [(self.words.get(name, name), said) for name, value in row.items() if (said := self.said(value))]
            for row in self.rows
        ]

    def said(self, value: Any) -> str:
        if value is None or value == "":
            return ""
        if isinstance(value, bool):
            return _("Có") if value else _("Không")
        if isinstance(value, list):
            return "; ".join(filter(None, map(self.said, value)))
        if isinstance(value, dict):
            some = ((self.words.get(name, name), self.said(one)) for name, one in value.items())
            return ", ".join(f"{name}: {one}" for name, one in some if one)
        return self.words.get(str(value)) or _read(str(value))


def _read(value: str) -> str:
    """Moments, days and numbers of phones as they are read; anything else as it is."""
    if phones.is_stored(value):
        return phones.readable(value)
    try:
        moment = parse_datetime(value) if len(value) > len("2026-01-01") else None
        day = parse_date(value) if len(value) == len("2026-01-01") else None
    except ValueError:
        return value
    return _of_a_moment(moment) if moment else _of_a_day(day) if day else value


def _of_a_moment(moment: datetime) -> str:
    return str(date_format(localtime(moment) if moment.tzinfo else moment, "SHORT_DATETIME_FORMAT"))


def _of_a_day(day: date) -> str:
    return str(date_format(day, "SHORT_DATE_FORMAT"))


def _joined(person: Person) -> list[int]:
    """The person, and the records that were joined to theirs."""
    keys = [person.pk]
    for one in person.merged_from.all():
        keys += _joined(one)
    return keys


def kinds(person: Person, *, by_staff: bool = False) -> list[Kind]:
    """Every kind of record that tells something of this person or keeps something of them. `by_staff`: without what is theirs alone to see,
    where another looks as well."""
    keys = _joined(person)
    told = [(name, one) for name, one in person_records if one.title and not (by_staff and one.is_own_only)]
    made = [_kind(name, records, keys) for name, records in told]
    return [replace(one, rows=[row for row in one.rows if not _is_own_only(row)]) for one in made] if by_staff else made


def _is_own_only(row: dict[str, Any]) -> bool:
    return row.get("purpose") in OWN_ONLY


def _kind(name: str, records: PersonRecords, keys: list[int]) -> Kind:
    words = {key: str(word) for key, word in records.words.items()}
    rows = [row for key in keys for row in records.export(key)]
    return Kind(name, str(records.title), str(records.kept), words, rows)


def what_stays() -> list[tuple[str, str]]:
    """(kind, what stays and why), as it is told before somebody asks for an erasure."""
    return [(str(one.title), str(one.kept)) for _name, one in person_records if one.title and one.kept]


def as_data(person: Person, at: datetime, *, by_staff: bool = False) -> dict[str, Any]:
    """For machines: everything by the kind's name, values as they are stored."""
    return {
        "made_at": at.isoformat(),
        "records": {one.name: {"title": one.title, "rows": one.rows} for one in kinds(person, by_staff=by_staff)},
    }


def requests_visible_to(user: AnyUser, permission: str) -> QuerySet[DataRequest]:
    """By the present place of whoever asked; also of those who were erased since, whose requests show that it was done."""
    rows, places = DataRequest.objects.filter(person__merged_into=None), managed_places(user, permission)
    return rows if places is None else rows.filter(person__place__in=places)

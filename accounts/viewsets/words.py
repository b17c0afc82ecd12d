"""How the values of records are written: in lists, on a record's page and in tables to download."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from operator import attrgetter
from typing import Any

from django.db.models import Model
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from wagtail.admin.ui.tables import Column

from lib import phones

ROWS_KNOWN = 5000  # more than there are communes


def in_words(value: Any) -> Any:
    """Python's words for yes, no and nothing are no words for a reader, and its moments are those of London."""
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return gettext("Có") if value else gettext("Không")
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "SHORT_DATETIME_FORMAT")
    if isinstance(value, str) and phones.is_stored(value):
        return phones.readable(value)
    return value


def field_of(model: type[Model], name: str) -> Any:
    """The model's own field behind a column "place.full_name"; None for what the model works out."""
    own = name.partition(".")[0]
    return next((one for one in model._meta.fields if one.name == own), None)


def cell_of(model: type[Model], name: str) -> Callable[[Any], Any]:
    """How a column of a downloaded table is read: words for codes, and the time of this country."""
    field, read = field_of(model, name), _reader(name)
    if field and field.is_relation:
        return _of_another_row(field.attname, read)
    if field and field.choices:
        words = {code: str(label) for code, label in field.flatchoices}
        return lambda item: words.get(read(item), read(item))
    return lambda item: _here(read(item))


def _reader(name: str) -> Callable[[Any], Any]:
    get = attrgetter(name)

    def read(item: Any) -> Any:
        value = get(item)
        return value() if callable(value) else value

    return read


def _of_another_row(key: str, read: Callable[[Any], Any]) -> Callable[[Any], str]:
    """What many lines share (a place, a course) is put into words once; only the latest are kept, for lists of any length."""
    known: dict[Any, str] = {}

    def cell(item: Any) -> str:
        if (pk := getattr(item, key)) not in known:
            if len(known) >= ROWS_KNOWN:
                known.clear()
            value = None if pk is None else read(item)
            known[pk] = "" if value is None else str(value)
        return known[pk]

    return cell


def _here(value: Any) -> Any:
    if isinstance(value, str) and phones.is_stored(value):
        return phones.readable(value)
    return timezone.localtime(value).replace(tzinfo=None) if isinstance(value, datetime) else value


def csv_cell(value: Any) -> str:
    """Text stays text when a spreadsheet opens it, a formula too."""
    if isinstance(value, datetime):
        return date_format(value, "SHORT_DATETIME_FORMAT")
    if isinstance(value, date):
        return date_format(value, "SHORT_DATE_FORMAT")
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    words = "" if value is None else str(value)
    return f"'{words}" if words.startswith(("=", "+", "-", "@", "\t", "\r")) else words


class WordColumn(Column):
    cell_template_name = "accounts/admin/_cell.html"  # knows its head, for phones, where a row is a card

    def get_value(self, instance: Any) -> Any:
        return in_words(super().get_value(instance))

"""How the values of records are written: in lists, on a record's page and in tables to download."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from wagtail.admin.ui.tables import Column

from lib import phones


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


def in_local_words(item: Any, name: str, value: Any) -> Any:
    if display := getattr(item, f"get_{name}_display", None):
        return display()
    if isinstance(value, datetime):
        return timezone.localtime(value).replace(tzinfo=None)
    if isinstance(value, str) and phones.is_stored(value):
        return phones.readable(value)
    return value


def csv_cell(value: Any) -> str:
    """Text stays text when a spreadsheet opens it, a formula too."""
    if isinstance(value, datetime):
        return date_format(value, "SHORT_DATETIME_FORMAT")
    words = "" if value is None else str(value)
    return f"'{words}" if words.startswith(("=", "+", "-", "@", "\t", "\r")) else words


class WordColumn(Column):
    def get_value(self, instance: Any) -> Any:
        return in_words(super().get_value(instance))

"""A list of records as a file: for Excel or as CSV, with the rows and words of the list on screen."""

import csv
from collections.abc import Iterator
from tempfile import TemporaryFile
from typing import IO, Any

from django.db.models import DateField, DateTimeField, IntegerField, Model, QuerySet, TextField
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.text import capfirst, slugify
from wagtail.admin.views import generic
from wagtail.admin.views.mixins import Echo, ExcelDateFormatter

from accounts.access import home_of, permission_to_see
from lib import dates, sheets, text

from .words import cell_of, csv_cell, field_of

WORDS = 26  # characters: a name, a number in the register
# What a column holds says how wide it is: measuring would need all rows before the first one goes out.
WIDTHS: list[tuple[type, int]] = [(DateTimeField, 18), (DateField, 12), (IntegerField, 12), (TextField, 50)]
OF_ANOTHER_ROW = 38  # a place with its province, a course


def width_of(model: type[Model], name: str) -> int:
    field = field_of(model, name)
    if field and field.is_relation:
        return OF_ANOTHER_ROW
    return next((width for kind, width in WIDTHS if isinstance(field, kind)), WORDS)


class DownloadedIndexView(generic.IndexView):
    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if self.is_export and not self.list_export:
            raise Http404

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A download needs no page around it: making one would read all rows into memory first, to count them."""
        if self.is_export:
            return self.as_spreadsheet(self.told(self.get_queryset()), request.GET["export"])
        return super().get(request, *args, **kwargs)

    def order_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Rows that are alike in what they are sorted by keep their order from page to page: else some would stand on two, and others on
        none."""
        ordered = super().order_queryset(queryset)
        keys = ordered.query.order_by or ordered.model._meta.ordering or ()
        if {"pk", "-pk"} & {key for key in keys if isinstance(key, str)}:
            return ordered
        way = "-" if keys and isinstance(keys[0], str) and keys[0].startswith("-") else ""
        return ordered.order_by(*keys, f"{way}pk")

    def told(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """With what is looked up for each row that is shown or goes into a file, and by which nothing is sorted or filtered."""
        return rows

    def get_filename(self) -> str:
        return self.named(self.export_filename)

    def named(self, what: str) -> str:
        """What it lists, where, and the day, so that several downloads can be told apart."""
        today = dates.local_day(timezone.now())
        return slugify(text.fold(" ".join([what, *self.chosen(), f"{today:%Y-%m-%d}"])))

    def chosen(self) -> list[str]:
        """The place and other rows that the list was narrowed to; without a filter, the one place of a colleague."""
        known = dict(self.filters.form.cleaned_data) if self.filters and self.filters.is_valid() else {}
        place = known.pop("place", None) or home_of(self.request.user, permission_to_see(self.get_queryset()))
        others = [str(value) for value in known.values() if isinstance(value, Model)]
        return [place.full_name, *others] if place else others

    def heads(self, queryset: QuerySet[Any]) -> list[str]:
        return [self.get_heading(queryset, name) for name in self.list_export]

    def table(self, queryset: QuerySet[Any]) -> Iterator[list[Any]]:
        """The rows, as the list shows them. They pass through: a table of the whole country is never in memory."""
        cells = [cell_of(queryset.model, name) for name in self.list_export]
        for item in queryset.iterator(chunk_size=2000):
            yield [cell(item) for cell in cells]

    def sheet(self, queryset: QuerySet[Any]) -> sheets.Table:
        widths = [width_of(queryset.model, name) for name in self.list_export]
        columns = list(zip(self.heads(queryset), widths, strict=True))
        name = capfirst(str(queryset.model._meta.verbose_name_plural))
        return sheets.Table(name, columns, self.table(queryset))

    def write_xlsx_response(self, queryset: QuerySet[Any]) -> FileResponse:
        """The file is on disk until it is sent: that of a whole country is no memory of this process."""
        output = TemporaryFile()  # noqa: SIM115 (closed by the answer)
        self.write_xlsx(queryset, output)
        output.seek(0)
        return FileResponse(
            output, as_attachment=True, content_type=sheets.XLSX, filename=f"{self.get_filename()}.xlsx"
        )

    def write_xlsx(self, queryset: QuerySet[Any], output: IO[bytes]) -> None:
        sheets.write_tables(output, [self.sheet(queryset)], moments=ExcelDateFormatter().get())

    def stream_csv(self, queryset: QuerySet[Any]) -> Iterator[Any]:
        yield "\ufeff"  # without it Excel reads the file in an old Windows encoding
        writer = csv.writer(Echo())
        yield writer.writerow(map(csv_cell, self.heads(queryset)))
        for row in self.table(queryset):
            yield writer.writerow(map(csv_cell, row))

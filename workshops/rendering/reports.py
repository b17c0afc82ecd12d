"""The report on paper, and the photos that go into it."""

from workshops.models import ReportPhoto, Workshop
from workshops.reporting.blocks import Picture, Report

from .drawing import OF_THE_DECREE, drawn
from .sheets import LONG


def report_pdf(report: Report) -> bytes:
    """Raises Refusal."""
    said = {"report": report, "heads": report.heads, "specimen": report.specimen}
    return drawn("report", said, OF_THE_DECREE, own=("list",), seconds=LONG)


def photos_of(workshop: Workshop) -> list[Picture]:
    return [Picture(bytes(one.data), one.caption) for one in ReportPhoto.objects.filter(workshop=workshop)]

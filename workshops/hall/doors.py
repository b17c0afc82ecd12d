"""What is open in the hall to the holder of a ticket, who is known there by it."""

from django.urls import reverse
from django.utils.translation import gettext as _

from workshops import actions
from workshops.models import Moment, Registration
from workshops.showing import Shown

from .addresses import TEST


def hall_doors(held: Registration, shown: Shown) -> list[tuple[str, str]]:
    """Address and label: tests that run, and the sheet of feedback for whoever was there and has not given it."""
    if shown.workshop.closed_at:
        return []
    labels = {Moment.BEFORE: _("Làm bài đầu vào"), Moment.AFTER: _("Làm bài đầu ra")}
    running = {Moment(test.moment) for test in shown.tests if test.opened_at and not test.closed_at}
    doors = [(_address(TEST[moment], held), label) for moment, label in labels.items() if moment in running]
    if shown.is_feedback_asked and not held.gave_feedback and actions.was_there(held):
        doors.append((_address("workshops:hall_feedback", held), _("Đánh giá lớp")))
    return doors


def _address(name: str, held: Registration) -> str:
    return f"{reverse(name, args=[held.workshop.slug])}?ve={held.code}"

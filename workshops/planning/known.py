"""What the forms of a workshop say at first: what is there, or what an earlier workshop was, moved to later days."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.forms import model_to_dict
from django.utils import timezone

from lib import dates
from workshops.actions import certifying
from workshops.actions.planning import DETAILS
from workshops.models import AgendaItem, BasisKind, FormQuestion, Material, Session, Workshop, WorkshopPage

from .forms import name_of

WEEK, AHEAD = timedelta(days=7), timedelta(days=14)
COPIED = tuple(name for name in DETAILS if name not in ("opens_at", "closes_at"))


def rows_of(workshop: Workshop, kind: str) -> list[dict[str, Any]]:
    """A dict for each row of a part, with its key."""
    rows: list[dict[str, Any]] = _READING[kind](workshop)
    return rows


def sessions_of(workshop: Workshop) -> list[Session]:
    return list(workshop.sessions.all())


def page_of(workshop: Workshop) -> WorkshopPage | None:
    pages = WorkshopPage.objects.filter(translation_key=workshop.activity.translation_key).select_related("locale")
    return min(pages, key=lambda page: page.locale.language_code != "vi", default=None)


def days_between(earlier: Workshop, first: date | None) -> timedelta:
    """How far the days of an earlier workshop move: to the first day that was asked for, else by whole weeks until they are two weeks
    ahead."""
    begins = min((dates.local_day(one.starts_at) for one in _held(earlier)), default=None)
    if begins is None:
        return timedelta()
    if first:
        return first - begins
    moved = begins
    soonest = timezone.localdate() + AHEAD
    if moved < soonest:
        moved += WEEK * -(-(soonest - moved).days // 7)
    return moved - begins


def copied(earlier: Workshop, kind: str, by: timedelta) -> list[dict[str, Any]]:
    """Rows of a new workshop like those of an earlier one."""
    rows = rows_of(earlier, kind)
    if kind == "sessions":
        rows = [_moved(row, by) for row in rows if not row["gone"]]
    if kind in ("agenda", "materials"):
        place = {
            at: to
            for to, at in enumerate((at for at, one in enumerate(sessions_of(earlier), 1) if not one.cancelled_at), 1)
        }
        rows = [row | {"session": place[row["session"]]} for row in rows if row["session"] in place]
    if kind == "bases":  # the earlier one's invitation asked other people to another day
        rows = [row for row in rows if row["kind"] != BasisKind.INVITATION]
    return [row | {"pk": None} for row in rows]


def copied_details(earlier: Workshop) -> dict[str, Any]:
    page = page_of(earlier)
    return model_to_dict(earlier, COPIED) | {
        "title": earlier.title,
        "summary": page.summary if page else "",
        "place": earlier.place.full_name,
        "topic": earlier.activity.course.topic_id,
        "issuer": award.issuer_id if (award := certifying.award_of(earlier)) else None,
    }


def _held(workshop: Workshop) -> list[Session]:
    return [one for one in sessions_of(workshop) if not one.cancelled_at]


def _moved(row: dict[str, Any], by: timedelta) -> dict[str, Any]:
    day = row["day"] + by
    name = "" if row["name"] == name_of(row["day"], row["begins"]) else row["name"]
    return row | {"day": day, "name": name}


def _session(one: Session) -> dict[str, Any]:
    starts, ends = timezone.localtime(one.starts_at), timezone.localtime(one.ends_at)
    return {
        "pk": one.pk,
        "day": starts.date(),
        "begins": starts.time(),
        "ends": ends.time(),
        "room": one.room,
        "seats": one.seats,
        "name": one.name,
        "gone": one.cancelled_at is not None,
    }


def _numbers(workshop: Workshop) -> dict[int, int]:
    return {one.pk: number for number, one in enumerate(sessions_of(workshop), 1)}


def _agenda(workshop: Workshop) -> list[dict[str, Any]]:
    numbers = _numbers(workshop)
    items = AgendaItem.objects.filter(session__workshop=workshop).prefetch_related("speakers")
    rows = [
        {
            "pk": item.pk,
            "session": numbers[item.session_id],
            "starts_at": item.starts_at,
            "topic": item.topic,
            "detail": item.detail,
            "speakers": ", ".join(one.name for one in item.speakers.all()),
        }
        for item in items
    ]
    return sorted(rows, key=lambda row: (row["session"], row["starts_at"]))


def _materials(workshop: Workshop) -> list[dict[str, Any]]:
    numbers = _numbers(workshop)
    found = Material.objects.filter(session__workshop=workshop).order_by("position", "pk")
    return [
        {
            "pk": one.pk,
            "session": numbers[one.session_id],
            "title": one.title,
            "link": one.link,
            "document": one.document_id,
        }
        for one in found
    ]


def _plain(rows: Iterable[Any], *names: str) -> list[dict[str, Any]]:
    return [{"pk": row.pk} | {name: getattr(row, name) for name in names} for row in rows]


def _quotas(workshop: Workshop) -> list[dict[str, Any]]:
    found = workshop.quotas.select_related("place__parent").order_by("pk")
    return [
        {"pk": one.pk, "place": one.place.full_name if one.place else "", "unit": one.unit, "seats": one.seats}
        for one in found
    ]


def _questions(workshop: Workshop) -> list[dict[str, Any]]:
    found = FormQuestion.objects.filter(workshop=workshop, retired_at=None)
    return _plain(found, "label", "kind", "options", "stage", "is_required")


_READING: dict[str, Any] = {
    "sessions": lambda workshop: [_session(one) for one in sessions_of(workshop)],
    "speakers": lambda workshop: _plain(workshop.speakers.all(), "degree", "name", "post", "unit"),
    "agenda": _agenda,
    "materials": _materials,
    "bases": lambda workshop: _plain(workshop.bases.all(), "kind", "number", "issued_on", "issued_by", "subject"),
    "quotas": _quotas,
    "questions": _questions,
}

"""A workshop as readers see it. What was planned is looked up once a generation and language; seats are counted anew each time."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property, partial
from typing import Any

from django.db.models import Max, Min, Prefetch, Q
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import get_language
from wagtail.images.shortcuts import get_rendition_or_not_found
from wagtail.models import Page

from courses import learning, reading
from courses.learning import Title
from lib import generation
from lib.dates import local_day
from provinces.models import Place
from provinces.queries import units_of_today

from . import access, parallel, queries, rules
from .models import AgendaItem, FormQuestion, HallTest, SeenBy, Session, Speaker, Stage, Workshop, WorkshopPage

ON_THE_FRONT_PAGE = 3


@dataclass(frozen=True)
class SpeakerShown:
    speaker: Speaker
    photo: str  # address


@dataclass(frozen=True)
class Shown:
    """What was planned of one workshop; the same for everybody who may see it."""

    workshop: Workshop
    title: Title
    page: WorkshopPage | None  # in the reader's language, else in any; None for one that is restricted or gone
    page_language: str
    course_title: str
    course_address: str
    sessions: list[Session]
    speakers: list[SpeakerShown]
    bases: list[Any]
    questions: list[FormQuestion]
    tests: list[HallTest]
    is_feedback_asked: bool
    unit_today: Place | None  # where the place is called otherwise now
    seats: int | None  # for everybody; None: as many as come
    has_quotas: bool

    @property
    def held(self) -> list[Session]:
        return [session for session in self.sessions if session.cancelled_at is None]

    @cached_property
    def slots(self) -> list[parallel.Slot]:
        return parallel.slots(self.sessions)

    @property
    def choices(self) -> list[parallel.Slot]:
        """Of which a delegate chooses one session each."""
        return [slot for slot in self.slots if slot.is_parallel]

    @property
    def groups(self) -> list[parallel.Slot]:
        """What stands side by side in the programme; with what was cancelled."""
        off = [parallel.Slot((one,)) for one in self.sessions if one.cancelled_at]
        return sorted([*self.slots, *off], key=lambda slot: slot.begins_at)

    @property
    def begins_at(self) -> datetime | None:
        return min((session.starts_at for session in self.held), default=None)

    @property
    def ends_at(self) -> datetime | None:
        return max((session.ends_at for session in self.held), default=None)

    @property
    def is_one_day(self) -> bool:
        return len({local_day(session.starts_at) for session in self.held}) < 2

    @property
    def changed_on(self) -> date | None:
        """Until when the place was called as it is written here."""
        until = self.workshop.place.valid_to
        return until + timedelta(days=1) if until else None

    @property
    def is_listed(self) -> bool:
        return self.workshop.seen_by == SeenBy.EVERYBODY

    @property
    def has_materials(self) -> bool:
        return any(session.materials.all() for session in self.sessions)


@dataclass(frozen=True)
class Outlook:
    """How a workshop stands at this moment."""

    window: rules.Window
    pool: rules.Pool
    is_over: bool
    is_cancelled: bool

    @property
    def is_open(self) -> bool:
        return self.window is rules.Window.OPEN and not (self.is_over or self.is_cancelled)

    @property
    def is_to_come(self) -> bool:
        return self.window is rules.Window.NOT_YET and not (self.is_over or self.is_cancelled)


def find(request: HttpRequest, slug: str) -> Shown:
    """404 for what this reader may not see."""
    shown = of(slug)
    if not access.admits(request.user, shown.workshop):
        raise Http404
    return shown


def of(slug: str) -> Shown:
    return reading.shelf.remember(("workshop", get_language(), slug), partial(_find, slug))


def _find(slug: str) -> Shown:
    sessions = Session.objects.prefetch_related(
        Prefetch("agenda", AgendaItem.objects.prefetch_related("speakers")), "materials__document"
    )
    rows = Workshop.objects.select_related("activity__course", "place__parent").filter(slug=slug)
    asked = FormQuestion.objects.filter(stage=Stage.REGISTRATION, retired_at=None)
    rows = rows.prefetch_related(
        Prefetch("sessions", sessions), Prefetch("questions", asked), "speakers__photo", "bases", "quotas", "tests"
    )
    workshop = rows.first()
    if workshop is None:  # raised, so that whoever tries addresses fills no shelf
        raise Http404
    page, course = page_of(workshop), learning.course_page(workshop.activity.course)
    today = units_of_today({workshop.place_id})[workshop.place_id]
    return Shown(
        workshop=workshop,
        title=learning.activity_title(workshop.activity),
        page=page,
        page_language=page.locale.language_code if page else "",
        course_title=course.title if course else "",
        course_address=learning.address_of(workshop.activity.course) or "",
        sessions=list(workshop.sessions.all()),
        speakers=[SpeakerShown(one, _photo_of(one)) for one in workshop.speakers.all()],
        bases=list(workshop.bases.all()),
        questions=list(workshop.questions.all()),
        tests=list(workshop.tests.all()),
        is_feedback_asked=bool(queries.feedback_questions(workshop)),
        unit_today=None if today.pk == workshop.place_id else today,
        seats=rules.open_seats(workshop.capacity, [quota.seats for quota in workshop.quotas.all()]),
        has_quotas=bool(workshop.quotas.all()),
    )


def page_of(workshop: Workshop) -> WorkshopPage | None:
    """What was written of it, as far as everybody may read that. One that is not for everybody has a course that is not shown to all
    (`actions.planning`), and `access.admits` decides."""
    pages = WorkshopPage.objects.live().select_related("locale")
    if workshop.seen_by == SeenBy.EVERYBODY:
        pages = pages.public()
    found = {
        page.locale.language_code: page for page in pages.filter(translation_key=workshop.activity.translation_key)
    }
    return found.get(get_language() or "vi") or next(iter(found.values()), None)


def _photo_of(speaker: Speaker) -> str:
    if speaker.photo is None:
        return ""
    address: str = get_rendition_or_not_found(speaker.photo, "fill-144x144").url
    return address


def outlook(shown: Shown, now: datetime) -> Outlook:
    """One query while it is to come; none once it is over."""
    workshop, ends_at = shown.workshop, shown.ends_at
    is_over = bool(workshop.closed_at or (ends_at and ends_at <= now))
    window = rules.window(workshop.opens_at, workshop.closes_at, shown.begins_at, now)
    taken = 0 if is_over or shown.seats is None else queries.seats_taken(workshop, None)
    return Outlook(window, rules.Pool(shown.seats, taken), is_over, workshop.cancelled_at is not None)


@dataclass(frozen=True)
class Card:
    """`pool`: the seats for everybody, of what is to come; whether there is one holds as long as the card is kept, and so does `window`; how
    many does not."""

    workshop: Workshop
    title: Title
    begins_at: datetime
    ends_at: datetime
    pool: rules.Pool | None
    window: rules.Window


def cards() -> tuple[list[Card], list[Card]]:
    """To come, the next one first, and past, the latest first: all that everybody may see. One that is held today is to come until
    midnight, when pages that were kept are made anew."""
    found = reading.shelf.remember(("workshops", get_language()), _cards)
    today = local_day(timezone.now())
    upcoming = [card for card in found if local_day(card.ends_at) >= today]
    return upcoming, [card for card in reversed(found) if local_day(card.ends_at) < today]


def _cards() -> list[Card]:
    held = Q(sessions__cancelled_at=None)
    dated = access.public().annotate(
        begins_at=Min("sessions__starts_at", filter=held), ends_at=Max("sessions__ends_at", filter=held)
    )
    rows = list(
        dated.filter(begins_at__isnull=False).select_related("activity", "place__parent").order_by("begins_at", "pk")
    )
    now = timezone.now()
    titles, today = _titles(rows), local_day(now)
    pools = queries.open_pools([one for one in rows if local_day(one.ends_at) >= today])
    turns = [at for one in rows for at in (one.opens_at, one.closes_at or one.begins_at) if at and at > now]
    if turns:
        generation.holds_until(min(turns))
    windows = {one.pk: rules.window(one.opens_at, one.closes_at, one.begins_at, now) for one in rows}
    return [Card(one, titles[one.pk], one.begins_at, one.ends_at, pools.get(one.pk), windows[one.pk]) for one in rows]


def next_cards() -> list[Card]:
    """Of the front page: the next few that are held."""
    upcoming, _past = cards()
    return [card for card in upcoming if not card.workshop.cancelled_at][:ON_THE_FRONT_PAGE]


def _titles(workshops: Iterable[Workshop]) -> dict[int, Title]:
    """As `learning.activity_title`, of many at once."""
    language, written = get_language() or "vi", defaultdict(dict)  # type: ignore[var-annotated]
    keys = {one.activity.translation_key: one for one in workshops}
    pages = Page.objects.live().filter(translation_key__in=keys)
    for key, code, title in pages.values_list("translation_key", "locale__language_code", "title"):
        written[key][code] = title
    return {
        one.pk: Title(written[key][language], language) if language in written[key] else Title(one.activity.title, "vi")
        for key, one in keys.items()
    }

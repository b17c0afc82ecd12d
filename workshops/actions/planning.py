"""A workshop is planned: course, page, sessions and what belongs to them at once; changed part by part, and cancelled."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import Locale, Page, PageViewRestriction

from accounts.access import managed_places
from accounts.models import User
from courses.access import TO_CHANGE_COHORTS, cohorts_visible_to
from courses.actions import change_cohort, open_cohort
from courses.models import Activity, CataloguePage, Course, CoursePage, LessonPage, Topic
from lib import dates, generation, text
from lib.refusals import Refusal
from provinces.models import Place
from workshops.access import TO_MANAGE, TO_PLAN, workshops_visible_to
from workshops.models import SeenBy, Session, Workshop, WorkshopPage

from . import parts
from .inviting import tell_cancelled
from .registering import promote

CLOSING = time(17)  # of the day before
RESERVED = ("ve",)  # what stands beside workshops under their address: tickets
DETAILS = (
    "organiser", "organiser_parent", "co_organiser", "venue", "map_link", "contact", "audience", "capacity", "opens_at",
    "closes_at", "seen_by", "offer_hours", "needed_percent",
)  # fmt: skip


@transaction.atomic
def plan_workshop(
    *,
    title: str,
    place: Place,
    details: Mapping[str, Any],
    sessions: Sequence[parts.SessionSpec],
    by: User,
    at: datetime,
    topic: Topic | None = None,
    course: Course | None = None,
    slug: str = "",
    summary: str = "",
    sent_as: UUID | None = None,
    speakers: Sequence[parts.SpeakerSpec] = (),
    agenda: Sequence[parts.AgendaSpec] = (),
    materials: Sequence[parts.MaterialSpec] = (),
    bases: Sequence[parts.BasisSpec] = (),
    quotas: Sequence[parts.QuotaSpec] = (),
    questions: Sequence[parts.QuestionSpec] = (),
) -> Workshop:
    """With a page in the catalogue at once, in a course of its own or a `course` that is there. A second press of the button (`sent_as` tells
    what was sent) finds the workshop of the first; another one of the same name and day is another workshop. In a course that others learn already, nobody has to come to complete it.

    Raises Refusal for a place that is not theirs, without a session, for an address that is taken, and for seats that do not add up.
    """
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    _refuse_foreign_place(place, by, TO_PLAN)
    if not sessions:
        raise Refusal(_("Hãy ghi ít nhất một buổi."))
    known = Workshop.objects.filter(created_by=by, sent_as=sent_as, cancelled_at=None)
    if sent_as and (found := known.first()):
        return found
    begins, title = min(one.starts_at for one in sessions), text.nfc(title)
    address = _free_address(slug, title)
    page = _publish(title, text.nfc(summary), address, course, topic, by)
    activity = Activity.objects.select_related("course").get(translation_key=page.translation_key)
    workshop = Workshop(activity=activity, slug=address, place=place, created_by=by, created_at=at, sent_as=sent_as)
    _tell(workshop, details)
    workshop.closes_at = workshop.closes_at or _day_before(begins, at)
    _write(workshop)
    _list_course(workshop, by)
    written = parts.write_sessions(workshop, sessions, at)
    parts.write_programme(workshop, written, speakers, agenda)
    parts.write_materials(workshop, written, materials)
    parts.write_bases(workshop, bases)
    parts.write_quotas(workshop, quotas)
    parts.write_questions(workshop, questions, at)
    workshop.cohort = _cohort(workshop, by, at)
    workshop.save(update_fields=["cohort"])
    log(instance=workshop, action="workshops.planned", user=by, timestamp=at)
    return workshop


@transaction.atomic
def change_details(
    *,
    workshop: Workshop,
    title: str,
    summary: str,
    place: Place,
    details: Mapping[str, Any],
    by: User,
    at: datetime,
) -> Workshop:
    """What is said of a workshop; its page says the new title. More seats are offered to whoever waits. Raises Refusal for fewer seats
    than are taken and for a place that is not theirs."""
    workshop = held(workshop, by)
    _refuse_foreign_place(place, by, TO_MANAGE)
    workshop.place = place
    _tell(workshop, details)
    _write(workshop)
    _list_course(workshop, by)
    _rename(workshop, text.nfc(title), text.nfc(summary), by)
    parts.refuse_oversold(workshop)
    promote(workshop=workshop, at=at)
    _move_cohort(workshop, by, at)
    return noted(workshop, "workshops.changed", by, at, part="details")


@transaction.atomic
def change_part(*, workshop: Workshop, part: str, by: User, at: datetime, **specs: Any) -> Workshop:
    """Sessions, programme, materials, bases, quotas or questions, by the specs that the form of a part gives. Raises Refusal with what
    keeps a row as it is."""
    workshop = held(workshop, by)
    parts.WRITING[part](workshop, at, **specs)
    promote(workshop=workshop, at=at)
    _move_cohort(workshop, by, at)
    return noted(workshop, "workshops.changed", by, at, part=part)


@transaction.atomic
def cancel_workshop(*, workshop: Workshop, reason: str, by: User, at: datetime) -> bool:
    """Nobody registers any more; who did stays on the list, and is told. Whether it changed anything. Raises Refusal for one that is
    over."""
    workshop = held(workshop, by, even_cancelled=True)
    if workshop.cancelled_at:
        return False
    workshop.cancelled_at, workshop.cancelled_why = at, text.nfc(reason)[:200]
    workshop.save(update_fields=["cancelled_at", "cancelled_why"])
    noted(workshop, "workshops.cancelled", by, at, reason=workshop.cancelled_why)
    tell_cancelled(workshop, by=by, at=at)
    return True


def held(workshop: Workshop, by: User, *, even_cancelled: bool = False, even_closed: bool = False) -> Workshop:
    """Locked, of the officer's own places, and not over yet."""
    mine = workshops_visible_to(by, TO_MANAGE).filter(pk=workshop.pk).values("pk")
    locking = Workshop.objects.select_for_update(of=("self",)).select_related("activity__course", "place__parent")
    found = locking.filter(pk__in=mine).first()
    if found is None:
        raise Refusal(_("Chưa đổi gì, vì lớp này ngoài địa bàn của anh/chị. Hãy nhờ cán bộ của nơi tổ chức."))
    if found.closed_at and not even_closed:
        raise Refusal(_("Lớp này đã chốt, nên không sửa được nữa. Cần sửa thì mở lại ở “Chốt lớp, cấp giấy”."))
    if found.cancelled_at and not even_cancelled:
        raise Refusal(
            _("Lớp này đã hủy, nên không sửa được nữa. Muốn tổ chức lại thì bấm “Chép thành lớp mới” ở trang của lớp.")
        )
    return found


def noted(workshop: Workshop, action: str, by: User, at: datetime, **said: Any) -> Workshop:
    generation.bump()
    log(instance=workshop, action=action, user=by, timestamp=at, data=said)
    return workshop


def _tell(workshop: Workshop, details: Mapping[str, Any]) -> None:
    for name in DETAILS:
        if name in details:
            value = details[name]
            setattr(workshop, name, text.nfc(value) if isinstance(value, str) else value)


def _write(workshop: Workshop) -> None:
    try:
        workshop.full_clean(exclude=["activity", "cohort", "created_by"])
    except ValidationError as error:
        raise Refusal(" ".join(error.messages)) from None
    workshop.save()


def _refuse_foreign_place(place: Place, by: User, permission: str) -> None:
    places = managed_places(by, permission)
    if places is not None and not places.contains(place):
        raise Refusal(_("Địa bàn này ngoài địa bàn của anh/chị. Hãy ghi tỉnh, xã hay phường mà anh/chị được giao."))


def _day_before(begins: datetime, at: datetime) -> datetime | None:
    """When registration closes where nobody said it; None where that is over already."""
    day = dates.local_day(begins) - timedelta(days=1)
    end = timezone.make_aware(datetime.combine(day, CLOSING))
    return end if end > at else None


def _free_address(slug: str, title: str) -> str:
    """What was asked for, or the first that is free of those that the title gives."""
    if slug:
        if slug in RESERVED or Workshop.objects.filter(slug=slug).exists():
            raise Refusal(_("Đường dẫn này đã có lớp khác dùng. Hãy ghi đường dẫn khác, hoặc để trống."))
        return slug
    stem = slugify(text.fold(title))[:70].strip("-") or "lop"
    taken = {*RESERVED, *Workshop.objects.filter(slug__startswith=stem).values_list("slug", flat=True)}
    names = [stem, *(f"{stem}-{number}" for number in range(2, len(taken) + 3))]
    return next(name for name in names if name not in taken)


def _publish(title: str, summary: str, slug: str, course: Course | None, topic: Topic | None, by: User) -> WorkshopPage:
    """Through Wagtail, so that whoever listens to pages makes the rows."""
    parent = _page_of(course) if course else _course_page(title, summary, slug, topic, by)
    page = WorkshopPage(title=title, summary=summary, slug=_free_below(parent, slug), locale=parent.locale)
    page.is_required = course is None
    return _live(parent, page, by)


def _page_of(course: Course) -> CoursePage:
    pages = CoursePage.objects.live().filter(translation_key=course.translation_key).select_related("locale")
    found = sorted(pages, key=lambda page: page.locale.language_code != "vi")
    if course.retired_at or not found:
        raise Refusal(_("Khóa học này không còn mở. Hãy chọn khóa khác, hoặc lập khóa mới."))
    page: CoursePage = found[0]
    return page


def _course_page(title: str, summary: str, slug: str, topic: Topic | None, by: User) -> CoursePage:
    if topic is None:
        raise Refusal(_("Hãy chọn chuyên đề của lớp, hoặc một khóa học có sẵn."))
    locale = Locale.objects.get(language_code="vi")
    catalogue = CataloguePage.objects.live().filter(locale=locale).first()
    if catalogue is None:
        raise Refusal(_("Chưa có trang danh mục khóa học nào được đăng. Hãy nhờ người biên soạn đăng trang ấy trước."))
    page = CoursePage(title=title, summary=summary, topic=topic, slug=_free_below(catalogue, slug), locale=locale)
    return _live(catalogue, page, by)


def _free_below(parent: Page, slug: str) -> str:
    taken = set(parent.get_children().filter(slug__startswith=slug).values_list("slug", flat=True))
    names = [slug, *(f"{slug}-{number}" for number in range(2, len(taken) + 3))]
    return next(name for name in names if name not in taken)


def _live[P: Page](parent: Page, page: P, by: User) -> P:
    page.live, page.owner = False, by
    parent.add_child(instance=page)
    page.save_revision(user=by).publish(user=by, skip_permission_checks=True)
    page.refresh_from_db()
    return page


def _list_course(workshop: Workshop, by: User) -> None:
    """A course that is there for workshops alone stands in catalogue and search while one of them is for everybody; else who has its
    address logs in first. A course with lessons is its editors' to show."""
    course = workshop.activity.course
    if course.activities.filter(kind=LessonPage.activity_kind, retired_at=None).exists():
        return
    pages = CoursePage.objects.filter(translation_key=course.translation_key)
    login = PageViewRestriction.LOGIN
    if Workshop.objects.filter(activity__course=course, seen_by=SeenBy.EVERYBODY, cancelled_at=None).exists():
        for restriction in PageViewRestriction.objects.filter(page__in=pages, restriction_type=login):
            restriction.delete(user=by)
        return
    for page in pages.exclude(view_restrictions__isnull=False):
        PageViewRestriction(page=page, restriction_type=login).save(user=by)


def _rename(workshop: Workshop, title: str, summary: str, by: User) -> None:
    """What is live says it at once; what somebody else is writing stays a draft, with the new title."""
    pages = WorkshopPage.objects.filter(translation_key=workshop.activity.translation_key)
    page = pages.filter(locale__language_code="vi").first() or pages.first()
    if page is None or (page.title, page.summary) == (title, summary):
        return
    draft = page.get_latest_revision_as_object() if page.has_unpublished_changes else None
    if page.live:
        page.title, page.summary = title, summary
        page.save_revision(user=by).publish(user=by, skip_permission_checks=True)
    if draft is not None:
        draft.title, draft.summary = title, summary
        draft.save_revision(user=by)
    workshop.activity.refresh_from_db()


def _cohort(workshop: Workshop, by: User, at: datetime) -> Any:
    days = [dates.local_day(one.starts_at) for one in Session.objects.filter(workshop=workshop)]
    course, first = workshop.activity.course, min(days)
    name = f"{workshop.title[:100]} · {dates.short(first)}"
    if course.cohorts.filter(name=name).exists():
        name = f"{name[:110]} ({workshop.pk})"
    return open_cohort(
        course=course, name=name, starts_on=first, ends_on=max(days), place=workshop.place,
        organised_by=workshop.organiser, by=by, at=at,
    )  # fmt: skip


def _move_cohort(workshop: Workshop, by: User, at: datetime) -> None:
    """It keeps the days, the place and the organiser of its workshop, and the day in its name, as far as it is the officer's to change and
    still open."""
    cohort = workshop.cohort
    if cohort is None or cohort.closed_at or not cohorts_visible_to(by, TO_CHANGE_COHORTS).contains(cohort):
        return
    held = Session.objects.filter(workshop=workshop, cancelled_at=None)
    days = [dates.local_day(one) for one in held.values_list("starts_at", flat=True)]
    name = cohort.name.replace(dates.short(cohort.starts_on), dates.short(min(days)))
    is_taken = cohort.course.cohorts.filter(name=name).exclude(pk=cohort.pk).exists()
    change_cohort(
        cohort=cohort, name=cohort.name if is_taken else name, starts_on=min(days), ends_on=max(days), place=workshop.place,
        organised_by=workshop.organiser, by=by, at=at,
    )  # fmt: skip

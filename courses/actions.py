"""Every write of catalogue rows and learning records."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import Page

from accounts.models import Person, User
from lib import generation, registries
from lib.refusals import Refusal

from . import rules
from .models import Activity, ActivityPage, Citation, Completion, Course, CoursePage, Enrolment, LegalText, Source
from .queries import steps_of
from .signals import enrolment_completed, enrolment_reopened, enrolments_changed


@transaction.atomic
def publish_course(*, page: CoursePage, at: datetime) -> Course:
    """Writes the row that all languages of a course page share. The Vietnamese page names it, else whichever came last."""
    generation.bump()
    fields = {"title": page.title, "topic": page.topic, "is_sequential": page.is_sequential, "retired_at": None}
    course, created = Course.objects.get_or_create(translation_key=page.translation_key, defaults=fields)
    if not created and (page.locale.language_code == "vi" or not _live_pages(page).exclude(pk=page.pk).exists()):
        for name, value in fields.items():
            setattr(course, name, value)
    course.retired_at = None
    course.save()
    course.prerequisites.set(page.prerequisites.exclude(pk=course.pk))
    for child in page.get_children().live().specific():
        if isinstance(child, ActivityPage):
            publish_activity(page=child, at=at)
    return course


@transaction.atomic
def publish_activity(*, page: ActivityPage, at: datetime) -> Activity | None:
    """Writes the row that all languages of an activity page share; None while its course is not live.

    A requirement added later counts from now on: it never reopens an enrolment that was finished before.
    """
    generation.bump()
    parent = page.get_parent()
    course = Course.objects.filter(translation_key=parent.translation_key, retired_at=None).first()
    if course is None:
        return None
    activity, created = Activity.objects.get_or_create(
        translation_key=page.translation_key,
        defaults={"course": course, "kind": page.activity_kind, "title": page.title, "is_required": page.is_required},
    )
    if not created and (page.locale.language_code == "vi" or not _live_pages(page).exclude(pk=page.pk).exists()):
        activity.title = page.title
    activity.course, activity.is_required, activity.retired_at = course, page.is_required, None
    activity.save()
    Citation.objects.filter(activity=activity).delete()
    Citation.objects.bulk_create(
        Citation(activity=activity, legal_text_id=pk) for pk in sorted(page.cited_legal_texts())
    )
    _number_activities(course, parent)
    return activity


def _live_pages(page: Page) -> QuerySet[Page]:
    """The live pages of all languages that share a row."""
    pages: QuerySet[Page] = type(page).objects.filter(translation_key=page.translation_key, live=True)
    return pages


def _number_activities(course: Course, course_page: Page) -> None:
    """Positions follow the order of the pages; minutes are summed up on the way."""
    minutes = 0
    pages = [page for page in course_page.get_children().live().specific() if isinstance(page, ActivityPage)]
    for position, page in enumerate(pages, start=1):
        Activity.objects.filter(translation_key=page.translation_key).update(position=position)
        minutes += page.minutes
    Course.objects.filter(pk=course.pk).update(minutes=minutes)


@transaction.atomic
def retire_page(*, page: Page, at: datetime) -> None:
    """Retires the row behind a page that went away, unless another language of it is still live. History stays."""
    generation.bump()
    if _live_pages(page).exclude(pk=page.pk).exists():
        return
    rows = Course if isinstance(page, CoursePage) else Activity
    rows.objects.filter(translation_key=page.translation_key, retired_at=None).update(retired_at=at)


@transaction.atomic
def enrol(*, person: Person, course: Course, at: datetime, source: str = Source.SELF) -> Enrolment:
    """Puts a person into a course, with the place and subject of the day. A second call gives the same enrolment.

    Raises Refusal when the course is not offered any more or another one has to be finished first.
    """
    known = Enrolment.objects.filter(person=person, course=course).first()
    if known:
        return known
    if course.retired_at:
        raise Refusal(_("Khóa học này không còn mở. Kết quả của người đã học vẫn được giữ."))
    missing = course.prerequisites.exclude(
        enrolments__in=Enrolment.objects.filter(person=person, completed_at__isnull=False)
    ).first()
    if missing:
        raise Refusal(_("Cần học xong khóa “%(title)s” trước.") % {"title": missing.title})
    enrolment, created = Enrolment.objects.get_or_create(
        person=person,
        course=course,
        defaults={
            "place": person.place,
            "person_kind": person.kind,
            "subject": person.subject,
            "source": source,
            "enrolled_at": at,
            "last_active_at": at,
        },
    )
    if created:
        _tell_changed([enrolment.pk])
    return enrolment


@transaction.atomic
def complete_activity(
    *,
    enrolment: Enrolment,
    activity: Activity,
    at: datetime,
    occurred_at: datetime | None = None,
    source: str = Source.SELF,
) -> bool:
    """Records that an enrolment finished an activity and, with the last required one, the course.

    Returns whether this call recorded it: a replay is harmless. Raises Refusal for an activity of another course.
    """
    if activity.course_id != enrolment.course_id:
        raise Refusal(_("Bài này không thuộc khóa học đang ghi danh."))
    _completion, is_new = Completion.objects.get_or_create(
        enrolment=enrolment,
        activity=activity,
        defaults={"occurred_at": occurred_at or at, "recorded_at": at, "source": source},
    )
    if is_new:
        Enrolment.objects.filter(pk=enrolment.pk, last_active_at__lt=at).update(last_active_at=at)
        recompute_enrolment(enrolment=enrolment, at=at)
        _tell_changed([enrolment.pk])
    return is_new


@transaction.atomic
def recompute_enrolment(*, enrolment: Enrolment, at: datetime) -> bool:
    """Sets `completed_at` once, when all required activities are done; returns whether this call did it.

    The moment is that of the last completion, so that a repair tells the same date as the event would have.
    """
    done = frozenset(enrolment.completions.values_list("activity_id", flat=True))
    if not rules.is_complete(steps_of(enrolment.course_id), done):
        return False
    finished_at = enrolment.completions.aggregate(last=Max("recorded_at"))["last"] or at
    if not Enrolment.objects.filter(pk=enrolment.pk, completed_at=None).update(completed_at=finished_at):
        return False
    transaction.on_commit(lambda: enrolment_completed.send(Enrolment, enrolment_id=enrolment.pk, at=finished_at))
    return True


@transaction.atomic
def reopen_enrolment(*, enrolment: Enrolment, by: User, reason: str, at: datetime) -> None:
    """Takes a completion of the course back, by staff and with a reason; what hangs on it is told on commit."""
    if Enrolment.objects.filter(pk=enrolment.pk, completed_at__isnull=False).update(completed_at=None):
        log(instance=enrolment, action="courses.reopened", user=by, data={"reason": reason})
        transaction.on_commit(lambda: enrolment_reopened.send(Enrolment, enrolment_id=enrolment.pk, at=at))
        _tell_changed([enrolment.pk])


def _tell_changed(enrolment_ids: list[int]) -> None:
    transaction.on_commit(lambda: enrolments_changed.send(Enrolment, enrolment_ids=enrolment_ids))


def reconcile(*, at: datetime) -> int:
    """Repairs what a crash between commit and signal left undone; returns how many enrolments were finished or told."""
    repaired = 0
    unfinished = Enrolment.objects.filter(completed_at=None, completions__isnull=False).distinct()
    for enrolment in unfinished.iterator(chunk_size=500):
        repaired += recompute_enrolment(enrolment=enrolment, at=at)
    for pk, completed_at in Enrolment.objects.exclude(completed_at=None).values_list("pk", "completed_at").iterator():
        enrolment_completed.send(Enrolment, enrolment_id=pk, at=completed_at)
    return repaired


@transaction.atomic
def change_legal_text(*, legal_text: LegalText, by: User | None, at: datetime) -> list[str]:
    """Saves an edited row of the register and marks everything that cites it for review.

    Returns the titles of what was marked. Only a change that readers rely on (status, dates, successor, name) marks.
    """
    before = LegalText.objects.get(pk=legal_text.pk)
    legal_text.save()
    generation.bump()
    watched = (
        "kind",
        "number",
        "name",
        "name_en",
        "status",
        "in_force_from",
        "replaced_by_id",
        "note",
        "note_en",
        "confidence",
    )
    if all(getattr(before, name) == getattr(legal_text, name) for name in watched):
        return []
    marked = [title for _name, mark in registries.citing for title in mark(legal_text.pk, at=at)]
    log(instance=legal_text, action="courses.legal_text_changed", user=by, data={"marked": marked})
    return marked


def mark_citing_activities(legal_text_id: int, *, at: datetime) -> list[str]:
    """Entry of the registry `citing`: lessons that rest on a legal text."""
    citing = Activity.objects.offered().filter(citations__legal_text=legal_text_id)
    titles = list(citing.values_list("title", flat=True))
    reason = _("Căn cứ %(law)s vừa thay đổi") % {"law": LegalText.objects.get(pk=legal_text_id)}
    citing.update(needs_review_since=at, review_reason=reason)
    return titles


@transaction.atomic
def mark_reviewed(*, activity: Activity, by: User, at: datetime) -> None:
    """Takes the mark "cần rà soát" away; who did it is kept."""
    activity.needs_review_since, activity.review_reason = None, ""
    activity.save(update_fields=["needs_review_since", "review_reason"])
    log(instance=activity, action="courses.reviewed", user=by, data={"at": at.isoformat()})

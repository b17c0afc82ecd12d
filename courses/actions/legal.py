"""The register of legal texts, what rests on it, and the mark "cần rà soát"."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Field, Model
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import PageLogEntry

from accounts.models import User
from courses.models import Activity, LegalText, LessonPage
from courses.queries import authors_of
from lib import dates, generation, registries, text
from lib.registries import Marked
from messaging.actions import enqueue

# What readers rely on: a change of anything else (the source, the day of the next look) marks nothing.
WATCHED = (
    "kind", "number", "name", "name_en", "status", "in_force_from", "replaced_by", "note", "note_en", "confidence",
)  # fmt: skip


@transaction.atomic
def change_legal_text(*, legal_text: LegalText, by: User | None, at: datetime) -> list[str]:
    """Saves an edited row of the register, marks everything that cites it for review and tells the authors.

    Returns the titles of what was marked. What is kept of it is Vietnamese, whatever language the editor's screen has.
    """
    before = LegalText.objects.get(pk=legal_text.pk)
    legal_text.save()
    generation.bump()
    fields = [field for field in LegalText._meta.fields if field.name in WATCHED]
    changed = [field for field in fields if getattr(before, field.attname) != getattr(legal_text, field.attname)]
    if not changed:
        return []
    with translation.override(settings.LANGUAGE_CODE):
        what = ", ".join(_change(field, before, legal_text) for field in changed)
        marked = [one for _name, citing in registries.citing for one in citing.mark(legal_text.pk, what, at=at)]
        _tell_authors(legal_text, [str(field.verbose_name) for field in changed], marked, by=by, at=at)
    titles = [one.title for one in marked]
    data = {"changed": [field.name for field in changed], "marked": titles}
    log(instance=legal_text, action="courses.legal_text_changed", user=by, data=data)
    return titles


def _change(field: "Field[Any, Any]", before: LegalText, after: LegalText) -> str:
    """ "tình trạng từ “còn hiệu lực” thành “hết hiệu lực”"; of a long text only that it changed."""
    old, new = _shown(field, before), _shown(field, after)
    if max(len(old), len(new)) > 40:
        return str(field.verbose_name)
    return _("%(field)s từ “%(old)s” thành “%(new)s”") % {"field": field.verbose_name, "old": old, "new": new}


def _shown(field: "Field[Any, Any]", legal_text: LegalText) -> str:
    display = getattr(legal_text, f"get_{field.name}_display", None)
    value = display() if display else getattr(legal_text, field.name)
    return (dates.short(value) if isinstance(value, date) else str(value or "")) or "–"


def _tell_authors(
    legal_text: LegalText, changed: list[str], marked: list[Marked], *, by: User | None, at: datetime
) -> None:
    """One message an author, however much of theirs is marked. Who made the change has read it on the screen."""
    authors = {author for one in marked for author in one.authors} - {by.pk if by else None}
    for author in User.objects.filter(pk__in=authors, is_active=True, is_staff=True, phone__isnull=False):
        body = _message(legal_text, changed, sum(author.pk in one.authors for one in marked))
        enqueue(to=author.phone or "", body=body, purpose="legal-text-changed", at=at)


def _message(legal_text: LegalText, changed: list[str], count: int) -> str:
    """Without diacritics, as every text message: "Hoc OCOP: Nghi dinh 1/2026/ND-CP vua doi tinh trang. …"."""
    law, what = text.without_marks(str(legal_text)), text.without_marks(", ".join(changed))
    address = settings.BASE_URL + reverse("courses_admin:review")
    return f"Hoc OCOP: {law} vua doi {what}. {count} muc cua anh/chi can ra soat: {address}"


def mark_citing_activities(legal_text_id: int, what: str, *, at: datetime) -> list[Marked]:
    """Lessons that rest on a legal text. A reason that nobody has looked into yet stays beside the new one."""
    citing = list(Activity.objects.offered().filter(citations__legal_text=legal_text_id))
    law = LegalText.objects.get(pk=legal_text_id)
    reason = _("Căn cứ %(law)s (%(name)s) vừa đổi %(what)s") % {"law": law, "name": law.name[:60], "what": what}
    authors = authors_of(activity.translation_key for activity in citing)
    for activity in citing:
        known = [one for one in activity.review_reason.split("; ") if one not in ("", reason)]
        activity.needs_review_since, activity.review_reason = at, "; ".join([reason, *known])[:255]
    Activity.objects.bulk_update(citing, ["needs_review_since", "review_reason"])
    return [Marked(activity.title, authors.get(activity.translation_key, frozenset())) for activity in citing]


@transaction.atomic
def lift_marks(*, marks: Iterable[tuple[str, int, datetime]], by: User, at: datetime) -> int:
    """Somebody looked into what was marked: (entry of `registries.under_review`, pk, since when). Returns how many marks went."""
    kinds = registries.under_review.entries
    return sum(kinds[kind].reviewed(pk, since=since, by=by, at=at) for kind, pk, since in marks)


@transaction.atomic
def mark_reviewed(pk: int, *, since: datetime, by: User, at: datetime) -> bool:
    """Takes the mark "cần rà soát" away from an activity; who did it is kept. A mark newer than the one that was seen stays."""
    activity = Activity.objects.select_for_update().filter(pk=pk, needs_review_since=since).first()
    if activity is None:
        return False
    reason = activity.review_reason
    activity.needs_review_since, activity.review_reason = None, ""
    activity.save(update_fields=["needs_review_since", "review_reason"])
    note_reviewed(activity, by=by, at=at, reason=reason)
    return True


def note_reviewed(instance: Model, *, by: User, at: datetime, reason: str = "") -> None:
    """Into the log of whatever was marked. Used by the floors above as well."""
    log(instance=instance, action="courses.reviewed", user=by, data={"at": at.isoformat(), "reason": reason})


def note_reviewer(*, page: LessonPage, by: User) -> None:
    """Into the lesson's history: whom an editor named as its reviewer, if that is not what was named last."""
    data = {
        "is_sample": page.is_sample,
        "reviewer": page.reviewer_name,
        "unit": page.reviewer_unit,
        "reviewed_on": page.reviewed_on.isoformat() if page.reviewed_on else "",
    }
    known = PageLogEntry.objects.filter(page=page.pk, action="courses.reviewer_named").order_by("-pk").first()
    unnamed = {"is_sample": True, "reviewer": "", "unit": "", "reviewed_on": ""}
    if data != (known.data if known else unnamed):
        log(instance=page, action="courses.reviewer_named", user=by, data=data)

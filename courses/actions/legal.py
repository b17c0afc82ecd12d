"""The register of legal texts, and what rests on it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from accounts.models import User
from courses.models import Activity, LegalText
from lib import generation, registries


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

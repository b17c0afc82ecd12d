"""Which issuer certifies a workshop: chosen by whoever runs it, among those that an administrator has opened to its province."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from certificates import actions as certificates
from certificates.access import issuers_for
from certificates.models import Award, Issuer
from courses.models import LessonPage
from lib.refusals import Refusal
from workshops import queries
from workshops.access import TO_MANAGE, workshops_visible_to
from workshops.models import Workshop

from .planning import change_details, held, noted, plan_workshop


def award_of(workshop: Workshop) -> Award | None:
    return Award.objects.select_related("issuer").filter(course=workshop.activity.course_id, is_active=True).first()


def issuers_of(workshop: Workshop, by: User) -> QuerySet[Issuer]:
    """Whom the colleague may choose; nobody where the certificate is not the workshop's own: of a course with lessons, of a course in which
    somebody else's workshop is, and where an administrator has chosen an issuer that is not theirs to choose."""
    offered = issuers_for(by, [workshop.place])
    course = workshop.activity.course
    others = Workshop.objects.filter(activity__course=course).exclude(
        pk__in=workshops_visible_to(by, TO_MANAGE).values("pk")
    )
    award = award_of(workshop)
    is_theirs = award is None or offered.filter(pk=award.issuer_id).exists()
    has_lessons = course.activities.filter(kind=LessonPage.activity_kind, retired_at=None).exists()
    return offered.none() if has_lessons or others.exists() or not is_theirs else offered


@transaction.atomic
def choose_certificate(*, workshop: Workshop, issuer: Issuer | None, by: User, at: datetime) -> bool:
    """Whoever completes the workshop from now on gets a certificate of this issuer, or (None) none. Whether it changed anything. Raises
    Refusal for an issuer that is not theirs to choose, and for a workshop that is over, cancelled or not theirs."""
    workshop = held(workshop, by)
    award = award_of(workshop)
    if issuer == (award.issuer if award else None):
        return False
    offered = issuers_of(workshop, by)
    if not offered.exists() or (issuer is not None and not offered.contains(issuer)):
        raise Refusal(
            _(
                "Giấy chứng nhận của lớp này không do anh/chị chọn. Hãy nhờ người quản trị hệ thống chọn đơn vị cấp cho khóa học."
            )
        )
    course = workshop.activity.course
    if issuer is None:
        certificates.end_award(course=course)
    else:
        number = len(queries.slots(workshop))
        duration = _("%(n)s buổi") % {"n": number}
        certificates.configure_award_of_workshops(course=course, issuer=issuer, duration=duration)
    noted(workshop, "workshops.changed", by, at, part="certificate")
    return True


@transaction.atomic
def plan_with_certificate(*, issuer: Issuer | None, by: User, at: datetime, **plan: Any) -> Workshop:
    workshop = plan_workshop(by=by, at=at, **plan)
    if issuer is not None:
        choose_certificate(workshop=workshop, issuer=issuer, by=by, at=at)
    return workshop


@transaction.atomic
def change_with_certificate(
    *, workshop: Workshop, issuer: Issuer | None, by: User, at: datetime, **said: Any
) -> Workshop:
    changed = change_details(workshop=workshop, by=by, at=at, **said)
    choose_certificate(workshop=changed, issuer=issuer, by=by, at=at)
    return changed

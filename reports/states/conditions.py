"""What each state means, said once: the board's numbers are kept by these, and the lists that they lead to are filtered by them."""

from datetime import date, datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Product, Subject
from accounts.queries import are_stars_ending, has_learner, is_left_in_peace
from courses.models import Completion
from courses.queries import is_active
from lib import registries
from quizzes.models import Attempt, AttemptState

TRIES = 2


def _unfinished() -> Q:
    """Of who can still go on."""
    return Q(completed_at=None, course__retired_at=None) & ~is_left_in_peace("person")


def has_begun() -> Q:
    done, tried = (model.objects.filter(enrolment=OuterRef("pk")) for model in (Completion, Attempt))
    return Q(Exists(done)) | Q(Exists(tried))


def _unstarted(now: datetime) -> Q:
    return _unfinished() & ~has_begun()


def _stalled(now: datetime) -> Q:
    return _unfinished() & ~is_active(now) & has_begun()


def _failed(now: datetime) -> Q:
    """Handed in twice and not passed, as the record counts it."""
    counted = Attempt.objects.filter(annulled_at=None, is_practice=False, state=AttemptState.FINISHED)
    tries = counted.filter(enrolment=OuterRef("pk")).order_by().values("quiz")
    tries = tries.annotate(passes=Count("pk", filter=Q(passed=True)), fails=Count("pk", filter=Q(passed=False)))
    return _unfinished() & Q(Exists(tries.filter(passes=0, fails__gte=TRIES)))


STATES = {
    "unstarted": registries.EnrolmentState(_("đã ghi danh, chưa bắt đầu học"), _unstarted),
    "stalled": registries.EnrolmentState(_("đang học thì tạm dừng, 30 ngày qua không học"), _stalled),
    "failed": registries.EnrolmentState(_("làm bài kiểm tra ít nhất hai lần mà chưa đạt"), _failed),
}


def absent(subjects: QuerySet[Subject]) -> QuerySet[Subject]:
    """Of subjects that still work those of which nobody is enrolled."""
    return subjects.filter(~has_learner(), closed_at=None, merged_into=None)


def with_stars_ending(subjects: QuerySet[Subject], day: date) -> QuerySet[Subject]:
    """Of subjects that still work those of which a product's stars run out soon, as the register's own filter has it."""
    ending = Product.objects.filter(are_stars_ending(day), subject=OuterRef("pk"))
    return subjects.filter(Exists(ending), closed_at=None, merged_into=None)

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .records import Enrolment, Source
from .rows import Activity


class RenewalQuerySet(models.QuerySet["Renewal"]):
    def running(self) -> "RenewalQuerySet":
        return self.filter(completed_at=None, ended_at=None)


class Renewal(models.Model):
    """A finished course gone through once more, for a paper that runs out: completions stay as they are, what is done again is
    counted beside them. `ended_at`: given up, because the course was reopened meanwhile."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="renewals")
    begun_at = models.DateTimeField(_("bắt đầu gia hạn lúc"))
    completed_at = models.DateTimeField(_("học lại xong lúc"), null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = RenewalQuerySet.as_manager()

    class Meta:
        verbose_name = _("lượt gia hạn")
        verbose_name_plural = _("lượt gia hạn")
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment"], condition=Q(completed_at=None, ended_at=None), name="one_running_renewal"
            ),
            models.CheckConstraint(condition=Q(completed_at=None) | Q(ended_at=None), name="renewal_done_or_ended"),
            models.CheckConstraint(
                condition=Q(completed_at=None) | Q(completed_at__gte=models.F("begun_at")), name="renewed_after_begun"
            ),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"


class RenewedStep(models.Model):
    """The fact that an activity was done again in a renewal."""

    renewal = models.ForeignKey(Renewal, on_delete=models.PROTECT, related_name="steps")
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="renewed_steps")
    occurred_at = models.DateTimeField(_("xong lúc"))
    recorded_at = models.DateTimeField(_("ghi nhận lúc"))
    source = models.CharField(_("nguồn"), max_length=8, choices=Source, default=Source.SELF)

    class Meta:
        verbose_name = _("bài đã học lại")
        verbose_name_plural = _("bài đã học lại")
        constraints = [models.UniqueConstraint(fields=["renewal", "activity"], name="renewed_once")]

    def __str__(self) -> str:
        return f"{self.renewal}: {self.activity}"

"""Officers who help learners on a phone."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .people import Person
from .users import User


class Help(models.Model):
    """One time that an officer helped somebody: a session in the learner's name, on the officer's device or opened there by a code.

    `begun_at` is None while the code waits. A session ends by itself after an hour without use; then `ended_at` comes later, by a job.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="helps", verbose_name=_("học viên"))
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="helps", verbose_name=_("cán bộ giúp"))
    asked_at = models.DateTimeField(_("mở lúc"))
    begun_at = models.DateTimeField(_("bắt đầu giúp lúc"), null=True, blank=True)
    ended_at = models.DateTimeField(_("giúp xong lúc"), null=True, blank=True)

    class Meta:
        verbose_name = _("lần giúp học")
        verbose_name_plural = _("lần giúp học")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(ended_at=None) | Q(begun_at__isnull=False), name="help_begun_before_end")
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"

"""Months afterwards: what was put to use."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .registrations import Registration


class CallOutcome(models.TextChoices):
    TO_CALL = "to-call", _("chưa gọi")
    ANSWERED = "answered", _("đã trả lời")
    UNREACHED = "unreached", _("chưa liên lạc được")
    DECLINED = "declined", _("không muốn trả lời")


class Used(models.TextChoices):
    DONE = "done", _("đã làm được")
    BEGUN = "begun", _("đang làm")
    NOT_YET = "not-yet", _("chưa làm")


class FollowUp(models.Model):
    """One delegate of those drawn to be asked by phone, and what was said; typed by an officer of the delegate's place."""

    registration = models.OneToOneField(
        Registration, on_delete=models.PROTECT, related_name="follow_up", verbose_name=_("đại biểu")
    )
    drawn_at = models.DateTimeField(_("chọn lúc"))
    outcome = models.CharField(_("cuộc gọi"), max_length=9, choices=CallOutcome, default=CallOutcome.TO_CALL)
    used = models.CharField(_("đã áp dụng"), max_length=7, choices=Used, blank=True)
    what = models.CharField(_("việc đã làm"), max_length=500, blank=True)
    hindrance = models.CharField(_("còn vướng"), max_length=500, blank=True)
    called_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    called_at = models.DateTimeField(_("gọi lúc"), null=True, blank=True)

    class Meta:
        verbose_name = _("cuộc gọi sau lớp")
        verbose_name_plural = _("cuộc gọi sau lớp")
        constraints = [
            models.CheckConstraint(condition=~Q(outcome="answered") | ~Q(used=""), name="an_answer_says_what_was_used")
        ]

    def __str__(self) -> str:
        return f"{self.registration}: {self.get_outcome_display()}"

"""Who was reminded by a text message, and how it went."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Person, User
from courses.models import Course


class ReminderState(models.TextChoices):
    WAITING = "waiting", _("đang chờ gửi")
    SENT = "sent", _("đã gửi")
    FAILED = "failed", _("chưa gửi được")
    STOPPED = "stopped", _("đã thôi gửi, theo ý người nhận")


REACHED = (ReminderState.WAITING, ReminderState.SENT)  # what counts towards the caps


class Reminder(models.Model):
    """A text message to somebody of the list of a week. The outbox forgets its messages after 30 days; how it went is noted here before.
    `code` is the address in the message, where its reader goes on learning or wants no more of them."""

    list = models.ForeignKey("CallList", on_delete=models.CASCADE, related_name="reminders")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", verbose_name=_("học viên"))
    course = models.ForeignKey(
        Course, on_delete=models.CASCADE, null=True, related_name="+", verbose_name=_("khóa học")
    )
    reason = models.CharField(_("lý do"), max_length=9)
    code = models.CharField(max_length=12, unique=True)
    parts = models.PositiveSmallIntegerField(_("số tin"))
    state = models.CharField(_("tình trạng"), max_length=7, choices=ReminderState, default=ReminderState.WAITING)
    error = models.CharField(_("lý do chưa gửi được"), max_length=200, blank=True)
    tries = models.PositiveSmallIntegerField(default=1)
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("người gửi"))
    at = models.DateTimeField(_("lúc"))
    settled_at = models.DateTimeField(_("xong lúc"), null=True)

    class Meta:
        verbose_name = _("tin nhắc")
        verbose_name_plural = _("tin nhắc")
        ordering = ["-at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["list", "person"], name="reminded_once_a_week")]
        indexes = [models.Index(fields=["at"], condition=Q(state="waiting"), name="reminder_waiting")]

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def message_key(self) -> str:
        """By which the outbox knows it; each try is a message of its own."""
        return f"reminder-{self.pk}-{self.tries}"

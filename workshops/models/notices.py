"""What delegates were told, and when they are to be reminded."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .plan import Workshop
from .registrations import Registration

LONGEST_EXTRA = 120


class NoticeKind(models.TextChoices):
    INVITATION = "invitation", _("giấy mời")
    REMINDER = "reminder", _("nhắc lịch")
    CHANGE = "change", _("báo thay đổi")
    ROOM = "room", _("báo phòng")
    CANCELLATION = "cancellation", _("báo hủy")
    REPLY = "reply", _("trả lời đăng ký")
    OFFER = "offer", _("mời nhận chỗ")
    REMOVAL = "removal", _("báo hủy đăng ký")


NAMING_ROOMS = (NoticeKind.INVITATION, NoticeKind.REMINDER, NoticeKind.CHANGE, NoticeKind.ROOM)


class NoticeState(models.TextChoices):
    WAITING = "waiting", _("đang chờ gửi")
    SENT = "sent", _("đã gửi")
    FAILED = "failed", _("chưa gửi được")
    NO_PHONE = "no-phone", _("không có số điện thoại")
    MUTED = "muted", _("đã tắt tin nhắn")
    CALLED = "called", _("đã báo cách khác")  # by whoever runs the workshop


REACHED = (NoticeState.WAITING, NoticeState.SENT, NoticeState.CALLED)


class Notice(models.Model):
    """One thing that one delegate is told once: `about` says what (the day of a reminder, the plan that changed), so that a repeat is
    recognised. The outbox forgets its messages after 30 days; how it went is noted here before."""

    registration = models.ForeignKey(
        Registration, on_delete=models.CASCADE, related_name="notices", verbose_name=_("đại biểu")
    )
    kind = models.CharField(_("loại tin"), max_length=12, choices=NoticeKind)
    about = models.CharField(max_length=40)
    extra = models.CharField(_("nói thêm"), max_length=LONGEST_EXTRA, blank=True)
    state = models.CharField(_("tình trạng"), max_length=8, choices=NoticeState)
    tries = models.PositiveSmallIntegerField(default=1)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField(_("lúc"))
    settled_at = models.DateTimeField(_("gửi xong lúc"), null=True, blank=True)

    class Meta:
        verbose_name = _("tin nhắn cho đại biểu")
        verbose_name_plural = _("tin nhắn cho đại biểu")
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["registration", "kind", "about"], name="told_once"),
        ]
        indexes = [models.Index(fields=["at"], condition=models.Q(state="waiting"), name="notice_waiting")]

    def __str__(self) -> str:
        return f"{self.registration_id} {self.kind}"

    @property
    def message_key(self) -> str:
        """By which the outbox knows it; each try is a message of its own."""
        return f"workshop-notice-{self.pk}-{self.tries}"


class Reminder(models.Model):
    """A moment that the organiser chose, besides the day before."""

    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="reminders")
    due_at = models.DateTimeField(_("nhắc lúc"))
    extra = models.CharField(_("nói thêm"), max_length=LONGEST_EXTRA, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("lời nhắc")
        verbose_name_plural = _("lời nhắc")
        ordering = ["due_at"]
        constraints = [models.UniqueConstraint(fields=["workshop", "due_at"], name="reminded_once_a_moment")]

    def __str__(self) -> str:
        return f"{self.workshop_id} {self.due_at}"

"""The outbox: messages to people wait here until a channel has taken them."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class CodeBudget(models.Model):
    """How many codes left on one day: counted by a conditional update, so that no rush goes past the limit."""

    day = models.DateField(_("ngày"), unique=True)
    taken = models.PositiveIntegerField(_("đã gửi"), default=0)

    class Meta:
        verbose_name = _("số mã trong ngày")
        verbose_name_plural = _("số mã trong ngày")

    def __str__(self) -> str:
        return f"{self.day}: {self.taken}"


class BulkBudget(models.Model):
    """How many messages of many left on one day, beside the codes: a row of its own, so that nobody who waits for a code waits for it."""

    day = models.DateField(_("ngày"), unique=True)
    taken = models.PositiveIntegerField(_("đã gửi"), default=0)

    class Meta:
        verbose_name = _("số tin nhắc trong ngày")
        verbose_name_plural = _("số tin nhắc trong ngày")

    def __str__(self) -> str:
        return f"{self.day}: {self.taken}"


class Message(models.Model):
    to = models.CharField(_("đến"), max_length=16, help_text=_("Số điện thoại dạng +84…"))
    body = models.TextField(_("nội dung"), blank=True)
    purpose = models.CharField(_("mục đích"), max_length=40)
    is_secret = models.BooleanField(default=False, help_text=_("Có mã xác nhận: nội dung bị xóa sau khi gửi"))
    dedupe_key = models.CharField(max_length=100, null=True, blank=True, unique=True)
    created_at = models.DateTimeField(_("tạo lúc"))
    due_at = models.DateTimeField(_("gửi từ lúc"))
    attempts = models.PositiveSmallIntegerField(_("số lần thử"), default=0)
    sent_at = models.DateTimeField(_("đã gửi lúc"), null=True, blank=True)
    failed_at = models.DateTimeField(_("thôi gửi lúc"), null=True, blank=True)
    last_error = models.CharField(_("lỗi gần nhất"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("tin nhắn")
        verbose_name_plural = _("tin nhắn")
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(sent_at=None, failed_at=None), name="message_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} #{self.pk}"

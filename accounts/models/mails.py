"""Where a colleague wants mail."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .users import User


class MailAddress(models.Model):
    """Of a colleague who wants reports by mail; nobody logs in by it. `wanted` is one that was typed and not confirmed yet: until it is,
    the one before goes on."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="mail", verbose_name=_("tài khoản"))
    address = models.EmailField(_("địa chỉ thư điện tử"), blank=True)
    confirmed_at = models.DateTimeField(_("xác nhận lúc"), null=True)
    wanted = models.EmailField(_("địa chỉ chờ xác nhận"), blank=True)
    asked_at = models.DateTimeField(_("ghi lúc"), null=True)

    class Meta:
        verbose_name = _("địa chỉ thư điện tử của cán bộ")
        verbose_name_plural = _("địa chỉ thư điện tử của cán bộ")

    def __str__(self) -> str:
        return f"#{self.pk}"

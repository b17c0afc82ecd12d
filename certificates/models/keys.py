"""The public halves of the keys with which issuers sign."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .issuers import Issuer


class SigningKeyQuerySet(models.QuerySet["SigningKey"]):
    def in_use(self) -> "SigningKeyQuerySet":
        return self.filter(retired_at=None, disowned_at=None)


class SigningKey(models.Model):
    """An Ed25519 key; its private half is a file or in the environment (certificates.keys) and never here.

    A retired one signs nothing new, and what it signed still holds. Of a disowned one, which others may have, nothing holds
    by its signature alone: the register decides.
    """

    issuer = models.ForeignKey(Issuer, on_delete=models.PROTECT, related_name="keys", verbose_name=_("đơn vị cấp"))
    kid = models.CharField(_("tên khóa"), max_length=8, unique=True)
    public = models.CharField(_("khóa công khai"), max_length=64)  # 32 bytes as hex
    made_at = models.DateTimeField(_("tạo lúc"))
    retired_at = models.DateTimeField(_("ngừng dùng lúc"), null=True, blank=True)
    disowned_at = models.DateTimeField(_("báo lộ lúc"), null=True, blank=True)

    objects = SigningKeyQuerySet.as_manager()

    class Meta:
        verbose_name = _("khóa ký")
        verbose_name_plural = _("khóa ký")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(disowned_at=None) | Q(retired_at__isnull=False), name="disowned_key_is_retired"
            )
        ]

    def __str__(self) -> str:
        return self.kid

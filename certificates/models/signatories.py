"""Who signs for an issuer, where and from when."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from provinces.models import Place

from .issuers import Issuer
from .pictures import Picture, PictureKind


class Signatory(models.Model):
    """Of those whose days hold on the day of issue, the one for the person's province comes before the one for all provinces,
    and whoever began later before whoever began earlier. Where there is none, the issuer's own signer stands on the paper.
    """

    issuer = models.ForeignKey(
        Issuer, on_delete=models.PROTECT, related_name="signatories", verbose_name=_("đơn vị cấp")
    )
    province = models.ForeignKey(
        Place,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("ký cho học viên của tỉnh"),
        help_text=_("Để trống: mọi tỉnh chưa có người ký riêng"),
    )
    post = models.CharField(_("chức vụ"), max_length=100)
    post_en = models.CharField(_("chức vụ bằng tiếng Anh"), max_length=100, blank=True)
    name = models.CharField(_("họ và tên"), max_length=100)
    signature = models.ForeignKey(
        Picture,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        limit_choices_to={"kind": PictureKind.SIGNATURE},
        verbose_name=_("hình chữ ký"),
    )
    seal = models.ForeignKey(
        Picture,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        limit_choices_to={"kind": PictureKind.SEAL},
        verbose_name=_("hình con dấu"),
    )
    valid_from = models.DateField(_("ký từ ngày"))
    valid_to = models.DateField(_("đến hết ngày"), null=True, blank=True, help_text=_("Để trống: chưa thôi ký"))

    class Meta:
        verbose_name = _("người ký")
        verbose_name_plural = _("người ký")
        ordering = ["issuer", "province", "-valid_from"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="signatory_ends_after_beginning",
                violation_error_message=_("Ngày thôi ký phải sau ngày bắt đầu ký."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.post}"

"""Pictures that are printed: in the database, as the paper of years ago must find exactly those."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class PictureKind(models.TextChoices):
    BACKGROUND = "background", _("nền cả trang (A4 ngang)")
    LOGO = "logo", _("biểu trưng")
    SEAL = "seal", _("con dấu")
    SIGNATURE = "signature", _("chữ ký")


class Picture(models.Model):
    """What was uploaded, written anew as a JPEG on white (certificates.pictures). Only its name ever changes.

    Signatures and seals are no files of the site: nothing serves them but the admin and the printer.
    """

    name = models.CharField(_("tên"), max_length=100, help_text=_("Ví dụ: Dấu Văn phòng điều phối, 2026"))
    kind = models.CharField(_("là"), max_length=10, choices=PictureKind)
    sha256 = models.CharField(max_length=64, unique=True, editable=False)
    data = models.BinaryField(editable=False)
    width = models.PositiveIntegerField(_("rộng"), editable=False)
    height = models.PositiveIntegerField(_("cao"), editable=False)
    added_at = models.DateTimeField(_("thêm lúc"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("hình in trên giấy")
        verbose_name_plural = _("hình in trên giấy")
        ordering = ["kind", "name"]

    def __str__(self) -> str:
        return self.name

    def save(self, **kwargs: Any) -> None:
        if self.pk and self.sha256 != Picture.objects.values_list("sha256", flat=True).get(pk=self.pk):
            raise ValidationError("A picture that may have been printed does not change: add another one.")
        super().save(**kwargs)

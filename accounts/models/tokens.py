"""Keys with which another system reads figures of a place."""

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from lib import text
from provinces.models import Place

from .users import User


class ApiToken(models.Model):
    """Lets a system of an office read what its issuer may see within a place, until a day. Only the HMAC of its secret is kept."""

    name = models.CharField(
        _("dùng cho"), max_length=100, help_text=_("Hệ thống nào, của đơn vị nào: ví dụ “Trang số liệu của Sở”")
    )
    digest = models.CharField(max_length=64, unique=True, editable=False)
    place = models.ForeignKey(
        Place, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("địa bàn")
    )
    with_subjects = models.BooleanField(
        _("đọc cả sổ chủ thể"),
        default=False,
        help_text=_(
            "Tên, loại hình, địa bàn của chủ thể và sản phẩm với hạng sao; không có tên người và số điện thoại"
        ),
    )
    valid_until = models.DateField(_("dùng được đến hết ngày"))
    issued_by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+", verbose_name=_("người cấp"))
    issued_at = models.DateTimeField(_("cấp lúc"))
    used_on = models.DateField(_("dùng gần nhất"), null=True, editable=False)
    revoked_at = models.DateTimeField(_("thu hồi lúc"), null=True, editable=False)
    revoked_reason = models.CharField(_("lý do thu hồi"), max_length=200, blank=True, editable=False)

    class Meta:
        verbose_name = _("khóa kết nối")
        verbose_name_plural = _("khóa kết nối")
        ordering = ["-issued_at", "-pk"]

    def __str__(self) -> str:
        return self.name

    def save(self, **kwargs: object) -> None:
        self.name = text.nfc(self.name)
        super().save(**kwargs)  # type: ignore[arg-type]

    def is_over(self, day: date) -> bool:
        return self.revoked_at is not None or self.valid_until < day

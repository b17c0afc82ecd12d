"""Which course earns a certificate, and how that looks."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from certificates.designing import FORMAL, LOOKS
from courses.models import Course

from .issuers import Issuer
from .templates import Template


class Award(models.Model):
    """What completing a course earns."""

    course = models.OneToOneField(Course, on_delete=models.PROTECT, related_name="award", verbose_name=_("khóa học"))
    issuer = models.ForeignKey(Issuer, on_delete=models.PROTECT, related_name="awards", verbose_name=_("đơn vị cấp"))
    design = models.CharField(_("dáng giấy"), max_length=6, choices=LOOKS, default=FORMAL)
    template = models.ForeignKey(
        Template,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="awards",
        verbose_name=_("mẫu giấy"),
        help_text=_("Giấy cấp từ nay theo bản đã xuất bản gần nhất của mẫu; giấy đã cấp không đổi."),
    )
    course_en = models.CharField(
        _("tên khóa bằng tiếng Anh"), max_length=200, blank=True, help_text=_("Cho mẫu tiếng Anh và song ngữ")
    )
    course_kind = models.CharField(_("hình thức"), max_length=60, default="khóa học trực tuyến")
    duration = models.CharField(_("thời lượng ghi trên giấy"), max_length=40)
    validity_months = models.PositiveSmallIntegerField(
        _("có giá trị trong (tháng)"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(600)],
        help_text=_("Để trống: không có thời hạn. Giấy đã cấp giữ nguyên thời hạn của nó."),
    )
    renewal_days = models.PositiveSmallIntegerField(
        _("cho gia hạn trước khi hết hạn (ngày)"),
        default=90,
        validators=[MaxValueValidator(3650)],
        help_text=_("Từ ngày đó, và cả sau khi hết hạn, học viên làm lại bài kiểm tra, đạt thì được cấp giấy mới."),
    )
    is_active = models.BooleanField(_("đang cấp"), default=True)

    class Meta:
        verbose_name = _("giấy chứng nhận của khóa học")
        verbose_name_plural = _("giấy chứng nhận của khóa học")

    def __str__(self) -> str:
        return str(self.course)

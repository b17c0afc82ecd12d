from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .plan import Workshop


class ReportText(models.Model):
    """What the organiser writes into the report of a workshop; its numbers are gathered each time."""

    workshop = models.OneToOneField(Workshop, on_delete=models.CASCADE, related_name="report_text")
    number = models.CharField(_("số, ký hiệu"), max_length=60, blank=True, help_text=_("Ví dụ: 86/BC-VPĐP"))
    issued_on = models.DateField(_("ngày ký"), null=True, blank=True)
    women = models.PositiveSmallIntegerField(
        _("số đại biểu nữ có mặt, nếu khác số đếm được"),
        null=True,
        blank=True,
        help_text=_(
            "Để trống: báo cáo đếm theo cột nam, nữ của danh sách đã nhập, ai chưa rõ thì ghi là chưa rõ. Ghi số vào đây thì báo cáo nêu số này."
        ),
    )
    assessment = models.TextField(_("đánh giá chung"), blank=True)
    weaknesses = models.TextField(_("tồn tại, hạn chế (mỗi dòng một ý)"), blank=True)
    proposals = models.TextField(_("kiến nghị (mỗi dòng một ý)"), blank=True)
    recipients = models.TextField(_("nơi nhận (mỗi dòng một nơi)"), blank=True)
    signer_post = models.CharField(_("chức vụ người ký"), max_length=150, blank=True)
    signer = models.CharField(_("người ký"), max_length=100, blank=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("người viết")
    )
    written_at = models.DateTimeField(_("viết lúc"))

    class Meta:
        verbose_name = _("phần nhận xét của báo cáo")
        verbose_name_plural = _("phần nhận xét của báo cáo")

    def __str__(self) -> str:
        return str(self.workshop)


class ReportPhoto(models.Model):
    """A photo of this workshop for its report. No file of the site: people in it are shown to whoever runs the workshop, and printed."""

    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="report_photos")
    data = models.BinaryField(editable=False)  # JPEG, drawn anew from what was uploaded
    width = models.PositiveIntegerField(_("rộng"), editable=False)
    height = models.PositiveIntegerField(_("cao"), editable=False)
    sha256 = models.CharField(max_length=64, editable=False)
    caption = models.CharField(_("lời dưới ảnh"), max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(_("thứ tự"))
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("người thêm")
    )
    added_at = models.DateTimeField(_("thêm lúc"))

    class Meta:
        verbose_name = _("ảnh của báo cáo")
        verbose_name_plural = _("ảnh của báo cáo")
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["workshop", "sha256"], name="one_photo_once_in_a_report")]

    def __str__(self) -> str:
        return self.caption or f"{self._meta.verbose_name} {self.pk}"

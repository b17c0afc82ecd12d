from django.db import models
from django.utils.translation import gettext_lazy as _

from .rows import Activity


class LegalStatus(models.TextChoices):
    IN_FORCE = "in_force", _("còn hiệu lực")
    SUSPENDED = "suspended", _("tạm ngưng")
    REPLACED = "replaced", _("đã thay thế")
    DRAFT = "draft", _("dự thảo")


class Confidence(models.TextChoices):
    SOURCED = "sourced", _("có nguồn")
    WEAK = "weak", _("chờ đối chiếu bản gốc")
    GENERAL = "general", _("kiến thức chung, chưa đối chiếu")


class LegalText(models.Model):
    """A row of the register of legal texts. Lessons and questions cite rows and state no status in prose."""

    key = models.SlugField(_("mã"), max_length=40, unique=True)
    kind = models.CharField(_("loại văn bản"), max_length=40)
    number = models.CharField(_("số hiệu"), max_length=40)
    name = models.CharField(_("tên văn bản"), max_length=255)
    status = models.CharField(_("tình trạng"), max_length=9, choices=LegalStatus, default=LegalStatus.IN_FORCE)
    in_force_from = models.DateField(_("hiệu lực từ"), null=True, blank=True)
    replaced_by = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="replaces",
        verbose_name=_("được thay thế bởi"),
    )
    review_by = models.DateField(_("rà soát trước ngày"))
    checked_on = models.DateField(_("cập nhật đến ngày"))
    source = models.CharField(_("nguồn"), max_length=255, blank=True)
    confidence = models.CharField(_("độ tin cậy"), max_length=7, choices=Confidence, default=Confidence.WEAK)
    note = models.CharField(_("ghi chú"), max_length=255, blank=True)

    class Meta:
        verbose_name = _("văn bản pháp luật")
        verbose_name_plural = _("sổ văn bản pháp luật")
        ordering = ["kind", "number"]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"


class Citation(models.Model):
    """An activity's live page cites a legal text. Rebuilt whenever the page goes live; nothing points here."""

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="citations")
    legal_text = models.ForeignKey(LegalText, on_delete=models.PROTECT, related_name="citations")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["activity", "legal_text"], name="cited_once")]

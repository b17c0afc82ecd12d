from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import get_language, gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from lib.dates import local_day

from .rows import Activity


class LegalStatus(models.TextChoices):
    IN_FORCE = "in_force", _("còn hiệu lực")
    SUSPENDED = "suspended", _("tạm ngưng")
    REPLACED = "replaced", _("đã được thay thế")
    DRAFT = "draft", _("dự thảo")


class Confidence(models.TextChoices):
    SOURCED = "sourced", _("có nguồn")
    WEAK = "weak", _("chờ đối chiếu bản gốc")
    GENERAL = "general", _("kiến thức chung, chưa đối chiếu")


# Kinds of legal texts, for readers of other languages. The register holds the Vietnamese word.
KINDS = (gettext_noop("Luật"), gettext_noop("Nghị quyết"), gettext_noop("Nghị định"), gettext_noop("Quyết định"),
         gettext_noop("Thông tư"))  # fmt: skip


class LegalText(models.Model):
    """A row of the register of legal texts. Lessons and questions cite rows and state no status in prose."""

    key = models.SlugField(_("mã"), max_length=40, unique=True)
    kind = models.CharField(_("loại văn bản"), max_length=40)
    number = models.CharField(_("số hiệu"), max_length=40)
    name = models.CharField(_("tên văn bản"), max_length=255)
    name_en = models.CharField(_("tên tiếng Anh"), max_length=255, blank=True)
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
    note_en = models.CharField(_("ghi chú tiếng Anh"), max_length=255, blank=True)

    class Meta:
        verbose_name = _("văn bản pháp luật")
        verbose_name_plural = _("văn bản pháp luật")
        ordering = ["kind", "number"]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"

    def clean(self) -> None:
        """What readers are told must hold together: a replaced text names its successor, and nothing succeeds itself."""
        problems: dict[str, str] = {}
        if self.status == LegalStatus.REPLACED and self.replaced_by is None:
            problems["replaced_by"] = gettext("Văn bản đã được thay thế: hãy chọn văn bản thay nó.")
        elif self in self._successors():
            problems["replaced_by"] = gettext(
                "Một văn bản không thay thế chính nó được, kể cả qua văn bản khác. Hãy chọn văn bản khác."
            )
        elif self._follows(self.replaced_by):
            problems["replaced_by"] = gettext("Văn bản thay thế phải có hiệu lực từ cùng ngày hoặc sau văn bản này.")
        if self.checked_on and self.checked_on > local_day(timezone.now()):
            problems["checked_on"] = gettext("Ngày cập nhật phải là hôm nay hoặc một ngày trước đó.")
        elif self.checked_on and self.review_by and self.review_by <= self.checked_on:
            problems["review_by"] = gettext("Ngày rà soát tới phải sau ngày cập nhật.")
        if problems:
            raise ValidationError(problems)

    def _successors(self) -> "list[LegalText]":
        """What replaces this text, what replaces that, and so on; ends where a text comes up again."""
        found: list[LegalText] = []
        following = self.replaced_by
        while following and following not in found:
            found.append(following)
            following = following.replaced_by
        return found

    def _follows(self, other: "LegalText | None") -> bool:
        return bool(other and self.in_force_from and other.in_force_from and self.in_force_from > other.in_force_from)

    @property
    def citation(self) -> str:
        """ "Nghị định 37/2026/NĐ-CP, Nhãn hàng hóa …" in the reader's language; the number is the same in all of them."""
        return f"{gettext(self.kind)} {self.number}, {self._said('name')}"

    @property
    def remark(self) -> str:
        return self._said("note")

    def _said(self, field: str) -> str:
        vietnamese: str = getattr(self, field)
        return vietnamese if get_language() == "vi" else getattr(self, f"{field}_en") or vietnamese


class Citation(models.Model):
    """An activity's live page cites a legal text. Rebuilt whenever the page goes live; nothing points here."""

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="citations")
    legal_text = models.ForeignKey(LegalText, on_delete=models.PROTECT, related_name="citations")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["activity", "legal_text"], name="cited_once")]

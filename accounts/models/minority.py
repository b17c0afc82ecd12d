"""What somebody said of themselves under a consent of its own."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .people import Person


class MinorityAnswer(models.Model):
    """Whether somebody belongs to an ethnic minority, as they said; not to which. No row: they said nothing, or took it back. When, and under
    which wording, stands in the ledger. Nobody on the staff side reads it of one person (docs/decisions/0034)."""

    person = models.OneToOneField(
        Person, on_delete=models.CASCADE, primary_key=True, related_name="minority_answer", verbose_name=_("người")
    )
    is_minority = models.BooleanField(_("người dân tộc thiểu số"))

    class Meta:
        verbose_name = _("câu trả lời về dân tộc")
        verbose_name_plural = _("câu trả lời về dân tộc")

    def __str__(self) -> str:
        return f"#{self.pk}"

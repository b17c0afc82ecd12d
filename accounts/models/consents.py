"""What people were asked to agree to, and what they said."""

import re

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language_info, gettext
from django.utils.translation import gettext_lazy as _

from accounts.rules import REQUIRED_CONSENTS
from lib import text

from .people import Person
from .users import User


class ConsentText(models.Model):
    """One wording that people were asked to agree to. Never edited once used: a new wording is a new version."""

    class Purpose(models.TextChoices):
        LEARNING_RECORD = "learning-record", _("ghi kết quả học")
        MESSAGES = "messages", _("nhắn tin nhắc học")
        HELP = "help", _("cán bộ giúp học")
        MINORITY = "minority", _("tính tổng số người dân tộc thiểu số")

    purpose = models.SlugField(_("mục đích"), max_length=40, choices=Purpose)
    version = models.PositiveSmallIntegerField(_("phiên bản"))
    language = models.CharField(_("ngôn ngữ"), max_length=8, default="vi")
    body = models.TextField(_("nội dung"))
    published_at = models.DateTimeField(_("áp dụng từ"))

    class Meta:
        verbose_name = _("văn bản đồng ý")
        verbose_name_plural = _("văn bản đồng ý")
        constraints = [
            models.UniqueConstraint(fields=["purpose", "version", "language"], name="consent_text_version_once")
        ]

    def __str__(self) -> str:
        return gettext("%(purpose)s, bản %(version)s (%(language)s)") % {
            "purpose": self.get_purpose_display(),
            "version": self.version,
            "language": self.get_language_display(),
        }

    def get_language_display(self) -> str:
        try:
            return text.nfc(get_language_info(self.language)["name_local"])
        except KeyError:  # of a language that Django does not know
            return self.language

    @property
    def sentences(self) -> list[str]:
        """The very words, as short lines: nothing is added, for they are what was agreed to."""
        return re.split(r"(?<=\.) ", self.body)

    @property
    def is_required(self) -> bool:
        """Whether nothing is added to a learning record without it."""
        return self.purpose in REQUIRED_CONSENTS


class Consent(models.Model):
    """One row of the ledger that Law 91/2025/QH15 asks for: who agreed to which text, when and how, until when."""

    class How(models.TextChoices):
        SELF = "self", _("tự đồng ý trên màn hình")
        OFFICER = "officer", _("cán bộ ghi hộ")
        PAPER = "paper", _("phiếu giấy")
        HELPED = "helped", _("đồng ý trước mặt cán bộ giúp học")

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="consents", verbose_name=_("người"))
    text = models.ForeignKey(ConsentText, on_delete=models.PROTECT, related_name="consents", verbose_name=_("văn bản"))
    given_at = models.DateTimeField(_("đồng ý lúc"))
    how = models.CharField(_("cách đồng ý"), max_length=7, choices=How, default=How.SELF)
    recorded_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField(_("rút lại lúc"), null=True, blank=True)

    class Meta:
        verbose_name = _("đồng ý")
        verbose_name_plural = _("sổ đồng ý")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "text"], condition=Q(withdrawn_at=None), name="one_running_consent_a_text"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.text}"

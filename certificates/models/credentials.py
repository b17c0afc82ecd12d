"""The document that a person holds."""

from datetime import date
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from certificates import rules, validity
from certificates.designing import FORMAL, LOOKS
from courses.models import Enrolment, Renewal

from .awards import Award
from .issuers import NUMBER_LENGTH, Issuer
from .statuses import free_place
from .templates import TemplateVersion


class CredentialStatus(models.TextChoices):
    VALID = "valid", _("còn hiệu lực")
    REVOKED = "revoked", _("đã thu hồi")
    REPLACED = "replaced", _("đã được thay thế")


class Credential(models.Model):
    """`evidence` holds all that is printed, as strings (see certificates.rules.Evidence); nothing is looked up anew."""

    code = models.CharField(_("mã tra cứu"), max_length=16, unique=True)
    issuer = models.ForeignKey(
        Issuer, on_delete=models.PROTECT, related_name="credentials", verbose_name=_("đơn vị cấp")
    )
    year = models.PositiveSmallIntegerField(_("năm"))
    sequence = models.PositiveIntegerField(_("số thứ tự"))
    number = models.CharField(_("số"), max_length=NUMBER_LENGTH, db_index=True)
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="credentials", verbose_name=_("người được cấp")
    )
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="credentials")
    award = models.ForeignKey(
        Award, on_delete=models.PROTECT, related_name="credentials", verbose_name=_("khóa học trên giấy")
    )
    design = models.CharField(_("dáng giấy"), max_length=6, choices=LOOKS, default=FORMAL)
    # What the paper looks like, pinned at issue; none for those of before there were templates, which `design` tells apart.
    template_version = models.ForeignKey(
        TemplateVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="credentials"
    )
    issued_at = models.DateTimeField(_("cấp lúc"))
    expires_on = models.DateField(_("có giá trị đến hết ngày"), null=True, blank=True)
    reminded = models.PositiveSmallIntegerField(null=True, editable=False)  # days before the end: the newest reminder
    told_at = models.DateTimeField(null=True, blank=True, editable=False)  # that it was issued, by a message
    renewal = models.ForeignKey(
        Renewal, on_delete=models.PROTECT, null=True, blank=True, related_name="credentials", editable=False
    )
    evidence = models.JSONField()
    is_specimen = models.BooleanField(default=False)
    statement = models.TextField(blank=True)  # signed, for the QR (certificates.statements); none without a key
    statement_kid = models.CharField(max_length=8, blank=True)
    status = models.CharField(_("tình trạng"), max_length=8, choices=CredentialStatus, default=CredentialStatus.VALID)
    status_at = models.DateTimeField(_("đổi tình trạng lúc"), null=True, blank=True)
    status_reason = models.CharField(_("lý do"), max_length=200, blank=True)
    status_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("người đổi tình trạng"),
    )
    shown_since = models.DateTimeField(null=True, editable=False)  # the holder switched a page for everybody on
    replaced_by = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaces")
    status_index = models.PositiveIntegerField(null=True, editable=False)

    class Meta:
        verbose_name = _("giấy chứng nhận")
        verbose_name_plural = _("giấy chứng nhận")
        ordering = ["-issued_at"]
        constraints = [
            models.UniqueConstraint(fields=["issuer", "year", "sequence"], name="number_once_a_year"),
            models.UniqueConstraint(fields=["issuer", "status_index"], name="status_place_once_an_issuer"),
            models.UniqueConstraint(
                fields=["enrolment"], condition=Q(status="valid"), name="one_valid_credential_an_enrolment"
            ),
            models.CheckConstraint(
                condition=Q(status="valid") | Q(status_at__isnull=False), name="status_change_is_dated"
            ),
            models.CheckConstraint(
                condition=Q(replaced_by=None) | Q(status="replaced"), name="only_what_is_replaced_names_another"
            ),
        ]

        indexes = [
            models.Index(fields=["issued_at"], name="credential_latest"),  # the list begins with them
            models.Index(fields=["expires_on"], condition=Q(status="valid"), name="valid_until"),
            # A job asks for them every minute.
            models.Index(fields=["issuer"], condition=Q(status="valid", statement=""), name="not_stated_yet"),
        ]

    def __str__(self) -> str:
        return self.number

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.status_index is None and self._state.adding:
            self.status_index = free_place(Credential.objects.filter(issuer=self.issuer_id))
        super().save(*args, **kwargs)

    @admin.display(description=_("tên trên giấy"))
    def printed_name(self) -> str:
        """A name that was corrected later is not what the paper says."""
        return str(self.evidence["name"])

    def verdict(self, today: date) -> rules.Verdict:
        """What a verifier is told. That the time is over is no state: it comes by itself."""
        if self.status == CredentialStatus.VALID and validity.has_ended(self.expires_on, today):
            return rules.Verdict.EXPIRED
        return rules.Verdict(self.status)

    @property
    def verdict_today(self) -> rules.Verdict:
        return self.verdict(timezone.localdate())

    @admin.display(description=_("tình trạng"))
    def state(self) -> str:
        """The status, and whether its time is over."""
        return str(_("đã hết hạn") if self.verdict_today is rules.Verdict.EXPIRED else self.get_status_display())

    @property
    def ended_on(self) -> date | None:
        return validity.ended_on(self.expires_on) if self.expires_on else None

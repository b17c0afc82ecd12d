"""Many certificates drawn in one go: for whom, on which sheets, how far it has come, and who got none."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from courses.models import Enrolment

from .credentials import Credential, CredentialStatus


class Layout(models.TextChoices):
    ONE = "a4", _("mỗi tờ A4 một giấy")
    TWO_SMALL = "a4x2", _("mỗi tờ A4 hai giấy thu nhỏ còn 65%, có dấu cắt")
    FOUR = "a4x4", _("mỗi tờ A4 bốn giấy gần cỡ A6 (còn 46%, chữ nhỏ), có dấu cắt")
    TWO_LARGE = "sra3x2", _("mỗi tờ SRA3 (320 × 450 mm) hai giấy cỡ A4, có dấu cắt – cho nhà in")


class EntryState(models.TextChoices):
    WAITING = "waiting", _("đang chờ")
    DONE = "done", _("đã vẽ")
    FAILED = "failed", _("chưa vẽ được")


class BatchQuerySet(models.QuerySet["Batch"]):
    def unfinished(self) -> Self:
        return self.filter(Q(finished_at=None) | Q(is_retried=True), cancelled_at=None)

    def over(self, before: datetime) -> Self:
        """Whose files are needed no more: finished by then, or stopped."""
        return self.filter(
            Q(finished_at__lte=before, is_retried=False) | Q(cancelled_at__isnull=False), forgotten_at=None
        )

    def counted(self) -> Self:
        """With `total`, `done` and `failed`."""
        states = {"done": EntryState.DONE, "failed": EntryState.FAILED}
        counts = {name: Count("entries", filter=Q(entries__state=state)) for name, state in states.items()}
        return self.annotate(total=Count("entries"), **counts)


class Batch(models.Model):
    """`token` is the form that was sent: sent twice, it makes one batch. Its files lie in the private folder until `forgotten_at`.

    `is_retried`: it was finished once and is worked on again; what it had then stays, whatever comes of that.
    """

    token = models.CharField(max_length=40, unique=True, editable=False)
    title = models.CharField(_("của ai"), max_length=250)
    layout = models.CharField(_("cách xếp trang in"), max_length=6, choices=Layout, default=Layout.ONE)
    is_told = models.BooleanField(_("nhắn tin cho người được cấp"), default=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("người lập")
    )
    made_at = models.DateTimeField(_("lập lúc"))
    finished_at = models.DateTimeField(_("xong lúc"), null=True, blank=True)
    is_retried = models.BooleanField(default=False, editable=False)
    cancelled_at = models.DateTimeField(_("dừng lúc"), null=True, blank=True)
    trouble = models.CharField(max_length=200, blank=True, editable=False)
    forgotten_at = models.DateTimeField(_("xóa tệp lúc"), null=True, blank=True)

    objects = BatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("đợt in")
        verbose_name_plural = _("đợt in")
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"

    @property
    def is_running(self) -> bool:
        return self.cancelled_at is None and (self.finished_at is None or self.is_retried)

    def ended(self) -> models.QuerySet["BatchEntry"]:
        """Drawn, and revoked or replaced since: sheets that were put together before show them, also while they wait to be drawn anew."""
        drawn = self.entries.exclude(state=EntryState.FAILED).filter(credential__isnull=False)
        return drawn.exclude(credential__status=CredentialStatus.VALID)


class BatchEntry(models.Model):
    """One person's certificate of one course. `credential` is there once it is drawn: the one that was valid then."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="entries")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="+")
    position = models.PositiveIntegerField()
    credential = models.ForeignKey(Credential, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=7, choices=EntryState, default=EntryState.WAITING)
    failure = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "enrolment"], name="in_a_batch_once"),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(credential__isnull=False), name="what_is_drawn_names_its_credential"
            ),
        ]
        indexes = [models.Index(fields=["batch", "state", "position"], name="batch_entry_state")]

    def __str__(self) -> str:
        return f"{self.batch}: {self.position}"

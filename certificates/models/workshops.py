"""Certificates issued by hand: on what list, by whom, and what proves it."""

from django.conf import settings
from django.core.files.storage import FileSystemStorage, Storage
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from courses.models import Enrolment

from .awards import Award

SCANS = "workshop-lists"


class PrivateFiles(FileSystemStorage):
    """Beside the database: nothing here has an address; a view hands it out after asking who is asking."""

    @property
    def location(self) -> str:  # type: ignore[override]
        """Asked for each time: a field has its storage from the start, a test a folder of its own."""
        return str(settings.VAR_DIR / "private")


def private_files() -> Storage:
    return PrivateFiles(file_permissions_mode=0o600)


class WorkshopList(models.Model):
    """One list of people who were at a workshop, confirmed once; `token` is the preview that was confirmed."""

    token = models.CharField(max_length=60, unique=True, editable=False)
    award = models.ForeignKey(
        Award, on_delete=models.PROTECT, related_name="workshop_lists", verbose_name=_("khóa học trên giấy")
    )
    began_on = models.DateField(_("từ ngày"))
    ended_on = models.DateField(_("đến ngày"))
    duration = models.CharField(_("thời lượng ghi trên giấy"), max_length=40, blank=True)
    decision = models.CharField(_("số, ngày văn bản làm căn cứ"), max_length=200, blank=True)
    scan = models.FileField(_("bản quét"), storage=private_files, upload_to=SCANS, blank=True)
    reason = models.CharField(_("lý do"), max_length=200)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("người cấp")
    )
    issued_at = models.DateTimeField(_("cấp lúc"))

    class Meta:
        verbose_name = _("danh sách cấp giấy")
        verbose_name_plural = _("danh sách cấp giấy")
        constraints = [
            models.CheckConstraint(condition=Q(ended_on__gte=F("began_on")), name="workshop_ends_after_it_began"),
            models.CheckConstraint(condition=~Q(decision="") | ~Q(scan=""), name="workshop_has_evidence"),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"


class WorkshopEntry(models.Model):
    """Who was on it."""

    list = models.ForeignKey(WorkshopList, on_delete=models.PROTECT, related_name="entries")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="workshop_entries")
    position = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["list", "enrolment"], name="on_a_list_once")]

    def __str__(self) -> str:
        return f"{self.list}: {self.position}"

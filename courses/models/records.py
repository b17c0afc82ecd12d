from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Person, Subject
from provinces.models import Place

from .cohorts import Cohort
from .rows import Activity, Course


class Source(models.TextChoices):
    """How a record came about."""

    SELF = "self", _("tự học")
    OFFICER = "officer", _("cán bộ ghi")
    IMPORT = "import", _("nhập từ danh sách")
    WORKSHOP = "workshop", _("lớp tập huấn")
    HELPED = "helped", _("có cán bộ giúp")


class Enrolment(models.Model):
    """One person in one course, with the place and subject of the day of enrolment."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="enrolments", verbose_name=_("học viên"))
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="enrolments", verbose_name=_("khóa học"))
    place = models.ForeignKey(
        Place, on_delete=models.PROTECT, related_name="enrolments", verbose_name=_("địa bàn lúc ghi danh")
    )
    person_kind = models.CharField(_("đối tượng lúc ghi danh"), max_length=8)
    subject = models.ForeignKey(Subject, on_delete=models.SET_NULL, null=True, blank=True, related_name="enrolments")
    cohort = models.ForeignKey(
        Cohort, on_delete=models.PROTECT, null=True, blank=True, related_name="enrolments", verbose_name=_("nhóm học")
    )
    source = models.CharField(_("nguồn"), max_length=8, choices=Source, default=Source.SELF)
    enrolled_at = models.DateTimeField(_("ghi danh lúc"))
    last_active_at = models.DateTimeField(_("học gần nhất"))
    completed_at = models.DateTimeField(_("hoàn thành lúc"), null=True, blank=True)

    class Meta:
        verbose_name = _("lượt ghi danh")
        verbose_name_plural = _("lượt ghi danh")
        constraints = [
            models.UniqueConstraint(fields=["person", "course"], name="enrolled_once"),
            models.CheckConstraint(
                condition=Q(completed_at=None) | Q(completed_at__gte=models.F("enrolled_at")),
                name="completed_after_enrolled",
            ),
        ]
        indexes = [
            models.Index(fields=["place", "course"], name="enrolment_place_course"),
            models.Index(fields=["enrolled_at"], name="enrolment_latest"),  # the list begins with them
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.course}"


class Completion(models.Model):
    """The fact that an enrolment finished an activity. `occurred_at` is the device's clock, `recorded_at` the server's."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="completions")
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="completions")
    occurred_at = models.DateTimeField(_("xong lúc"))
    recorded_at = models.DateTimeField(_("ghi nhận lúc"))
    source = models.CharField(_("nguồn"), max_length=8, choices=Source, default=Source.SELF)

    class Meta:
        verbose_name = _("lượt hoàn thành")
        verbose_name_plural = _("lượt hoàn thành")
        constraints = [models.UniqueConstraint(fields=["enrolment", "activity"], name="completed_once")]

    def __str__(self) -> str:
        return f"{self.enrolment}: {self.activity}"

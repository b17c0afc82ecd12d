from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lib import text
from provinces.models import Place

from .rows import Course


class Cohort(models.Model):
    """People going through a course together. Without a place it is the whole country's. Kept once it was opened: a closed one takes
    and loses nobody."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="cohorts", verbose_name=_("khóa học"))
    name = models.CharField(_("tên nhóm"), max_length=120)
    search = models.CharField(max_length=120, editable=False)
    starts_on = models.DateField(_("từ ngày"))
    ends_on = models.DateField(_("đến ngày"), null=True, blank=True)
    place = models.ForeignKey(
        Place, on_delete=models.PROTECT, null=True, blank=True, related_name="cohorts", verbose_name=_("địa bàn")
    )
    organised_by = models.CharField(_("đơn vị tổ chức"), max_length=200, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("người lập")
    )
    created_at = models.DateTimeField(_("lập lúc"))
    closed_at = models.DateTimeField(_("đóng lúc"), null=True, blank=True)

    class Meta:
        verbose_name = _("nhóm học")
        verbose_name_plural = _("nhóm học")
        ordering = ["-starts_on", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["course", "name"],
                name="cohort_name_once_in_a_course",
                violation_error_message=_(
                    "Khóa học này đã có một nhóm tên như vậy. Hãy ghi thêm nơi học hay ngày học vào tên."
                ),
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="cohort_ends_after_it_starts",
                violation_error_message=_("Ngày kết thúc đang đứng trước ngày bắt đầu. Hãy sửa một trong hai ngày."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search = text.fold(self.name)[:120]
        super().save(*args, **kwargs)

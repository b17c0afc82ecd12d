"""The board kept: what it said at a moment, and how somebody looks at a page."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from provinces.models import Place


class Snapshot(models.Model):
    """What the board of a place said at a moment, under a name ("Hội nghị sơ kết"). It is never counted again: `content` holds the words and
    numbers (`freezing.content`)."""

    name = models.CharField(_("tên"), max_length=100)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("địa bàn"))
    year = models.PositiveSmallIntegerField(_("năm"))
    taken_at = models.DateTimeField(_("chốt lúc"))
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("người chốt"))
    content = models.JSONField()

    class Meta:
        verbose_name = _("bản chốt số liệu")
        verbose_name_plural = _("bản chốt số liệu")
        ordering = ["-taken_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["place", "name"], name="snapshot_name_once_a_place"),
            models.UniqueConstraint(
                fields=["name"], condition=Q(place=None), name="snapshot_name_once_for_the_country"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SavedView(models.Model):
    """A page of managers as it was narrowed, under a name. It is kept as the name of one of our own addresses (`saving.views.PAGES`) and what was
    asked of it, never as an address that somebody sent. `place` is the unit whose colleagues find it too; None with `is_shared`: the country's."""

    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+", verbose_name=_("người lưu"))
    name = models.CharField(_("tên"), max_length=100)
    page = models.CharField(max_length=40)
    query = models.CharField(max_length=1000, blank=True)
    is_shared = models.BooleanField(_("dùng chung cho đơn vị"), default=False)
    place = models.ForeignKey(Place, on_delete=models.CASCADE, null=True, related_name="+", verbose_name=_("đơn vị"))
    at = models.DateTimeField(_("lưu lúc"))

    class Meta:
        verbose_name = _("cách xem đã lưu")
        verbose_name_plural = _("cách xem đã lưu")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="saved_view_name_once_a_person"),
            models.CheckConstraint(condition=Q(is_shared=True) | Q(place=None), name="saved_view_of_a_unit_is_shared"),
        ]

    def __str__(self) -> str:
        return self.name

"""Places and their history.

Province ⊃ commune; each with the dates between which it existed. A former place leads to its successors; since seven
official codes changed their meaning on 1/7/2025, places are never joined by code.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lib import text


class Level(models.TextChoices):
    PROVINCE = "province", _("cấp tỉnh")
    COMMUNE = "commune", _("cấp xã")


class Kind(models.TextChoices):
    PROVINCE = "tinh", _("tỉnh")
    CITY = "thanh-pho", _("thành phố")
    COMMUNE = "xa", _("xã")
    WARD = "phuong", _("phường")
    SPECIAL_ZONE = "dac-khu", _("đặc khu")
    TOWNLET = "thi-tran", _("thị trấn")  # until 30/6/2025


_NUMBERED = ("phường ", "thị trấn ")


class PlaceQuerySet(models.QuerySet["Place"]):
    def current(self) -> "PlaceQuerySet":
        return self.filter(valid_to=None)

    def former(self) -> "PlaceQuerySet":
        return self.filter(valid_to__isnull=False)

    def provinces(self) -> "PlaceQuerySet":
        return self.filter(parent=None)  # `commune_has_province`; the level has no index

    def communes(self) -> "PlaceQuerySet":
        return self.filter(level=Level.COMMUNE)


class Place(models.Model):
    code = models.CharField(max_length=8, help_text=_("Mã chính thức; chỉ có nghĩa trong thời gian đơn vị tồn tại"))
    level = models.CharField(max_length=8, choices=Level)
    kind = models.CharField(max_length=9, choices=Kind)
    name = models.CharField(max_length=60)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    district = models.CharField(max_length=60, blank=True, help_text=_("Huyện cũ, chỉ với đơn vị trước 1/7/2025"))
    search = models.CharField(max_length=60, db_index=True, help_text=_("Tên không dấu để tìm"))
    district_search = models.CharField(max_length=60, blank=True, editable=False)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    successors = models.ManyToManyField(
        "self", through="Succession", symmetrical=False, related_name="predecessors", blank=True
    )

    objects = PlaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("địa bàn")
        verbose_name_plural = _("địa bàn")
        ordering = ["search"]
        constraints = [
            models.UniqueConstraint(fields=["level", "code", "valid_from"], name="place_code_once_a_day"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=models.F("valid_from")), name="place_dates_in_order"
            ),
            models.CheckConstraint(
                condition=Q(level=Level.PROVINCE, parent=None) | Q(level=Level.COMMUNE, parent__isnull=False),
                name="commune_has_province",
            ),
        ]

    def __str__(self) -> str:
        # Numbered wards carry the kind in their name: "Phường 5".
        if self.name.casefold().startswith(_NUMBERED):
            return text.in_a_sentence(self.name)
        return gettext("%(kind)s %(name)s") % {"kind": Kind(self.kind).label, "name": self.name}

    @property
    def is_current(self) -> bool:
        return self.valid_to is None

    @property
    def province(self) -> "Place":
        return self.parent or self

    @property
    def near_name(self) -> str:
        """Within its province; with the district in which it lay, as one name was often that of several: "thị trấn Rạch Gốc, huyện Ngọc Hiển"."""
        return ", ".join(filter(None, [str(self), text.in_a_sentence(self.district)]))

    @property
    def full_name(self) -> str:
        """ "xã Phan Ngọc Hiển, tỉnh Cà Mau", "thị trấn Rạch Gốc, huyện Ngọc Hiển, tỉnh Cà Mau"; reads the parent: select it along in lists."""
        return f"{self.near_name}, {self.parent}" if self.parent else self.near_name


class Succession(models.Model):
    predecessor = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="succession_out")
    successor = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="succession_in")
    is_main = models.BooleanField(default=True, help_text=_("Phần chính của đơn vị cũ về đơn vị này"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["predecessor", "successor"], name="succession_once")]

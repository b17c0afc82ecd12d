"""The register of subjects (sổ chủ thể): who is behind OCOP products, and the products with their stars."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lib import text
from provinces.models import Place

SEARCH_LENGTH = 200  # of a folded name; longer than the name, as letters like "ß" grow when folded
NAME_LENGTH = 150
NUMBER_LENGTH, DECISION_LENGTH = 60, 120


class SubjectKind(models.TextChoices):
    ENTERPRISE = "enterprise", _("doanh nghiệp")
    COOPERATIVE = "cooperative", _("hợp tác xã")
    GROUP = "group", _("tổ hợp tác")
    HOUSEHOLD = "household", _("hộ kinh doanh")

    @classmethod
    def told_by(cls, name: str) -> "SubjectKind":
        """By the words with which units of this country begin; most others on lists are households."""
        said = f" {text.fold(name)} "
        words = {
            cls.COOPERATIVE: (" htx ", " hop tac xa "),
            cls.GROUP: (" tht ", " to hop tac "),
            cls.ENTERPRISE: (" cong ty ", " cty ", " doanh nghiep ", " dntn "),
        }
        return next((kind for kind, some in words.items() if any(word in said for word in some)), cls.HOUSEHOLD)


class SubjectQuerySet(models.QuerySet["Subject"]):
    def standing(self) -> Self:
        """Each once: without the names that were joined to another."""
        return self.filter(merged_into=None)

    def open(self) -> Self:
        """Those that still work, which coverage counts."""
        return self.standing().filter(closed_at=None)


class Subject(models.Model):
    """The enterprise, cooperative, cooperative group or household behind OCOP products.

    One that was joined to another (`merged_into`) is kept as a further name of it: whoever types that name again means the other.
    """

    name = models.CharField(_("tên chủ thể"), max_length=NAME_LENGTH)
    kind = models.CharField(_("loại hình"), max_length=11, choices=SubjectKind)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="subjects", verbose_name=_("địa bàn"))
    search = models.CharField(max_length=SEARCH_LENGTH, editable=False, db_index=True)
    leader = models.CharField(_("người đứng đầu"), max_length=100, blank=True)
    phone = models.CharField(
        _("điện thoại"), max_length=NUMBER_LENGTH, blank=True, help_text=_("Số để gọi, không phải số đăng nhập")
    )
    is_confirmed = models.BooleanField(
        _("đã xác nhận"), default=False, help_text=_("Cán bộ đã đối chiếu; học viên tự khai thì chưa")
    )
    closed_at = models.DateTimeField(_("ngừng hoạt động từ"), null=True, blank=True, editable=False)
    closed_reason = models.CharField(_("lý do ngừng"), max_length=200, blank=True, editable=False)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="merged_from"
    )
    created_at = models.DateTimeField(_("ngày ghi"), default=timezone.now)

    objects = SubjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("chủ thể OCOP")
        verbose_name_plural = _("Sổ chủ thể")  # as in the menu
        ordering = ["search"]
        constraints = [
            models.UniqueConstraint(fields=["place", "search"], name="subject_once_in_a_place"),
            models.CheckConstraint(condition=~Q(merged_into=models.F("id")), name="subject_not_merged_into_itself"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, **kwargs: object) -> None:
        self.spelled()
        super().save(**kwargs)  # type: ignore[arg-type]

    @staticmethod
    def folded(name: str) -> str:
        """By which a subject is found in its place."""
        return text.fold(text.name(name))[:SEARCH_LENGTH]

    def spelled(self) -> "Subject":
        """As it is stored; `save` does it, whoever writes many at once asks for it."""
        self.name, self.search = text.name(self.name), self.folded(self.name)
        return self

    @property
    def log_title(self) -> str:
        """What the audit log calls it: as with people, its list is Wagtail's and holds no names."""
        return f"{self._meta.verbose_name} {self.pk}"

    @property
    def meant(self) -> "Subject":
        """Itself, or the one that it was joined to."""
        return self.merged_into.meant if self.merged_into else self


class Product(models.Model):
    """Once in its subject by its folded name; a new recognition writes over stars, decision and validity, and the log keeps the old."""

    subject = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="products", verbose_name=_("chủ thể"))
    name = models.CharField(_("tên sản phẩm"), max_length=NAME_LENGTH)
    search = models.CharField(max_length=SEARCH_LENGTH, editable=False)
    stars = models.PositiveSmallIntegerField(_("hạng sao"), null=True, blank=True)
    decision = models.CharField(_("quyết định công nhận"), max_length=DECISION_LENGTH, blank=True)
    valid_until = models.DateField(_("có giá trị đến"), null=True, blank=True)

    class Meta:
        verbose_name = _("sản phẩm OCOP")
        verbose_name_plural = _("sản phẩm OCOP")
        ordering = ["search"]
        constraints = [
            models.CheckConstraint(condition=Q(stars=None) | Q(stars__range=(1, 5)), name="product_stars_1_to_5"),
            models.UniqueConstraint(fields=["subject", "search"], name="product_once_of_a_subject"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, **kwargs: object) -> None:
        self.spelled()
        super().save(**kwargs)  # type: ignore[arg-type]

    def spelled(self) -> "Product":
        self.name, self.search = text.name(self.name), Subject.folded(self.name)
        return self

    def is_over(self, day: date) -> bool:
        return self.valid_until is not None and self.valid_until < day

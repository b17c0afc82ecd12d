"""What places set out to reach in a year, and what they say that the platform cannot know: posts, classes held elsewhere."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import OfficialLevel, User
from courses.models import Topic
from provinces.models import Place


class Figure(models.TextChoices):
    """What a plan of a year sets out to reach, under the names that reports use."""

    CLASSES = "classes", _("số lớp")
    TIMES = "times", _("số lượt người")
    PERSONS = "persons", _("số người")
    SUBJECTS = "subjects", _("số chủ thể")


class Target(models.Model):
    """How much of a figure a place sets out to reach in a year; without a place, the country. One that was taken back has no value, and
    stays, because the log of decisions tells of it."""

    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("địa bàn"))
    year = models.PositiveSmallIntegerField(_("năm"))
    figure = models.CharField(_("chỉ tiêu về"), max_length=8, choices=Figure)
    value = models.PositiveIntegerField(_("chỉ tiêu"), null=True)
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("người ghi"))
    at = models.DateTimeField(_("ghi lúc"))

    class Meta:
        verbose_name = _("chỉ tiêu năm")
        verbose_name_plural = _("chỉ tiêu năm")
        constraints = [
            models.UniqueConstraint(fields=["place", "year", "figure"], name="target_once_a_place"),
            models.UniqueConstraint(
                fields=["year", "figure"], condition=Q(place=None), name="target_once_for_the_country"
            ),
            models.CheckConstraint(condition=Q(value=None) | Q(value__gte=1), name="target_is_not_nothing"),
        ]

    def __str__(self) -> str:
        where = self.place.full_name if self.place else gettext("cả nước")
        return f"{self.get_figure_display()} {self.year}, {where}"


class Posts(models.Model):
    """How many officials of a level are in charge of the programme in a place; without a place, in the country. It holds until it is changed;
    one that was taken back has no number, and stays, because the log of decisions tells of it."""

    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("địa bàn"))
    level = models.CharField(_("cấp công tác"), max_length=8, choices=OfficialLevel)
    number = models.PositiveIntegerField(_("số vị trí"), null=True)
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("người ghi"))
    at = models.DateTimeField(_("ghi lúc"))

    class Meta:
        verbose_name = _("số vị trí cán bộ phụ trách")
        verbose_name_plural = _("số vị trí cán bộ phụ trách")
        constraints = [
            models.UniqueConstraint(fields=["place", "level"], name="posts_once_a_place"),
            models.UniqueConstraint(fields=["level"], condition=Q(place=None), name="posts_once_for_the_country"),
            models.CheckConstraint(condition=Q(number=None) | Q(number__gte=1), name="posts_are_not_nothing"),
        ]

    def __str__(self) -> str:
        return f"{self.get_level_display()}, {self.place.full_name if self.place else gettext('cả nước')}"


class OutsideClass(models.Model):
    """A class that was held without this platform: numbers, no names. One that was written down by mistake is taken back with a reason."""

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+", verbose_name=_("địa bàn nơi tổ chức"))
    day = models.DateField(_("ngày khai giảng"))
    title = models.CharField(_("tên lớp"), max_length=200)
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="+", verbose_name=_("chuyên đề"))
    organiser = models.CharField(_("đơn vị tổ chức"), max_length=200)
    people = models.PositiveIntegerField(_("số lượt người dự"))
    women = models.PositiveIntegerField(_("trong đó nữ"), null=True, blank=True)
    officials = models.PositiveIntegerField(_("trong đó cán bộ"), null=True, blank=True)
    subjects = models.PositiveIntegerField(_("số chủ thể có người dự"), null=True, blank=True)
    legal_base = models.CharField(_("căn cứ"), max_length=200, blank=True)
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("người ghi"))
    at = models.DateTimeField(_("ghi lúc"))
    removed_at = models.DateTimeField(_("bỏ lúc"), null=True, editable=False)
    removed_why = models.CharField(_("lý do bỏ"), max_length=200, blank=True, editable=False)

    class Meta:
        verbose_name = _("lớp ngoài hệ thống")
        verbose_name_plural = _("lớp ngoài hệ thống")
        ordering = ["-day", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(people__gte=1), name="outside_class_had_people",
                violation_error_message=_("Số lượt người dự phải từ 1 trở lên."),
            ),
            *(
                models.CheckConstraint(
                    condition=Q((part, None)) | Q((f"{part}__lte", models.F("people"))),
                    name=f"outside_class_{part}_are_some_of_its_people",
                    violation_error_message=_("Số nữ, số cán bộ, số chủ thể không thể nhiều hơn số lượt người dự."),
                )
                for part in ("women", "officials", "subjects")
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title

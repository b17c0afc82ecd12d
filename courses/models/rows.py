from typing import Self

from django.apps import apps
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page


class Topic(models.Model):
    """A subject of the programme; courses and figures are grouped by it."""

    slug = models.SlugField(_("đường dẫn"), unique=True)
    name = models.CharField(_("tên"), max_length=60)
    name_en = models.CharField(_("tên tiếng Anh"), max_length=60, blank=True)
    position = models.PositiveSmallIntegerField(_("thứ tự"), default=0)

    class Meta:
        verbose_name = _("chuyên đề")
        verbose_name_plural = _("chuyên đề")
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name

    @property
    def local_name(self) -> str:
        """In the reader's language, where it has a name in it."""
        return self.name if get_language() == "vi" else self.name_en or self.name


class RowQuerySet[Row: models.Model](models.QuerySet[Row]):
    def offered(self) -> Self:
        return self.filter(retired_at=None)

    def pageless(self) -> Self:
        """On offer although no language of it has a live page: nobody could open it, and what comes after it stays shut."""
        return self.offered().exclude(translation_key__in=Page.objects.live().values("translation_key"))


class CourseQuerySet(RowQuerySet["Course"]):
    def with_history(self) -> "CourseQuerySet":
        """What people learn or learnt: on offer, or with enrolments. The others are still being written."""
        enrolments = apps.get_model("courses", "Enrolment").objects.filter(course=models.OuterRef("pk"))
        return self.filter(models.Q(retired_at=None) | models.Exists(enrolments))


class Course(models.Model):
    """What is offered, in whatever languages it has pages. Written when a course page goes live, or
    before as not on offer (`actions.prepare_activity`); never deleted."""

    translation_key = models.UUIDField(unique=True, editable=False)
    title = models.CharField(_("tên"), max_length=255)
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="courses", verbose_name=_("chuyên đề"))
    minutes = models.PositiveSmallIntegerField(_("thời lượng (phút)"), default=0)
    is_sequential = models.BooleanField(_("học theo thứ tự"), default=True)
    prerequisites = models.ManyToManyField("self", symmetrical=False, related_name="opens", blank=True)
    retired_at = models.DateTimeField(_("không mở từ"), null=True, blank=True)

    objects = CourseQuerySet.as_manager()

    class Meta:
        verbose_name = _("khóa học")
        verbose_name_plural = _("khóa học")
        ordering = ["topic__position", "title"]

    def __str__(self) -> str:
        return self.title


class Activity(models.Model):
    """Anything in a course that can be completed. `kind` is the name that the owning app gave ("lesson", "quiz", …)."""

    translation_key = models.UUIDField(unique=True, editable=False)
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="activities", verbose_name=_("khóa học"))
    kind = models.SlugField(_("loại"), max_length=20)
    title = models.CharField(_("tên"), max_length=255)
    position = models.PositiveSmallIntegerField(_("thứ tự"), default=0)
    is_required = models.BooleanField(_("bắt buộc"), default=True)
    needs_review_since = models.DateTimeField(_("cần rà soát từ"), null=True, blank=True)
    review_reason = models.CharField(_("lý do rà soát"), max_length=255, blank=True)
    retired_at = models.DateTimeField(_("không mở từ"), null=True, blank=True)

    objects = RowQuerySet["Activity"].as_manager()

    class Meta:
        verbose_name = _("bài học hay bài kiểm tra")
        verbose_name_plural = _("bài học, bài kiểm tra")
        ordering = ["course", "position"]

    def __str__(self) -> str:
        return self.title

    def get_kind_display(self) -> str:
        """What pages of this kind are called; the kind's own word when no installed app knows it."""
        pages = (model for model in apps.get_models() if getattr(model, "activity_kind", "") == self.kind)
        page = next(pages, None)
        return str(page._meta.verbose_name) if page else self.kind

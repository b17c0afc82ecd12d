from collections.abc import Iterable
from http import HTTPMethod
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models
from django.forms import CheckboxSelectMultiple
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, HelpPanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page
from wagtail.search import index

from courses import catalogue
from courses.blocks import LessonBody, OutcomeList
from courses.choosing import CoursePageForm
from lib import text
from lib.dates import local_day
from pages.forms import ReadyForm
from pages.models import PROMOTE, BelowHome, PlainAddress

from .rows import Course, Topic

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

PLAIN = ["bold", "italic", "ul", "ol", "link"]


class ReadablePage(PlainAddress, Page):
    """What all pages of the catalogue have in common: found without diacritics, drawn by the app's own door."""

    summary = models.CharField(_("tóm tắt"), max_length=200, blank=True)
    folded = models.TextField(editable=False, blank=True)

    content_panels = [*Page.content_panels, FieldPanel("summary")]
    promote_panels = PROMOTE
    admin_default_ordering = "ord"  # lessons stand in the admin in the order in which they are learnt
    allowed_http_methods = [HTTPMethod.GET, HTTPMethod.HEAD, HTTPMethod.OPTIONS]  # the reading door judges reading

    class Meta:
        abstract = True

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Wagtail gets here once its own restrictions are passed; the order of learning is judged by the same door as ever."""
        from courses import reading, showing  # they rest on the models

        if getattr(request, "is_preview", False):
            response: HttpResponse = super().serve(request, *args, **kwargs)
            return response
        return showing.show(request, reading.shelf.entry_of(self))

    def searchable_text(self) -> str:
        return f"{self.title} {self.summary}"

    def full_clean(self, *args: object, **kwargs: object) -> None:
        self.title: str = text.nfc(self.title)
        super().full_clean(*args, **kwargs)  # type: ignore[arg-type]
        said = self.searchable_text()
        self.folded = text.words(text.fold(said)) + text.words(text.nfc(said).casefold())


class CataloguePage(BelowHome, ReadablePage):
    intro = RichTextField(_("giới thiệu"), features=PLAIN, blank=True)

    content_panels = [*ReadablePage.content_panels, FieldPanel("intro")]
    parent_page_types = ["pages.HomePage"]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return super().get_context(request, *args, **kwargs) | catalogue.context(self, None)

    class Meta:
        verbose_name = _("trang danh mục khóa học")


class TopicPage(ReadablePage):
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="pages", verbose_name=_("chuyên đề"))
    intro = RichTextField(_("giới thiệu"), features=PLAIN, blank=True)
    art = models.ForeignKey(
        "wagtailimages.Image",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("hình"),
    )

    content_panels = [*ReadablePage.content_panels, FieldPanel("topic"), FieldPanel("art"), FieldPanel("intro")]
    parent_page_types = ["courses.CataloguePage"]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return super().get_context(request, *args, **kwargs) | catalogue.context(self.get_parent().specific, self.topic)

    class Meta:
        verbose_name = _("trang chuyên đề")


class CoursePage(ReadablePage):
    base_form_class = CoursePageForm

    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="course_pages", verbose_name=_("chuyên đề"))
    art = models.ForeignKey(
        "wagtailimages.Image",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("hình"),
    )
    intro = RichTextField(_("giới thiệu"), features=PLAIN, blank=True)
    outcomes = StreamField(OutcomeList(), verbose_name=_("học xong làm được gì"), blank=True)
    officer_box = RichTextField(_("dành cho cán bộ xã"), features=PLAIN, blank=True)
    is_sequential = models.BooleanField(_("học theo thứ tự"), default=True)
    prerequisites = ParentalManyToManyField(
        Course, verbose_name=_("cần học xong trước"), related_name="required_by_pages", blank=True
    )

    content_panels = [
        *ReadablePage.content_panels,
        HelpPanel(heading=_("Bài trong khóa học"), template="courses/admin/_content_panel.html"),
        FieldPanel("topic"),
        FieldPanel("art"),
        FieldPanel("intro"),
        FieldPanel("outcomes"),
        FieldPanel("officer_box"),
        MultiFieldPanel(
            [
                FieldPanel("is_sequential"),
                FieldPanel(
                    "prerequisites",
                    widget=CheckboxSelectMultiple,
                    help_text=_("Chọn trong các khóa đang mở. Khóa nào ngừng mở thì không ai phải học trước nữa."),
                ),
            ],
            heading=_("Điều kiện học"),
        ),
    ]
    search_fields = [
        *ReadablePage.search_fields,
        index.SearchField("summary"),
        index.SearchField("folded"),
        index.FilterField("topic"),
    ]
    parent_page_types = ["courses.CataloguePage"]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return super().get_context(request, *args, **kwargs) | catalogue.course_context(self)

    class Meta:
        verbose_name = _("trang khóa học")


class ActivityPage(ReadablePage):
    """A page that can be completed. Apps above make their own kind of activity by a subclass with its `activity_kind`."""

    activity_kind = ""
    adding: "StrOrPromise" = ""  # what the button says that makes one more in a course
    is_dated = False  # held on a day, so that nobody can do it when they like

    minutes = models.PositiveSmallIntegerField(_("số phút"), default=10)
    is_required = models.BooleanField(
        _("bắt buộc"), default=True, help_text=_("Tính vào điều kiện hoàn thành khóa học")
    )

    parent_page_types = ["courses.CoursePage"]
    subpage_types: list[str] = []

    class Meta:
        abstract = True

    def cited_legal_texts(self) -> set[int]:
        """Primary keys of the legal texts on which this page rests."""
        return set()

    @classmethod
    def empty_among(cls, keys: Iterable[UUID]) -> set[UUID]:
        """Which of several pages of this kind, by the keys that they share, hold nothing to learn or to do yet."""
        return set()


class LessonPage(ActivityPage):
    activity_kind = "lesson"
    adding = _("Thêm bài học")
    base_form_class = ReadyForm

    body = StreamField(LessonBody(), verbose_name=_("nội dung"), blank=True)
    to_verify = models.BooleanField(
        _("có chỗ chờ đối chiếu"), default=False, help_text=_("Trang nói rõ rằng vài chi tiết chưa đối chiếu bản gốc")
    )
    is_sample = models.BooleanField(_("bài mẫu, chưa thẩm định"), default=True)
    reviewer_name = models.CharField(_("người thẩm định"), max_length=100, blank=True)
    reviewer_unit = models.CharField(_("đơn vị thẩm định"), max_length=150, blank=True)
    reviewed_on = models.DateField(_("ngày thẩm định"), null=True, blank=True)

    content_panels = [
        *ReadablePage.content_panels,
        FieldPanel("body"),
        MultiFieldPanel([FieldPanel("minutes"), FieldPanel("is_required")], heading=_("Trong khóa học")),
        MultiFieldPanel(
            [
                HelpPanel(content=_("Bài có căn cứ pháp luật chỉ bỏ được dấu “Bài mẫu” khi có người thẩm định.")),
                FieldPanel("is_sample"),
                FieldPanel("to_verify"),
                FieldPanel("reviewer_name"),
                FieldPanel("reviewer_unit"),
                FieldPanel("reviewed_on"),
            ],
            heading=_("Thẩm định"),
        ),
    ]
    search_fields = [
        *ReadablePage.search_fields,
        index.SearchField("summary"),
        index.SearchField("body"),
        index.SearchField("folded"),
    ]

    class Meta:
        verbose_name = _("trang bài học")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return super().get_context(request, *args, **kwargs) | catalogue.lesson_context(self)

    @property
    def is_reviewed(self) -> bool:
        return bool(self.reviewer_name and self.reviewer_unit and self.reviewed_on)

    def not_ready(self) -> str:
        """By the page's own buttons; many at once, or an hour, open an empty lesson too: it does no harm but to its course."""
        if any(block.block_type != "text" or strip_tags(block.value.source).strip() for block in self.body):
            return ""
        return gettext(
            "Chưa đăng hay gửi duyệt được, vì bài học chưa có nội dung. Những gì anh/chị vừa nhập vẫn còn ở đây: hãy thêm ít nhất một khối ở mục “Nội dung”, hoặc bấm “Lưu bản nháp” để viết sau."
        )

    def cited_legal_texts(self) -> set[int]:
        return self.body.stream_block.cited_legal_texts(self.body)

    def searchable_text(self) -> str:
        return f"{super().searchable_text()} {' '.join(self.body.stream_block.get_searchable_content(self.body))}"

    def clean(self) -> None:
        super().clean()
        if self.reviewed_on and self.reviewed_on > local_day(timezone.now()):
            raise ValidationError({"reviewed_on": _("Ngày thẩm định phải là hôm nay hoặc một ngày trước đó.")})
        if not self.is_sample and not self.is_reviewed and self.cited_legal_texts():
            raise ValidationError(
                {
                    "is_sample": _(
                        "Bài này có căn cứ pháp luật: hãy ghi người, đơn vị và ngày thẩm định trước khi bỏ dấu “Bài mẫu”."
                    )
                }
            )

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import RichTextField

from courses.models import ActivityPage

PLAIN = ["bold", "italic", "ul", "ol", "link"]


class WorkshopPage(ActivityPage):
    """How a workshop is written about. When, where and for whom are rows (`Workshop`), which outlive any revision of a page."""

    activity_kind = "workshop"
    is_dated = True
    adding = _("Thêm lớp tập huấn")

    intro = RichTextField(_("giới thiệu"), features=PLAIN, blank=True)
    to_bring = RichTextField(_("nên chuẩn bị"), features=PLAIN, blank=True)
    looking_back = RichTextField(
        _("nhìn lại"), features=PLAIN, blank=True, help_text=_("Viết sau lớp: đã làm được gì, việc tiếp theo.")
    )

    content_panels = [
        *ActivityPage.content_panels,
        FieldPanel("intro"),
        FieldPanel("to_bring"),
        FieldPanel("looking_back"),
        MultiFieldPanel([FieldPanel("minutes"), FieldPanel("is_required")], heading=_("Trong khóa học")),
    ]

    class Meta:
        verbose_name = _("trang lớp tập huấn")

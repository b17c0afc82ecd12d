"""The public site around the courses: home page, plain text pages, and what is said of the operator."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.fields import RichTextField
from wagtail.models import Page
from wagtail.search import index

from .forms import CopyBelowHomeForm, refuse_reserved

# Without Wagtail's "show in menus": no menu of ours is made of pages.
PROMOTE = [
    MultiFieldPanel(
        [FieldPanel(name) for name in ("slug", "seo_title", "search_description")], heading=_("Địa chỉ và tìm kiếm")
    )
]


class HomePage(Page):
    lead = models.CharField(_("câu mở đầu"), max_length=200, blank=True)
    body = RichTextField(_("nội dung"), features=["h2", "bold", "italic", "ul", "ol", "link"], blank=True)

    content_panels = [*Page.content_panels, FieldPanel("lead"), FieldPanel("body")]
    promote_panels = PROMOTE
    max_count_per_parent = 2  # one a language
    parent_page_types = ["wagtailcore.Page"]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return super().get_context(request, *args, **kwargs) | {"current": "home", "with_search": True}

    class Meta:
        verbose_name = _("trang chủ")


class BelowHome:
    """For page kinds that stand directly below the home page: they leave the addresses of routes alone."""

    slug: str
    copy_form_class = CopyBelowHomeForm

    def clean(self) -> None:
        super().clean()  # type: ignore[misc]
        refuse_reserved(self.slug, "slug")


class TextPage(BelowHome, Page):
    body = RichTextField(_("nội dung"), features=["h2", "h3", "bold", "italic", "ul", "ol", "link"], blank=True)

    content_panels = [*Page.content_panels, FieldPanel("body")]
    search_fields = [*Page.search_fields, index.SearchField("body")]
    promote_panels = PROMOTE
    parent_page_types = ["pages.HomePage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("trang nội dung")


@register_setting(icon="home")
class Operator(BaseSiteSetting):
    """Who runs this site: named on the page about personal data."""

    name = models.CharField(_("đơn vị vận hành"), max_length=150, blank=True)
    address = models.CharField(_("địa chỉ"), max_length=200, blank=True)
    phone = models.CharField(_("điện thoại hỗ trợ"), max_length=20, blank=True)
    email = models.EmailField(_("thư điện tử"), blank=True)

    class Meta:
        verbose_name = _("đơn vị vận hành")

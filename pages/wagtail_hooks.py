from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin.api.views import PagesAdminAPIViewSet
from wagtail.api.v2.router import WagtailAPIRouter
from wagtail.models import Page, Site

from .forms import reserved, sentence
from .models import HomePage


@hooks.register("before_move_page")
def keep_reserved_addresses_free(request: HttpRequest, page: Page, target: Page) -> HttpResponse | None:
    if isinstance(target.specific, HomePage) and page.slug in reserved():
        messages.error(request, sentence(page.slug))
        return redirect("wagtailadmin_pages:move", page.pk)
    return None


class PagesToChoose(PagesAdminAPIViewSet):
    """Wagtail's pages by API without its actions: they move, publish, copy and delete past every hook and every approval,
    and no page of the admin asks for them."""

    actions: ClassVar[dict[str, Any]] = {}


@hooks.register("construct_admin_api")
def only_choosing(router: WagtailAPIRouter) -> None:
    router.register_endpoint("pages", PagesToChoose)


@hooks.register("before_delete_page")
@hooks.register("before_unpublish_page")
def keep_the_front_page(request: HttpRequest, page: Page) -> HttpResponse | None:
    """With the page that the site begins with, every address of the site would be gone."""
    if not Site.objects.filter(root_page__in=page.get_descendants(inclusive=True)).exists():
        return None
    said = _(
        "“%(title)s” là trang chủ của cả trang web: gỡ trang này thì mọi khóa học không mở được nữa. Chưa gỡ gì; anh/chị sửa nội dung trang chủ rồi đăng lại."
    )
    messages.error(request, said % {"title": page.title})
    return redirect("wagtailadmin_explore", page.pk)


@hooks.register("before_bulk_action")
def keep_the_front_page_among_many(
    request: HttpRequest, action_type: str, objects: list[Any], action: Any
) -> HttpResponse | None:
    if action_type not in ("delete", "unpublish") or action.model is not Page:
        return None
    return next(filter(None, (keep_the_front_page(request, page) for page in objects)), None)

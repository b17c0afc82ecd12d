"""Where a page is approved: in its editor, whose form carries the words that whoever approves has before her."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _


def read_first(request: HttpRequest, page: int, state: int) -> HttpResponse:
    """Wagtail's address approves whatever was saved last, seen or not; the editor that it leads to asks who may."""
    messages.info(request, _("Chưa duyệt. Anh/Chị đọc trang này rồi bấm “Duyệt” ở cuối trang."))
    return redirect("wagtailadmin_pages:edit", page)

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from wagtail import hooks
from wagtail.models import Page

from .forms import reserved, sentence
from .models import HomePage


@hooks.register("before_move_page")
def keep_reserved_addresses_free(request: HttpRequest, page: Page, target: Page) -> HttpResponse | None:
    if isinstance(target.specific, HomePage) and page.slug in reserved():
        messages.error(request, sentence(page.slug))
        return redirect("wagtailadmin_pages:move", page.pk)
    return None

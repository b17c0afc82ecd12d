"""What a programmer reads first, and the document that their tools read."""

from functools import cache
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

DOCUMENT = Path(__file__).with_name("openapi.json")


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    return render(request, "reports/api.html", {"base": request.build_absolute_uri("/api/")})


@require_safe
def document(request: HttpRequest) -> HttpResponse:
    return HttpResponse(_document(), content_type="application/json")


@cache
def _document() -> bytes:
    return DOCUMENT.read_bytes()

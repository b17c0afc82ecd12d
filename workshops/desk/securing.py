"""In a hall that serves itself (`manage.py hall`): the certificate of its authority, how a phone takes it, and the ways that need none."""

from pathlib import Path

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


def folder() -> Path:
    return Path(settings.VAR_DIR) / "hall"


def addresses() -> tuple[str, str]:
    """The secure one and the plain one. 404 where no hall is served."""
    try:
        secure, plain = (folder() / "address").read_text().split()
    except (OSError, ValueError):
        raise Http404 from None
    return secure, plain


@never_cache
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    secure, plain = addresses()
    return render(request, "workshops/desk/secure.html", {"secure": secure, "plain": plain})


@never_cache
@require_safe
def certificate(_request: HttpRequest) -> FileResponse:
    """The authority's certificate, never its key."""
    addresses()
    return FileResponse(
        (folder() / "ca.pem").open("rb"),
        as_attachment=True,
        filename="hoi-truong.crt",
        content_type="application/x-x509-ca-cert",
    )

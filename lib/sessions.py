"""Leaving a device clean."""

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse


def end_session(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Logs out and tells the browser to forget pages and stores of this site (browsers heed it on HTTPS only)."""
    logout(request)
    if settings.HTTPS:
        response["Clear-Site-Data"] = '"cache", "storage"'
    return response

"""Leaving a device clean."""

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse


def end_session(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Logs out and tells the browser to forget this site's pages (browsers heed it on HTTPS only).

    Not its stores: on a shared device they may hold an answer of somebody else that could not be sent yet. What is the
    leaver's own goes with the button (static/js/app.js).
    """
    logout(request)
    if settings.HTTPS:
        response["Clear-Site-Data"] = '"cache"'
    return response

"""What cannot be read is answered with a sentence, and without the database: it may come before anything else was looked at."""

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    is_too_much = isinstance(exception, TOO_MUCH)
    return HttpResponse(render_to_string("400.html", {"is_too_much": is_too_much}), status=413 if is_too_much else 400)


def met_another(request: HttpRequest, *, status: int) -> HttpResponse:
    """503: the database was busy with another's; 409: what was to be made is there already."""
    said = {"is_there_already": status == 409, "is_reading": request.method != "POST"}
    answer = HttpResponse(render_to_string("409.html", said), status=status)
    answer._has_been_logged = True  # type: ignore[attr-defined]  # as one line by whoever answers so; no failure of ours
    return answer

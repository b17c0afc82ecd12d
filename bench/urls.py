from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.crypto import get_random_string

from elearning.urls import urlpatterns as product


def ok(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


def insert(request: HttpRequest) -> HttpResponse:
    """One row without a session, a form or a question whose it is."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO bench_row (word) VALUES (%s)", [get_random_string(20)])
    return HttpResponse("ok")


urlpatterns = [path("bench-ok/", ok), path("bench-insert/", insert), *product]

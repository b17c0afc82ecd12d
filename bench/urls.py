from django.http import HttpRequest, HttpResponse
from django.urls import path

from elearning.urls import urlpatterns as product


def ok(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


urlpatterns = [path("bench-ok/", ok), *product]

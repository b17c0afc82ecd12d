from django.urls import path

from . import manual, pages

app_name = "api"
urlpatterns = [
    path("", manual.page, name="manual"),
    path("openapi.json", manual.document, name="openapi"),
    path("v1/figures/", pages.Board.as_view(), name="figures"),
    path("v1/places/", pages.Places.as_view(), name="places"),
    path("v1/courses/", pages.Courses.as_view(), name="courses"),
    path("v1/subjects/", pages.Subjects.as_view(), name="subjects"),
]

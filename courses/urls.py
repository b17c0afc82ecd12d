from django.urls import path

from . import views

app_name = "courses"
urlpatterns = [
    path("", views.my_learning, name="my_learning"),
    path("tim/", views.search, name="search"),
    path("khoa/<uuid:key>/ghi-danh/", views.enrol, name="enrol"),
    path("bai/<uuid:key>/xong/", views.complete, name="complete"),
]

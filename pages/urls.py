from django.urls import path

from . import views

app_name = "pages"
urlpatterns = [
    path("hien-thi/", views.display, name="display"),
    path("du-lieu-ca-nhan/", views.privacy, name="privacy"),
    path("media/<path:path>", views.media, name="media"),
]

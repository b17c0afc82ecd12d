from django.urls import path

from . import views

app_name = "certificates"
urlpatterns = [
    path("", views.find, name="find"),
    path("cua-toi/", views.mine, name="mine"),
    path("<slug:code>", views.verify, name="verify"),
    path("<slug:code>/pdf/", views.pdf, name="pdf"),
    path("<slug:code>/anh/", views.picture, name="picture"),
]

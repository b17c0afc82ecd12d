from django.urls import path

from . import views

app_name = "demo"
urlpatterns = [path("dien-thoai/", views.phone, name="phone")]

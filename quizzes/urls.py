from django.urls import path

from . import offline, views, whole

app_name = "quizzes"
urlpatterns = [
    path("<uuid:key>/bat-dau/", views.start, name="start"),
    path("luot/ngoai-mang/", offline.shell, name="shell"),
    path("luot/ngoai-mang.js", offline.worker, name="worker"),
    path("luot/<int:pk>/", views.attempt, name="attempt"),
    path("luot/<int:pk>/cau/", views.questions, name="questions"),
    path("luot/<int:pk>/cau/<int:position>/", views.item, name="item"),
    path("luot/<int:pk>/cau/<int:position>/luu/", views.autosave, name="autosave"),
    path("luot/<int:pk>/ca-bai/", whole.whole, name="whole"),
    path("luot/<int:pk>/nop/", views.submit, name="submit"),
    path("luot/<int:pk>/ket-qua/", views.result, name="result"),
]

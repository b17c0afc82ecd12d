from django.urls import path

from . import offline, pages, securing, self_check, wire

app_name = "desk"
urlpatterns = [
    path("", pages.door, name="door"),
    path("ban/", pages.desk, name="desk"),
    path("ban/ghi/", pages.record, name="record"),
    path("ban/bo-sung/", pages.newcomer, name="newcomer"),
    path("roi/", pages.leave, name="leave"),
    path("mo.json", wire.opened, name="opened"),
    path("gui.json", wire.received, name="received"),
    path("khung/", offline.shell, name="shell"),
    path("may.js", offline.worker, name="worker"),
    path("may.webmanifest", offline.manifest, name="manifest"),
    path("bao-mat/", securing.page, name="secure"),
    path("hoi-truong.crt", securing.certificate, name="authority"),
    path("tu/<int:pk>/<str:code>/", self_check.check_in, name="self"),
    path("tu/", self_check.typed, name="self_typed"),
    path("chieu/<str:token>/", self_check.projector, name="projector"),
]

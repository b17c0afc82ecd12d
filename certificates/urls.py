from django.urls import path

from . import offline, public_views, showing, views

app_name = "certificates"
urlpatterns = [
    path("", views.find, name="find"),
    path("so-va-ten/", views.find_printed, name="find_printed"),
    path("ngoai-mang/", offline.shell, name="shell"),
    path("ngoai-mang.js", offline.worker, name="worker"),
    path("khoa.json", offline.keys, name="keys"),
    path("het-hieu-luc.json", offline.ended, name="ended"),
    path("tep/", public_views.check_file, name="check_file"),
    path("tinh-trang/<int:issuer>/<int:number>", public_views.status_list, name="status_list"),
    path("don-vi/<int:issuer>/did.json", public_views.did_document, name="did"),
    path("cua-toi/", views.mine, name="mine"),
    path("tep", views.with_slash, name="tep_with_slash"),  # else they would be taken for codes
    path("so-va-ten", views.with_slash, name="printed_with_slash"),
    path("cua-toi", views.with_slash, name="mine_with_slash"),
    path("<slug:code>", views.verify, name="verify"),
    path("<str:code>", views.as_written, name="as_written"),
    path("<str:code>/", views.as_written, name="as_written_with_slash"),
    path("<slug:code>/pdf/", views.pdf, name="pdf"),
    path("<slug:code>/gia-han/", views.renew, name="renew"),
    path("<slug:code>/anh/", views.picture, name="picture"),
    path("<slug:code>/huy-hieu.png", views.badge, {"kind": "png"}, name="badge_png"),
    path("<slug:code>/huy-hieu.svg", views.badge, {"kind": "svg"}, name="badge_svg"),
    path("<slug:code>/gioi-thieu/", showing.page, name="shown"),
    path("<slug:code>/gioi-thieu/anh.jpg", showing.picture, name="shown_picture"),
    path("<slug:code>/gioi-thieu/bat/", showing.switch_on, name="show"),
    path("<slug:code>/gioi-thieu/tat/", showing.switch_off, name="hide"),
]

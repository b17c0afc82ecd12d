"""`ve` (a ticket) is no workshop's address: what is planned under it could not be reached."""

from django.urls import path

from .hall import kiosk, phone
from .models import Moment
from .views import public, tickets

app_name = "workshops"
urlpatterns = [
    path("", public.listed, name="list"),
    path("ve/<str:code>/", tickets.ticket, name="ticket"),
    path("ve/<str:code>/huy/", tickets.cancel, name="ticket_cancel"),
    path("ve/<str:code>/nhan-cho/", tickets.confirm, name="ticket_confirm"),
    path("ve/<str:code>/tin-nhan/", tickets.mute, name="ticket_mute"),
    path("ve/<str:code>/phong/", tickets.rooms, name="ticket_rooms"),
    path("ve/<str:code>/lich.ics", tickets.calendar, name="ticket_calendar"),
    path("ve/<str:code>/ve.pdf", tickets.printed, name="ticket_printed"),
    path("ve/<str:code>/ve.png", tickets.picture, name="ticket_picture"),
    path("<slug:slug>/", public.page, name="page"),
    path("<slug:slug>/dang-ky/", public.register, name="register"),
    path("<slug:slug>/chuong-trinh.pdf", public.programme, name="programme"),
    path("<slug:slug>/chia-se.jpg", public.preview, name="preview"),
    path("<slug:slug>/lich.ics", public.calendar, name="calendar"),
    path("<slug:slug>/kiem-tra/dau-vao/", phone.test, {"moment": Moment.BEFORE}, name="hall_test_before"),
    path("<slug:slug>/kiem-tra/dau-ra/", phone.test, {"moment": Moment.AFTER}, name="hall_test_after"),
    path("<slug:slug>/danh-gia/", phone.feedback, name="hall_feedback"),
    path("<slug:slug>/danh-gia/may-chung/<str:token>/", kiosk.kiosk, name="hall_kiosk"),
    path("<slug:slug>/danh-gia/may-chung/<str:token>/xong/", kiosk.done, name="hall_kiosk_done"),
    path("<slug:slug>/tai-lieu/", phone.materials, name="hall_materials"),
]

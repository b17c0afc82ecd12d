"""Log-in and one's own pages. The names that begin with `account_` are allauth's; only the doors in use are opened."""

from allauth.account import views as allauth_views
from django.urls import path
from django.views.generic import RedirectView

from . import views

urlpatterns = [
    path("", views.home, name="accounts_home"),
    path("dien-thoai/", views.start, name="account_request_login_code"),
    path(
        "dang-ky/",
        RedirectView.as_view(pattern_name="account_request_login_code", query_string=True),
        name="account_signup",
    ),
    path("ma/", views.ConfirmCodeView.as_view(), name="account_confirm_login_code"),
    path("dang-nhap/", allauth_views.login, name="account_login"),
    path("dang-xuat/", views.log_out, name="account_logout"),
    path("ngung/", allauth_views.account_inactive, name="account_inactive"),
    path("phieu-ma/", views.use_card, name="accounts_card"),
    path("mat-so/", views.lost_number, name="accounts_lost_number"),
    path("ho-so/", views.profile, name="accounts_profile"),
    path("ho-so/ten/", views.profile_name, name="accounts_profile_name"),
    path("ho-so/noi-o/", views.profile_place, name="accounts_profile_place"),
    path("ho-so/dong-y/", views.profile_consent, name="accounts_profile_consent"),
    path("noi-o/tim/", views.search_places, name="accounts_search_places"),
    path("can-bo/", views.colleague, name="accounts_colleague"),
    path("ten/", views.name, name="accounts_name"),
    path("pin/", views.pin, name="accounts_pin"),
    path("dong-y/", views.consent, name="accounts_consent"),
    path("dong-y/<int:pk>/rut-lai/", views.withdraw, name="accounts_withdraw"),
]

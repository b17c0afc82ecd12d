"""Log-in and one's own pages. The names that begin with `account_` are allauth's; only the doors in use are opened."""

from allauth.account import views as allauth_views
from django.urls import path
from django.views.generic import RedirectView

from .rights import pages as rights
from .rights.minority import minority
from .views import doors, moving, oidc, own, signing_up
from .views.helping import come_back
from .views.second_step import SecondStepView
from .views.whose_number import whose_number

urlpatterns = [
    path("", own.home, name="accounts_home"),
    path("dien-thoai/", doors.start, name="account_request_login_code"),
    path(
        "dang-ky/",
        RedirectView.as_view(pattern_name="account_request_login_code", query_string=True),
        name="account_signup",
    ),
    path("ma/", doors.ConfirmCodeView.as_view(), name="account_confirm_login_code"),
    path("cua-ai/", whose_number, name="accounts_whose_number"),
    path("dang-nhap/", allauth_views.login, name="account_login"),
    path("buoc-hai/", SecondStepView.as_view(), name="mfa_authenticate"),
    path("dang-xuat/", doors.log_out, name="account_logout"),
    path("ngung/", allauth_views.account_inactive, name="account_inactive"),
    path("phieu-ma/", doors.use_card, name="accounts_card"),
    path("noi-khac/", oidc.begin, name="accounts_oidc"),
    path("noi-khac/ve/", oidc.back, name="accounts_oidc_back"),
    path("noi-khac/chua-vao/", oidc.failed, name="accounts_oidc_failed"),
    path("noi/", oidc.link, name="accounts_link"),
    path("noi/xac-nhan/", oidc.confirm_link, name="accounts_link_confirm"),
    path("noi/go/", oidc.unlink, name="accounts_unlink"),
    path("mat-so/", doors.lost_number, name="accounts_lost_number"),
    path("ho-so/", signing_up.profile, name="accounts_profile"),
    path("ho-so/ten/", signing_up.profile_name, name="accounts_profile_name"),
    path("ho-so/noi-o/", signing_up.profile_place, name="accounts_profile_place"),
    path("ho-so/dong-y/", signing_up.profile_consent, name="accounts_profile_consent"),
    path("noi-o/tim/", signing_up.search_places, name="accounts_search_places"),
    path("can-bo/", own.colleague, name="accounts_colleague"),
    path("ten/", own.name, name="accounts_name"),
    path("chuyen-noi-o/", moving.move, name="accounts_move"),
    path("tro-lai/", come_back, name="accounts_come_back"),
    path("pin/", own.pin, name="accounts_pin"),
    path("dong-y/", own.consent, name="accounts_consent"),
    path("dong-y/<int:pk>/rut-lai/", own.withdraw, name="accounts_withdraw"),
    path("du-lieu/", rights.data, name="accounts_data"),
    path("du-lieu/sua/", rights.correct, name="accounts_data_correct"),
    path("du-lieu/dan-toc/", minority, name="accounts_data_minority"),
    path("du-lieu/tai-ve/", rights.copy, name="accounts_data_copy"),
    path("du-lieu/xoa/", rights.delete, name="accounts_data_delete"),
    path("du-lieu/xac-nhan/", rights.prove, name="accounts_data_prove"),
    path("du-lieu/yeu-cau/<slug:what>/", rights.ask, name="accounts_data_ask"),
    path("du-lieu/<int:pk>/rut-lai/", rights.take_back, name="accounts_data_take_back"),
]

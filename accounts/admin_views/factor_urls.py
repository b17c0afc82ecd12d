"""One's own second factor, below the account page. Names are allauth's, whose views lead from one to another by them."""

from django.urls import path

from . import factors

urlpatterns = [
    path("", factors.Overview.as_view(), name="mfa_index"),
    path("ung-dung/", factors.SetUpApp.as_view(), name="mfa_activate_totp"),
    path("ung-dung/bo/", factors.DropApp.as_view(), name="mfa_deactivate_totp"),
    path("khoa/", factors.AddKey.as_view(), name="mfa_add_webauthn"),
    path("khoa/<int:pk>/bo/", factors.DropKey.as_view(), name="mfa_remove_webauthn"),
    path("ma-du-phong/", factors.RecoveryCodes.as_view(), name="mfa_view_recovery_codes"),
    path("ma-du-phong/moi/", factors.NewCodes.as_view(), name="mfa_generate_recovery_codes"),
    path("mat-khau/", factors.PasswordAgain.as_view(), name="account_reauthenticate"),
]

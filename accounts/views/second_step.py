"""The second step of logging in with a staff password: allauth's, with our look."""

from typing import Any

from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.models import Authenticator


class SecondStepView(AuthenticateView):
    template_name = "account/second_step.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kinds = set(Authenticator.objects.filter(user=self.stage.login.user).values_list("type", flat=True))
        is_lost = "du-phong" in self.request.GET
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {
            "has_app": Authenticator.Type.TOTP in kinds,
            "has_keys": Authenticator.Type.WEBAUTHN in kinds,
            "has_codes": Authenticator.Type.RECOVERY_CODES in kinds,
            "is_lost": is_lost and Authenticator.Type.RECOVERY_CODES in kinds,
        }

"""The second step of logging in with a staff password: allauth's, with our look."""

from typing import Any

from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.models import Authenticator
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from accounts.queries import has_second_factor


class SecondStepView(AuthenticateView):
    template_name = "account/second_step.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """allauth leads whoever has no factor any more (an administrator took it off meanwhile) back to the log-in, and from
        there here again."""
        answer = super().dispatch(request, *args, **kwargs)
        stage = getattr(request, "_login_stage", None)
        if stage is not None and not has_second_factor(stage.login.user):
            aborted: HttpResponseBase = stage.abort()
            return aborted
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kinds = set(Authenticator.objects.filter(user=self.stage.login.user).values_list("type", flat=True))
        context: dict[str, Any] = super().get_context_data(**kwargs)
        if is_lost := "du-phong" in self.request.GET and Authenticator.Type.RECOVERY_CODES in kinds:
            context["form"].fields["code"].label = _("Mã dự phòng")
        return context | {
            "has_app": Authenticator.Type.TOTP in kinds,
            "has_keys": Authenticator.Type.WEBAUTHN in kinds,
            "has_codes": Authenticator.Type.RECOVERY_CODES in kinds,
            "is_lost": is_lost,
        }

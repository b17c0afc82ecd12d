from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lib import phones

from .models import PhoneMessage


@never_cache
@require_safe
def phone(request: HttpRequest) -> HttpResponse:
    """What the phone of one number received: the demo's stand-in for a mobile network."""
    typed = request.GET.get("to", "")
    error, messages = "", PhoneMessage.objects.none()
    if typed:
        try:
            messages = PhoneMessage.objects.filter(to=phones.to_e164(typed))[:20]
        except ValidationError as refusal:
            error = refusal.messages[0]
    return render(request, "demo/phone.html", {"typed": typed, "error": error, "messages_received": messages})

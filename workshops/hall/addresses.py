"""Where delegates go from the hall, as it stands on a screen and in a QR code."""

from django.conf import settings
from django.core import signing
from django.http import Http404
from django.urls import reverse
from django.utils.translation import override

from workshops import access
from workshops.models import Moment, SeenBy, Workshop

TEST = {Moment.BEFORE: "workshops:hall_test_before", Moment.AFTER: "workshops:hall_test_after"}
KIOSK_SALT, KIOSK_HOURS = "workshops.kiosk", 10


def outside(name: str, workshop: Workshop) -> str:
    """In full. Who may see a workshop only when invited has its key from the screen."""
    key = f"?k={access.hall_key(workshop)}" if workshop.seen_by == SeenBy.INVITED else ""
    with override("vi"):  # whatever the organiser reads
        return f"{settings.BASE_URL}{reverse(name, args=[workshop.slug])}{key}"


def kiosk(workshop: Workshop) -> str:
    """For a tablet that goes round: signed, and of no use the day after."""
    return reverse("workshops:hall_kiosk", args=[workshop.slug, signing.dumps(workshop.pk, salt=KIOSK_SALT)])


def is_kiosk_of(workshop: Workshop, token: str) -> bool:
    """False once it is too old. Raises Http404 for what was never signed, or for another workshop."""
    try:
        named = signing.loads(token, salt=KIOSK_SALT, max_age=KIOSK_HOURS * 3600)
    except signing.SignatureExpired:
        return False
    except signing.BadSignature:
        raise Http404 from None
    if named != workshop.pk:
        raise Http404
    return True

"""Documents of certificates."""

from .badges import badge
from .delivering import Delivery, begin, delivered, given_badge, picture, to_sign
from .given import given_of, noted, would_go_out
from .kept import forget_sealed
from .papers import address, pdf, read_in, readable_code, values
from .previews import forget_preview, preview
from .printing import VARIANT, Printer

__all__ = [
    "VARIANT",
    "Delivery",
    "Printer",
    "address",
    "badge",
    "begin",
    "delivered",
    "forget_preview",
    "forget_sealed",
    "given_badge",
    "given_of",
    "noted",
    "pdf",
    "picture",
    "preview",
    "read_in",
    "readable_code",
    "to_sign",
    "values",
    "would_go_out",
]  # fmt: skip

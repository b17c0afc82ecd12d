"""Documents of certificates."""

from .badges import badge
from .delivering import Delivery, begin, delivered, given_badge, picture, to_sign
from .given import was_given
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
    "pdf",
    "picture",
    "preview",
    "read_in",
    "readable_code",
    "to_sign",
    "values",
    "was_given",
]  # fmt: skip

"""Documents of certificates."""

from .badges import badge
from .delivering import Delivery, begin, delivered, picture
from .kept import forget_sealed, is_kept
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
    "is_kept",
    "pdf",
    "picture",
    "preview",
    "read_in",
    "readable_code",
    "values",
]  # fmt: skip

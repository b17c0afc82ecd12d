"""Documents of certificates."""

from .badges import badge
from .delivering import begun, delivered, picture
from .kept import forget_sealed
from .papers import address, pdf, read_in, readable_code, result_of, values
from .previews import forget_preview, preview
from .printing import VARIANT, Printer

__all__ = [
    "VARIANT", "Printer", "address", "badge", "begun", "delivered", "forget_preview", "forget_sealed", "pdf", "picture",
    "preview", "read_in", "readable_code", "result_of", "values",
]  # fmt: skip

"""Documents of certificates."""

from .delivering import begun, delivered, picture
from .papers import address, pdf, read_in, readable_code, result_of, values
from .printing import VARIANT, Printer

__all__ = [
    "VARIANT",
    "Printer",
    "address",
    "begun",
    "delivered",
    "pdf",
    "picture",
    "read_in",
    "readable_code",
    "result_of",
    "values",
]

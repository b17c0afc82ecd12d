"""Documents of certificates."""

from .papers import address, pdf, picture, readable_code, values
from .printing import VARIANT, Printer

__all__ = ["VARIANT", "Printer", "address", "pdf", "picture", "readable_code", "values"]

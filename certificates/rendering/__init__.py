"""Documents of certificates."""

from .delivering import delivered, picture
from .papers import address, pdf, readable_code, values
from .printing import VARIANT, Printer

__all__ = ["VARIANT", "Printer", "address", "delivered", "pdf", "picture", "readable_code", "values"]

"""Documents of certificates."""

from .delivering import delivered, picture
from .papers import address, pdf, read_in, readable_code, values
from .printing import VARIANT, Printer

__all__ = ["VARIANT", "Printer", "address", "delivered", "pdf", "picture", "read_in", "readable_code", "values"]

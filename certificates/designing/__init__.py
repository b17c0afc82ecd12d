"""How a certificate is designed: what may stand on it, in which words and colours, and what is frozen of it.

Nothing in here knows a database or WeasyPrint; `certificates.rendering` draws what is decided here.
"""

from .paper import FORMAL, LANGUAGES, LOOKS, PLAIN, WARM, Paper, standard
from .placeholders import PLACEHOLDERS, fill, unknown

__all__ = ["FORMAL", "LANGUAGES", "LOOKS", "PLACEHOLDERS", "PLAIN", "WARM", "Paper", "fill", "standard", "unknown"]

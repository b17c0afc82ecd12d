"""The colours that a design may be printed in: few, each dark enough on white for texts (tests/certificates/test_accents.py)."""

from django.utils.translation import gettext_lazy as _

GREEN = "green"
ACCENTS = {
    GREEN: _("xanh rừng đước"),
    "blue": _("xanh biển"),
    "wine": _("đỏ mận"),
    "brown": _("nâu đất"),
}
# The greens of our drawings and style sheets, from dark to light, and what stands for each of them in another colour.
_GREENS = ("#0f5145", "#2a6a5c", "#37786a", "#4d8a7b", "#b9d3c9", "#e6efea", "#e4ece5", "#eef3ee")
_SHADES = {
    "blue": ("#174a7c", "#2d5f90", "#3d6e9e", "#5584b0", "#bccfe2", "#e6edf4", "#e2eaf1", "#eef2f7"),
    "wine": ("#7a1f3d", "#8f3955", "#9c4a64", "#ae657c", "#e0c0ca", "#f4e8ec", "#f0e3e7", "#f7f0f2"),
    "brown": ("#5f3c17", "#754f27", "#836039", "#987650", "#dccbb5", "#f2ebe2", "#ede5da", "#f6f1ea"),
}


def recoloured(words: str, accent: str) -> str:
    """A drawing or style sheet in another colour; its own drawings are asked for in that colour too."""
    for green, shade in zip(_GREENS, _SHADES.get(accent, _GREENS), strict=True):
        words = words.replace(green, shade)
    return words if accent == GREEN else words.replace("print:svg/", f"print:svg-{accent}/")

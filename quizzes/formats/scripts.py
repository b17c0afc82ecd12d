"""Letters above and below the line, as the signs that Unicode has for them."""

_SUB_SIGNS, _SUP_SIGNS = "0123456789+-=()", "0123456789+-=()n"
_SUB = str.maketrans(_SUB_SIGNS, "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")
_SUP = str.maketrans(_SUP_SIGNS, "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ")


def below(words: str) -> str:
    return words.translate(_SUB) if words and all(sign in _SUB_SIGNS for sign in words) else words


def above(words: str) -> str:
    """What has no sign of its own stands behind "^": 10³ must never become 103."""
    if words and all(sign in _SUP_SIGNS for sign in words):
        return words.translate(_SUP)
    return f"^{words}" if words.strip() else words

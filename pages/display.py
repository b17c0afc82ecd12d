"""How a reader wants pages to look: kept in two cookies, because a shared device has no account yet."""

from django.http import HttpRequest

SIZES = ("usual", "large")
THEMES = ("auto", "light", "dark")


def variant_of(request: HttpRequest) -> tuple[str, str]:
    """(text size, theme); unknown values count as none chosen."""
    size, theme = request.COOKIES.get("text_size", ""), request.COOKIES.get("theme", "")
    return (size if size in SIZES else "usual", theme if theme in THEMES[1:] else "")

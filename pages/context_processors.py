from django.conf import settings
from django.http import HttpRequest

from .display import variant_of


def site(request: HttpRequest) -> dict[str, object]:
    text_size, theme = variant_of(request)
    return {"is_demo": settings.DEMO, "text_size": text_size, "theme": theme}

from .models import ConsentText
from .rules import REQUIRED_CONSENTS


def current_consent_texts(language: str) -> list[ConsentText]:
    """The newest wording of each purpose in a language, Vietnamese where there is no other; required ones first."""
    newest: dict[str, ConsentText] = {}
    for text in ConsentText.objects.filter(language__in=["vi", language]).order_by("version"):
        known = newest.get(text.purpose)
        if known is None or text.language == language or known.language != language:
            newest[text.purpose] = text
    return sorted(newest.values(), key=lambda text: (text.purpose not in REQUIRED_CONSENTS, text.purpose))

"""Phiếu đồng ý: what a delegate reads and signs who is written down by others. One sheet each, with the words that hold today."""

from collections.abc import Sequence

from django.utils.translation import override

from accounts.models import ConsentText
from workshops.models import Workshop

from .drawing import OF_THE_DECREE, always, drawn


@override("vi")
def consent_form(workshop: Workshop, texts: Sequence[ConsentText]) -> bytes:
    """Nothing on it is ticked beforehand. Raises Refusal."""
    return drawn("consent", always(workshop) | {"texts": texts}, OF_THE_DECREE)

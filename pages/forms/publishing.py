"""Pages that have to be ready before they go live."""

from typing import Any

from django.core.exceptions import ValidationError

from .addresses import AddressedForm


class ReadyForm(AddressedForm):
    """A page that is not live yet says why it may not go live: `not_ready()`, "" for nothing. As a draft it is kept in any case."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if self._goes_live() and (sentence := self.instance.not_ready()):
            raise ValidationError(sentence)
        return cleaned

    def _goes_live(self) -> bool:
        """Asked for by a button; what was live before may be corrected."""
        was_live = self.instance.pk and self.instance.live
        buttons = {"action-publish", "action-submit", "action-restart-workflow"} & self.data.keys()
        return bool(buttons or self.data.get("workflow-action-name") == "approve") and not was_live

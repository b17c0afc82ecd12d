"""Pages that have to be ready before they go live."""

from .addresses import AddressedForm


class ReadyForm(AddressedForm):
    """A page that is not live yet says why it may not go live: `not_ready()`, "" for nothing. As a draft it is kept in any case."""

    def _post_clean(self) -> None:
        """Django's place for what the whole instance says of itself, once it has what was typed."""
        super()._post_clean()
        if not self.errors and self._goes_live() and (sentence := self.instance.not_ready()):
            self.add_error(None, sentence)

    def _goes_live(self) -> bool:
        """Asked for by a button; what was live before may be corrected."""
        was_live = self.instance.pk and self.instance.live
        buttons = {"action-publish", "action-submit", "action-restart-workflow"} & self.data.keys()
        return bool(buttons or self.data.get("workflow-action-name") == "approve") and not was_live

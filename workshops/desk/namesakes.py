"""Who at the door may be somebody that the list has already: of one name and commune, as far as the desk may know both."""

from lib import text
from workshops import actions
from workshops.models import RegistrationState, Workshop

from . import roster


def of(newcomer: actions.Newcomer, workshop: Workshop) -> list[roster.Delegate]:
    """By the rule of desk-work.js: two whose numbers end differently are two, and of whom a desk knows no more than it typed no commune is compared."""
    unseen, wanted = roster.unseen_of(workshop), text.fold(text.name(newcomer.name))
    digits = newcomer.phone[-roster.DIGITS :]

    def fits(one: roster.Delegate) -> bool:
        is_there = one.held.pk in unseen or one.held.place_id == newcomer.place.pk
        is_named = text.fold(one.name) == wanted and is_there
        is_other = bool(digits and one.phone and not one.phone.endswith(digits))
        return is_named and not is_other and one.held.state != RegistrationState.REPLACED

    return [one for one in roster.known(workshop) if fits(one)]


def key(found: list[roster.Delegate]) -> str:
    """What was asked: whoever says that it is another person says so of these."""
    return ",".join(str(one.held.number) for one in found)

"""Who at the door may be somebody that the list has already: of one name and commune, as far as the desk may know both."""

from lib import text
from workshops import actions
from workshops.models import RegistrationState, Workshop

from . import roster


def of(newcomer: actions.Newcomer, workshop: Workshop) -> list[roster.Delegate]:
    """Two with different numbers are two; of whom a desk knows what it typed alone, that is compared."""
    typed, wanted = roster.unseen_of(workshop), text.fold(text.name(newcomer.name))

    def fits(one: roster.Delegate) -> bool:
        place = typed[one.held.pk]["place"] if one.held.pk in typed else one.held.place_id
        is_named = text.fold(one.name) == wanted and place == newcomer.place.pk
        is_other = bool(newcomer.phone and one.phone and newcomer.phone != one.phone)
        return is_named and not is_other and one.held.state != RegistrationState.REPLACED

    return [one for one in roster.known(workshop) if fits(one)]


def key(found: list[roster.Delegate]) -> str:
    """What was asked: whoever says that it is another person says so of these."""
    return ",".join(str(one.held.number) for one in found)

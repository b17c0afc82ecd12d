"""Who opens the board, and where it is."""

from tests import cast

BOARD, BOOK = "/quan-tri/tien-do/", "/quan-tri/tien-do/xlsx/"


def manager(province: str | None, phone: str = "0987654399"):
    place = cast.province(province) if province else None
    return cast.client_of(cast.staff("manager", place, phone))

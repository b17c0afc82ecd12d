from .importing import Imported, import_roster
from .registering import cancel, confirm, expire_offers, promote, register, replace

__all__ = ["Imported", "cancel", "confirm", "expire_offers", "import_roster", "promote", "register", "replace"]

from .registering import cancel, confirm, expire_offers, promote, register, replace

__all__ = ["cancel", "confirm", "expire_offers", "promote", "register", "replace"]

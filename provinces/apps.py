from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_delete, post_save


class ProvincesConfig(AppConfig):
    name = "provinces"

    def ready(self) -> None:
        for model in ("Place", "Succession"):
            post_save.connect(_changed, sender=self.get_model(model))
            post_delete.connect(_changed, sender=self.get_model(model))


def _changed(**_signal: Any) -> None:
    """What is kept of places no longer holds; for other workers once it is committed."""
    from lib import generation

    from .queries import remembered

    remembered.forget()
    generation.bump()

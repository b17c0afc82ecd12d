from django.apps import AppConfig


class LibConfig(AppConfig):
    name = "lib"

    def ready(self) -> None:
        from . import registries, waiting

        registries.jobs.add("lib.forget_waiting", waiting.forget)

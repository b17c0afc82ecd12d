from django.apps import AppConfig

from lib import registries


class MessagingConfig(AppConfig):
    name = "messaging"

    def ready(self) -> None:
        from . import actions, checks  # noqa: F401 (registers them)

        registries.jobs.add("messaging.deliver_due", actions.deliver_due)
        registries.jobs.add("messaging.forget_old", actions.forget_old)

from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "demo"

    def ready(self) -> None:
        from lib import registries

        from . import personal

        registries.person_records.add("demo.PhoneMessage.to", personal.PHONE_MESSAGES)

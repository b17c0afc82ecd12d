from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate
from django.utils import timezone

from lib import registries


class ReportsConfig(AppConfig):
    name = "reports"

    def ready(self) -> None:
        from . import actions, personal, triggers
        from .calling import actions as calling

        pre_migrate.connect(triggers.drop, sender=self)
        post_migrate.connect(triggers.create, sender=self)
        post_migrate.connect(count, sender=self)
        registries.jobs.add("reports.bring_up_to_date", actions.bring_up_to_date)
        registries.jobs.add("reports.draw_calls", calling.draw_due)
        registries.jobs.add("reports.forget_calls", calling.forget_old)
        registries.role_permissions.add("reports", {"manager": ["change_contact"]})
        registries.person_records.add("reports.Contact.person", personal.CONTACTS)
        registries.person_facts.add("reports", personal.CONTACTS_OF_PERSON)
        registries.invariants.add("reports", personal.violations)
        registries.person_records.add("reports.Scattered.person", personal.SCATTERED)


def count(plan: Any = (), **_signal: Any) -> None:
    """Once the triggers are there, so that nobody who opens the board after an upgrade waits for the whole country."""
    from . import actions, triggers

    if triggers.are_possible() and not any(is_backwards for _migration, is_backwards in plan):
        actions.bring_up_to_date(at=timezone.now())

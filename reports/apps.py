from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate

from lib import registries


class ReportsConfig(AppConfig):
    name = "reports"

    def ready(self) -> None:
        from . import actions, personal, triggers

        pre_migrate.connect(triggers.drop, sender=self)
        post_migrate.connect(triggers.create, sender=self)
        registries.jobs.add("reports.bring_up_to_date", actions.bring_up_to_date)
        registries.invariants.add("reports", personal.violations)
        registries.person_records.add("reports.Scattered.person", personal.SCATTERED)

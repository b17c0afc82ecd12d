from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate
from django.utils import timezone

from lib import registries


class ReportsConfig(AppConfig):
    name = "reports"

    def ready(self) -> None:
        from accounts.policies import closed, read_only
        from accounts.viewsets.base import scopes

        from . import actions, personal, triggers
        from .calling import actions as calling
        from .calling.access import lists_of_my_places
        from .covered import pages as coverage
        from .freezing.access import snapshots_of_my_places
        from .models import CallList, OutsideClass, Posts, SavedView, Snapshot, Target
        from .plan import access
        from .reminding import actions as reminding
        from .saving import views as saving
        from .sending import actions as sending
        from .sending import alarms
        from .states import conditions

        pre_migrate.connect(triggers.drop, sender=self)
        post_migrate.connect(triggers.create, sender=self)
        post_migrate.connect(count, sender=self)
        registries.jobs.add("reports.bring_up_to_date", actions.bring_up_to_date)
        registries.jobs.add("reports.draw_calls", calling.draw_due)
        registries.jobs.add("reports.forget_calls", calling.forget_old)
        registries.jobs.add("reports.note_reminders", reminding.note_outcomes)
        registries.jobs.add("reports.send_due", sending.send_due)
        registries.jobs.add("reports.tell_of_troubles", alarms.tell)
        registries.jobs.add("reports.forget_sendings", sending.forget_old)
        read_only(OutsideClass)
        closed(Posts, Snapshot, SavedView, Target)
        outside = ["view_outsideclass", "add_outsideclass", "change_outsideclass"]
        registries.role_permissions.add(
            "reports",
            {
                "manager": [
                    "change_contact",
                    "add_reminder",
                    "view_target",
                    "change_target",
                    "view_snapshot",
                    "add_snapshot",
                    *outside,
                ],
                "organiser": outside,
            },
        )
        scopes[Target] = access.targets_of_my_places
        scopes[Posts] = access.targets_of_my_places
        scopes[Snapshot] = snapshots_of_my_places
        scopes[CallList] = lists_of_my_places
        registries.person_records.add("reports.Contact.person", personal.CONTACTS)
        registries.person_records.add("reports.Reminder.person", personal.REMINDERS)
        for name, state in conditions.STATES.items():
            registries.enrolment_states.add(name, state)
        registries.person_facts.add("reports", personal.CONTACTS_OF_PERSON)
        registries.list_ways.add("reports.save", saving.way_to_save)
        registries.list_ways.add("reports.coverage", coverage.way_from_register)
        registries.invariants.add("reports", personal.violations)
        registries.person_records.add("reports.Scattered.person", personal.SCATTERED)
        registries.person_records.add("reports.SliceScattered.person", personal.SCATTERED)
        registries.person_records.add("reports.YearlyScattered.person", personal.SCATTERED)


def count(plan: Any = (), **_signal: Any) -> None:
    """Once the triggers are there, so that nobody who opens the board after an upgrade waits for the whole country."""
    from . import actions, triggers

    if triggers.are_possible() and not any(is_backwards for _migration, is_backwards in plan):
        actions.bring_up_to_date(at=timezone.now())

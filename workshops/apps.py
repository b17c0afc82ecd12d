from django.apps import AppConfig

from lib import registries


class WorkshopsConfig(AppConfig):
    name = "workshops"

    def ready(self) -> None:
        from wagtail.signals import page_published

        from . import actions, own_work, personal, queries, receivers
        from .models import WorkshopPage

        page_published.connect(receivers.workshop_published, sender=WorkshopPage)
        registries.jobs.add("workshops.expire_offers", actions.expire_offers)
        registries.jobs.add("workshops.remind", actions.remind)
        registries.jobs.add("workshops.note_outcomes", actions.note_outcomes)
        registries.jobs.add("workshops.draw_follow_ups", actions.draw_due)
        registries.jobs.add("workshops.forget_scans", actions.forget_scans)
        registries.person_records.add("workshops.Registration.person", personal.REGISTRATIONS)
        registries.person_facts.add("workshops", personal.WORKSHOPS_OF_PERSON)
        registries.own_meetings.add("workshops", own_work.meetings)
        registries.errands.add("workshops", own_work.errand)
        registries.taught.add("workshops", queries.taught)
        registries.invariants.add("workshops", personal.violations)
        registries.role_permissions.add(
            "workshops",
            {
                "manager": ["view_workshop", "view_registration", "add_registration", "change_followup"],
                "organiser": [
                    "view_workshop", "add_workshop", "change_workshop",
                    "view_registration", "add_registration", "change_registration", "change_followup",
                ],
            },
        )  # fmt: skip

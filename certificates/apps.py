from django.apps import AppConfig

from lib import registries


class CertificatesConfig(AppConfig):
    name = "certificates"

    def ready(self) -> None:
        from django.db.models.signals import pre_delete
        from wagtail.signals import published

        from accounts.policies import kept, read_only
        from courses.signals import enrolment_completed, enrolment_renewed, enrolment_reopened

        from . import actions, checks, personal, queries, receivers, telling  # noqa: F401 (checks register themselves)
        from .batches import working
        from .models import Credential, Picture, SigningKey, Template, copies
        from .sealing import checks as sealing_checks  # noqa: F401 (registers itself)

        read_only(Credential, SigningKey)
        kept(Picture)
        pre_delete.connect(receivers.picture_deleting, sender=Picture)
        published.connect(receivers.template_published, sender=Template)
        enrolment_completed.connect(receivers.enrolment_completed)
        enrolment_renewed.connect(receivers.enrolment_renewed)
        enrolment_reopened.connect(receivers.enrolment_reopened)
        registries.jobs.add("certificates.issue_missing", actions.issue_missing)
        registries.jobs.add("certificates.state_missing", actions.state_missing)
        registries.jobs.add("certificates.renew_missing", actions.renew_missing)
        registries.jobs.add("certificates.remind", actions.remind)
        registries.jobs.add("certificates.batches", working.work_on_batches)
        registries.jobs.add("certificates.forget_batches", working.forget_batches)
        registries.person_records.add("certificates.Credential.person", personal.CREDENTIALS)
        for name, records in personal.HANGING_ON_AN_ENROLMENT.items():
            registries.enrolment_records.add(name, records)
        registries.person_facts.add("certificates", personal.PAPERS_OF_PERSON)
        registries.role_permissions.add(
            "certificates",
            # An organiser issues and therefore revokes; "change" opens that door alone, records stay read-only.
            {"manager": ["view_credential"], "organiser": ["view_credential", "change_credential"]},
        )
        registries.rewards.add("certificates", telling.reward)
        registries.outdated_papers.add("certificates", personal.outdated)
        registries.enrolment_states.add("certified", queries.STATE)
        registries.enrolment_states.add("expired", queries.EXPIRED_STATE)
        registries.enrolment_states.add("expiring", queries.EXPIRING_STATE)
        registries.names_on_paper.add("certificates", queries.bears_a_name)
        registries.invariants.add("certificates", personal.violations)
        registries.invariants.add("certificates.copies", copies.violations)

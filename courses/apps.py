from django.apps import AppConfig
from django.db.models.signals import post_delete, post_save, pre_delete

from lib import registries


class CoursesConfig(AppConfig):
    name = "courses"

    def ready(self) -> None:
        from wagtail.images import get_image_model
        from wagtail.models import Page, PageViewRestriction, Site, get_page_models
        from wagtail.signals import (
            copy_for_translation_done,
            page_published,
            page_slug_changed,
            page_unpublished,
            post_page_move,
        )

        from accounts.policies import kept, read_only
        from pages.models import Operator

        from . import actions, personal, queries, receivers, reviewing
        from .models import Activity, Cohort, Course, Enrolment, Topic

        read_only(Course, Activity, Enrolment)
        kept(Cohort)
        page_published.connect(receivers.page_published)
        page_unpublished.connect(receivers.page_gone)
        page_slug_changed.connect(receivers.anything_shown_changed)
        post_page_move.connect(receivers.page_moved)
        copy_for_translation_done.connect(receivers.page_translated)
        for model in get_page_models():
            pre_delete.connect(receivers.page_gone, sender=model)
        post_delete.connect(receivers.page_deleted, sender=Page)
        for model in (get_image_model(), PageViewRestriction, Site, Operator, Topic, Page):
            post_save.connect(receivers.anything_shown_changed, sender=model)
            post_delete.connect(receivers.anything_shown_changed, sender=model)
        registries.person_records.add("courses.Enrolment.person", personal.ENROLMENTS)
        registries.person_facts.add("courses", personal.COURSES_OF_PERSON)
        registries.trained_people.add("courses", queries.who_completed)
        registries.enrolled_people.add("courses", queries.who_enrolled)
        registries.citing.add(
            "courses.Activity", registries.Citing(actions.mark_citing_activities, queries.titles_resting_on)
        )
        registries.under_review.add("courses.Activity", reviewing.ACTIVITIES)
        registries.role_permissions.add(
            "courses",
            {
                "editor": [
                    "add_legaltext", "change_legaltext", "view_legaltext", "add_topic", "change_topic", "view_topic",
                    "view_course", "view_activity", "view_cohort",
                ],
                # "change" opens the door of reopening alone, records stay read-only.
                "manager": [
                    "view_enrolment", "change_enrolment", "view_course", "add_cohort", "change_cohort", "view_cohort",
                ],
                "organiser": [
                    "view_enrolment", "change_enrolment", "view_course", "add_cohort", "change_cohort", "view_cohort",
                ],
            },
        )  # fmt: skip
        registries.role_permissions.add("simple_translation", {"editor": ["submit_translation"]})
        for name, state in queries.STATES.items():
            registries.enrolment_states.add(name, state)
        registries.invariants.add("courses", personal.violations)

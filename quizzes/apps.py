from django.apps import AppConfig
from django.utils.translation import gettext_lazy

from lib import registries


class QuizzesConfig(AppConfig):
    name = "quizzes"

    def ready(self) -> None:
        from wagtail.images import get_image_model
        from wagtail.permissions import register_permission_policy
        from wagtail.signals import page_published, post_page_move

        from accounts.policies import change_only, kept, read_only
        from courses.models import CoursePage

        from . import actions, own_work, personal, queries, receivers, reviewing
        from .models import Attempt, Question, QuestionBank, Quiz, QuizPage
        from .pictures import KeptPictures

        read_only(Attempt)
        kept(Question, QuestionBank)
        change_only(Quiz)
        pictures = KeptPictures(get_image_model(), auth_model=get_image_model(), owner_field_name="uploaded_by_user")
        register_permission_policy(get_image_model(), pictures, exact_class=True)
        registries.role_permissions.add(
            "quizzes",
            {
                "editor": [
                    "add_questionbank",
                    "change_questionbank",
                    "view_questionbank",
                    "add_question",
                    "change_question",
                    "view_question",
                    "change_quiz",
                    "view_quiz",
                ],
                "author": [
                    "add_questionbank",
                    "change_questionbank",
                    "view_questionbank",
                    "add_question",
                    "change_question",
                    "view_question",
                ],
                "manager": ["view_attempt", "add_allowance", "change_item"],
                "organiser": ["view_attempt", "add_allowance", "change_item"],
            },
        )
        page_published.connect(receivers.quiz_published, sender=QuizPage)
        page_published.connect(receivers.pages_arranged, sender=CoursePage)
        post_page_move.connect(receivers.pages_arranged)
        post_page_move.connect(receivers.quiz_moved)
        registries.citing.add(
            "quizzes.Question", registries.Citing(actions.mark_citing_questions, reviewing.titles_resting_on)
        )
        registries.under_review.add("quizzes.Question", reviewing.QUESTIONS)
        registries.under_review.add("quizzes.Quiz", reviewing.QUIZZES)
        registries.taking_back.add("quizzes", actions.annul_passes)
        registries.cohort_lists.add(
            "quizzes",
            registries.CohortList(
                gettext_lazy("Lượt làm của nhóm"), "quizzes.view_attempt", queries.address_of_attempts
            ),
        )
        registries.cohort_lists.add(
            "quizzes.analysis",
            registries.CohortList(
                gettext_lazy("Phân tích câu hỏi của nhóm"), "quizzes.view_attempt", queries.address_of_analyses
            ),
        )
        registries.enrolment_records.add("quizzes.Attempt.enrolment", personal.JOINED_ATTEMPTS)
        registries.enrolment_records.add("quizzes.Allowance.enrolment", personal.JOINED_ALLOWANCES)
        registries.person_facts.add("quizzes", personal.ATTEMPTS_OF_PERSON)
        registries.own_work.add("quizzes", own_work.of)
        registries.person_records.add("quizzes.Attempt.enrolment", personal.ATTEMPTS)
        registries.jobs.add("quizzes.settle_due", actions.settle_due)
        registries.invariants.add("quizzes", personal.violations)

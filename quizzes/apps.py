from django.apps import AppConfig

from lib import registries


class QuizzesConfig(AppConfig):
    name = "quizzes"

    def ready(self) -> None:
        from wagtail.signals import page_published

        from courses.models import CoursePage

        from . import actions, receivers
        from .models import QuizPage

        page_published.connect(receivers.quiz_published, sender=QuizPage)
        page_published.connect(receivers.course_published, sender=CoursePage)
        registries.citing.add("quizzes.Question", actions.mark_citing_questions)

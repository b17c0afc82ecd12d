"""A course of one quiz for the browser tests, made within the demo's own process (`demo.manage("shell", ...)`)."""

from typing import Any

from django.utils import timezone

from courses.models import Activity, CataloguePage, CoursePage, Topic
from demo.content import publish
from quizzes import actions
from quizzes.models import QuestionBank, Quiz, QuizPage


def published(title: str, slug: str, questions: list[dict[str, Any]], *, is_practice: bool = False) -> None:
    """At /khoa-hoc/<slug>/kiem-tra/, asking these questions in their order; nothing where another file asked for it before."""
    if Quiz.objects.filter(activity__title=title).exists():
        return
    now, catalogue = timezone.now(), CataloguePage.objects.filter(locale__language_code="vi").get()
    course = CoursePage(title=title, slug=slug, summary="Thử", topic=Topic.objects.first(), locale=catalogue.locale)
    publish(catalogue, course)
    draft = QuizPage(title=title, slug="kiem-tra", minutes=5, locale=course.locale, live=False)
    page = course.add_child(instance=draft)
    actions.prepare_quiz(page=page, at=now)
    bank = QuestionBank.objects.create(name=title)
    asked = [actions.save_question(bank=bank, at=now, status="reviewed", **question) for question in questions]
    activity = Activity.objects.get(translation_key=page.translation_key)
    slots = [actions.SlotSpec(question=one) for one in asked]
    actions.configure_quiz(activity=activity, pass_percent=50, attempts_allowed=None, slots=slots, at=now)
    Quiz.objects.filter(activity=activity).update(is_practice=is_practice)
    page.save_revision().publish()

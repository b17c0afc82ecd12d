"""What pages outside the catalogue show of it."""

import re

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from wagtail.blocks import StreamValue

from courses import authoring, catalogue, languages, suggesting
from courses.blocks import anchor
from courses.models import ActivityPage, CataloguePage, LessonPage
from lib import registries

register = template.Library()
FIRST_TAG = re.compile(r"(<[a-z][a-z0-9]*)(?![^>]* id=)")


@register.simple_tag
def course_cards() -> list[catalogue.Card]:
    """The courses of the catalogue in the reader's language."""
    page = CataloguePage.objects.live().filter(locale__language_code=get_language() or "vi").first()
    return catalogue.cards(page, None) if page else []


register.simple_tag(authoring.who_learns)
register.simple_tag(authoring.ways_to_add)
register.simple_tag(languages.catalogue_address)
register.simple_tag(suggesting.next_courses)


@register.simple_tag(takes_context=True)
def lesson_block(context: template.Context, block: StreamValue.StreamChild) -> SafeString:
    """A block whose first element is named, so that links lead to it; an element around it would stand in the way of the style sheet."""
    html = block.render_as_block(context.flatten())
    return mark_safe(FIRST_TAG.sub(rf'\1 id="{anchor(block.id)}"', html, count=1)) if block.id else html


@register.simple_tag
def reward(enrolment_id: int) -> registries.Reward | None:
    """The paper of a finished enrolment; None while it has none."""
    return next(filter(None, (paper(enrolment_id) for _name, paper in registries.rewards)), None)


@register.simple_tag
def has_sample_lesson(page: ActivityPage) -> bool:
    """Whether a lesson that readers of the page's course meet is still marked as a sample."""
    lessons = catalogue.activities_of(page.get_parent().specific)
    return any(lesson.is_sample for lesson in lessons if isinstance(lesson, LessonPage))


@register.simple_tag(takes_context=True)
def languages_here(context: template.Context) -> languages.Languages:
    return languages.languages_of(context.get("request"), context.get("page"))


@register.simple_tag
def first_lesson() -> str:
    """The address of the lesson that a newcomer may read: the first of the first course."""
    for card in course_cards():
        for activity in catalogue.activities_of(card.page):
            return activity.get_url() or ""
    return ""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django import template
from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.models import Person
from accounts.sessions import SHARED_REST
from quizzes import access, queries
from quizzes.models import Attempt, AttemptState, Quiz

register = template.Library()
KEPT_SECONDS = 3 * 24 * 3600  # a weekend without a network


@register.simple_tag
def quiz_rules(key: UUID) -> dict[str, Any]:
    """What everybody may know: how many questions and passages, the pass mark, the attempts allowed. Empty before the page is live."""
    quiz = Quiz.objects.filter(activity__translation_key=key).first()
    if quiz is None:
        return {}
    outlook = queries.outlook(quiz)
    return {"quiz": quiz, "questions": outlook.questions, "passages": outlook.passages}


@register.simple_tag(takes_context=True)
def kept_seconds(context: Any) -> int:
    """For how long the device may keep a page of a quiz."""
    return SHARED_REST if context["request"].session.get("is_shared_device") else KEPT_SECONDS


@register.simple_tag
def numbers_row(attempt: Attempt, numbers: Iterable[Mapping[str, Any]], here: int = 0) -> SafeString:
    """The questions of an attempt by their numbers, each leading to its own: joined by hand, because it stands on every page of a
    quiz, where a template took a tenth of the page's time. `here`: the one that is shown (0: none or all)."""
    saved = escape(_("đã lưu"))
    cells = (
        _cell(number, "" if attempt.is_fixed_order else attempt.address_of(number["position"]), here=here, saved=saved)
        for number in numbers
    )
    return SafeString("".join(cells))


def _cell(number: Mapping[str, Any], address: str, *, here: int, saved: str) -> str:
    """Without an address where one does not go back."""
    is_saved, is_here = number["is_answered"], number["position"] == here
    names = " ".join(name for name, holds in (("done", is_saved), ("here", is_here)) if holds)
    href = f' href="{address}"' if address else ""
    step = ' aria-current="step"' if is_here else ""
    hidden = "" if is_saved else " hidden"
    said = f'<span class="visually-hidden"{hidden}>, {saved}</span>'
    return f'<li><a class="{names}"{href}{step}>{number["position"]}{said}</a></li>'


@register.simple_tag
def last_moment(attempt: Attempt) -> datetime:
    """Until when the page counts: the end of the time, and once that is over the end of the grace."""
    if attempt.state == AttemptState.OVERDUE or not attempt.due_at:
        return attempt.clock.last_moment()
    return attempt.due_at


@register.simple_tag
def quiz_state(key: UUID, person: Person | None) -> queries.Standing:
    """With the minutes that officers gave, where the quiz has a time for them to be added to."""
    quiz = access.get_quiz(key)
    enrolment = access.enrolment_for(person, quiz) if person else None
    found = queries.standing(enrolment, quiz)
    return replace(found, minutes=queries.minutes_given(enrolment, quiz)) if enrolment and quiz.time_limit else found


@register.simple_tag
def attempt_name(attempt: Attempt, names: Mapping[int, Person]) -> SafeString:
    """Whose it is, with the way to it, for those who may see that; else its number."""
    if attempt.pk not in names:
        return format_html("{} {}", _("Lượt làm"), attempt.pk)
    return format_html('<a href="{}">{}</a>', reverse("attempt:inspect", args=[attempt.pk]), names[attempt.pk])

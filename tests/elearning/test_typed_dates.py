"""Dates in the admin are typed and shown as in Vietnam, day first, whatever the language of its labels."""

from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from courses.models import LessonPage
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def page():
    cast.course(lessons=1)
    return LessonPage.objects.get()


def form_of(page, **typed):
    kind = LessonPage.get_edit_handler().bind_to_model(LessonPage).get_form_class()
    data = {
        "title": page.title, "slug": page.slug, "minutes": "10", "body-count": "0", "go_live_at": "", "reviewed_on": "",
        "comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0",
    } | typed  # fmt: skip
    return kind(data, instance=page, parent_page=page.get_parent(), for_user=cast.staff("editor"))


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("typed", ["05/11/2030 14:30", "2030-11-05 14:30"])
def test_a_moment_is_typed_day_first(page, language, typed):
    with translation.override(language):
        form = form_of(page, go_live_at=typed)
        assert form.is_valid(), form.errors
        assert form.cleaned_data["go_live_at"] == datetime(2030, 11, 5, 7, 30, tzinfo=UTC)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_day_is_typed_day_first(page, language):
    with translation.override(language):
        form = form_of(page, reviewed_on="05/11/2025", go_live_at="25/11/2030")
        assert form.is_valid(), form.errors
        assert form.cleaned_data["reviewed_on"] == date(2025, 11, 5)
        assert form.cleaned_data["go_live_at"] == datetime(2030, 11, 24, 17, tzinfo=UTC)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_month_before_the_day_is_refused_and_not_guessed(page, language):
    with translation.override(language):
        form = form_of(page, reviewed_on="11/25/2025")
        assert not form.is_valid()
        assert 'value="11/25/2025"' in str(form["reviewed_on"])


def test_the_page_shows_dates_as_they_are_typed(page):
    LessonPage.objects.filter(pk=page.pk).update(reviewed_on=date(2025, 11, 5))
    LessonPage.objects.get().save_revision()
    shown = cast.client_of(cast.staff("editor")).get(f"/quan-tri/pages/{page.pk}/edit/").text
    assert 'value="05/11/2025"' in shown
    assert "d/m/Y H:i" in shown

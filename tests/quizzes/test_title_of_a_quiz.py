"""A quiz bears its page's name while it is taken, in each language the page's there, and a new one from the moment it is published."""

import pytest
from wagtail.models import Locale

from quizzes.models import QuizPage
from tests import cast

PAGES = ["cau/1/", "nop/"]


def texts(taking, prefix: str = "") -> list[str]:
    return [taking.client.get(prefix + taking.path(rest)).text for rest in PAGES]


@pytest.fixture
def page(taking) -> QuizPage:
    return QuizPage.objects.get()


def test_a_new_name_is_read_once_it_is_published(taking, page, django_capture_on_commit_callbacks):
    assert all("Thi cuối mùa" not in text and page.title in text for text in texts(taking))
    page.title = "Thi cuối mùa"
    page.save_revision()
    assert all("Thi cuối mùa" not in text for text in texts(taking))
    with django_capture_on_commit_callbacks(execute=True):
        page.get_latest_revision().publish()
    assert all("Thi cuối mùa" in text for text in texts(taking))


def test_each_language_has_its_own(taking, page, django_capture_on_commit_callbacks):
    english = Locale.objects.get_or_create(language_code="en")[0]
    with django_capture_on_commit_callbacks(execute=True):
        for one in [cast.home(), cast.catalogue(), page.get_parent().specific, page]:
            copy = one.copy_for_translation(english)
            copy.title, copy.slug = f"{one.title} (EN)", f"{one.slug}-en"
            copy.save_revision().publish()
    assert all(f"{page.title} (EN)" not in text for text in texts(taking))
    assert all(f"{page.title} (EN)" in text for text in texts(taking, "/en"))
    assert all(f"{page.title} (EN)" not in text for text in texts(taking))

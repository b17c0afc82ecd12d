"""Wagtail's reports in words: no Python, no names of models."""

import pytest

from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor():
    cast.course()
    return cast.client_of(cast.staff("editor"))


def test_pages_that_nobody_in_particular_published_have_a_dash(editor):
    table = editor.get("/quan-tri/reports/aging-pages/").text.split("<tbody>")[1]
    assert "Bài 1" in table
    assert "None" not in table
    assert "–" in table


def test_kinds_of_pages_are_written_as_everywhere_and_the_column_of_models_is_marked_as_hidden(editor):
    page = editor.get("/quan-tri/reports/page-types-usage/").text
    assert "Trang bài học" in page
    assert "Trang Bài Học" not in page
    assert "of-page-types" in page

"""chia-se.jpg: what Zalo and Facebook show beside the address of a workshop."""

import io

import pytest
from PIL import Image

from lib import apart
from workshops.models import SeenBy

from .conftest import ADDRESS

pytestmark = [pytest.mark.django_db, pytest.mark.once]
PICTURE = f"{ADDRESS}chia-se.jpg"


def test_it_is_as_large_as_they_draw_it_and_small_enough(planned, anybody):
    answer = anybody.get(PICTURE)
    assert answer["Content-Type"] == "image/jpeg"
    assert Image.open(io.BytesIO(answer.content)).size == (1200, 630)
    assert len(answer.content) < 300_000


def test_the_page_names_it(planned, anybody, settings):
    settings.BASE_URL = "https://hoc.example"
    assert f'<meta property="og:image" content="https://hoc.example{PICTURE}">' in anybody.get(ADDRESS).text


def test_it_is_drawn_once_until_something_changes(planned, change, anybody, monkeypatch):
    first = anybody.get(PICTURE).content
    with monkeypatch.context() as patch:
        patch.setattr(apart, "Running", None)
        assert anybody.get(PICTURE).content == first
    change(venue="Nhà văn hóa huyện cũ")
    assert anybody.get(PICTURE).content != first


def test_of_what_only_the_invited_see_there_is_none(planned, change, anybody):
    change(seen_by=SeenBy.INVITED)
    assert anybody.get(PICTURE).status_code == 404


def test_where_it_cannot_be_drawn_the_sites_own_stands(planned, anybody, monkeypatch):
    class Failing:
        def __init__(self, *_work, **_bounds):
            pass

        def result(self):
            raise apart.FailedError("died")

    monkeypatch.setattr(apart, "Running", Failing)
    assert "preview" in anybody.get(PICTURE).url

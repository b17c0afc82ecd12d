"""Editors find pictures and documents by their Vietnamese titles, with and without diacritics."""

import pytest
from django.core.files.base import ContentFile
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file

from tests import cast

pytestmark = pytest.mark.django_db
TITLE, OTHER = "Đóng gói tôm khô", "Nhà xưởng"
PICTURES = ["images/results/", "images/chooser/results/"]
DOCUMENTS = ["documents/results/", "documents/chooser/results/"]


@pytest.fixture
def editor():
    return cast.client_of(cast.staff("editor"))


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    for title in (TITLE, OTHER):
        get_image_model().objects.create(title=title, file=get_test_image_file())
        get_document_model().objects.create(title=title, file=ContentFile(b"x", "x.pdf"))


@pytest.mark.parametrize("typed", ["dong goi", "Đóng gói", "TOM KHO", "tôm kh", "goi tom"])
@pytest.mark.parametrize("address", [*PICTURES, *DOCUMENTS])
def test_what_was_typed_finds_that_title_alone(editor, media, address, typed):
    shown = editor.get(f"/quan-tri/{address}", {"q": typed}).text
    assert TITLE in shown
    assert OTHER not in shown

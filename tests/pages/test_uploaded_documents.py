"""Documents that editors upload: of the kinds that lessons use, and no larger than a small server bears."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from wagtail.documents.models import Document

from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return cast.client_of(cast.staff("editor"))


def upload(client, name, content=b"noi dung"):
    data = {"title": "Tệp", "file": SimpleUploadedFile(name, content), "collection": 1}
    return client.post("/quan-tri/documents/add/", data)


@pytest.mark.parametrize("name", ["phieu.docx", "bang.xlsx", "bai.mp3", "phim.mp4", "mau.pdf"])
def test_what_a_lesson_offers_is_taken(editor, name):
    assert upload(editor, name).status_code == 302
    assert Document.objects.exists()


@pytest.mark.parametrize("name", ["may.exe", "trang.html", "hinh.svg", "khong-duoi"])
def test_other_kinds_are_refused_in_words(editor, name):
    answer = upload(editor, name)
    assert answer.status_code == 200
    assert "Không nhận tệp đuôi" in answer.text
    assert not Document.objects.exists()


def test_a_file_that_is_too_large_is_refused_in_words(editor, settings):
    settings.WAGTAILDOCS_MAX_UPLOAD_SIZE = 1024
    answer = upload(editor, "mau.pdf", b"x" * 2048)
    assert "quá lớn" in answer.text or "lớn quá" in answer.text
    assert not Document.objects.exists()

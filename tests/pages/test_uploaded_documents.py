"""Documents that editors upload: of the kinds that lessons use, and no larger than a small server bears."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from wagtail.documents.models import Document

from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.once]


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


VIDEO = bytes(range(250)) * 1000


@pytest.fixture
def video(editor):
    upload(editor, "phim.mp4", VIDEO)
    return Document.objects.get().url


def part(client, address, wanted, **headers):
    answer = client.get(address, headers={"range": wanted} | headers)
    return answer.status_code, answer.headers.get("Content-Range"), b"".join(answer)


@pytest.mark.parametrize(
    ("wanted", "first", "last"),
    [
        ("bytes=0-99", 0, 99),
        ("bytes=100000-", 100_000, 249_999),
        ("bytes=-5", 249_995, 249_999),
        ("bytes=9-999999", 9, 249_999),
    ],
)
def test_whoever_jumps_within_a_video_gets_that_part(editor, video, wanted, first, last):
    assert part(editor, video, wanted) == (206, f"bytes {first}-{last}/250000", VIDEO[first : last + 1])


@pytest.mark.parametrize("wanted", ["bytes=250000-", "bytes=9-3", "bytes=-0"])
def test_a_part_that_is_not_there_is_refused_with_the_size(editor, video, wanted):
    assert part(editor, video, wanted) == (416, "bytes */250000", b"")


@pytest.mark.parametrize("wanted", ["bytes=0-1,5-9", "lines=1-2", "bytes=a-b"])
def test_what_is_no_single_part_gets_the_whole(editor, video, wanted):
    assert part(editor, video, wanted) == (200, None, VIDEO)


def test_a_part_of_another_version_gets_the_whole(editor, video):
    tag = editor.get(video).headers["ETag"]
    assert part(editor, video, "bytes=0-9", **{"if-range": tag})[0] == 206
    assert part(editor, video, "bytes=0-9", **{"if-range": '"old"'})[0] == 200


def test_a_document_names_no_packing_that_it_does_not_have(editor, video):
    headers = editor.get(video).headers
    assert "Content-Encoding" not in headers
    assert headers["Accept-Ranges"] == "bytes"

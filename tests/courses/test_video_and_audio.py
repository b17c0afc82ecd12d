import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.images.tests.utils import get_test_image_file

from courses.models import LessonPage

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def document(name: str) -> int:
    return Document.objects.create(title=name, file=ContentFile(b"x", name)).pk


def sentences(kind: str, **value) -> str:
    """What an editor reads under the block; "" when it is fine."""
    block = LessonPage._meta.get_field("body").stream_block
    stream = block.to_python([{"type": kind, "value": {"title": "Phim", "transcript": "<p>Lời.</p>"} | value}])
    try:
        block.clean(stream)
    except ValidationError as error:
        inner = error.block_errors[0].block_errors
        return " ".join(f"{name}: {message}" for name, one in inner.items() for message in one.messages)
    return ""


@pytest.fixture
def poster():
    return Image.objects.create(title="Hình", file=get_test_image_file()).pk


@pytest.mark.parametrize(
    "address",
    ["https://www.youtube.com/watch?v=1", "https://youtu.be/1", "https://vimeo.com/1", "https://YouTube.com/watch?v=1"],
)
def test_videos_of_the_named_hosts_are_taken(poster, address):
    assert sentences("video", poster=poster, address=address) == ""


@pytest.mark.parametrize(
    "address",
    [
        "https://example.com/watch", "http://www.youtube.com/watch?v=1", "https://www.youtube.com.example.com/1",
        "https://evil-youtube.com/1", "https://www.youtube.com@example.com/1", "https://www.youtube.com:8443/1",
        "https://example.com/?https://youtu.be/1", "ftp://youtu.be/1",
    ],
)  # fmt: skip
def test_other_addresses_are_refused_with_the_hosts_that_are_taken(poster, address):
    told = sentences("video", poster=poster, address=address)
    assert told.startswith("address: Chỉ nhận địa chỉ https của: www.youtube.com,")


def test_who_runs_the_site_says_which_hosts(poster, settings):
    settings.VIDEO_HOSTS = ["video.camau.gov.vn"]
    assert sentences("video", poster=poster, address="https://video.camau.gov.vn/1") == ""
    assert "video.camau.gov.vn" in sentences("video", poster=poster, address="https://youtu.be/1")


def test_a_video_is_a_file_or_an_address(poster):
    assert sentences("video", poster=poster) == "video: Hãy chọn tệp video, hoặc ghi địa chỉ video."
    assert sentences("video", poster=poster, video=document("phim.mp4")) == ""
    assert sentences("video", poster=poster, video=document("phim.WEBM")) == ""


def test_files_are_of_the_kind_of_their_block(poster):
    assert "không phải video" in sentences("video", poster=poster, video=document("phim.html"))
    assert "không phải âm thanh" in sentences("audio", audio=document("tiếng.pdf"))
    assert sentences("audio", audio=document("tieng.mp3")) == ""

"""A picture in a lesson keeps its place free while it comes: its size is told in numbers that every browser reads."""

import io

import pytest
from django.core.files.images import ImageFile
from django.template.loader import render_to_string
from PIL import Image as Drawn
from wagtail.images import get_image_model

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def tall() -> io.BytesIO:
    picture = io.BytesIO()
    Drawn.new("RGB", (960, 1280)).save(picture, "PNG")
    return picture


def drawn() -> io.BytesIO:
    return io.BytesIO(b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 180"/>')


@pytest.mark.parametrize(
    ("name", "file", "size"),
    [("cao.png", tall, 'width="960" height="1280"'), ("ve.svg", drawn, 'width="320" height="180"')],
)
def test_the_size_of_a_picture_is_written_without_marks_of_a_language(name, file, size):
    image = get_image_model().objects.create(title="Chum mắm", file=ImageFile(file(), name=name))
    value = {"image": image, "alt": "Chum mắm", "caption": ""}
    assert size in render_to_string("courses/blocks/image.html", {"value": value})

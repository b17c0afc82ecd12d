"""QR codes are read back as they were meant."""

import io
from base64 import b64decode

import pytest
import zxingcpp
from PIL import Image

from lib import qr

LONG = "https://hoc.example/c/7K4MQ2XD#" + "1AbCdEf_-" * 60


def drawn(text, **options):
    kind, data = qr.picture(text, **options).split(",")
    assert kind == "data:image/png;base64"
    return Image.open(io.BytesIO(b64decode(data)))


@pytest.mark.parametrize("text", ["https://hoc.example/c/7K4MQ2XD", "https://học.example/tập-huấn/?a=1&b=ễ#x", LONG])
@pytest.mark.parametrize("scale", [3, 8])
def test_what_is_drawn_is_read_back(text, scale):
    (found,) = zxingcpp.read_barcodes(drawn(text, scale=scale).convert("L"))
    assert found.text == text
    assert found.ec_level == "M"  # a crease or a stamp may hide some of it


def test_one_text_is_always_one_picture():
    assert qr.picture(LONG) == qr.picture(LONG)


def test_a_module_has_as_many_pixels_as_asked_for_and_white_around():
    small, large = drawn(LONG, scale=1), drawn(LONG, scale=8)
    assert large.size == tuple(8 * side for side in small.size)
    assert small.mode == "1"
    assert {small.getpixel((x, y)) for x in range(small.width) for y in range(qr.QUIET)} == {255}
    assert small.getpixel((qr.QUIET, qr.QUIET)) == 0

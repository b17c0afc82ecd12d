"""Where, by whom and with what a photograph was taken is not published with it."""

from io import BytesIO

import pytest
from PIL import ExifTags, Image, PngImagePlugin

from lib import photographs

pytestmark = pytest.mark.once

SECRETS = [b"BI MAT", b"<gps>"]


def photograph(kind: str, **more) -> bytes:
    """Turned on its side, with a place, an artist and a remark."""
    exif = Image.Exif()
    exif[ExifTags.Base.Artist] = "BI MAT"
    exif[ExifTags.Base.Orientation] = 6
    exif.get_ifd(ExifTags.IFD.GPSInfo).update({1: "N", 2: (8.0, 38.0, 12.0)})
    if kind == "PNG":
        notes = PngImagePlugin.PngInfo()
        notes.add_text("Author", "BI MAT")
        notes.add_itxt("XML:com.adobe.xmp", "<gps>")
        more["pnginfo"] = notes
    else:
        more["xmp"] = b"<gps>"
    out = BytesIO()
    Image.linear_gradient("L").convert("RGB").save(out, kind, exif=exif, **more)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_only_the_picture_and_how_it_is_turned_are_kept(kind):
    before = photograph(kind)
    after = photographs.without(before)
    assert all(secret in before for secret in SECRETS)
    assert not any(secret in after for secret in SECRETS)
    picture = Image.open(BytesIO(after))
    picture.load()
    assert dict(picture.getexif()) == {ExifTags.Base.Orientation: 6}
    assert not picture.getexif().get_ifd(ExifTags.IFD.GPSInfo)
    assert picture.size == (256, 256)


def test_the_picture_itself_is_as_it_was():
    before = photograph("JPEG", quality=80)
    one, other = (Image.open(BytesIO(file)).convert("L") for file in (before, photographs.without(before)))
    assert max(abs(a - b) for a, b in zip(one.tobytes(), other.tobytes(), strict=True)) <= 2


def test_a_moving_picture_still_moves():
    out, frames = BytesIO(), [Image.new("RGB", (20, 20), colour) for colour in ("red", "green", "blue")]
    frames[0].save(out, "WEBP", save_all=True, append_images=frames[1:], xmp=b"<gps>")
    after = photographs.without(out.getvalue())
    assert b"<gps>" not in after
    assert Image.open(BytesIO(after)).n_frames == 3


def test_a_photograph_with_further_pictures_behind_it_keeps_the_first_and_tells_nothing():
    exif = Image.open(BytesIO(photograph("JPEG"))).getexif()
    picture, out = Image.linear_gradient("L").convert("RGB"), BytesIO()
    picture.save(out, "MPO", save_all=True, append_images=[picture.resize((64, 64))], exif=exif)
    assert (Image.open(out).format, b"BI MAT" in out.getvalue()) == ("MPO", True)
    after = photographs.without(out.getvalue())
    kept = Image.open(BytesIO(after))
    assert (kept.format, kept.size, dict(kept.getexif())) == ("JPEG", (256, 256), {ExifTags.Base.Orientation: 6})
    assert b"BI MAT" not in after


@pytest.mark.parametrize("content", [b"<svg/>", b"", b"khong phai hinh"])
def test_what_is_no_photograph_is_left_to_others(content):
    assert photographs.without(content) == content


def test_a_picture_that_tells_nothing_stays_the_same_file():
    out = BytesIO()
    Image.new("RGB", (20, 20)).save(out, "JPEG")
    assert photographs.without(out.getvalue()) == out.getvalue()

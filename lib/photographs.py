"""What a phone writes into a photograph besides the picture, above all where it was taken: none of it is published."""

from io import BytesIO
from typing import Any

from PIL import ExifTags, Image, UnidentifiedImageError

# How each format is written again. JPEG keeps its tables, so that nothing of the picture is lost; MPO is what phones write into
# a .jpg with further pictures behind the first one (a depth map, a small copy), which nobody is shown.
_WRITTEN: dict[str | None, dict[str, Any]] = {
    "JPEG": {"format": "JPEG", "quality": "keep"},
    "MPO": {"format": "JPEG", "quality": 90},
    "PNG": {"format": "PNG"},
    "WEBP": {"format": "WEBP", "quality": 90},
    "AVIF": {"format": "AVIF", "quality": 90},
}
_TOLD = {"exif", "xmp", "photoshop", "comment", "XML:com.adobe.xmp", "Raw profile type exif", "Raw profile type iptc"}


def without(content: bytes) -> bytes:
    """The same picture, turned as before, in the same colours, and without anything else that was written into the file.

    Raises whatever Pillow raises for a picture that ends too soon. Formats that phones do not write stay as they are.
    """
    try:
        opened = Image.open(BytesIO(content))
    except UnidentifiedImageError:  # a vector picture, or none at all: others judge that
        return content
    with opened as picture:
        if picture.format not in _WRITTEN or not (_TOLD & picture.info.keys() or picture.getexif()):
            return content
        turned = picture.getexif().get(ExifTags.Base.Orientation)
        picture.load()
        kept = Image.Exif()
        if turned:
            kept[ExifTags.Base.Orientation] = turned
        for name in _TOLD:
            picture.info.pop(name, None)
        written = BytesIO()
        moves = picture.format != "MPO" and getattr(picture, "n_frames", 1) > 1
        picture.save(written, exif=kept, save_all=moves, **_WRITTEN[picture.format])
        return written.getvalue()

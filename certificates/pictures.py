"""Uploaded pictures become what is printed: drawn anew, within bounds, on white, with nothing of the file that was sent."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageChops, ImageFile, ImageOps

FORMATS = ("PNG", "JPEG", "WEBP")  # decided by content: the name and type that a browser sends are not looked at
MOST_BYTES, MOST_PIXELS, LEAST = 8_000_000, 24_000_000, 40
# The size within which a kind is kept, and how well: an A4 page at 210 dpi, the others at about 300.
SIZES = {"background": (2480, 1754), "logo": (900, 600), "seal": (600, 600), "signature": (1000, 400)}
A4, OFF = 297 / 210, 0.03
TRIMMED = ("seal", "signature", "logo")  # a scan's empty margins would make them small


def rewritten(upload: Any, kind: str) -> tuple[bytes, int, int]:
    """JPEG, width, height. Raises ValidationError with a sentence for everything that cannot be printed."""
    if upload.size > MOST_BYTES:
        raise ValidationError(_("Tệp hình lớn quá, nhiều nhất 8 MB. Hãy thu nhỏ rồi tải lên."))
    try:
        picture = _drawn(upload)
    except ValidationError:
        raise
    except Exception as error:  # whatever a decoder raises on a broken or lying file
        raise ValidationError(_("Không đọc được hình này. Chỉ nhận PNG, JPEG hoặc WebP còn nguyên vẹn.")) from error
    if kind in TRIMMED:
        picture = _trimmed(picture)
    if kind == "background" and abs(picture.width / picture.height / A4 - 1) > OFF:
        raise ValidationError(_("Hình nền phải là trang A4 nằm ngang (tỷ lệ 297 × 210)."))
    if min(picture.size) < LEAST:
        raise ValidationError(_("Hình nhỏ quá hoặc trắng cả, in ra không thấy gì."))
    picture.thumbnail(SIZES[kind])
    written = io.BytesIO()
    quality = {"quality": 86} if kind == "background" else {"quality": 92, "subsampling": 0}
    picture.save(written, "JPEG", optimize=True, **quality)
    return written.getvalue(), picture.width, picture.height


def _drawn(upload: Any) -> Image.Image:
    upload.seek(0)
    with _strict(), Image.open(upload, formats=FORMATS) as opened:
        if opened.width * opened.height > MOST_PIXELS:
            raise ValidationError(_("Hình lớn quá: nhiều nhất 24 triệu điểm ảnh. Hãy thu nhỏ rồi tải lên."))
        opened.load()
        turned = ImageOps.exif_transpose(opened).convert("RGBA")
    ground = Image.new("RGBA", turned.size, "white")
    return Image.alpha_composite(ground, turned).convert("RGB")


def _trimmed(picture: Image.Image) -> Image.Image:
    white = Image.new("RGB", picture.size, "white")
    faint = ImageChops.difference(picture, white).convert("L").point(lambda value: 255 if value > 24 else 0)
    return picture.crop(faint.getbbox() or (0, 0, 1, 1))


@contextmanager
def _strict() -> Iterator[None]:
    """WeasyPrint, once it was needed, lets Pillow draw half a picture for the whole process."""
    usual, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = usual

"""Pictures that are uploaded: whole, of a size that can be drawn, and without anything in them that runs or calls elsewhere."""

import math
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any
from xml.etree.ElementTree import Element
from xml.parsers import expat

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageFile, UnidentifiedImageError
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm
from willow.image import SvgImageFile
from willow.svg import SvgWrapper

from lib import photographs

LONGEST = 20_000  # a side of a vector picture, in its own units
DEEPEST = 100  # elements within each other; writing them out again takes a call each
MOST_COPIED = 10_000  # elements that `use` draws again; a few lines can ask for thousands of millions
_RUNS = {"script", "foreignobject", "iframe", "embed", "object", "handler", "listener", "audio", "video"}
_XHTML = "{http://www.w3.org/1999/xhtml}"  # a browser makes pages of them, forms and redirections; nothing draws them
_HARMLESS = re.compile(r"#|data:image/(png|jpeg|gif|webp);base64,", re.IGNORECASE)
_ESCAPE = re.compile(r"\\(?:([0-9a-f]{1,6})\s?|\r?\n|(.))", re.IGNORECASE)
_CALLS = re.compile(
    r"@import|javascript:|expression\s*\(|image-set\s*\(|url\(\s*[\"']?\s*(?!#|[\"']?\s*data:image/)", re.IGNORECASE
)


class WholeImageField(WagtailImageField):
    """Wagtail looks at the beginning of a file; this one at all of it, and whatever a decoder raises becomes a sentence."""

    def to_python(self, data: Any) -> Any:
        try:
            self._measure(data)
            file = super().to_python(_unmarked(data))
            if file is not None:
                _check(file)
        except ValidationError:
            raise
        except Exception as error:
            sentence = _("Tệp hình bị hỏng hoặc thiếu kích thước. Hãy mở bằng phần mềm xem ảnh, lưu lại rồi tải lên.")
            raise ValidationError(sentence, code="invalid_image") from error
        return file

    def _measure(self, data: Any) -> None:
        """Before Wagtail opens the whole picture to ask how large it is."""
        try:
            with Image.open(data) as picture:
                pixels = picture.width * picture.height
        except Image.DecompressionBombError:
            pixels = self.max_image_pixels + 1
        except (UnidentifiedImageError, AttributeError):  # a vector picture, no picture, or no upload at all
            return
        finally:
            if hasattr(data, "seek"):
                data.seek(0)
        if pixels > self.max_image_pixels:
            sentence = _("Hình lớn quá. Hãy thu nhỏ, mỗi cạnh tối đa khoảng 7.000 điểm ảnh, rồi tải lên.")
            raise ValidationError(sentence, code="file_too_many_pixels")


def _unmarked(data: Any) -> Any:
    """The upload without what a phone wrote beside the picture."""
    if not isinstance(data, UploadedFile):
        return data
    with _strict():
        kept = photographs.without(data.read())
    return SimpleUploadedFile(data.name or "", kept, data.content_type or "")


def _check(file: Any) -> None:
    """Raises whatever tells that the picture could not be drawn later."""
    if isinstance(file.image, SvgImageFile):
        _check_size(SvgWrapper(file.image.dom))
        _check_depth(file.image.dom.getroot())
        _check_copies(file.image.dom.getroot())
        _check_around(file)
        if any(_is_live(element) for element in file.image.dom.iter()):
            _refuse_live()
    else:
        with _strict(), Image.open(file) as picture:
            picture.load()
    file.seek(0)


def _refuse_live(*_seen: Any) -> None:
    sentence = _("Hình SVG này có mã chạy được hoặc gọi tới trang khác. Hãy xuất lại thành PNG rồi tải lên.")
    raise ValidationError(sentence, code="live_svg")


def _check_around(file: Any) -> None:
    """What stands outside of the elements and is not kept in their tree: a style sheet, or definitions of its own."""

    def instruction(name: str, _words: str) -> None:
        if name.casefold() == "xml-stylesheet":
            _refuse_live()

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse_live
    parser.ProcessingInstructionHandler = instruction
    file.seek(0)
    parser.ParseFile(file)


@contextmanager
def _strict() -> Iterator[None]:
    """WeasyPrint, once it was needed, lets Pillow draw half a picture for the whole process; an editor is to hear of it."""
    usual, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = usual


def _check_size(svg: SvgWrapper) -> None:
    sides = (svg.width, svg.height, svg.view_box.width, svg.view_box.height)
    if not all(math.isfinite(side) and 1 <= side <= LONGEST for side in sides):
        raise ValueError("a side of nothing, or without end")


def _check_depth(root: Element) -> None:
    level = [root]
    for _depth in range(DEEPEST):
        level = [child for element in level for child in element]
    if level:
        raise ValueError("elements within elements without end")


def _check_copies(root: Element) -> None:
    named = {element.get("id"): element for element in root.iter()}

    @cache
    def drawn(element: Element) -> int:
        """Raises RecursionError where something draws itself."""
        return 1 + sum(map(drawn, element)) + sum(map(drawn, _copied(element, named)))

    if drawn(root) - sum(1 for _one in root.iter()) > MOST_COPIED:
        raise ValueError("copies of copies without end")


def _copied(element: Element, named: dict[str | None, Element]) -> list[Element]:
    if _local(element.tag) != "use":
        return []
    links = [value.strip().removeprefix("#") for name, value in element.attrib.items() if _local(name) == "href"]
    return [named[link] for link in links if link in named]


def _as_read(css: str) -> str:
    """Without escapes, as a browser reads it: `u\\72l(` is `url(`."""
    return _ESCAPE.sub(lambda found: _letter(found[1]) if found[1] else found[2] or "", css)


def _letter(digits: str) -> str:
    return chr(min(int(digits, 16), sys.maxunicode))


def _local(name: Any) -> str:
    """Without the namespace; comments and instructions have no name."""
    return name.rpartition("}")[2].casefold() if isinstance(name, str) else ""


def _is_live(element: Element) -> bool:
    """Whether something in an element runs, or loads or leads to anything outside of the file."""
    attributes = [(_local(name), value) for name, value in element.attrib.items()]
    words: Iterable[str] = [value for _name, value in attributes]
    if _local(element.tag) == "style":
        words = [*words, "".join(element.itertext())]
    return (
        _local(element.tag) in _RUNS
        or (isinstance(element.tag, str) and element.tag.startswith(_XHTML))
        or any(name.startswith("on") for name, _value in attributes)
        or any(name in ("href", "src") and not _HARMLESS.match(value.strip()) for name, value in attributes)
        or (("attributename", "href") in [(name, _local(value.rpartition(":")[2])) for name, value in attributes])
        or any(_CALLS.search(seen) for value in words for seen in (value, _as_read(value)))
    )


class ImageForm(BaseImageForm):
    """Every upload of the admin goes through this form (WAGTAILIMAGES_IMAGE_FORM_BASE)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if usual := self.fields.get("file"):
            self.fields["file"] = WholeImageField(label=usual.label, required=usual.required, widget=usual.widget)

"""The blocks of a lesson. Each knows how it is drawn (templates/courses/blocks/) and what of it can be searched."""

import re
from html import unescape
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.html import strip_tags
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.documents.models import AbstractDocument
from wagtail.images.blocks import ImageChooserBlock
from wagtail.snippets.blocks import SnippetChooserBlock

FEATURES = ["h2", "h3", "bold", "italic", "ul", "ol", "link", "document-link"]
PLAIN = ["bold", "italic", "ul", "ol", "link"]
VIDEO_FILES, AUDIO_FILES = ("mp4", "webm"), ("mp3", "m4a", "ogg")


class ImageBlock(blocks.StructBlock):
    image = ImageChooserBlock(label=_("hình"))
    alt = blocks.CharBlock(label=_("mô tả cho người không nhìn thấy"), max_length=250)
    caption = blocks.CharBlock(label=_("chú thích"), max_length=250, required=False)

    class Meta:
        icon = "image"
        label = _("Hình")
        template = "courses/blocks/image.html"


class QuoteBlock(blocks.StructBlock):
    text = blocks.TextBlock(label=_("lời trích"))
    source = blocks.CharBlock(label=_("nguồn"), max_length=150, required=False)

    class Meta:
        icon = "openquote"
        label = _("Trích dẫn")
        template = "courses/blocks/quote.html"


class StepsBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("tiêu đề"), max_length=120)
    items = blocks.ListBlock(blocks.TextBlock(label=_("bước"), rows=2), label=_("các bước"), min_num=2)

    class Meta:
        icon = "list-ol"
        label = _("Các bước")
        template = "courses/blocks/steps.html"


def _is_kind(document: AbstractDocument | None, extensions: tuple[str, ...]) -> bool:
    return document is None or document.file_extension.casefold() in extensions


def _is_video_page(address: str) -> bool:
    """An https address on exactly one of the hosts of VIDEO_HOSTS: no port, no name and password in front."""
    parts = urlsplit(address)
    return parts.scheme == "https" and parts.netloc.casefold() in settings.VIDEO_HOSTS


class VideoBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("tiêu đề"), max_length=120)
    video = DocumentChooserBlock(label=_("tệp video (mp4, webm)"), required=False)
    address = blocks.URLBlock(
        label=_("hoặc địa chỉ video"),
        required=False,
        help_text=_("YouTube hoặc Vimeo; mở ở trang của họ khi người học bấm"),
    )
    poster = ImageChooserBlock(label=_("hình đại diện"))
    transcript = blocks.RichTextBlock(label=_("lời của video"), features=PLAIN)

    class Meta:
        icon = "media"
        label = _("Video")
        template = "courses/blocks/video.html"

    def clean(self, value: blocks.StructValue) -> blocks.StructValue:
        cleaned = super().clean(value)
        problems: dict[str, ValidationError] = {}
        if not cleaned["video"] and not cleaned["address"]:
            problems["video"] = ValidationError(_("Hãy chọn tệp video, hoặc ghi địa chỉ video."))
        if not _is_kind(cleaned["video"], VIDEO_FILES):
            problems["video"] = ValidationError(_("Tệp này không phải video mp4 hay webm."))
        if cleaned["address"] and not _is_video_page(cleaned["address"]):
            hosts = {"hosts": ", ".join(settings.VIDEO_HOSTS)}
            sentence = _("Chỉ nhận địa chỉ https của: %(hosts)s. Video ở nơi khác: hãy tải tệp lên.")
            problems["address"] = ValidationError(sentence % hosts)
        if problems:
            raise blocks.StructBlockValidationError(block_errors=problems)
        return cleaned


class AudioBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("tiêu đề"), max_length=120)
    audio = DocumentChooserBlock(label=_("tệp âm thanh (mp3, m4a, ogg)"))
    transcript = blocks.RichTextBlock(label=_("lời của bản ghi"), features=PLAIN)

    class Meta:
        icon = "media"
        label = _("Âm thanh")
        template = "courses/blocks/audio.html"

    def clean(self, value: blocks.StructValue) -> blocks.StructValue:
        cleaned = super().clean(value)
        if not _is_kind(cleaned["audio"], AUDIO_FILES):
            problem = ValidationError(_("Tệp này không phải âm thanh mp3, m4a hay ogg."))
            raise blocks.StructBlockValidationError(block_errors={"audio": problem})
        return cleaned


class DownloadBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("tên tài liệu"), max_length=120)
    document = DocumentChooserBlock(label=_("tệp"))

    class Meta:
        icon = "download"
        label = _("Tài liệu tải về")
        template = "courses/blocks/download.html"


class CheckChoice(blocks.StructBlock):
    text = blocks.CharBlock(label=_("phương án"), max_length=250)
    is_right = blocks.BooleanBlock(label=_("đúng"), required=False)
    feedback = blocks.CharBlock(label=_("lời nhắn khi chọn"), max_length=300, required=False)


class CheckBlock(blocks.StructBlock):
    """A question for oneself: nothing is recorded."""

    question = blocks.TextBlock(label=_("câu hỏi"), rows=2)
    # Each field is named: what is left out, the editor's script fills with the word "undefined".
    choices = blocks.ListBlock(
        CheckChoice(),
        label=_("phương án"),
        min_num=2,
        max_num=5,
        default=[{"text": "", "is_right": False, "feedback": ""}] * 2,
    )

    class Meta:
        icon = "help"
        label = _("Tự kiểm tra")
        template = "courses/blocks/check.html"

    def clean(self, value: blocks.StructValue) -> blocks.StructValue:
        cleaned = super().clean(value)
        if not any(choice["is_right"] for choice in cleaned["choices"]):
            raise blocks.StructBlockValidationError(
                block_errors={"choices": ValidationError(_("Hãy đánh dấu ít nhất một phương án đúng."))}
            )
        return cleaned


class LawBlock(blocks.StructBlock):
    """Prose about law plus the register's rows on which it rests; status and dates come from the rows."""

    text = blocks.RichTextBlock(label=_("nội dung"), features=PLAIN)
    legal_texts = blocks.ListBlock(SnippetChooserBlock("courses.LegalText"), label=_("căn cứ"), min_num=1)

    class Meta:
        icon = "clipboard-list"
        label = _("Căn cứ pháp luật")
        template = "courses/blocks/law.html"


class TodayBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("việc"), max_length=120)
    text = blocks.RichTextBlock(label=_("cách làm"), features=PLAIN)

    class Meta:
        icon = "tick-inverse"
        label = _("Việc làm hôm nay")
        template = "courses/blocks/today.html"


class OfficerBlock(blocks.StructBlock):
    text = blocks.RichTextBlock(label=_("nội dung"), features=PLAIN)

    class Meta:
        icon = "group"
        label = _("Dành cho cán bộ xã")
        template = "courses/blocks/officer.html"


HEADING = re.compile(r"<h[23][^>]*>(.*?)</h[23]>", re.DOTALL)


def _words(block: blocks.StreamValue.StreamChild) -> str:
    if block.block_type == "text" and (heading := HEADING.search(block.value.source)):
        return unescape(strip_tags(heading[1]))
    said = " ".join(block.block.get_searchable_content(block.value))
    return Truncator(" ".join(said.split())).chars(60)


def anchor(block_id: str) -> str:
    """The name of a block's place in its page; the same in all languages, because a translation keeps the ids."""
    return f"b-{block_id[:8]}"


class LessonBody(blocks.StreamBlock):
    text = blocks.RichTextBlock(
        label=_("Đoạn văn"), icon="pilcrow", features=FEATURES, template="courses/blocks/text.html"
    )
    image = ImageBlock()
    quote = QuoteBlock()
    keep = blocks.TextBlock(
        label=_("Nhớ lấy"), icon="thumbtack", rows=2, max_length=250, template="courses/blocks/keep.html"
    )
    steps = StepsBlock()
    table = TypedTableBlock(
        [("text", blocks.CharBlock(label=_("chữ"), required=False))],
        label=_("Bảng"),
        icon="table",
        template="courses/blocks/table.html",
    )
    video = VideoBlock()
    audio = AudioBlock()
    download = DownloadBlock()
    check = CheckBlock()
    law = LawBlock()
    officer = OfficerBlock()
    today = TodayBlock()

    def outline(self, value: blocks.StreamValue) -> list[tuple[str, str]]:
        """Each block by its id and by words in which an author knows it again: its heading or title, else how it begins."""
        return [(block.id, f"{block.block.label}: {_words(block)}") for block in value if block.id]

    def cited_legal_texts(self, value: blocks.StreamValue) -> set[int]:
        return {text.pk for block in value if block.block_type == "law" for text in block.value["legal_texts"] if text}


class OutcomeList(blocks.StreamBlock):
    outcome = blocks.CharBlock(label=_("làm được gì"), max_length=150)

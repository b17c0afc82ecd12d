"""What may stand on a paper. Each block's fields are what `certificates.designing.standard_parts` gives them at first."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from certificates.designing import unknown
from lib.text import nfc

MOST = 24  # blocks on a paper
SHORT, LONG = 60, 200  # letters


class WordsBlock(blocks.CharBlock):
    """A line that is printed as it was typed, but for the placeholders of the list."""

    def clean(self, value: Any) -> str:
        text = nfc(super().clean(value))
        if odd := unknown(text):
            said = _(
                "%(odd)s không có trong danh sách chỗ điền, nên chưa lưu. Hãy chọn trong danh sách ở đầu trang, hoặc bỏ dấu { }."
            )
            raise ValidationError(said % {"odd": ", ".join(odd)})
        return text


def _words(label: Any, most: int = LONG, **kwargs: Any) -> WordsBlock:
    return WordsBlock(label=label, max_length=most, required=False, default="", **kwargs)


class HeadingBlock(blocks.StructBlock):
    title = WordsBlock(label=_("tên giấy"), max_length=SHORT)
    subtitle = _words(_("dòng dưới"), SHORT)
    title_en = _words(_("tên giấy bằng tiếng Anh"), SHORT)
    subtitle_en = _words(_("dòng dưới bằng tiếng Anh"), SHORT)

    class Meta:
        icon = "title"
        label = _("Tên giấy")


class LeadBlock(blocks.StructBlock):
    text = _words(_("lời dẫn"))
    text_en = _words(_("bằng tiếng Anh"))

    class Meta:
        icon = "pilcrow"
        label = _("Lời dẫn trước tên")


class NameBlock(blocks.StructBlock):
    class Meta:
        icon = "user"
        label = _("Họ và tên (bắt buộc)")


class PersonBlock(blocks.StructBlock):
    who = blocks.BooleanBlock(label=_("năm sinh, chủ thể hoặc chức danh"), required=False, default=True)
    address = blocks.BooleanBlock(label=_("địa chỉ"), required=False, default=True)

    class Meta:
        icon = "group"
        label = _("Người đó là ai")


class LineBlock(blocks.StructBlock):
    text = _words(_("dòng chữ"))
    text_en = _words(_("bằng tiếng Anh"))
    style = blocks.ChoiceBlock(
        label=_("kiểu chữ"),
        choices=[
            ("done", _("lời dẫn trước khóa học")),
            ("normal", _("thường")),
            ("small", _("nhỏ")),
            ("strong", _("đậm")),
            ("accent", _("đậm, có màu")),
        ],
        default="normal",
    )

    class Meta:
        icon = "pilcrow"
        label = _("Dòng chữ")


class CourseBlock(blocks.StructBlock):
    class Meta:
        icon = "folder-open-inverse"
        label = _("Tên khóa học (bắt buộc)")


class FactsBlock(blocks.StructBlock):
    duration = blocks.BooleanBlock(label=_("thời lượng"), required=False, default=True)
    period = blocks.BooleanBlock(label=_("thời gian học"), required=False, default=True)
    result = blocks.BooleanBlock(label=_("kết quả"), required=False, default=True)

    class Meta:
        icon = "list-ul"
        label = _("Thời lượng, thời gian, kết quả")


class SpaceBlock(blocks.StructBlock):
    height = blocks.IntegerBlock(label=_("cao, mm"), min_value=1, max_value=30, default=4)

    class Meta:
        icon = "arrows-up-down"
        label = _("Khoảng trống")


class CheckBlock(blocks.StructBlock):
    register = blocks.BooleanBlock(label=_("in cả số vào sổ"), required=False, default=True)

    class Meta:
        icon = "view"
        label = _("Mã QR, số giấy, mã tra cứu (bắt buộc; chỗ đứng cố định)")


class SignatureBlock(blocks.StructBlock):
    note = _words(_("ghi chú khi chưa có chữ ký"), SHORT)
    note_en = _words(_("ghi chú bằng tiếng Anh"), SHORT)
    hand = blocks.BooleanBlock(label=_("in hình chữ ký của người ký"), required=False, default=True)
    seal = blocks.BooleanBlock(label=_("in hình con dấu"), required=False, default=True)

    class Meta:
        icon = "edit"
        label = _("Ngày, chức vụ, chữ ký, người ký (chỗ đứng cố định)")


class PaperBody(blocks.StreamBlock):
    heading = HeadingBlock()
    lead = LeadBlock()
    name = NameBlock()
    person = PersonBlock()
    line = LineBlock()
    course = CourseBlock()
    facts = FactsBlock()
    space = SpaceBlock()
    check = CheckBlock()
    signature = SignatureBlock()

    class Meta:
        max_num = MOST
        block_counts = {
            "heading": {"min_num": 1, "max_num": 1},
            "name": {"min_num": 1, "max_num": 1},
            "course": {"min_num": 1, "max_num": 1},
            "check": {"min_num": 1, "max_num": 1},
            "person": {"max_num": 1},
            "signature": {"max_num": 1},
        }

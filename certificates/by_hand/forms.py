from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import capfirst, get_valid_filename
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateInput

from certificates import queries
from certificates.models import Award
from certificates.rules import days
from lib.typed import TypedField

from .reading import Line, UnreadableListError, read, written

LARGEST_LIST, LARGEST_SCAN = 2_000_000, 10_000_000
FIRST_WORKSHOPS = date(2013, 1, 1)  # the programme began in Quảng Ninh in that year; before, a year is mistyped
LONGEST_WORKSHOP = timedelta(days=366)
GROUPS = (
    ("", ("award", "began_on", "ended_on", "duration")),
    (_("Danh sách: điền một trong hai"), ("file", "rows")),
    (_("Căn cứ: điền một trong hai"), ("decision", "scan")),
    ("", ("reason", "agreed")),
)
SCANS = {b"%PDF-": ".pdf", b"\xff\xd8\xff": ".jpg", b"\x89PNG": ".png"}


class ByHandForm(forms.Form):
    """A workshop, who was there, and what proves it."""

    award = forms.ModelChoiceField(
        label=_("Giấy chứng nhận của khóa"),
        queryset=Award.objects.none(),
        error_messages={"required": _("Hãy chọn khóa.")},
    )
    began_on = forms.DateField(label=_("Lớp tập huấn từ ngày"), widget=AdminDateInput)
    ended_on = forms.DateField(label=_("đến ngày"), widget=AdminDateInput)
    duration = TypedField(
        label=_("Thời lượng ghi trên giấy"),
        max_length=40,
        required=False,
        help_text=_("Ví dụ: 2 ngày, 16 giờ học. Để trống thì ghi số ngày, tính từ ngày đầu đến ngày cuối."),
    )
    file = forms.FileField(
        label=_("Tệp danh sách (.xlsx, .csv)"),
        required=False,
        help_text=_("Có dòng tiêu đề: Họ và tên, Năm sinh, Số điện thoại, Đơn vị, Xã. Nhiều nhất 200 người."),
    )
    rows = forms.CharField(
        label=_("hoặc dán các dòng từ Excel vào đây"),
        required=False,
        widget=forms.Textarea({"rows": 6}),
        help_text=_("Không có dòng tiêu đề thì theo thứ tự: họ và tên, năm sinh, số điện thoại, đơn vị, xã."),
    )
    decision = TypedField(
        label=_("Số, ngày văn bản làm căn cứ"),
        max_length=200,
        required=False,
        help_text=_("Quyết định mở lớp, báo cáo kết quả … Có bản quét thì không cần ghi."),
    )
    scan = forms.FileField(
        label=_("Bản quét danh sách ký tên hay quyết định"),
        required=False,
        help_text=_(
            "PDF, JPG hay PNG, nhiều nhất 10 MB. Chỉ người cấp và cán bộ phụ trách mọi người trong danh sách xem được."
        ),
    )
    reason = TypedField(
        label=_("Lý do"),
        max_length=200,
        help_text=_(
            "Ghi vì sao cấp trực tiếp, không qua học trên mạng. Ví dụ: Lớp kể chuyện sản phẩm tại xã Đất Mũi, do Phòng Kinh tế mở. Cán bộ đọc câu này ở trang của từng giấy trong sổ cấp và trong nhật ký; câu này không in lên giấy, người kiểm tra giấy không thấy."
        ),
        error_messages={"required": _("Hãy ghi lý do, để sau này người khác xem lại còn hiểu.")},
    )
    agreed = forms.BooleanField(
        label=_("Người mới trong danh sách đã ký phiếu đồng ý cho ghi kết quả học; tôi giữ phiếu"),
        error_messages={"required": _("Chưa xem danh sách, vì ô này chưa đánh dấu. Ai không đồng ý thì bỏ ra trước.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["award"]
        field.queryset = queries.certifying_by_hand()

    def groups(self) -> Iterator[tuple[Any, list[forms.BoundField]]]:
        for legend, names in GROUPS:
            yield legend, [self[name] for name in names]

    def keep(self) -> list[str]:
        """Of a form that comes back: the list that was read stays as rows, since no browser chooses a file again by itself.

        Says what was kept and what has to be chosen again.
        """
        file, scan, lines = self.files.get("file"), self.files.get("scan"), self.cleaned_data.get("lines")
        said = []
        if file and lines:
            again: Any = self.data
            self.data = again = again.copy()
            again["rows"] = written(lines)
            kept = _g("Danh sách trong tệp “%(name)s” đã nằm sẵn trong ô “%(label)s”, không cần chọn lại tệp.")
            said.append(kept % {"name": file.name, "label": capfirst(self["rows"].label)})
        if scan and "scan" not in self.errors:
            said.append(_g("Riêng bản quét “%(name)s” thì phải chọn lại.") % {"name": scan.name})
        return said

    def clean_scan(self) -> Any:
        scan = self.cleaned_data["scan"]
        if scan is None:
            return None
        if scan.size > LARGEST_SCAN:
            raise ValidationError(_("Bản quét lớn hơn 10 MB. Hãy quét nhẹ hơn rồi chọn lại."))
        head = scan.read(8)
        scan.seek(0)
        kind = next((suffix for start, suffix in SCANS.items() if head.startswith(start)), "")
        if not kind:
            raise ValidationError(_("Bản quét phải là PDF, JPG hay PNG."))
        scan.name = get_valid_filename(scan.name).rpartition(".")[0][-60:] + kind
        return scan

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        begun, ended = cleaned.get("began_on"), cleaned.get("ended_on")
        if begun and ended and (ended < begun or ended > timezone.localdate()):
            self.add_error("ended_on", _("Ngày cuối phải từ ngày đầu trở đi, và không sau hôm nay."))
        elif begun and ended and (begun < FIRST_WORKSHOPS or ended - begun > LONGEST_WORKSHOP):
            said = _("Xem lại hai ngày này: lớp từ năm %(year)s trở đi, dài nhất một năm.")
            self.add_error("began_on", said % {"year": FIRST_WORKSHOPS.year})
        elif begun and ended and not cleaned.get("duration") and "duration" not in self.errors:
            cleaned["duration"] = days(begun, ended)
        if not cleaned.get("decision") and not cleaned.get("scan") and "scan" not in self.errors:
            self.add_error(
                "decision", _("Hãy ghi số, ngày văn bản, hoặc tải bản quét: cấp theo danh sách thì phải có căn cứ.")
            )
        cleaned["lines"] = self._lines(cleaned)
        return cleaned

    def _lines(self, cleaned: dict[str, Any]) -> list[Line]:
        file, rows = cleaned.get("file"), cleaned.get("rows") or ""
        if file is None and not rows.strip():
            self.add_error("file", _("Hãy chọn tệp danh sách, hoặc dán các dòng vào ô dưới."))
            return []
        if file is not None and file.size > LARGEST_LIST:
            self.add_error("file", _("Tệp danh sách lớn hơn 2 MB. Hãy bỏ các trang và hình không dùng."))
            return []
        try:
            return read(file.read(), file.name) if file is not None else read(rows.encode(), "")
        except UnreadableListError as error:
            self.add_error("file" if file is not None else "rows", str(error))
            return []

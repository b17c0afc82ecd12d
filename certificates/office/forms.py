import io
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from certificates.access import lists_issued_by
from certificates.batches.forms import CohortField
from certificates.models import Award, Credential, WorkshopList
from courses.access import cohorts_visible_to
from courses.models import Cohort
from lib import apart, dates

LARGEST_SCAN = 10_000_000
MOST_DOTS = 40_000_000
WIDEST = 2000  # dots of a scan as it is kept
A4_WIDTH = 842  # points, lying
SECONDS = 8  # a photograph of 40 million dots takes two


class ListField(forms.ModelChoiceField):
    def label_from_instance(self, made: WorkshopList) -> str:  # type: ignore[override]
        return f"{dates.short(dates.local_day(made.issued_at))}, {made.reason}"


class NarrowForm(forms.Form):
    """Which unsigned files: without anything chosen all. What there is nothing to choose of is not asked."""

    award = forms.ModelChoiceField(queryset=Award.objects.none(), required=False, label=_("khóa học"))
    list = ListField(queryset=WorkshopList.objects.none(), required=False, label=_("danh sách đã cấp"))
    cohort = CohortField(queryset=Cohort.objects.none(), required=False, label=_("nhóm học"))
    year = forms.IntegerField(required=False, min_value=2000, max_value=2999, label=_("năm"))
    first = forms.IntegerField(required=False, min_value=1, max_value=10**6, label=_("từ số"))
    last = forms.IntegerField(required=False, min_value=1, max_value=10**6, label=_("đến số"))

    def __init__(self, *args: Any, among: QuerySet[Credential], user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        waiting = among.order_by().values("enrolment")
        lists = lists_issued_by(user).filter(entries__enrolment__in=waiting).distinct().order_by("-issued_at", "-pk")
        cohorts = cohorts_visible_to(user, "courses.view_cohort").filter(enrolments__in=waiting).distinct()
        choices: dict[str, QuerySet[Any]] = {
            "award": Award.objects.filter(pk__in=among.values("award")).select_related("course"),
            "list": lists,
            "cohort": cohorts.select_related("course").order_by("course__title", "name"),
        }
        for name, rows in choices.items():
            field: Any = self.fields[name]
            field.queryset = rows
        for name in ("list", "cohort"):
            if not self.data.get(name) and not choices[name].exists():
                del self.fields[name]

    def narrowed(self, among: QuerySet[Credential]) -> QuerySet[Credential]:
        """What cannot be read narrows to nothing."""
        if not self.is_valid():
            return among.none()
        names = {
            "award": "award",
            "list": "enrolment__workshop_entries__list",
            "cohort": "enrolment__cohort",
            "year": "year",
            "first": "sequence__gte",
            "last": "sequence__lte",
        }
        chosen = {names[key]: value for key, value in self.cleaned_data.items() if value is not None}
        return among.filter(**chosen)

    def query(self) -> str:
        """What was chosen, for an address."""
        return urlencode({name: self.data[name] for name in self.fields if self.data.get(name)})


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given = data if isinstance(data, (list, tuple)) else [data]
        return [super(ManyFilesField, self).clean(one, initial) for one in given or [None]]


class SignedFilesForm(forms.Form):
    signed = ManyFilesField(
        label=_("Tệp ZIP hoặc các tệp PDF đã ký"),
        error_messages={"required": _("Chưa chọn tệp nào. Hãy chọn tệp ZIP hoặc các tệp PDF đã ký rồi bấm lại.")},
    )


class OnPaperForm(forms.Form):
    signed_on = forms.DateField(label=_("Ngày ký, đóng dấu"), initial=lambda: dates.local_day(timezone.now()))
    scan = forms.FileField(
        required=False,
        label=_("Bản quét (không bắt buộc)"),
        help_text=_(
            "Ảnh JPEG, PNG hoặc tệp PDF, nhiều nhất 10 MB. Chỉ cán bộ phụ trách xem được. Không chọn thì bản quét đã có vẫn giữ nguyên."
        ),
    )

    def clean_signed_on(self) -> Any:
        day = self.cleaned_data["signed_on"]
        if day > dates.local_day(timezone.now()):
            raise ValidationError(_g("Ngày này chưa tới. Hãy ghi ngày đã ký."))
        return day

    def clean_scan(self) -> bytes:
        """The picture alone, drawn anew: nothing else that was in the file is kept."""
        upload = self.cleaned_data["scan"]
        if upload is None:
            return b""
        if upload.size > LARGEST_SCAN:
            raise ValidationError(_g("Tệp lớn quá: nhiều nhất 10 MB."))
        try:
            data = upload.read()
            return apart.run(lambda: _redrawn(data), seconds=SECONDS)
        except Exception as error:  # a hostile picture may break its reader in any way
            raise ValidationError(
                _g("Không đọc được bản quét này. Hãy chọn ảnh JPEG, PNG hoặc tệp PDF khác.")
            ) from error


def _redrawn(data: bytes) -> bytes:
    from PIL import Image, ImageOps

    picture = _page(data) if data.startswith(b"%PDF") else Image.open(io.BytesIO(data), formats=["JPEG", "PNG"])
    if picture.width * picture.height > MOST_DOTS:
        raise ValueError
    picture = ImageOps.exif_transpose(picture).convert("RGB")
    picture.thumbnail((WIDEST, WIDEST))
    bare = Image.new("RGB", picture.size)
    bare.paste(picture)
    kept = io.BytesIO()
    bare.save(kept, "JPEG", quality=80)
    return kept.getvalue()


def _page(data: bytes) -> Any:
    """The first page of a scan; its size is the reader's to choose, whatever it claims."""
    import pypdfium2

    page = pypdfium2.PdfDocument(data)[0]
    return page.render(scale=WIDEST / max(page.get_size())).to_pil()

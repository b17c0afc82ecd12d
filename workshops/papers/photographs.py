"""Photos of a workshop for its report: brought along with the report's form, drawn anew, put in order, and shown to whoever runs it."""

import io
from hashlib import sha256
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.forms.widgets import Script
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.access import staff_with
from accounts.models import User
from lib import apart
from lib.refusals import Refusal
from lib.typed import TypedField
from workshops import actions
from workshops.access import TO_MANAGE, workshops_visible_to
from workshops.actions.photographing import Drawn, PhotoSpec
from workshops.models import ReportPhoto, Workshop
from workshops.planning.files import FileInput
from workshops.rules import MOST_PHOTOS

FORMATS = ("JPEG", "PNG", "WEBP")  # decided by content: the name and type that a browser sends are not looked at
LARGEST, MOST_DOTS = 20_000_000, 50_000_000  # bytes and dots of a file: a phone's best picture
SIDE = 1200  # dots of the longer side as it is kept: 390 an inch where two stand beside each other
MOST_AT_ONCE = (
    50_000_000  # bytes of all that one form sends; the server takes 60 million with the words (docs/how-to/operator.md)
)
SECONDS = 10  # a picture of 50 million dots takes one or two


def drawn(upload: UploadedFile) -> Drawn:
    """The picture alone, turned upright: nothing else that was in the file, as where it was taken, is kept. Raises ValidationError."""
    if (upload.size or 0) > LARGEST:
        raise ValidationError(_g("“%(name)s” lớn quá: mỗi ảnh nhiều nhất 20 MB.") % {"name": upload.name})
    content = upload.read()
    try:
        data, width, height = apart.run(lambda: _drawn(content), seconds=SECONDS)
    except Exception as error:  # a hostile picture may break its reader in any way
        said = _g(
            "Không đọc được “%(name)s”. Chỉ nhận ảnh JPEG, PNG hoặc WebP còn nguyên vẹn, nhiều nhất 50 triệu điểm ảnh."
        )
        raise ValidationError(said % {"name": upload.name}) from error
    return Drawn(data, width, height, sha256(data).hexdigest())


def _drawn(content: bytes) -> tuple[bytes, int, int]:
    from PIL import Image, ImageFile, ImageOps

    ImageFile.LOAD_TRUNCATED_IMAGES = False  # which the printer lets the whole process do
    with Image.open(io.BytesIO(content), formats=FORMATS) as opened:
        if opened.width * opened.height > MOST_DOTS:
            raise ValueError
        opened.thumbnail((SIDE, SIDE))  # while it is read: the whole of it would take 200 MB
        opened.load()
        turned = ImageOps.exif_transpose(opened).convert("RGBA")
    bare = Image.new("RGBA", turned.size, "white")
    bare.alpha_composite(turned)
    kept = io.BytesIO()
    bare.convert("RGB").save(kept, "JPEG", quality=82, optimize=True)
    return kept.getvalue(), bare.width, bare.height


class PhotosInput(FileInput):
    allow_multiple_selected = True

    class Media:
        js = [Script("js/weight.js", type="module")]


class PhotosField(forms.FileField):
    """Those that can be drawn are in `good`, also where others cannot: nobody has to choose them again."""

    widget = PhotosInput(
        attrs={
            "accept": "image/jpeg,image/png,image/webp",
            "data-most": MOST_AT_ONCE,
            "data-words": _(
                "Các ảnh vừa chọn cộng lại quá 50 MB nên không gửi cùng lúc được. Hãy chọn ít ảnh hơn, lưu, rồi thêm tiếp."
            ),
        }
    )

    def clean(self, data: Any, initial: Any = None) -> list[Drawn]:
        self.good: list[Drawn] = []
        bad = []
        if len(data or []) > MOST_PHOTOS:
            raise ValidationError(_g("Mỗi lần chọn nhiều nhất %(n)s ảnh.") % {"n": MOST_PHOTOS})
        for upload in data or []:
            try:
                self.good.append(drawn(upload))
            except ValidationError as error:
                bad.append(error)
        if bad:
            raise ValidationError(bad)
        return self.good


class NewPhotosForm(forms.Form):
    photos = PhotosField(
        required=False,
        label=_("Thêm ảnh (chọn được nhiều tệp một lần)"),
        help_text=_(
            "JPEG, PNG hoặc WebP, mỗi tệp nhiều nhất 20 MB, mỗi lần gửi nhiều nhất 50 MB. Ảnh được thu nhỏ, nơi chụp và giờ chụp ghi trong tệp bị bỏ. "
            "Hãy xin phép người trong ảnh trước."
        ),
    )

    def clean_photos(self) -> list[Drawn]:
        found: list[Drawn] = self.cleaned_data["photos"]
        return found

    @property
    def good(self) -> list[Drawn]:
        field: Any = self.fields["photos"]
        return list(field.good) if self.is_bound else []


class PhotoRow(forms.Form):
    caption = TypedField(label=_("Lời dưới ảnh"), max_length=200, required=False)
    position = forms.IntegerField(label=_("Thứ tự"), min_value=1, max_value=MOST_PHOTOS)
    gone = forms.BooleanField(label=_("Bỏ ảnh này"), required=False)

    def __init__(self, data: Any, *, photo: ReportPhoto) -> None:
        initial = {"caption": photo.caption, "position": photo.position}
        super().__init__(data, prefix=f"anh-{photo.pk}", initial=initial)
        self.photo = photo

    def spec(self) -> PhotoSpec:
        said = self.cleaned_data
        return PhotoSpec(self.photo.pk, said["caption"] or "", said["position"], gone=said["gone"])


class Photos:
    """What the report's page shows and takes of the photos of one workshop, and of no other."""

    def __init__(self, workshop: Workshop, data: Any = None, files: Any = None) -> None:
        self.workshop = workshop
        self.form = NewPhotosForm(data, files) if data is not None else NewPhotosForm()
        there = photos_of(workshop)
        self.rows = [PhotoRow(data if _was_sent(data, one) else None, photo=one) for one in there]
        self.sent = [row for row in self.rows if row.is_bound]
        self.added = 0

    @property
    def has_changed(self) -> bool:
        return self.form.has_changed() or any(row.has_changed() for row in self.sent)

    def keep(self, user: User) -> bool:
        """Whether all was right; else what is wrong stands beside its field, and the rest is kept."""
        at = timezone.now()
        wrong = [row for row in self.sent if not row.is_valid()]
        are_right = self.form.is_valid() and not wrong
        specs = [row.spec() for row in self.sent if row not in wrong and row.has_changed()]
        try:
            if specs:
                actions.arrange_photos(workshop=self.workshop, photos=specs, by=user, at=at)
            if self.form.good:
                actions.add_photos(workshop=self.workshop, photos=self.form.good, by=user, at=at)
        except Refusal as refusal:
            self.form.add_error("photos", str(refusal))
            are_right = False
        else:
            self.added = len(self.form.good)
        if not wrong:
            self.rows = [PhotoRow(None, photo=one) for one in photos_of(self.workshop)]
        return are_right


def _was_sent(data: Any, photo: ReportPhoto) -> bool:
    """Others may have added one since the page was shown."""
    return data is not None and f"anh-{photo.pk}-position" in data


def photos_of(workshop: Workshop) -> QuerySet[ReportPhoto]:
    return ReportPhoto.objects.filter(workshop=workshop).defer("data")


@require_safe
@staff_with(TO_MANAGE)
def photo(request: HttpRequest, user: User, pk: int, photo: int) -> HttpResponse:
    workshop = get_object_or_404(workshops_visible_to(user, TO_MANAGE), pk=pk)
    found = get_object_or_404(ReportPhoto, workshop=workshop, pk=photo)
    response = HttpResponse(bytes(found.data), content_type="image/jpeg")
    response["Cache-Control"] = "private, no-store"
    return response

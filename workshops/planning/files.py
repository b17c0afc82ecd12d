"""Rows that bring a file along: what is handed out, and the photos of those who speak."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import FileExtensionValidator
from django.forms.widgets import Script
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _
from wagtail.documents import get_document_model
from wagtail.permissions import policy_registry

from accounts.models import User
from lib.typed import TypedField
from pages.forms.images import WholeImageField
from workshops.actions import parts

from .fields import NumberField, values_of
from .rows import Row, Rows

DOCUMENTS = 200
AGAIN = _("Nếu trang báo lỗi ở ô khác, anh/chị chọn lại tệp, vì trình duyệt không giữ tệp đã chọn.")


def _is_small_enough(file: Any) -> None:
    if file.size > settings.WAGTAILDOCS_MAX_UPLOAD_SIZE:
        most = settings.WAGTAILDOCS_MAX_UPLOAD_SIZE // 1024**2
        raise ValidationError(_g("Tệp này lớn quá; nhiều nhất %(n)s MB.") % {"n": most})


class FileInput(forms.FileInput):
    """With a button in the page's language."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        own = super().render(name, value, attrs, renderer)
        said: SafeString = render_to_string(
            "workshops/admin/_file.html", {"own": own, "id": (attrs or {}).get("id", "")}
        )
        return said

    class Media:
        js = [Script("js/files.js", type="module")]


class RowWithFile(Row):
    """`brought`: the field of the file, and what a spec calls it."""

    brought = ""

    def __init__(self, *args: Any, user: User | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def said(self) -> dict[str, Any]:
        told = values_of(self)
        file = told.pop(self.brought)
        return told | {self.brought: parts.Brought(file, self.user) if file else None}


class SpeakerRow(RowWithFile):
    degree = TypedField(label=_("Học hàm, học vị"), max_length=20, required=False)
    name = TypedField(label=_("Họ và tên"), max_length=100)
    post = TypedField(label=_("Chức vụ"), max_length=200, required=False)
    unit = TypedField(label=_("Đơn vị"), max_length=200, required=False)
    photo = WholeImageField(
        label=_("Ảnh chân dung"),
        required=False,
        widget=FileInput,
        help_text=_("Tải ảnh mới thì ảnh cũ được thay. Hãy xin phép người trong ảnh trước."),
    )
    brought = "photo"

    def spec(self) -> parts.SpeakerSpec:
        return parts.SpeakerSpec(**self.said())


class SpeakerRows(Rows):
    heading, one = _("Báo cáo viên"), _("Báo cáo viên")
    lead = _("Ghi chức vụ, đơn vị vào ngày tổ chức lớp; chương trình in theo đó.")


class MaterialRow(RowWithFile):
    session = NumberField()
    title = TypedField(label=_("Tên tài liệu"), max_length=200)
    link = forms.URLField(label=_("Đường dẫn"), max_length=500, required=False, assume_scheme="https")
    document = forms.ModelChoiceField(
        get_document_model().objects.none(), required=False, label=_("Hoặc tệp đã tải lên")
    )
    upload = forms.FileField(
        label=_("Hoặc tải tệp lên"),
        required=False,
        widget=FileInput,
        validators=[FileExtensionValidator(settings.WAGTAILDOCS_EXTENSIONS), _is_small_enough],
        help_text=AGAIN,
    )
    brought = "upload"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.user is not None:
            self.fields["document"].queryset = _documents_of(self.user, self.initial.get("document"))  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("upload"):
            cleaned["document"] = None  # the new file takes its place
        if not self.errors and sum(bool(cleaned.get(name)) for name in ("link", "document", "upload")) != 1:
            self.add_error("link", _("Chọn một tệp hoặc ghi một đường dẫn."))
        return cleaned

    def spec(self) -> parts.MaterialSpec:
        told = self.said()
        return parts.MaterialSpec(**told | {"session": told["session"] - 1})


def _documents_of(user: User, known: Any) -> Any:
    """What may be chosen: the latest, and what is chosen already."""
    policy = policy_registry.get_by_type(get_document_model())
    among = policy.instances_user_has_any_permission_for(user, ["choose", "add", "change"])
    latest = list(among.order_by("-created_at").values_list("pk", flat=True)[:DOCUMENTS])
    return get_document_model().objects.filter(pk__in=[*latest, *([known] if known else [])]).order_by("title")


class MaterialRows(Rows):
    heading, one = _("Tài liệu"), _("Tài liệu")
    lead = _("Đại biểu tải về ở trang lớp.")

"""Papers as they are designed in the admin, and as they were when papers were issued."""

import json
from hashlib import sha256
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from wagtail.fields import StreamField
from wagtail.models import DraftStateMixin, PreviewableMixin, RevisionMixin

from certificates.blocks import PaperBody
from certificates.designing import FORMAL, LANGUAGES, LOOKS, Paper, accents, samples, standard

from .pictures import Picture, PictureKind

PREVIEW = "certificates.viewsets.previewing.show"  # by name: what draws a template stands above its model


def standard_body() -> list[dict[str, Any]]:
    return [dict(part) for part in standard(FORMAL).parts]


def _picture(kind: PictureKind, label: Any, help_text: Any) -> Any:
    return models.ForeignKey(
        Picture, on_delete=models.PROTECT, null=True, blank=True, related_name="+", limit_choices_to={"kind": kind},
        verbose_name=label, help_text=help_text,
    )  # fmt: skip


class Template(PreviewableMixin, DraftStateMixin, RevisionMixin, models.Model):
    """A draft is designed at leisure; what is published becomes a `TemplateVersion`, and that is what papers are issued with."""

    name = models.CharField(_("tên mẫu"), max_length=80, default=_("Mẫu giấy mới"))
    look = models.CharField(_("dáng giấy"), max_length=6, choices=LOOKS, default=FORMAL)
    language = models.CharField(_("ngôn ngữ"), max_length=4, choices=LANGUAGES, default="vi")
    accent = models.CharField(_("màu"), max_length=6, choices=accents.ACCENTS, default=accents.GREEN)
    body = StreamField(PaperBody(), verbose_name=_("trên giấy có gì"), default=standard_body)
    background = _picture(
        PictureKind.BACKGROUND,
        _("hình nền"),
        _("Thay cho hoa văn của dáng giấy. Chữ in đè lên: chọn hình nhạt, để trắng chỗ có biểu trưng và chữ ký."),
    )
    logo = _picture(PictureKind.LOGO, _("biểu trưng"), _("Không dùng biểu trưng OCOP hay quốc huy."))
    seal = _picture(
        PictureKind.SEAL, _("con dấu"), _("Đóng cạnh chữ ký. Con dấu của người ký, nếu có, được dùng thay.")
    )

    class Meta:
        verbose_name = _("mẫu giấy")
        verbose_name_plural = _("mẫu giấy")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def paper(self) -> Paper:
        pictures = {kind: one.sha256 if (one := getattr(self, kind)) else "" for kind in ("background", "logo", "seal")}
        parts = [{"type": part["type"], "value": part["value"]} for part in self.body.get_prep_value()]
        chosen = {"look": self.look, "language": self.language, "accent": self.accent, "parts": parts}
        return Paper.of(chosen | pictures)

    @property
    def current(self) -> "TemplateVersion | None":
        return self.versions.order_by("-number").first()

    @property
    def preview_modes(self) -> list[tuple[str, Any]]:
        return samples.MODES

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        response: HttpResponse = import_string(PREVIEW)(request, self, mode_name)
        return response


class TemplateVersion(models.Model):
    """What a template was when it was published: never written again, and kept for as long as a paper was issued with it.

    `data` is `certificates.designing.Paper` with the SHA-256 of its pictures; the keys beside it keep those pictures.
    """

    template = models.ForeignKey(Template, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(_("bản"))
    data = models.JSONField()
    sha256 = models.CharField(max_length=64)
    background = models.ForeignKey(Picture, on_delete=models.PROTECT, null=True, related_name="+")
    logo = models.ForeignKey(Picture, on_delete=models.PROTECT, null=True, related_name="+")
    seal = models.ForeignKey(Picture, on_delete=models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(_("xuất bản lúc"), default=timezone.now)

    class Meta:
        verbose_name = _("bản của mẫu giấy")
        verbose_name_plural = _("các bản của mẫu giấy")
        constraints = [models.UniqueConstraint(fields=["template", "number"], name="template_version_once")]

    def __str__(self) -> str:
        return f"{self.template} ({self.number})"

    def save(self, **kwargs: Any) -> None:
        if self.pk:
            raise ValidationError("A published version does not change: publish another one.")
        self.sha256 = fingerprint(self.data)
        super().save(**kwargs)


def fingerprint(data: dict[str, Any]) -> str:
    return sha256(json.dumps(data, sort_keys=True, ensure_ascii=False).encode()).hexdigest()

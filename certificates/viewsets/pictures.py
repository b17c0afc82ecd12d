"""Pictures that are printed, in the admin."""

from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column

from accounts.viewsets import ScopedViewSet
from certificates.forms import PictureForm
from certificates.models import Picture


def _small(picture: Picture) -> str:
    address = reverse("certificates_admin:picture", args=[picture.pk])
    return format_html('<img class="printed-small" src="{}" alt="" loading="lazy">', address)


class PictureViewSet(ScopedViewSet):
    model = Picture
    icon = "image"
    menu_label = _("Dấu, chữ ký, hình nền")
    list_display = ["name", "kind", Column("shown", label=_("hình"), accessor=_small), "added_at"]
    list_filter = ["kind"]
    inspect_view_fields = ["name", "kind", "width", "height", "added_at"]

    def get_form_class(self, for_update: bool = False) -> type[PictureForm]:
        return PictureForm

    def get_index_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        # The bytes are for the printer; a list of twenty backgrounds would read ten megabytes.
        return super().get_index_view_kwargs(**{"queryset": Picture.objects.defer("data")} | kwargs)

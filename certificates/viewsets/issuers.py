"""Who issues, and for which courses."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from accounts.viewsets import ScopedViewSet
from accounts.viewsets.base import ScopedCreateView, ScopedEditView
from certificates import queries
from certificates.forms import AwardForm, IssuerForm
from certificates.models import Award, Issuer


class SaysWhoseNumbersLookAlike:
    """Two issuers may number alike, each in its own series; whoever does not mean that reads it on saving."""

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)  # type: ignore[misc]
        if others := queries.numbered_alike(form.instance):
            said = now(
                "Số trên giấy của đơn vị này có thể trùng với số của: %(others)s. Thêm {code} vào cách đánh số thì khác nhau."
            )
            messages.warning(self.request, said % {"others": ", ".join(others)})  # type: ignore[attr-defined]
        return response


class IssuerCreateView(SaysWhoseNumbersLookAlike, ScopedCreateView):
    pass


class IssuerEditView(SaysWhoseNumbersLookAlike, ScopedEditView):
    pass


class IssuerViewSet(ScopedViewSet):
    model = Issuer
    icon = "home"
    menu_label = _("Đơn vị cấp")
    list_display = ["name", "code", "is_specimen"]
    add_view_class = IssuerCreateView
    edit_view_class = IssuerEditView

    def get_form_class(self, for_update: bool = False) -> type[IssuerForm]:
        return IssuerForm


class AwardViewSet(ScopedViewSet):
    model = Award
    icon = "success"
    menu_label = _("Khóa học có cấp giấy")
    list_display = ["course", "issuer", "template", "is_active"]
    related = ("course", "issuer", "template")

    def get_form_class(self, for_update: bool = False) -> type[AwardForm]:
        return AwardForm

"""Who issues, and for which courses."""

from django.utils.translation import gettext_lazy as _

from accounts.viewsets import ScopedViewSet
from certificates.forms import AwardForm
from certificates.models import Award, Issuer


class IssuerViewSet(ScopedViewSet):
    model = Issuer
    icon = "home"
    menu_label = _("Đơn vị cấp")
    list_display = ["name", "code", "is_specimen"]
    form_fields = [
        "name", "parent_name", "code", "place_name", "number_pattern", "signer_post", "signer_name", "is_specimen",
    ]  # fmt: skip


class AwardViewSet(ScopedViewSet):
    model = Award
    icon = "success"
    menu_label = _("Khóa nào được cấp")
    list_display = ["course", "issuer", "design", "is_active"]

    def get_form_class(self, for_update: bool = False) -> type[AwardForm]:
        return AwardForm

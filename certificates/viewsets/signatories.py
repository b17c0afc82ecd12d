"""Who signs, where and when, in the admin."""

from django.utils.translation import gettext_lazy as _

from accounts.viewsets import ScopedViewSet
from certificates.forms import SignatoryForm
from certificates.models import Signatory


class SignatoryViewSet(ScopedViewSet):
    model = Signatory
    icon = "edit"
    menu_label = _("Người ký")
    list_display = ["name", "post", "issuer", "province", "valid_from", "valid_to"]
    list_filter = ["issuer"]
    related = ("issuer", "province")

    def get_form_class(self, for_update: bool = False) -> type[SignatoryForm]:
        return SignatoryForm

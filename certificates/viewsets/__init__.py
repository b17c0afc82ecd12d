"""Certificates in the Wagtail admin."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.base import ViewSetGroup

from .credentials import CredentialViewSet
from .issuers import AwardViewSet, IssuerViewSet
from .keys import SigningKeyViewSet
from .pictures import PictureViewSet
from .signatories import SignatoryViewSet
from .templates import TemplateViewSet


class CertificatesGroup(ViewSetGroup):
    menu_label = _("Chứng nhận")
    menu_icon = "doc-full-inverse"
    menu_order = 170
    items = (
        CredentialViewSet, IssuerViewSet, AwardViewSet, TemplateViewSet, SignatoryViewSet, PictureViewSet, SigningKeyViewSet,
    )  # fmt: skip

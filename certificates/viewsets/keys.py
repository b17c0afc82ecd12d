"""The keys of issuers, to look at."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column

from accounts.viewsets import RecordViewSet, ScopedIndexView
from certificates import keys
from certificates.models import Issuer, SigningKey


def _state(key: SigningKey) -> Any:
    if key.disowned_at:
        return _("báo lộ")
    if key.retired_at:
        return _("đã ngừng")
    try:
        return _("đang dùng") if keys.private_key(key.kid) else _("thiếu khóa riêng trên máy chủ")
    except keys.KeyFileError:
        return _("khóa riêng không dùng được")


class SigningKeyIndexView(ScopedIndexView):
    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        signing = SigningKey.objects.in_use().values("issuer")
        without = Issuer.objects.exclude(pk__in=signing).order_by("name").values_list("name", flat=True)
        return super().get_context_data(*args, **kwargs) | {"without": list(without)}


class SigningKeyViewSet(RecordViewSet):
    """Made and retired from the command line, where the private halves are (`manage.py certificate_keys`)."""

    model = SigningKey
    icon = "key"
    menu_label = _("Khóa ký")
    index_view_class = SigningKeyIndexView
    index_template_name = "certificates/admin/keys.html"
    related = ("issuer",)
    list_display = [
        "kid",
        "issuer",
        "made_at",
        "retired_at",
        "disowned_at",
        Column("state", label=_("tình trạng"), accessor=_state),
    ]
    inspect_view_fields = ["kid", "issuer", "public", "made_at", "retired_at", "disowned_at"]

from typing import Any
from urllib.parse import urlsplit

from django.apps import AppConfig, apps
from django.conf import settings
from django.db.models.signals import post_migrate


class ElearningConfig(AppConfig):
    name = "elearning"

    def ready(self) -> None:
        from wagtail.models import Site

        from accounts.policies import closed

        from . import checks  # noqa: F401 (registers them)

        closed(Site)
        post_migrate.connect(serve_one_site, sender=apps.get_app_config(Site._meta.app_label))


def serve_one_site(sender: AppConfig, **kwargs: Any) -> None:
    """Wagtail's row of the site says what BASE_URL says, and is alone: beside a second one, every address of a page would
    begin with a host."""
    from wagtail.models import Site

    site = Site.objects.order_by("-is_default_site", "pk").first()
    for other in Site.objects.exclude(pk=site and site.pk):
        other.delete()
    # Past the signals: they empty the cache, whose table comes after the first migration.
    Site.objects.update(is_default_site=True, **_host_and_port())


def _host_and_port() -> dict[str, Any]:
    address = urlsplit(settings.BASE_URL)
    return {"hostname": address.hostname or "localhost", "port": address.port or (443 if settings.HTTPS else 80)}

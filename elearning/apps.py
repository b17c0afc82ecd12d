from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from django.apps import AppConfig, apps
from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models.signals import post_migrate

from lib import registries


class ElearningConfig(AppConfig):
    name = "elearning"

    def ready(self) -> None:
        from wagtail.models import Site

        from accounts.policies import closed

        from . import checks  # noqa: F401 (registers them)

        closed(Site)
        registries.invariants.add("elearning", further_sites)
        post_migrate.connect(serve_one_site, sender=apps.get_app_config(Site._meta.app_label))


def serve_one_site(sender: AppConfig, **kwargs: Any) -> None:
    """Wagtail's row of the site says what BASE_URL says. Beside a second one, which only a shell can make, every address of
    a page would begin with a host: `manage.py audit_invariants` names it."""
    from wagtail.models import Site

    served = Site.objects.order_by("-is_default_site", "pk").values_list("pk", flat=True)[:1]
    # Past the signals: they empty the cache, whose table comes after the first migration.
    Site.objects.filter(pk__in=list(served)).update(is_default_site=True, **_host_and_port())
    with suppress(DatabaseError), transaction.atomic():
        Site.clear_site_root_paths_cache()


def further_sites() -> list[str]:
    """Entry of the registry `invariants`."""
    from wagtail.models import Site

    further = Site.objects.filter(is_default_site=False).values_list("hostname", "port")
    return [f"site {name}:{port} beside the one of BASE_URL; delete it in `manage.py shell`" for name, port in further]


def _host_and_port() -> dict[str, Any]:
    address = urlsplit(settings.BASE_URL)
    return {"hostname": address.hostname or "localhost", "port": address.port or (443 if settings.HTTPS else 80)}

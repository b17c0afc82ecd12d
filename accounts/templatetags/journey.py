"""What the pages of logging in and signing up tell of where somebody is going."""

from django import template

from accounts import oidc
from accounts.views.journey import errand_of
from lib.registries import Errand

register = template.Library()


@register.simple_tag(takes_context=True)
def errand(context: template.Context) -> Errand | None:
    request = context.get("request")
    return errand_of(request) if request else None


@register.simple_tag
def issuer() -> str:
    """What the other issuer is called by which people may log in; "" for none."""
    return oidc.name()

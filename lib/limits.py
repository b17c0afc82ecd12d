"""How often something may be tried, counted over all workers; the numbers are in settings.ACCOUNT_RATE_LIMITS."""

from allauth.core.exceptions import RateLimited
from allauth.core.internal import ratelimit
from django.http import HttpRequest


def take(request: HttpRequest, action: str, key: str = "-") -> ratelimit.RateLimitUsage:
    """Counts a try of an action by the request's address, its user or a key, as the limit says.

    What it returns gives the try back (`rollback`). Raises RateLimited (shown as a kind page) when there were too many.
    """
    taken = ratelimit.consume(request, app="allauth.account", action=action, key=key, limit_get=True)
    if taken is None:
        raise RateLimited
    return taken

"""How many calls a second API Gateway lets through on any one route. Costs nothing; refused calls are not charged.

The HTTP API has a bucket for each route of `http_api.OWN_THROTTLE`, and one for all others together; the REST API one
for each of its routes.

This is a fuse for the bill and for what is behind, not a limit against abuse: it counts all callers together, so
whoever reaches it closes that route for everybody. Therefore it is the same for all routes and wide. A tighter one
for the till or the sign-in would only be a switch that a single machine can press; what protects those is counted
per address, before this one (the website's server, `firewall.py`) and behind it (`kernel/client_limits.py`). See
docs/decisions/0032.

`burst` is how many may come at once; the bucket fills again at `rate`. What does not fit is answered 429 by API
Gateway; the alarm `calls-burst` comes long before.
"""

from typing import Any, NamedTuple


class Throttle(NamedTuple):
    """Calls a second, and calls at once."""

    rate: int
    burst: int


# 200 readers a second on one route are seventeen million a day, and cost 21 USD (64 by the REST API). At 30 ms each
# they keep six functions busy; a new account may run ten.
ALL = Throttle(200, 400)


def method_settings() -> list[dict[str, Any]]:
    """As the REST API's stage wants them: one for all. Logs and detailed figures stay off, see rest_api.py."""
    return [
        {
            "HttpMethod": "*",
            "ResourcePath": "/*",
            "ThrottlingRateLimit": ALL.rate,
            "ThrottlingBurstLimit": ALL.burst,
            "LoggingLevel": "OFF",
            "DataTraceEnabled": False,
            "MetricsEnabled": False,
            "CachingEnabled": False,
        }
    ]

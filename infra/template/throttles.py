"""How many calls a second API Gateway lets through, route by route. Costs nothing; refused calls are not charged.

These are fuses for the bill and for the services behind, not the limits against abuse: those are per client address,
in the code (`actions/limits.py`). So each is several times what a good evening brings, and each has a reason. What
does not fit is answered 429 with Retry-After, by API Gateway.

`burst` is how many may come at once; the bucket fills again at `rate`.
"""

from typing import Any, NamedTuple


class Throttle(NamedTuple):
    """Calls a second, and calls at once."""

    rate: int
    burst: int


# Article pages: 100 readers a second are nine million a day. At 20 ms each they keep two functions busy.
DEFAULT = Throttle(100, 200)

ROUTES = {
    # Stripe answers 100 calls a second of one account, and a gift asks it about five times until it is booked.
    ("POST", "/v1/checkouts"): Throttle(20, 40),
    ("POST", "/donate"): Throttle(20, 40),
    # Each may send a mail, and SES sends a new sender's mails at 14 a second.
    ("POST", "/v1/sign-in"): Throttle(10, 20),
    # Codes typed by people. Guesses are counted per request anyway; this bounds guessing over all of them.
    ("POST", "/v1/sign-in/confirm"): Throttle(10, 20),
    # Twice the 25 a second that Stripe sends in a rush; what it is refused, it sends again later.
    ("POST", "/v1/stripe/webhook"): Throttle(50, 100),
    # Each asks Stripe for a session of its portal.
    ("POST", "/v1/me/portal"): Throttle(5, 10),
    # Mistyped addresses, and the many who look for what other software left open.
    ("GET", "/{proxy+}"): Throttle(10, 20),
    ("HEAD", "/{proxy+}"): Throttle(10, 20),
    # A probe asks once a minute, and each asks the table.
    ("GET", "/v1/health"): Throttle(5, 10),
    ("HEAD", "/v1/health"): Throttle(5, 10),
}


def method_settings() -> list[dict[str, Any]]:
    """As the stage wants them. Paths are written as JSON pointers; logs and detailed figures stay off, see api.py."""
    quiet = {"LoggingLevel": "OFF", "DataTraceEnabled": False, "MetricsEnabled": False, "CachingEnabled": False}
    limits = {("*", "/*"): DEFAULT, **ROUTES}
    return [
        {
            "HttpMethod": method,
            "ResourcePath": path if path == "/*" else "/" + path.replace("/", "~1"),
            "ThrottlingRateLimit": limit.rate,
            "ThrottlingBurstLimit": limit.burst,
            **quiet,
        }
        for (method, path), limit in limits.items()
    ]

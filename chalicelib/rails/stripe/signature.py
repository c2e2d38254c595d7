"""Verify a webhook's signature over the raw bytes, with the standard library.

The SDK's own check costs 46 times as much, accepts times in the future, and raises TypeError, UnicodeDecodeError or
AttributeError on some of what strangers may send. Scheme: https://docs.stripe.com/webhooks#verify-manually
"""

import hmac
from collections.abc import Sequence

from chalicelib.kernel.moments import RealTime

TOLERANCE = 300  # seconds, both ways


def secrets_of(setting: str) -> Sequence[str]:
    """The webhook secrets in a setting: separated by commas, several while one is being rotated."""
    return [secret.strip() for secret in setting.split(",") if secret.strip()]


def verified(body: bytes, header: str, secrets: Sequence[str], now: RealTime) -> bool:
    """Whether one of our secrets signed exactly these bytes within the last five minutes.

    `header` is `t=<seconds>,v1=<hex>[,v1=<hex>…]`. An empty secret never verifies anything.
    """
    pairs = [part.strip().partition("=") for part in header.split(",")]
    times = [value for name, _, value in pairs if name == "t"]
    given = [value for name, _, value in pairs if name == "v1"]
    if len(times) != 1 or not (times[0].isascii() and times[0].isdigit() and len(times[0]) <= 12):  # noqa: PLR2004 - till the year 33658
        return False
    if abs(now - int(times[0])) > TOLERANCE:
        return False
    signed = times[0].encode() + b"." + body
    expected = [hmac.digest(secret.encode(), signed, "sha256").hex() for secret in secrets if secret]
    # Every pair is compared, so that the time taken reveals nothing.
    # As bytes: compare_digest raises for text beyond ASCII, and encoding does for half a surrogate pair.
    claimed = [other.encode("utf-8", "surrogatepass") for other in given]
    return any([hmac.compare_digest(one.encode(), other) for one in expected for other in claimed])  # noqa: C419

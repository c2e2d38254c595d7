"""The IP address a call counts against, where the newsroom's own proxy or CDN may stand before API Gateway."""

import hmac
from collections.abc import Callable, Mapping


def address(seen: str, headers: Mapping[str, str], secrets: Callable[[], str]) -> str:
    """The client's IP address: as API Gateway saw it, or as a proxy that presents our secret forwarded it.

    API Gateway writes the address it saw behind what the proxy forwarded (and an edge-optimized one CloudFront's
    behind that), so the reader's is the one before it: the last one would be the proxy's own, the same for everybody.

    :param secrets: asked only when a caller claims to be the proxy.
    """
    if not presented(headers, secrets):
        return seen
    forwarded = [part.strip() for part in headers.get("x-forwarded-for", "").split(",") if part.strip()]
    if seen in forwarded:
        del forwarded[len(forwarded) - 1 - forwarded[::-1].index(seen) :]
    return forwarded[-1] if forwarded else seen


def presented(headers: Mapping[str, str], secrets: Callable[[], str]) -> bool:
    """Whether this call came by the newsroom's own proxy, which alone knows the secret; see `address`."""
    said = headers.get("x-spilno-proxy", "")
    return bool(said) and _ours(said, secrets())


def _ours(said: str, secrets: str) -> bool:
    """Whether it is one of the secrets: several, separated by commas, while one is being rotated."""
    # As bytes: compare_digest raises for text beyond ASCII, and encoding does for half a surrogate pair.
    sent = said.encode("utf-8", "surrogatepass")
    known = [part.strip().encode() for part in secrets.split(",") if part.strip()]
    return any(hmac.compare_digest(sent, one) for one in known)

"""Reading at Stripe for the doctor, with the pinned version, through the official SDK. Nothing is changed."""

from collections.abc import Iterator, Mapping
from typing import Any, cast

import stripe

from chalicelib.rails.stripe.port import API_VERSION

_TIMEOUT = (3, 8)  # seconds to connect and to read
_PAGES = 3


class StripeReads:
    """Reads at Stripe, as `get("/v1/account")`; raises the SDK's errors, which `obstacles` puts into words."""

    def __init__(self, key: str, base: str | None = None) -> None:
        self.key = key
        self._client = stripe.StripeClient(
            key,
            stripe_version=API_VERSION,
            http_client=stripe.RequestsClient(timeout=_TIMEOUT),
            max_network_retries=1,
            base_addresses={"api": base} if base else {},
        )

    def get(self, path: str, **params: Any) -> Mapping[str, Any]:
        """Get one object."""
        answer = self._client.raw_request("get", path, **params)
        mode: Any = "V2" if path.startswith("/v2/") else "V1"
        return cast("Mapping[str, Any]", self._client.deserialize(answer, api_mode=mode).to_dict())

    def may_write(self, method: str, path: str, **params: Any) -> bool:
        """Whether the key may write there. Nothing is written: what the path names does not exist.

        :raises stripe.StripeError: another refusal than that it may not, or that there is no such thing.
        """
        try:
            self._client.raw_request(method, path, **params)
        except stripe.PermissionError:
            return False
        except stripe.InvalidRequestError:  # Stripe looks at the key's rights first
            return True
        return True

    def listed(self, path: str, **params: Any) -> Iterator[Mapping[str, Any]]:
        """The objects of a list, newest first, at most three pages of a hundred."""
        cursor: dict[str, str] = {}
        for _ in range(_PAGES):
            page = self.get(path, limit=100, **params, **cursor)
            yield from page["data"]
            if not page["has_more"] or not page["data"]:
                return
            cursor = {"starting_after": page["data"][-1]["id"]}

    def listed_v2(self, path: str, **params: Any) -> Iterator[Mapping[str, Any]]:
        """The objects of a list under `/v2`, where each page names the next one; the same order and bounds."""
        page = self.get(path, limit=100, **params)
        for _ in range(_PAGES):
            yield from page.get("data") or []
            following = page.get("next_page_url")
            if not following:
                return
            page = self.get(str(following))

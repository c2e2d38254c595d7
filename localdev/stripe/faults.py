"""Faults on demand: the API answers with an error, before it does the work or (after) once it is done."""

import fnmatch
from dataclasses import asdict, dataclass

from localdev.stripe.errors import ApiRefusal, Json
from localdev.stripe.store import Store

_KINDS = {401: "invalid_request_error", 404: "invalid_request_error", 409: "idempotency_error"}
_MESSAGES = {
    429: "Request rate limit exceeded. Learn more about rate limits here https://stripe.com/docs/rate-limits.",
    500: "An unknown error occurred",
}


@dataclass
class Fault:
    """What to break. `path` is a prefix at a `/`, or a pattern with `*`; `times` counts down.

    `after`: the work is done, then the error is answered and, as Stripe does, kept under the idempotency key.
    `lost`: like `after`, but only the answer is lost on its way: a repetition with the same key gets the true one.
    """

    path: str
    status: int
    times: int = 1
    after: bool = False
    lost: bool = False
    method: str | None = None

    def fits(self, method: str, path: str) -> bool:
        """Whether this request is meant."""
        if self.method and self.method.upper() != method:
            return False
        if "*" in self.path:
            return fnmatch.fnmatchcase(path, self.path)
        return path == self.path or path.startswith(self.path.rstrip("/") + "/")

    def error(self) -> ApiRefusal:
        """The answer in Stripe's shape."""
        return ApiRefusal(
            _MESSAGES.get(self.status, f"The stand-in was told to answer {self.status}."),
            code="rate_limit" if self.status == 429 else None,  # noqa: PLR2004 - Stripe's rate limit
            status=self.status,
            kind=_KINDS.get(self.status, "api_error" if self.status >= 500 else "invalid_request_error"),  # noqa: PLR2004
        )


def add(store: Store, fault: Fault) -> list[Json]:
    """Arm a fault; answers all that are armed."""
    return _write(store, [*armed(store), fault])


def clear(store: Store, path: str) -> list[Json]:
    """Disarm what was armed for this very path; answers what is left."""
    return _write(store, [fault for fault in armed(store) if fault.path != path])


def armed(store: Store) -> list[Fault]:
    """What is armed, oldest first; it survives a restart."""
    return [Fault(**one) for one in store.note("faults").get("armed", [])]


def take(store: Store, method: str, path: str) -> Fault | None:
    """The fault that this request runs into, counted down."""
    with store.transaction():
        faults = armed(store)
        hit = next((fault for fault in faults if fault.fits(method, path)), None)
        if hit is not None:
            hit.times -= 1
            _write(store, [fault for fault in faults if fault.times > 0])
        return hit


def _write(store: Store, faults: list[Fault]) -> list[Json]:
    return list(store.write_note("faults", armed=[asdict(fault) for fault in faults])["armed"])

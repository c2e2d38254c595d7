"""Why a check could not be made, in words: no permission, no network, no credentials.

Never an error's own text where that may quote a secret or an address.
"""

import socket
import traceback
from dataclasses import dataclass
from urllib.parse import urlsplit

import requests
import stripe
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    NoCredentialsError,
    NoRegionError,
    PartialCredentialsError,
    TokenRetrievalError,
)
from dns.exception import DNSException

from chalicelib.kernel.table import TableUnavailable
from ops.doctor.subject import NotThere

_DENIED = frozenset({"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "AuthorizationError"})
_EXPIRED = frozenset({"ExpiredToken", "ExpiredTokenException", "InvalidClientTokenId", "UnrecognizedClientException"})
_GONE = frozenset({"ResourceNotFoundException", "ValidationError", "NotFoundException"})


@dataclass(frozen=True)
class Obstacle:
    """Why a check could not be made. `says` completes "not checked: …"; equal ones are reported together."""

    says: str
    mend: str


NETWORK = "Is there a network here?"
_LOCAL = "Is make run running, and is this its environment?"


def obstacle(error: BaseException, *, local: bool = False) -> Obstacle:
    """What kept a check from being made; `local`: on the stack of `make run`, which needs no network."""
    found = _obstacle(error)
    return Obstacle(found.says, _LOCAL) if local and found.mend.startswith(NETWORK) else found


def _obstacle(error: BaseException) -> Obstacle:
    for kinds, words in _WORDS:
        if isinstance(error, kinds):
            return words(error)
    return Obstacle(f"doctor stumbled ({_place(error)})", "That is a fault of doctor's own: please report it.")


def _place(error: BaseException) -> str:
    """An error's kind and place, `KeyError at mail.py:83`: its own words may quote a secret or an address."""
    last = traceback.extract_tb(error.__traceback__)[-1:]
    where = "".join(f" at {frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in last)
    return f"{type(error).__name__}{where}"


def _aws(error: BaseException) -> Obstacle:
    assert isinstance(error, ClientError)
    code, operation = error.response["Error"]["Code"], error.operation_name
    if code in _DENIED:
        return Obstacle(f"AWS does not let you call {operation}", "Use a role that may read this, or leave it.")
    if code in _EXPIRED:
        return Obstacle("AWS does not take your credentials", "Sign in to AWS again.")
    if code in _GONE:
        return Obstacle(f"AWS does not know it ({operation}: {code})", "Look at the stack's own check first.")
    return Obstacle(f"AWS answers {code} to {operation}", "Try again in a few minutes.")


def _stripe(error: BaseException) -> Obstacle:
    assert isinstance(error, stripe.StripeError)
    if isinstance(error, stripe.AuthenticationError):
        return Obstacle("Stripe does not take the key", "Put a valid key: python -m ops setup.")
    if isinstance(error, stripe.PermissionError):
        return Obstacle(
            "the Stripe key may not read this", "Give the restricted key this read permission, or leave it."
        )
    if isinstance(error, stripe.APIConnectionError):
        return Obstacle("no answer from Stripe", f"{NETWORK} See also https://status.stripe.com.")
    return Obstacle(f"Stripe answers {error.http_status}", "Try again in a few minutes.")


def _http(error: BaseException) -> Obstacle:
    request = getattr(error, "request", None)
    host = urlsplit(str(getattr(request, "url", "") or "")).netloc
    return Obstacle(f"no answer from {host or 'the address'}", NETWORK)


def _said(error: BaseException) -> Obstacle:
    return Obstacle(str(error), "")


_WORDS = (
    (NotThere, _said),
    (
        (NoCredentialsError, PartialCredentialsError, TokenRetrievalError),
        lambda _: Obstacle("no AWS credentials here", "Sign in: aws sso login, or set AWS_PROFILE."),
    ),
    (NoRegionError, lambda _: Obstacle("no AWS region is set", "Write the region into the stage file.")),
    (ClientError, _aws),
    (BotoCoreError, lambda _: Obstacle("no answer from AWS", NETWORK)),
    (stripe.StripeError, _stripe),
    (requests.RequestException, _http),
    (DNSException, lambda _: Obstacle("no answer from the name servers", NETWORK)),
    (TableUnavailable, lambda error: Obstacle(f"the table does not answer ({error})", "See the table's own check.")),
    (ConnectionError, lambda _: Obstacle("nobody answers there", NETWORK)),
    (socket.gaierror, lambda _: Obstacle("there is no such name in DNS", NETWORK)),
    (TimeoutError, lambda _: Obstacle("it took too long", "Try again: python -m ops doctor --seconds 60.")),
)

"""What every API call goes through: key, version, faults, parameters, idempotency, expansion, Stripe's headers."""

import base64
import binascii
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from typing import cast

from flask import Blueprint, Response, current_app, request

from localdev.stripe import faults, idempotency, ids
from localdev.stripe.account import Account
from localdev.stripe.config import ACCOUNT, API_VERSION
from localdev.stripe.errors import ApiRefusal, Json
from localdev.stripe.expand import expanded
from localdev.stripe.faults import Fault
from localdev.stripe.forms import decode
from localdev.stripe.params import checked
from localdev.stripe.rate_limit import RateLimit

# An answer, or a refusal after which what was tried stands all the same; one that is raised undoes everything.
Handler = Callable[..., Json | ApiRefusal]
_FORM = "application/x-www-form-urlencoded"
# Which type in the package describes a call's parameters, by method and rule.
PARAMS: dict[tuple[str, str], str] = {}
# The same by the function that serves the call.
PARAMS_OF: dict[Handler, str] = {}


@dataclass
class Call:
    """One API call on its way: its id, key and checked parameters."""

    path: str
    method: str
    params: Json
    sent: Json
    key: str | None
    fault: Fault | None
    headers: dict[str, str]
    paths: list[str] = field(default_factory=list)


def the_account() -> Account:
    """The account this process plays."""
    return cast("Account", current_app.config["ACCOUNT"])


def the_rate_limit() -> RateLimit:
    """This process's count of requests."""
    return cast("RateLimit", current_app.config["RATE_LIMIT"])


def endpoint(blueprint: Blueprint, method: str, rule: str, params: str) -> Callable[[Handler], Handler]:
    """Register `handler(account, params, *ids from the path)`; `params` names its `stripe.params` TypedDict."""

    def register(handler: Handler) -> Handler:
        @wraps(handler)
        def view(**identifiers: str) -> Response:
            headers = {"Request-Id": ids.new("req"), "Stripe-Version": API_VERSION}
            try:
                return _serve(the_account(), handler, params, list(identifiers.values()), headers)
            except ApiRefusal as error:
                return answer(error.status, dump(error.body(request.path)), {**headers, **error.headers})

        PARAMS[method, rule] = params
        PARAMS_OF[handler] = params
        # Stripe knows no OPTIONS; Flask would answer it by itself.
        blueprint.add_url_rule(rule, f"{method} {rule}", view, methods=[method], provide_automatic_options=False)
        return handler

    return register


def _serve(
    account: Account, handler: Handler, params: str, identifiers: list[str], headers: dict[str, str]
) -> Response:
    _check_key(account)
    _check_account()
    _check_version()
    the_rate_limit().check()
    fault = faults.take(account.store, request.method, request.path)
    if fault and not (fault.after or fault.lost):
        raise fault.error()
    sent = decode(_encoded())
    # API v2 says a page's whole address, with a token that no type of parameters has.
    token = {"page": sent.pop("page")} if request.path.startswith("/v2/") and "page" in sent else {}
    key = request.headers.get("Idempotency-Key") if request.method == "POST" else None
    if key:
        headers["Idempotency-Key"] = key
    call = Call(
        path=request.path,
        method=request.method,
        params=checked(params, sent) | token,
        sent=sent,
        key=key,
        fault=fault,
        headers=headers,
    )
    call.paths = call.params.pop("expand", [])
    status, body = _execute(account, handler, call, identifiers)
    if fault and fault.lost:
        raise fault.error()
    return answer(status, body, headers)


def _execute(account: Account, handler: Handler, call: Call, identifiers: list[str]) -> tuple[int, str]:
    same = idempotency.fingerprint(call.method, call.path, call.sent)
    cause = {"id": call.headers["Request-Id"], "idempotency_key": call.key}
    with account.change(cause):
        kept = idempotency.kept(account.store, call.key, same, account.now()) if call.key else None
        if kept:
            call.headers["Idempotent-Replayed"] = "true"
            return kept
        made = handler(account, call.params, *identifiers)
        if isinstance(made, ApiRefusal):  # what was tried has happened, and it was refused
            result = (made.status, dump(made.body(call.path)))
        else:
            result = (200, dump(expanded(account, made, call.paths)))
        if call.fault and call.fault.after:
            result = (call.fault.status, dump(call.fault.error().body(call.path)))
        if call.key:
            idempotency.keep(account.store, call.key, same, result, account.now())
        return result


def answer(status: int, body: str, headers: dict[str, str]) -> Response:
    """A JSON answer with Stripe's headers."""
    return Response(body, status, {**headers, "Cache-Control": "no-cache, no-store"}, content_type="application/json")


def dump(value: Json) -> str:
    """JSON as Stripe prints it."""
    return json.dumps(value, indent=2, ensure_ascii=False)


def _encoded() -> str:
    query = request.query_string.decode("utf-8", "replace")
    if request.method == "GET":
        return query
    body = request.get_data(cache=True)
    if body and request.mimetype != _FORM:
        raise ApiRefusal(f"Invalid request: send {_FORM}, not {request.mimetype or 'nothing'}.")
    try:
        return "&".join(part for part in (query, body.decode()) if part)
    except UnicodeDecodeError:
        raise ApiRefusal("Invalid request: the body is not UTF-8.") from None


def _check_version() -> None:
    version = request.headers.get("Stripe-Version", API_VERSION)
    if version != API_VERSION:
        raise ApiRefusal(f"Invalid Stripe API version: {version}. The stand-in speaks {API_VERSION} only.")


def _check_account() -> None:
    """Only the key's own account may be named: nobody is connected to it."""
    named = {request.headers.get(header, ACCOUNT) for header in ("Stripe-Account", "Stripe-Context")} - {ACCOUNT}
    if named:
        key = _sent_key()
        raise ApiRefusal(
            f"The provided key '{key[:8]}{'*' * 6}{key[-4:]}' does not have access to account '{min(named)}' (or "
            "that account does not exist). Application access may have been revoked.",
            code="account_invalid",
            status=403,
        )


def _check_key(account: Account) -> None:
    value = _sent_key()
    if not value:
        raise ApiRefusal(
            "You did not provide an API key. You need to provide your API key in the Authorization header, "
            "using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').",
            status=401,
        )
    if not any(hmac.compare_digest(value.encode(), key.encode()) for key in account.config.api_keys):
        raise ApiRefusal(f"Invalid API Key provided: {value[:7]}****{value[-4:]}", status=401)


def _sent_key() -> str:
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return value
    try:
        return base64.b64decode(value, validate=True).decode("latin-1").partition(":")[0]
    except binascii.Error:
        return ""

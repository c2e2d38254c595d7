"""How a control call is registered: once, for scripts (`/_control/…`, JSON) and for the page (`/do/…`, forms).

No key; the stand-in listens on loopback only. Every answer says what happened: the ids of the objects and, under
`events`, each event with its deliveries. In mode `normal` it comes after each event was tried at least once, so
scripts need no sleeps.
"""

import json
from collections.abc import Callable
from functools import wraps
from urllib.parse import urlencode

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from localdev.stripe.account import Account
from localdev.stripe.api.endpoint import answer, the_account
from localdev.stripe.controls.forms import Form, FormT, read, typed
from localdev.stripe.errors import ApiRefusal, Json

blueprint = Blueprint("control", __name__)
PATIENCE_SECONDS = 10.0
# Every call that changes something, by its rule: what the page has to offer a button for.
RULES: list[str] = []
Handler = Callable[..., Json]


def control(rule: str, form: type[FormT]) -> Callable[[Handler], Handler]:
    """Register `handler(account, form, *ids from the path)` for POST; what it answers is sent as JSON."""

    def register(handler: Handler) -> Handler:
        @wraps(handler)
        def view(**identifiers: str) -> Response:
            try:
                done = handler(the_account(), read(form), *identifiers.values())
            except ApiRefusal as error:
                return answer(error.status, json.dumps(error.body(), indent=2), {})
            return answer(200, json.dumps(done, indent=2, ensure_ascii=False), {})

        @wraps(handler)
        def press(**identifiers: str) -> AnyResponse:
            return _pressed(handler, form, list(identifiers.values()))

        RULES.append(rule)
        blueprint.add_url_rule(f"/_control{rule}", f"POST {rule}", view, methods=["POST"])
        blueprint.add_url_rule(f"/do{rule}", f"press {rule}", press, methods=["POST"])
        return handler

    return register


def look(rule: str) -> Callable[[Handler], Handler]:
    """Register `handler(account)` for GET."""

    def register(handler: Handler) -> Handler:
        @wraps(handler)
        def view() -> Response:
            return answer(200, json.dumps(handler(the_account()), indent=2, ensure_ascii=False), {})

        blueprint.add_url_rule(f"/_control{rule}", f"GET {rule}", view, methods=["GET"])
        return handler

    return register


def told(account: Account, events: list[str]) -> list[Json]:
    """Wait until these events were tried, then say how each fared."""
    account.deliveries.wait(events, PATIENCE_SECONDS)
    found = [(identifier, account.store.get(identifier)) for identifier in events]
    return [
        {"id": identifier, "type": event["type"], "deliveries": account.deliveries.of(identifier)}
        for identifier, event in found
        if event is not None
    ]


def _pressed(handler: Handler, form: type[Form], identifiers: list[str]) -> AnyResponse:
    """Do what a button says, then back to the page: it shows what happened since, or what went wrong."""
    back: dict[str, str] = {}
    try:
        done = handler(the_account(), typed(form, request.form), *identifiers)
        events = done.get("events", [])
        if events:
            back["since"] = events[0]["id"]
        back["did"] = request.path.removeprefix("/do/")
    except ApiRefusal as error:
        back["problem"] = error.message[:300]
    return redirect(f"/?{urlencode(back)}#happened", 303)

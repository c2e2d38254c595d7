"""The stand-in as a Flask app, with its two threads."""

from copy import copy
from functools import cache

from flask import Config as FlaskConfig
from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from localdev.stripe import configurations as account_setup
from localdev.stripe import controls, endpoints
from localdev.stripe.account import Account
from localdev.stripe.api import (
    billing,
    catalog,
    checkout,
    configurations,
    customers,
    destinations,
    endpoint,
    events,
    invoices,
    money,
    reversals,
    search,
    webhook_endpoints,
)
from localdev.stripe.clock import Clock
from localdev.stripe.config import Config
from localdev.stripe.deliveries import Deliveries
from localdev.stripe.errors import ApiRefusal
from localdev.stripe.pages import checkout as checkout_page
from localdev.stripe.pages import invoice, new_card, overview, portal
from localdev.stripe.rate_limit import RateLimit
from localdev.stripe.store import Store


def create(config: Config) -> Flask:
    """The app; call `start` in the process that serves it."""
    app = copy(_with_routes())
    store = Store(config.database)
    deliveries = Deliveries(config, store)
    account = Account(config, store, deliveries)
    endpoints.ensure_default(account)
    account_setup.ensure_defaults(account)
    own = {
        "ACCOUNT": account,
        "CLOCK": Clock(account),
        "DELIVERIES": deliveries,
        "RATE_LIMIT": RateLimit(store),
    }
    app.config = FlaskConfig(app.root_path, {**app.config, **own})
    return app


@cache
def _with_routes() -> Flask:
    """The app without an account. To compile its routes takes longer than all else, and tests start hundreds."""
    app = Flask("localdev.stripe", template_folder="templates")
    app.config["MAX_CONTENT_LENGTH"] = 1_000_000
    app.url_map.merge_slashes = False  # an empty id in a path is an unknown address, not a redirect
    for module in (
        checkout,
        customers,
        billing,
        catalog,
        invoices,
        money,
        reversals,
        events,
        search,
        webhook_endpoints,
        destinations,
        configurations,
        controls,
        checkout_page,
        portal,
        new_card,
        invoice,
        overview,
    ):
        app.register_blueprint(module.blueprint)
    app.register_error_handler(HTTPException, _http_error)
    app.before_request(_refuse_other_sites)
    return app


def start(app: Flask) -> None:
    """Start sending webhooks and following the clock."""
    app.config["DELIVERIES"].start()
    app.config["CLOCK"].start()


def stop(app: Flask) -> None:
    """Let both threads end."""
    app.config["CLOCK"].stop()
    app.config["DELIVERIES"].stop()


def _refuse_other_sites() -> Response | None:
    """A page somewhere on the web must not press buttons on a developer's machine."""
    if request.method == "POST" and request.headers.get("Sec-Fetch-Site") == "cross-site":
        return Response("Refused: this came from another website.\n", 403, content_type="text/plain; charset=utf-8")
    return None


def _http_error(error: HTTPException) -> Response:
    """Unknown addresses under `/v1/` are answered as Stripe answers them."""
    status = error.code or 500
    if request.path.strip("/").partition("/")[0] not in ("v1", "v2", "_control"):
        return Response(f"{status} {error.name}\n", status, content_type="text/plain; charset=utf-8")
    if status in (404, 405):  # Stripe knows no 405
        known = ApiRefusal(f"Unrecognized request URL ({request.method}: {request.path}). {_advice()}", status=404)
    else:
        kind = "api_error" if status >= 500 else "invalid_request_error"  # noqa: PLR2004 - the server's own fault
        known = ApiRefusal(f"{error.name}. {error.description}", status=status, kind=kind)
    return endpoint.answer(known.status, endpoint.dump(known.body(request.path)), {})


def _advice() -> str:
    if request.path.endswith("/"):
        return (
            "If you are trying to list objects, remove the trailing slash. If you are trying to retrieve an object, "
            "make sure you passed a valid (non-empty) identifier in your code."
        )
    return "The stand-in may not play it."

"""The page at a session's `url`, and what happens when its form is sent."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Blueprint, Response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from localdev.stripe import checkout
from localdev.stripe.account import Account
from localdev.stripe.api.endpoint import the_account
from localdev.stripe.checkout import Payer
from localdev.stripe.errors import Json
from localdev.stripe.pages.words import amount_text, language, price_text, words

blueprint = Blueprint("checkout_page", __name__)
# How long the way back may wait for webhooks: at Stripe they are under way at about the same time.
_PATIENCE_SECONDS = 8.0

WORKS, DECLINED, LATER_FAILS = "4242424242424242", "4000000000000002", "4000000000000341"
TEST_CARDS = (
    ("4242 4242 4242 4242", "succeeds"),
    ("4000 0000 0000 0002", "is declined"),
    ("4000 0000 0000 0341", "succeeds now, fails at renewals"),
)
_FIELDS = ("email", "method", "number", "expiry", "cvc", "name", "iban")


@dataclass(frozen=True)
class Problem:
    """A field that needs another look; `field` is None for a refused card."""

    field: str | None
    word: str


@blueprint.get("/c/pay/<identifier>")
def show(identifier: str) -> Response:
    """The payment form, or what became of the session."""
    account = the_account()
    session = account.store.get(identifier, "checkout.session")
    if session is None:
        return Response("There is no such payment page.\n", 404, content_type="text/plain; charset=utf-8")
    return _page(account, session, _prefilled(account, session), [])


@blueprint.post("/c/pay/<identifier>")
def send(identifier: str) -> AnyResponse:
    """Pay. A second press of the button finds the session complete and goes back to the website as well."""
    account = the_account()
    session = account.store.get(identifier, "checkout.session")
    if session is None:
        return Response("There is no such payment page.\n", 404, content_type="text/plain; charset=utf-8")
    typed = {name: request.form.get(name, "").strip() for name in _FIELDS} | _locked(account, session)
    problems = _problems(account, typed)
    if problems and session["status"] == "open":
        return _page(account, session, typed, problems, 400)
    number = re.sub(r"\D", "", typed["number"])
    payer = Payer(
        email=typed["email"],
        name=typed["name"] or "SEPA Reader",
        kind="card" if typed["method"] == "card" else "sepa_debit",
        last4=number[-4:] if typed["method"] == "card" else typed["iban"][-4:],
        later_fails=number == LATER_FAILS,
    )
    refused = number == DECLINED and typed["method"] == "card"
    with account.change() as events:
        session = account.get("checkout.session", identifier)
        if session["status"] == "open" and refused:
            checkout.decline(account, session, payer)
        elif session["status"] == "open":
            session = checkout.pay(account, session, payer, delayed=typed["method"] == "sepa_debit")
    account.deliveries.wait(list(events), _PATIENCE_SECONDS)
    if session["status"] == "complete":
        return redirect(back_to_site(session), 303)
    if session["status"] == "open":
        return _page(account, session, {**typed, "number": "", "cvc": ""}, [Problem(None, "declined")], 402)
    return _page(account, session, typed, [])


def back_to_site(session: Json) -> str:
    """`success_url` with the session's id in its place."""
    return str(session["success_url"]).replace("{CHECKOUT_SESSION_ID}", session["id"])


def _locked(account: Account, session: Json) -> dict[str, str]:
    """The address that the website has fixed, if it has."""
    if session["customer"]:
        known = account.get("customer", session["customer"])["email"]
        return {"email": known} if known else {}
    return {"email": session["customer_email"]} if session["customer_email"] else {}


def _prefilled(account: Account, session: Json) -> dict[str, str]:
    return {**dict.fromkeys(_FIELDS, ""), "method": "card", **_locked(account, session)}


def _problems(account: Account, typed: dict[str, str]) -> list[Problem]:
    problems = []
    if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s.]+", typed["email"]):
        problems.append(Problem("email", "invalid_email"))
    if typed["method"] == "sepa_debit":
        if not re.fullmatch(r"[A-Z]{2}\d{2}[A-Z0-9]{10,30}", typed["iban"].replace(" ", "").upper()):
            problems.append(Problem("iban", "invalid_iban"))
        return problems
    if re.sub(r"[\s-]", "", typed["number"]) not in (WORKS, DECLINED, LATER_FAILS):
        problems.append(Problem("number", "invalid_number"))
    if not in_future(typed["expiry"], account.config.clock.now()):
        problems.append(Problem("expiry", "expired_card"))
    if not re.fullmatch(r"\d{3,4}", typed["cvc"]):
        problems.append(Problem("cvc", "invalid_cvc"))
    if not typed["name"]:
        problems.append(Problem("name", "invalid_name"))
    return problems


def in_future(expiry: str, now: datetime) -> bool:
    """Whether a card's expiry, typed as `MM / YY`, has not passed."""
    match = re.fullmatch(r"(\d{2})\s*/?\s*(\d{2})", expiry)
    if not match or not 1 <= int(match[1]) <= 12:  # noqa: PLR2004 - months
        return False
    return (2000 + int(match[2]), int(match[1])) >= (now.year, now.month)


def _page(
    account: Account, session: Json, typed: dict[str, str], problems: list[Problem], status: int = 200
) -> Response:
    lang = language(session["locale"], request.accept_languages.best)
    own = words(lang)
    kind = session["submit_type"] or ("subscribe" if session["mode"] == "subscription" else "pay")
    total = amount_text(session["amount_total"], session["currency"], lang)
    lines = account.store.note(session["id"])["lines"]
    html = render_template(
        "checkout.html",
        session=session,
        lines=[(line, price_text(line["price"], line["quantity"], lang)) for line in lines],
        total=total,
        button=own.get(kind, own["pay"]) if session["mode"] == "payment" else own["subscribe"],
        submit_text=(session["custom_text"]["submit"] or {}).get("message"),
        typed=typed,
        locked=_locked(account, session),
        problems={problem.field: own[problem.word] for problem in problems},
        lang=lang,
        w=own,
        test_cards=TEST_CARDS,
        on_url=back_to_site(session),
        year=datetime.now(UTC).year + 9,
    )
    return Response(html, status, {"Cache-Control": "no-store"}, content_type="text/html; charset=utf-8")

"""The portal's page for a new card (`flow_data.type: payment_method_update`).

The card is attached and made the customer's default. A subscription with a method of its own is not touched, and no
open invoice is tried again: https://docs.stripe.com/customer-management/portal-deep-links.
"""

import re

from flask import Blueprint, Response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from localdev.stripe import cards
from localdev.stripe.api.endpoint import the_account
from localdev.stripe.errors import Json
from localdev.stripe.pages import checkout
from localdev.stripe.pages.words import language, words

blueprint = Blueprint("new_card", __name__)
_PATIENCE_SECONDS = 8.0
_ASKS = "4000002760003184"
# What a later payment with each of Stripe's test cards comes to: https://docs.stripe.com/testing.
SAYS: dict[str, cards.Says] = {
    checkout.WORKS: "succeeds",
    checkout.LATER_FAILS: "fails",
    _ASKS: "needs_action",
}
TEST_CARDS = (
    ("4242 4242 4242 4242", "works"),
    ("4000 0000 0000 0002", "is declined here"),
    ("4000 0000 0000 0341", "is taken here, and declined when it is charged"),
    ("4000 0027 6000 3184", "is taken here; its bank asks the payer at each payment"),
)


@blueprint.get("/p/session/<identifier>/payment-methods")
def show(identifier: str) -> Response:
    """The form for a new card."""
    session = the_account().store.note(identifier).get("session")
    return _gone() if session is None else _page(session, {"number": "", "expiry": "", "cvc": ""}, {})


@blueprint.post("/p/session/<identifier>/payment-methods")
def enter(identifier: str) -> AnyResponse:
    """Take the card, and lead to where the flow leads."""
    account = the_account()
    session = account.store.note(identifier).get("session")
    if session is None:
        return _gone()
    typed = {name: request.form.get(name, "").strip() for name in ("number", "expiry", "cvc")}
    number = re.sub(r"[\s-]", "", typed["number"])
    problems = _problems(number, typed)
    if problems:
        return _page(session, typed, problems, 400)
    if number == checkout.DECLINED:
        return _page(session, {**typed, "number": "", "cvc": ""}, {None: "declined"}, 402)
    month, year = (int(part) for part in re.findall(r"\d{2}", typed["expiry"]))
    with account.change() as events:
        customer = account.get("customer", session["customer"])
        made = cards.enter(account, customer, last4=number[-4:], expires=(2000 + year, month))
        cards.tell(account, made["id"], SAYS[number])
    account.deliveries.wait(list(events), _PATIENCE_SECONDS)
    after = (session["flow"] or {}).get("after_completion", {})
    if after.get("type") == "redirect":
        return redirect(after["redirect"]["return_url"], 303)
    return redirect(f"/p/session/{identifier}?home=1", 303)


def _problems(number: str, typed: dict[str, str]) -> dict[str | None, str]:
    found: dict[str | None, str] = {}
    if number not in (*SAYS, checkout.DECLINED):
        found["number"] = "invalid_number"
    if not checkout.in_future(typed["expiry"], the_account().config.clock.now()):
        found["expiry"] = "expired_card"
    if not re.fullmatch(r"\d{3,4}", typed["cvc"]):
        found["cvc"] = "invalid_cvc"
    return found


def _page(session: Json, typed: dict[str, str], problems: dict[str | None, str], status: int = 200) -> Response:
    lang = language(session["locale"], request.accept_languages.best)
    own = words(lang)
    html = render_template(
        "new_card.html",
        session=session,
        typed=typed,
        problems={field: own[word] for field, word in problems.items()},
        cards=TEST_CARDS,
        w=own,
        lang=lang,
    )
    return Response(html, status, {"Cache-Control": "no-store"}, content_type="text/html; charset=utf-8")


def _gone() -> Response:
    return Response("This portal link is not valid any more.\n", 404, content_type="text/plain; charset=utf-8")

"""Starting a checkout, coming back from Stripe, and how a checkout stands.

Coming back applies what was paid, which loads all that can happen to a gift. Starting a checkout does not need it: a
reader who is the first to press the button waits some 40 ms less for what is imported below.
"""

from chalicelib.domain.errors import NotFound
from chalicelib.domain.giving import Wish
from chalicelib.ports import StripeUnavailable
from chalicelib.store import rate
from chalicelib.web.forms import ComingBack, NewCheckout
from chalicelib.web.forms.base import read_body, read_query
from chalicelib.web.giving import begin
from chalicelib.web.http import Answer, Call, see_other


def create(call: Call) -> Answer:
    """`POST /v1/checkouts`."""
    form = read_body(call, NewCheckout)
    wish = Wish(**form.model_dump(exclude={"attempt", "locale"}), language=form.locale)
    begun = begin(call, form.attempt, wish)
    return Answer({"id": begun.id, "url": begun.url}, 201, cookies=begun.cookies)


def come_back(call: Call) -> Answer:
    """`GET /v1/checkouts/return`: what Stripe says now is applied before the thank-you page is shown."""
    from chalicelib.web.looking import looked
    from chalicelib.web.welcome import welcome

    session_id = read_query(call, ComingBack).session_id
    checkout = looked(call, session_id).checkout
    return see_other(f"{call.wiring.settings.public_url}/thanks/{session_id}", welcome(call, checkout))


def show(call: Call) -> Answer:
    """`GET /v1/checkouts/{id}`: for the browser that started it, nobody else learns that it exists."""
    from chalicelib.store import checkouts
    from chalicelib.web.looking import looked
    from chalicelib.web.welcome import started_here

    session_id = call.params["id"]
    known = checkouts.read(call.wiring.table, session_id)
    if known is None or not started_here(call, known):
        raise NotFound("We do not know this checkout.", code="unknown_checkout")
    seen = looked(call, session_id)
    if seen.checkout.status == "open" and not seen.sure:
        # It may be paid by now: whoever hears "open" pays again.
        raise rate.too_many("looks", seen.wait) if seen.wait else StripeUnavailable("not asked")
    return Answer({"status": seen.checkout.status})

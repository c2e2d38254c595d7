"""Starting a checkout, coming back from Stripe, and how a checkout stands.

Coming back applies what was paid, which loads the code for all that can happen to a gift. Starting a checkout does
not need it: it is imported inside the functions below, which saves the first reader of a process some 40 ms.
"""

from chalicelib.checkouts.rules.wish import Wish
from chalicelib.giving.views.forms import ComingBack, NewCheckout
from chalicelib.giving.views.start import begin
from chalicelib.http.call import Answer, Call, see_other
from chalicelib.http.forms import read_body, read_query
from chalicelib.kernel.client_limits import RateLimited
from chalicelib.kernel.errors import NotFound
from chalicelib.rails.stripe.port import StripeUnavailable


def create(call: Call) -> Answer:
    """`POST /v1/checkouts`: start a checkout."""
    form = read_body(call, NewCheckout)
    wish = Wish(**form.model_dump(exclude={"attempt", "locale", "unless_supporting"}), language=form.locale)
    started = begin(call, form.attempt, wish, second=not form.unless_supporting)
    return Answer({"id": started.id, "url": started.url}, 201, cookies=started.cookies)


def come_back(call: Call) -> Answer:
    """`GET /v1/checkouts/return`: what Stripe says now is applied before the thank-you page is shown."""
    from chalicelib.giving.views.checkout_view import view_checkout
    from chalicelib.giving.views.sign_in_after_payment import giver_of, mail_sign_in_code, signed_in_here

    session_id = read_query(call, ComingBack).session_id
    checkout = view_checkout(call, session_id, anew=True).checkout
    cookies = mail_sign_in_code(call, checkout, giver_of(checkout, signed_in_here(call, checkout)))
    return see_other(f"{call.wiring.settings.public_url}/thanks/{session_id}", cookies)


def show(call: Call) -> Answer:
    """`GET /v1/checkouts/{id}`: how it stands, for the browser that started it; to all others it is unknown."""
    from chalicelib.checkouts.rows import checkouts
    from chalicelib.giving.views.checkout_view import view_checkout
    from chalicelib.giving.views.sign_in_after_payment import started_here

    session_id = call.params["id"]
    known = checkouts.read(call.wiring.table, session_id)
    if known is None or not started_here(call, known):
        raise NotFound("We do not know this checkout.", code="unknown_checkout")
    seen = view_checkout(call, session_id)
    if seen.checkout.status == "open" and not seen.sure:
        # It may be paid by now: a reader who sees "open" would pay again.
        raise RateLimited("looks", seen.wait) if seen.wait else StripeUnavailable("not asked")
    return Answer({"status": seen.checkout.status})

"""Starting a checkout, coming back from Stripe, and how a checkout stands.

Coming back applies what was paid, which loads all that can happen to a gift. Starting a checkout does not need it: a
reader who is the first to press the button waits some 40 ms less for what is imported below.
"""

from typing import TYPE_CHECKING

from chalicelib.domain.errors import NotFound
from chalicelib.domain.giving import Wish
from chalicelib.ports import StripeUnavailable
from chalicelib.store import rate
from chalicelib.web.forms import ComingBack, NewCheckout
from chalicelib.web.forms.base import read_body, read_query
from chalicelib.web.giving import begin
from chalicelib.web.http import Answer, Call, see_other

if TYPE_CHECKING:
    from chalicelib.actions.come_back import Looked


def create(call: Call) -> Answer:
    """`POST /v1/checkouts`."""
    form = read_body(call, NewCheckout)
    wish = Wish(**form.model_dump(exclude={"attempt", "locale"}), language=form.locale)
    begun = begin(call, form.attempt, wish)
    return Answer({"id": begun.id, "url": begun.url}, 201, cookies=begun.cookies)


def come_back(call: Call) -> Answer:
    """`GET /v1/checkouts/return`: what Stripe says now is applied before the thank-you page is shown."""
    from chalicelib.web.welcome import welcome

    session_id = read_query(call, ComingBack).session_id
    looked = _look(call, session_id)
    return see_other(f"{call.wiring.settings.public_url}/thanks/{session_id}", welcome(call, looked.checkout))


def show(call: Call) -> Answer:
    """`GET /v1/checkouts/{id}`: for the browser that started it, nobody else learns that it exists."""
    from chalicelib.store import checkouts
    from chalicelib.web.welcome import started_here

    known = checkouts.read(call.wiring.table, call.params["id"])
    if known is None or not started_here(call, known):
        raise NotFound("We do not know this checkout.", code="unknown_checkout")
    looked = _look(call, known.id)
    if looked.checkout.status == "open" and not looked.sure:
        # It may be paid by now: whoever hears "open" pays again.
        raise rate.too_many("looks", looked.wait) if looked.wait else StripeUnavailable("not asked")
    return Answer({"status": looked.checkout.status})


def _look(call: Call, session_id: str) -> "Looked":
    from chalicelib.actions.assemble import deps_of, postman_of
    from chalicelib.actions.come_back import look
    from chalicelib.web.welcome import looker

    wiring = call.wiring
    return look(
        session_id,
        looker(call),
        deps_of(wiring),
        postman_of(wiring),
        now=wiring.now(),
        real_now=wiring.real_now(),
    )
